"""The matches of a session before another panel: nothing is generated, and only the panel's own calls cost anything."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from aaa import sim
from aaa.errors import UsageError
from aaa.prompts import PromptSet, check_template
from aaa.runner import Episodes
from aaa.scenario import PanelFile, Scenario, check_jurors, load_card, load_panel
from aaa.session.audit import audit_session
from aaa.session.chosen import select_all
from aaa.session.instructions import instructions_of
from aaa.session.item import Item
from aaa.session.judging import Judged, Sitting, refuse_missing_keys, within_budget
from aaa.session.records import records
from aaa.session.resolve import Resolved, refuse_mix
from aaa.session.stages import Kit, takes
from aaa.session.work import WorkOptions, work_through
from aaa.store import Store
from aaa.types import AgentCard, Instruction, Place, Session, content_hash, panel_stage


async def judge_session(name: str, file: Path, options: WorkOptions) -> Judged:
    """Let the panel of `file` judge all matches of a session that `options.where` takes; then select anew.

    Where a verifier decides, the panel votes too, as a measurement of its jurors. Raises `ScenarioError` or
    `UsageError` before anything is written if the panel cannot judge here.
    """
    panel = load_panel(file)
    with Store.open(options.db, create=False) as store, store.lock(name):
        session = _session(store, name)
        resolved = within_budget(_with_panel(session, panel, file), panel, store)
        refuse_missing_keys(resolved, panel.name)
        session = session.model_copy(update={"panels": {**session.panels, panel.name: _definition(resolved, panel)}})
        await store.write(session)
        ids = list(instructions_of(store, name, list(session.stages)))
        follow = partial(_judge_item, store, session, Sitting.of(panel.name, panel, shown=False), options)
        work = await work_through(store, resolved, ids, follow, options)
        await select_all(store, name, Scenario.model_validate(session.scenario))
        found = records(store, name, list(session.stages), panel.name)
        verdicts = tuple(verdict for record in found for verdict in record.verdicts)
        return Judged(name, panel.name, work, verdicts, audit_session(store, session, panel=panel.name))


def _session(store: Store, name: str) -> Session:
    session = store.get(Session, name)
    if session is None:
        known = ", ".join(one.id for one in store.rows(Session)) or "none"
        raise UsageError(f"There is no session {name!r} in {store.name}; it holds: {known}.")
    return session


def _with_panel(session: Session, panel: PanelFile, file: Path) -> Resolved:
    """The session's scenario with the panel in its cast."""
    scenario = Scenario.model_validate(session.scenario)
    if panel.name in scenario.cast:
        raise UsageError(
            f"{file}: session {session.id!r} has a group {panel.name!r} in its scenario already, and verdicts go by "
            "the name of their panel: give this one another `name:`."
        )
    own = {name: sim.resolve(model) for name, model in panel.models.items()}
    for name, model in own.items():
        if scenario.models.get(name, model) != model:
            raise UsageError(f"{file}: session {session.id!r} knows another model by the name {name!r}; rename yours.")
    models = {**scenario.models, **own}
    check_jurors(panel, models, file)
    resolved = Resolved(
        session=session.id,
        scenario=scenario.model_copy(
            update={"models": models, "cast": {**scenario.cast, panel.name: panel.group}},
        ),
        folder=file.resolve().parent,
        models=models,
        cards={panel.name: card_of(panel, file)},
        prompts=prompts_of(panel, file),
    )
    refuse_mix(resolved)
    return resolved


def card_of(panel: PanelFile, file: Path) -> AgentCard | None:
    """The card of the panel's group. Raises `ScenarioError` where there is none of its name."""
    if panel.group.card is None:
        return None
    card = load_card(panel.group.card, near=[file.resolve().parent])
    check_template(card.persona, name=f"persona of card {card.name!r}")
    return card


def prompts_of(panel: PanelFile, file: Path) -> PromptSet:
    """AAA's method prompts, but for those that the panel replaces."""
    return PromptSet.load({name: file.resolve().parent / path for name, path in panel.templates.items()})


def _definition(resolved: Resolved, panel: PanelFile) -> dict[str, object]:
    """What the session keeps of the panel."""
    card = resolved.cards[panel.name]
    return {
        "models": {model.name: model.model_dump(mode="json") for model in resolved.group(panel.name)},
        "group": panel.group.model_dump(mode="json"),
        "card": None if card is None else card.model_dump(mode="json"),
        "prompts": resolved.prompts.texts(),
    }


async def _judge_item(
    store: Store, session: Session, sitting: Sitting, options: WorkOptions, kit: Kit, episodes: Episodes, id_: str
) -> None:
    instruction = store.get(Instruction, id_)
    assert instruction is not None, id_
    panel = sitting.spec.judges
    if not takes(options.where, kit.seed, panel, instruction):
        return
    item = Item.at_end(store, instruction, list(session.stages))
    answers = {answer.id: answer for answer in item.answers()}
    pairs = [(answers[verdict.left], answers[verdict.right]) for verdict in item.verdicts()]
    if not pairs:
        return
    place = Place.of(session.id, panel_stage(panel), id_)
    texts = [[side.id, [message.text for message in side.messages]] for pair in pairs for side in pair]
    asked = [message.text for message in instruction.prompt]
    mark = content_hash([sitting.fingerprint(kit), asked, texts])
    await episodes.run(place, mark, partial(sitting.compare, kit, instruction, pairs, place))

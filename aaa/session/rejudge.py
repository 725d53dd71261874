"""A session before another panel: nothing is generated, and only the panel's own calls cost anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from aaa import sim
from aaa.agents import together
from aaa.errors import UsageError
from aaa.judge import Stepping
from aaa.prompts import PromptSet, check_template
from aaa.runner import Episodes
from aaa.scenario import PanelFile, Scenario, StepsStage, check_jurors, load_card, load_panel
from aaa.session.audit import audit_session
from aaa.session.chosen import select_all
from aaa.session.instructions import instructions_of
from aaa.session.item import Item
from aaa.session.item_records import records
from aaa.session.judging import Judged, Sitting, refuse_missing_keys, within_budget
from aaa.session.resolved import Resolved, refuse_mix
from aaa.session.stages import Kit, takes
from aaa.session.stages.steps import stepping_of
from aaa.session.work import WorkOptions, work_through
from aaa.store import Store
from aaa.types import (
    AgentCard,
    Instruction,
    Place,
    Session,
    SessionRecord,
    StepVerdict,
    Verdict,
    content_hash,
    episode_id,
    panel_stage,
)


async def judge_session(name: str, file: Path, options: WorkOptions) -> Judged:
    """Let the panel of `file` judge all matches of a session that `options.where` takes, and read all answers that a
    panel read step by step; then select anew.

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
        scenario = Scenario.model_validate(session.scenario)
        readings = [stage for stage in scenario.stages if isinstance(stage, StepsStage)]
        again = _Again(store, session, Sitting.of(panel.name, panel, shown=False), options, readings)
        work = await work_through(store, resolved, ids, again.judge, options)
        await select_all(store, name, scenario)
        verdicts: list[Verdict] = []
        step_verdicts: list[StepVerdict] = []
        for record in records(store, name, list(session.stages), panel.name):
            verdicts += record.verdicts
            step_verdicts += record.step_verdicts
        audit = audit_session(store, session, panel=panel.name)
        return Judged(name, panel.name, work, tuple(verdicts), audit, tuple(step_verdicts))


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


@dataclass(frozen=True)
class _Again:
    """What the panel does with each instruction."""

    store: Store
    session: Session
    sitting: Sitting
    options: WorkOptions
    readings: Sequence[StepsStage]
    """The stages whose panels read answers step by step."""

    async def judge(self, kit: Kit, episodes: Episodes, id_: str) -> None:
        """Judge what the stages' panels judged of the instruction, unless nothing has changed since."""
        instruction, panel = self.store.get(Instruction, id_), self.sitting.spec.judges
        assert instruction is not None, id_
        if not takes(self.options.where, kit.seed, panel, instruction):
            return
        item = Item.at_end(self.store, instruction, list(self.session.stages))
        answers = {answer.id: answer for answer in item.answers()}
        pairs = [(answers[verdict.left], answers[verdict.right]) for verdict in item.rows(Verdict)]
        worked = [(answers[id_], stepping) for id_, stepping in self._read(item)]
        if not pairs and not worked:
            return
        place = Place.of(self.session.id, panel_stage(panel), id_)

        async def work() -> list[SessionRecord]:
            matches = self.sitting.compare(kit, instruction, pairs, place)
            readings = self.sitting.read_steps(kit, instruction, worked, place)
            return [row for rows in await together((matches, readings)) for row in rows]

        texts = [[side.id, [message.text for message in side.messages]] for pair in pairs for side in pair]
        asked = [message.text for message in instruction.prompt]
        read = [[kit.prompts.hash_of("judge_steps"), answer.text, *astuple(how)] for answer, how in worked]
        await episodes.run(place, content_hash([self.sitting.fingerprint(kit), asked, texts, *read]), work)

    def _read(self, item: Item) -> Iterator[tuple[str, Stepping]]:
        """Answers that were read step by step, each once, with how the first of their stages took it apart."""
        verdicts, seen = item.rows(StepVerdict), set[str]()
        for stage in self.readings:
            episode = episode_id(self.session.id, stage.name, item.instruction.id)
            for verdict in verdicts:
                if verdict.episode == episode and verdict.answer not in seen:
                    seen.add(verdict.answer)
                    yield verdict.answer, stepping_of(stage)

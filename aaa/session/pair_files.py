"""Files of answer pairs before a panel: an anonymous scenario of one stage, with the usual journal and budget."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aaa import __version__, sim
from aaa.errors import UsageError
from aaa.rate.clusters import Estimate, Share
from aaa.runner import Episodes
from aaa.scenario import PairRow, PanelFile, Scenario, check_jurors, load_panel, read_pairs, to_instruction
from aaa.session.audit import audit_session
from aaa.session.chosen import select_all
from aaa.session.item_records import records
from aaa.session.judging import STAGE, Judged, Sitting, refuse_missing_keys, within_budget
from aaa.session.rejudge import card_of, prompts_of
from aaa.session.resolved import Resolved, refuse_mix
from aaa.session.stages import Kit
from aaa.session.work import WorkOptions, work_through
from aaa.store import Store
from aaa.text import is_refusal, style
from aaa.types import (
    Answer,
    Decision,
    Instruction,
    Place,
    Producer,
    Session,
    SessionRecord,
    Verdict,
    assistant,
    content_hash,
    row_id,
)

PANEL = "judges"
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class JudgedPair:
    """A line of the file and what the panel said; None where it gave no verdict."""

    row: PairRow
    verdict: Verdict | None
    choices: Mapping[str, str]
    """What the ids of the two answers, and the words of a verdict, mean: `answer_a`, `answer_b`, `tie`, ..."""

    @property
    def winner(self) -> str | None:
        """`a` or `b` where a side won."""
        if self.verdict is None or self.verdict.winner is None:
            return None
        return self.choices[self.verdict.winner][-1]


@dataclass(frozen=True)
class JudgedPairs:
    """What a panel made of a file."""

    judged: Judged
    pairs: Sequence[JudgedPair]
    accuracy: Estimate | None
    """Share of the decided pairs with a label for a side that went to that side."""
    coverage: Estimate | None
    """Share of the pairs with a label for a side that were decided."""
    length_baseline: Estimate | None
    """What `accuracy` and `coverage` are to be held against: how often the longer answer bears the label."""


async def judge_pairs(path: Path, file: Path, options: WorkOptions) -> JudgedPairs:
    """Let the panel of `file` judge all pairs of `path`, blind and in both orders. A row's reference is shown to it.

    Raises `ScenarioError` or `UsageError` before anything is written for a panel or a file that cannot be read.
    """
    panel = load_panel(file)
    digest, ids = hashlib.sha256(), []
    for row in read_pairs(path):
        digest.update(row.model_dump_json().encode())
        ids.append(row.source_id)
    sitting = Sitting.of(PANEL, panel, shown=True)
    resolved = _resolved(path, panel, file, sitting, options)
    refuse_missing_keys(resolved, PANEL)
    with Store.open(options.db) as store, store.lock(resolved.session):
        _refuse_other(store.get(Session, resolved.session))
        session = _session(resolved)
        sample = [row_id("instruction", session.id, source) for source in ids]
        decision = row_id("decision", session.id, "sample")
        inputs = digest.hexdigest()
        await store.write(
            session, Decision(id=decision, session=session.id, name="sample", inputs=inputs, value=list(sample))
        )
        follow = partial(_judge_row, store, session.id, sitting)
        work = await work_through(store, within_budget(resolved, panel, store), read_pairs(path), follow, options)
        if work.stopped is None:
            await store.write(session.model_copy(update={"complete": True}))
        await select_all(store, session.id, resolved.scenario)
        verdicts = {v.instruction: v for record in records(store, session.id, [STAGE]) for v in record.verdicts}
        pairs = [_judged(session.id, row, verdicts) for row in read_pairs(path)]
        truths = {pair.verdict.match: _truth(pair) for pair in pairs if pair.verdict and pair.row.label}
        audit = audit_session(store, session, truths=truths)
        judged = Judged(session.id, panel.name, work, tuple(verdicts.values()), audit)
        return JudgedPairs(judged, pairs, *_against_labels(pairs))


def _resolved(path: Path, panel: PanelFile, file: Path, sitting: Sitting, options: WorkOptions) -> Resolved:
    """The anonymous scenario."""
    models = {name: sim.resolve(model) for name, model in panel.models.items()}
    check_jurors(panel, models, file)
    name = options.session or _NO_NAME.sub("-", f"{path.stem}-{panel.name}").strip("-._")[:64]
    scenario = Scenario.model_validate(
        {
            "name": name,
            "seed": panel.seed,
            "models": {key: model.model_dump(mode="json") for key, model in models.items()},
            "cast": {PANEL: panel.group.model_dump(mode="json")},
            "prompts": {"from": [str(path)]},
            "stages": [sitting.spec.model_dump(mode="json")],
            "budget": panel.budget.model_dump(mode="json"),
        }
    )
    resolved = Resolved(
        session=name,
        scenario=scenario,
        folder=file.resolve().parent,
        models=models,
        cards={PANEL: card_of(panel, file)},
        prompts=prompts_of(panel, file),
    )
    refuse_mix(resolved)
    return resolved


def _session(resolved: Resolved) -> Session:
    return Session(
        id=resolved.session,
        scenario=resolved.scenario.model_dump(mode="json"),
        cards={name: card and card.model_dump(mode="json") for name, card in resolved.cards.items()},
        prompts=resolved.prompts.texts(),
        stages={STAGE: ""},
        version=__version__,
        simulated=resolved.simulated,
    )


def _refuse_other(before: Session | None) -> None:
    """A session of the same name that is no file of pairs is left alone."""
    if before is not None and list(before.stages) != [STAGE]:
        raise UsageError(f"There is a session {before.id!r} already, which is no file of pairs: give `--session NAME`.")


async def _judge_row(store: Store, session: str, sitting: Sitting, kit: Kit, episodes: Episodes, row: PairRow) -> None:
    instruction = to_instruction(row, session)
    await store.write(instruction)
    place = Place.of(session, STAGE, instruction.id)
    mark = content_hash([sitting.fingerprint(kit), row.model_dump(mode="json", exclude={"label", "meta"})])
    await episodes.run(place, mark, partial(_compare, sitting, kit, row, instruction, place))


async def _compare(
    sitting: Sitting, kit: Kit, row: PairRow, instruction: Instruction, place: Place
) -> list[SessionRecord]:
    sides = answers_of(row, instruction, place)
    return [*sides, *await sitting.compare(kit, instruction, [sides], place)]


def answers_of(row: PairRow, instruction: Instruction, place: Place) -> tuple[Answer, Answer]:
    """The two answers as rows. No verifier checks them: the panel is to judge."""

    def answer(side: str, text: str, member: str, family: str | None) -> Answer:
        return Answer(
            id=place.row("answer", side),
            session=place.session,
            episode=place.episode,
            instruction=instruction.id,
            member=member,
            prompt=instruction.prompt,
            messages=(assistant(text),),
            producers=(Producer(model=member, family=family or member, license="unknown"),),
            refused=is_refusal(text),
            style=style(text),
        )

    return (
        answer("a", row.answer_a, row.model_a, row.family_a),
        answer("b", row.answer_b, row.model_b, row.family_b),
    )


def _judged(session: str, row: PairRow, verdicts: Mapping[str, Verdict]) -> JudgedPair:
    place = Place.of(session, STAGE, row_id("instruction", session, row.source_id))
    sides = {place.row("answer", side): f"answer_{side}" for side in ("a", "b")}
    return JudgedPair(row, verdicts.get(place.instruction), sides)


def _truth(pair: JudgedPair) -> str:
    """The label, as the rows call it."""
    return next((id_ for id_, name in pair.choices.items() if name[-1] == pair.row.label), "tie")


def _against_labels(pairs: Sequence[JudgedPair]) -> tuple[Estimate | None, Estimate | None, Estimate | None]:
    accuracy, coverage, baseline = Share(), Share(), Share()
    for pair in pairs:
        row = pair.row
        if row.label not in ("a", "b"):
            continue
        coverage.add(row.source_id, pair.winner is not None)
        if pair.winner is not None:
            accuracy.add(row.source_id, pair.winner == row.label)
        if len(row.answer_a) != len(row.answer_b):
            baseline.add(row.source_id, (len(row.answer_a) > len(row.answer_b)) == (row.label == "a"))
    return accuracy.estimate(), coverage.estimate(), baseline.estimate()

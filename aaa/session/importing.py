"""Other people's data as a session: to be judged again, audited, selected and exported. Costs no call."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aaa import __version__
from aaa.errors import UsageError
from aaa.export import LeftOut
from aaa.scenario import Scenario
from aaa.session.chosen import select_all
from aaa.session.foreign import Foreign, Side, Unreadable, answers_fault, read_foreign
from aaa.session.selections import IMPORTED
from aaa.store import Store
from aaa.text import is_refusal, style
from aaa.types import (
    Answer,
    Decision,
    Episode,
    Instruction,
    Judgment,
    LabelledSample,
    Place,
    PreferencePair,
    Producer,
    Sample,
    Score,
    Session,
    SessionRecord,
    SftSample,
    SteppedSample,
    Verdict,
    Vote,
    content_hash,
    row_id,
)

PANEL = f"{IMPORTED}-file"
"""The panel in whose name the file's own preferences and grades stand."""
SCALE = (0.0, 10.0)
"""Where the grades of a file lie (UltraFeedback's go from 1 to 10)."""
BATCH = 300
"""Rows of a file in one transaction (ours)."""


@dataclass(frozen=True)
class Imported:
    """What came of a file."""

    session: str
    rows: int
    left_out: LeftOut
    """Rows that could not be read, by their places."""


async def import_file(store: Store, path: Path, format_name: str, session: str, *, terms: str = "unknown") -> Imported:
    """Take a file, or a folder of one of AAA's formats, into a new session.

    Its preferences become verdicts, its grades and labels judgments, all by the panel `imported`; the selection
    `imported` holds the rows as they were, the selection `main` what its rules make of them. Doing it again changes
    nothing. Raises `UsageError` for a file that holds no row of the format, and a session of this name that is another.
    """
    digest = _digest(path, format_name, terms)
    _refuse_other(store, session, digest)
    taking = _Taking(store, session, terms)
    with store.lock(session):
        row = _session(session, path, terms)
        await store.replace_selection(session, IMPORTED, taking.rows(format_name, path))
        if not taking.ids:
            why = "; ".join(taking.left_out.details.values()) or "it is empty"
            raise UsageError(f"{path} holds no row of {format_name} that can be read: {why}.")
        decision = row_id("decision", session, "sample")
        await store.write(
            Decision(id=decision, session=session, name="sample", inputs=digest, value=list(taking.ids)),
            row.model_copy(update={"complete": True}),
        )
        await select_all(store, session, Scenario.model_validate(row.scenario))
    return Imported(session, len(taking.ids), taking.left_out)


def _digest(path: Path, format_name: str, license_: str) -> str:
    """Hash of all that is read."""
    digest = hashlib.sha256(f"{format_name}\n{license_}\n".encode())
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    try:
        for file in files:
            with file.open("rb") as opened:
                while block := opened.read(1 << 20):
                    digest.update(block)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    return digest.hexdigest()


def _refuse_other(store: Store, session: str, digest: str) -> None:
    if store.get(Session, session) is None:
        return
    sample = store.get(Decision, row_id("decision", session, "sample"))
    if sample is not None and sample.inputs != digest:
        raise UsageError(f"There is a session {session!r} already, of something else: give another `--session NAME`.")


def _session(name: str, path: Path, license_: str) -> Session:
    """An anonymous scenario whose one stage is the import."""
    model = {"model": f"{IMPORTED}/unknown", "family": IMPORTED, "license": license_}
    scenario = Scenario.model_validate(
        {
            "name": name,
            "models": {IMPORTED: model},
            "cast": {"members": {"models": [IMPORTED]}},
            "prompts": {"from": [path.name]},
            "stages": [{"kind": "answer", "name": IMPORTED}],
            # Whatever panel judges the texts again: they were written by nobody in the session.
            "allow_simulated_mix": True,
        }
    )
    return Session(
        id=name,
        scenario=scenario.model_dump(mode="json"),
        cards={"members": None},
        prompts={},
        stages={IMPORTED: ""},
        version=__version__,
        simulated=False,
    )


class _Taking:
    """Rows of a file on their way into the store."""

    def __init__(self, store: Store, session: str, license_: str) -> None:
        self._store, self._session, self._license = store, session, license_
        self.ids: list[str] = []
        self.left_out = LeftOut()
        self._seen: dict[str, int] = {}

    async def rows(self, format_name: str, path: Path) -> AsyncIterator[Sample]:
        """Writes instructions, answers and judgments; gives the rows of the selection `imported`."""
        waiting: list[SessionRecord] = []
        for place, found in read_foreign(format_name, path):
            fault = found if isinstance(found, Unreadable) else answers_fault(found)
            if fault is not None or isinstance(found, Unreadable):
                self.left_out.add(place, (fault.reason, fault.detail) if fault else ("unreadable", ""))
                continue
            item = _Item(self._session, found, self._source(found), self._license)
            try:
                rows, sample = list(item.rows()), item.sample()
            except ValueError as error:
                self.left_out.add(place, ("score_range", str(error).replace("\n", " ")[:200]))
                continue
            self.ids.append(item.instruction.id)
            waiting += rows
            if len(waiting) > BATCH:
                await self._store.write(*waiting)
                waiting = []
            yield sample
        await self._store.write(*waiting)

    def _source(self, found: Foreign) -> str:
        """The file's own id, else a hash of the text; one that was there before gets a number."""
        said = [
            [m.model_dump(mode="json") for m in side] for side in (found.prompt, *(s.messages for s in found.sides))
        ]
        id_ = found.id or content_hash(said)[:16]
        number = self._seen[id_] = self._seen.get(id_, 0) + 1
        return id_ if number == 1 else f"{id_}~{number}"


class _Item:
    """A row of a file as rows of the store."""

    def __init__(self, session: str, found: Foreign, source: str, license_: str) -> None:
        self._found, self._license = found, license_
        lead = (
            found.prompt[0] if found.prompt[0].role == "system" and isinstance(found.prompt[0].content, str) else None
        )
        self.instruction = Instruction(
            id=row_id("instruction", session, source),
            session=session,
            source_id=source,
            system=None if lead is None else lead.text or None,
            messages=found.prompt if lead is None or not lead.text else found.prompt[1:],
            skill=found.skill,
            language=found.language,
            tools=found.tools,
        )
        self._place = Place.of(session, IMPORTED, self.instruction.id)
        names = ("chosen", "rejected") if len(found.sides) == 2 else (IMPORTED,)
        self._answers = [self._answer(name, side) for name, side in zip(names, found.sides, strict=True)]

    def _answer(self, name: str, side: Side) -> Answer:
        member = side.model or name
        text = next((m.text for m in reversed(side.messages) if m.role == "assistant"), "")
        return Answer(
            id=self._place.row("answer", name),
            session=self._place.session,
            episode=self._place.episode,
            instruction=self.instruction.id,
            member=member,
            prompt=self._found.prompt,
            messages=side.messages,
            context="plain" if len(side.messages) == 1 else "dialogue",
            producers=(Producer(model=member, family=member, license=self._license),),
            refused=is_refusal(text),
            style=style(text),
        )

    def rows(self) -> Iterator[SessionRecord]:
        """Everything but what the selection holds."""
        yield self.instruction
        yield Episode(
            id=self._place.episode,
            session=self._place.session,
            stage=IMPORTED,
            instruction=self.instruction.id,
            status="done",
            fingerprint="",
            result=content_hash([answer.model_dump(mode="json") for answer in self._answers]),
        )
        yield from self._answers
        for answer, side in zip(self._answers, self._found.sides, strict=True):
            if self._found.label is not None:
                yield self._judgment(answer, float(self._found.label), (0.0, 1.0))
            elif side.score is not None:
                yield self._judgment(answer, side.score, SCALE)
        if len(self._answers) == 2:
            yield self._verdict(*self._answers)

    def _judgment(self, answer: Answer, score: float, scale: tuple[float, float]) -> Judgment:
        return Judgment(
            id=self._place.row("judgment", answer.id),
            session=self._place.session,
            episode=self._place.episode,
            instruction=self.instruction.id,
            panel=PANEL,
            judge=IMPORTED,
            family=IMPORTED,
            answered_by=IMPORTED,
            reading=Score(answer=answer.id, score=score, low=scale[0], high=scale[1]),
            words="",
            prompt="",
            call="",
        )

    def _verdict(self, chosen: Answer, rejected: Answer) -> Verdict:
        left, right = sorted((chosen.id, rejected.id))
        match = self._place.row("match", left, right)
        return Verdict(
            id=self._place.row("verdict", match),
            session=self._place.session,
            episode=self._place.episode,
            instruction=self.instruction.id,
            match=match,
            panel=PANEL,
            left=left,
            right=right,
            outcome="win",
            winner=chosen.id,
            margin=1.0,
            decided_by="panel",
            votes=(Vote(judge=IMPORTED, choice=chosen.id),),
            quorum=1,
            orders=1,
        )

    def sample(self) -> Sample:
        """The row of the selection `imported`: what the file said, as it said it."""
        found, answers = self._found, self._answers
        producers = tuple(dict.fromkeys(producer for answer in answers for producer in answer.producers))
        shared: dict[str, Any] = {
            "session": self._place.session,
            "selection": IMPORTED,
            "instruction": self.instruction.id,
            "source_id": self.instruction.source_id,
            "prompt": found.prompt,
            "skill": found.skill,
            "language": found.language,
            "producers": producers,
            "licenses": (self._license,),
            "judges": (),
            "simulated": False,
            "lineage": {"answers": [answer.id for answer in answers], "verdict": None, "judgments": [], "calls": []},
        }
        if len(answers) == 2:
            return self._pair(shared)
        (answer,) = answers
        position = (self._place.session, IMPORTED, answer.id)
        if found.steps:
            steps, labels = zip(*found.steps, strict=True)
            return SteppedSample(
                **shared, id=row_id("stepped", *position), answer=answer.id, steps=steps, labels=labels
            )
        one: dict[str, Any] = {
            "answer": answer.id,
            "completion": answer.messages,
            "context": answer.context,
            "grade": found.sides[0].score,
            "verified": None,
        }
        if found.label is not None:
            return LabelledSample(**shared, **one, id=row_id("labelled", *position), label=found.label)
        return SftSample(**shared, **one, id=row_id("sft", *position), by="verdict")

    def _pair(self, shared: dict[str, Any]) -> PreferencePair:
        (chosen, rejected), (one, two) = self._answers, self._found.sides
        verdict = self._verdict(chosen, rejected)
        both = one.score is not None and two.score is not None
        return PreferencePair(
            **shared | {"lineage": {**shared["lineage"], "verdict": verdict.id}},
            id=row_id("pair", self._place.session, IMPORTED, chosen.id, rejected.id),
            chosen_answer=chosen.id,
            rejected_answer=rejected.id,
            chosen_model=chosen.member,
            rejected_model=rejected.member,
            chosen=chosen.messages,
            rejected=rejected.messages,
            chosen_context=chosen.context,
            rejected_context=rejected.context,
            by="verdict",
            decided_by="panel",
            margin=1.0,
            grade=one.score,
            rejected_grade=two.score,
            disagree=(one.score or 0.0) < (two.score or 0.0) if both else None,
        )

"""A row of other people's data as rows of the store: what it says, in the name of the panel `imported`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from aaa.session.foreign import Foreign, Side
from aaa.session.selections import IMPORTED
from aaa.text import is_refusal, style
from aaa.types import (
    Answer,
    Episode,
    Instruction,
    Judgment,
    LabelledSample,
    Message,
    Place,
    PreferencePair,
    Producer,
    Sample,
    Score,
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


def imported_answer(
    place: Place, name: str, messages: tuple[Message, ...], *, prompt: tuple[Message, ...], member: str, terms: str
) -> Answer:
    """An answer of a file by whom it names, under the terms of the file."""
    text = next((m.text for m in reversed(messages) if m.role == "assistant"), "")
    return Answer(
        id=place.row("answer", name),
        session=place.session,
        episode=place.episode,
        instruction=place.instruction,
        member=member,
        prompt=prompt,
        messages=messages,
        context="plain" if len(messages) == 1 else "dialogue",
        producers=(Producer(model=member, family=member, license=terms),),
        refused=is_refusal(text),
        style=style(text),
    )


def imported_episode(place: Place, answers: Sequence[Answer]) -> Episode:
    """The episode in whose name a file's answers stand."""
    result = content_hash([answer.model_dump(mode="json") for answer in answers])
    return Episode(
        id=place.episode,
        session=place.session,
        stage=IMPORTED,
        instruction=place.instruction,
        status="done",
        fingerprint="",
        result=result,
    )


class ImportedItem:
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
        answer = imported_answer(
            self._place, name, side.messages, prompt=self._found.prompt, member=member, terms=self._license
        )
        return answer.model_copy(update={"unlearnt": side.unlearnt})

    def rows(self) -> Iterator[SessionRecord]:
        """Everything but what the selection holds."""
        yield self.instruction
        yield imported_episode(self._place, self._answers)
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
        return SftSample(**shared, **one, id=row_id("sft", *position), by="verdict", unlearnt=answer.unlearnt)

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

"""The story of one item: what the session made of it, and what every selection took of it or left out, and why."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.curate import ItemRecord
from aaa.errors import UsageError
from aaa.session.item import Item
from aaa.store import Store
from aaa.types import (
    Answer,
    Failure,
    Instruction,
    Judgment,
    LabelledSample,
    PreferencePair,
    Rejection,
    Sample,
    Session,
    SessionRecord,
    SetAside,
    SftSample,
    SteppedSample,
    StepVerdict,
    Verdict,
)

TAKEN: tuple[type[Sample], ...] = (SftSample, PreferencePair, LabelledSample, SteppedSample)
_KNOWN: tuple[type[SessionRecord], ...] = (Instruction, Answer, Verdict, StepVerdict, Judgment, *TAKEN, Rejection)


@dataclass(frozen=True)
class Story:
    """An instruction with all that was made of it, by every panel; `answer` is the one that was asked about."""

    record: ItemRecord
    taken: tuple[Sample, ...]
    left_out: tuple[Rejection, ...]
    set_aside: tuple[SetAside, ...]
    failures: tuple[Failure, ...]
    answer: str | None = None


def explain(store: Store, session: Session, id_: str) -> Story:
    """The story of an instruction, by its own id or that of its row in the data, or of an answer, a verdict, a
    judgment, or any row of a selection. Raises `UsageError` for what the session does not hold."""
    instruction, asked = _found(store, session, id_)
    record = Item.at_end(store, instruction, session.all_stages).record()
    answer = asked.id if isinstance(asked, Answer) else None
    key = (session.id, instruction.id)
    taken = [row for kind in TAKEN for row in store.by_instruction(kind, *key) if answer in (None, *_answers(row))]
    left = [row for row in store.by_instruction(Rejection, *key) if _concerns(row, answer, record)]
    return Story(
        record,
        tuple(sorted(taken, key=lambda row: (row.selection, row.id))),
        tuple(sorted(left, key=lambda row: (row.selection, row.target, row.rows))),
        tuple(store.by_instruction(SetAside, *key)),
        tuple(store.by_instruction(Failure, *key)),
        answer,
    )


def _found(store: Store, session: Session, id_: str) -> tuple[Instruction, SessionRecord]:
    """The instruction that an id leads to, and the row that it names."""
    for kind in _KNOWN:
        row = store.get(kind, id_)
        if row is not None and row.session == session.id:
            name = row.id if isinstance(row, Instruction) else str(getattr(row, "instruction", ""))
            if (instruction := store.get(Instruction, name)) is not None:
                return instruction, row
    by_source = next(store.rows(Instruction, session=session.id, source_id=id_), None)
    if by_source is None:
        raise UsageError(
            f"Session {session.id!r} holds no prompt, answer, verdict, judgment or selected row {id_!r}. Prompts go by "
            "the ids of the data or of the store, see `aaa show`."
        )
    return by_source, by_source


def _answers(row: Sample) -> set[str]:
    """Answers, or versions of an instruction, that a row holds."""
    names = ("answer", "chosen_answer", "rejected_answer")
    return {getattr(row, name) for name in names if hasattr(row, name)}


def _concerns(row: Rejection, answer: str | None, record: ItemRecord) -> bool:
    """Whether a rejection is about the answer, or about a match of it."""
    if answer is None or answer in row.rows:
        return True
    return any(answer in (verdict.left, verdict.right) for verdict in record.verdicts if verdict.id in row.rows)

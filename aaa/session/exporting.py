"""Files from the selections of a session, free of calls."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import JsonValue

from aaa.errors import UsageError
from aaa.export import Entry, Format, export_rows, format_of
from aaa.export import Exported as Files
from aaa.export.entry import Fault
from aaa.scenario import Admission, Scenario, load_ledger
from aaa.session.audit import Audits
from aaa.session.gates import Gate, check_gates, parse_gates
from aaa.session.handling import redacted, with_reasoning
from aaa.session.making import Carding, making
from aaa.session.selections import IMPORTED, refuse_unjudged, rules_of, selections_of
from aaa.session.splits import Splits
from aaa.store import Store
from aaa.types import Answer, Episode, Instruction, Sample, Session

CHUNK = 500
"""Rows read at once (ours)."""
T = TypeVar("T")


@dataclass(frozen=True)
class ExportOptions:
    """What of a selection to write, and how."""

    reasoning: Literal["drop", "inline"] = "drop"
    """`inline` puts what a model thought before its answer, as `<think>...</think>`."""
    redact: bool = False
    """Put placeholders in the place of e-mail addresses, numbers and keys (see `aaa.text.redact`)."""
    slice: str | None = None
    """Only rows of this part of a progressive schedule."""
    split: Literal["train", "validation", "test"] | None = None
    """Only rows of this split."""
    test_share: float = 0.05
    """Share of the prompts for the split `test`, where no stage has said which (0..1; ours)."""
    terms: str = "any"
    """Profile that says which terms of models it lets pass: AAA's own, or one of the scenario's."""
    gates: Sequence[Gate] = ()
    card: bool = False
    """Write a card and a manifest beside a file; a folder has them always."""


@dataclass(frozen=True)
class Exported:
    """What was written from a selection."""

    selection: str
    format: str
    to: Path
    made: Files
    partial: bool
    redactions: Counter[str] = field(default_factory=Counter)
    """What was redacted, by kind."""


def export(
    store: Store,
    session: str,
    selection: str,
    format_name: str,
    to: Path,
    options: ExportOptions = ExportOptions(),
    audits: Audits | None = None,
) -> Exported:
    """Write one selection in one format. Several exports of a session may share `audits`.

    Raises `UsageError` for an unknown session, selection, format or profile of terms, or one without rows, and
    `GateError` where the judging passes not all gates of the scenario, and of the options; nothing is written then.
    """
    row = find(store, session, selection)
    form = format_of(format_name)
    admission = _admission(row, options.terms)
    carding = Carding.begin(form, to) if options.card or form.layout.folder else None
    audits = audits or Audits(store, row)
    check_session_gates(audits, selection, options.gates)
    partial = not row.complete or store.count(Episode, session=session, retry=True) > 0
    parted = carding is not None or options.split is not None
    splits = Splits(store, session, options.test_share) if parted else None
    leaving = _Leaving(store, row, selection, form, options, admission, splits)
    note = None if carding is None else carding.tally.note
    made = export_rows(format_name, leaving.entries(), to, partial=partial, look=_no_secrets(), note=note)
    if carding is not None:
        about = making(audits, selection, _asked(options), partial=partial)
        carding.finish(format_name, made, admission.ledger, about)
    return Exported(selection, format_name, to, made, partial, leaving.redactions)


def _asked(options: ExportOptions) -> dict[str, JsonValue]:
    """The options as a manifest holds them."""
    names = ("reasoning", "redact", "slice", "split", "test_share", "terms")
    gates = [f"{gate.figure} {gate.comparison} {gate.bound:g}" for gate in options.gates]
    return {**{name: getattr(options, name) for name in names}, "gates": ", ".join(gates) or None}


def find(store: Store, session: str, selection: str) -> Session:
    """The session, which must have the selection."""
    row = store.get(Session, session)
    if row is None:
        known = ", ".join(s.id for s in store.rows(Session)) or "none"
        raise UsageError(f"There is no session {session!r} in this store; it holds: {known}.")
    if selection not in selections_of(row):
        raise UsageError(
            f"Session {session!r} has no selection {selection!r}; it has: {', '.join(selections_of(row))}."
        )
    return row


def _admission(session: Session, profile: str) -> Admission:
    return Admission.of(profile, Scenario.model_validate(session.scenario).profiles, load_ledger())


def check_session_gates(audits: Audits, selection: str, gates: Sequence[Gate]) -> None:
    """Against the games of the panel that the selection goes by, which must have judged."""
    if selection == IMPORTED:
        return
    session = audits.session
    scenario = Scenario.model_validate(session.scenario)
    refuse_unjudged(session, scenario, selection)
    asked = (*parse_gates(scenario.gates), *gates)
    if asked:
        check_gates(asked, audits.of(rules_of(session, scenario)[selection].panel))


@dataclass
class _Leaving:
    """Rows of a selection on their way out."""

    store: Store
    session: Session
    selection: str
    form: Format
    options: ExportOptions
    admission: Admission
    splits: Splits | None
    """None where it does not matter which split a row is in."""
    redactions: Counter[str] = field(default_factory=Counter)

    def entries(self) -> Iterator[Entry]:
        """The rows of the first kind that the selection has, with what their instructions and answers add."""
        asked = {"session": self.session.id, "selection": self.selection}
        kind = next((kind for kind in self.form.kinds if self.store.count(kind, **asked)), self.form.kinds[0])
        for rows in _chunks(self.store.rows(kind, **asked)):
            instructions = self.store.get_all(Instruction, sorted({row.instruction for row in rows}))
            inline = self.options.reasoning == "inline"
            answers = self.store.get_all(Answer, sorted(_answers(rows))) if inline else {}
            for row in rows:
                instruction = instructions.get(row.instruction)
                split = "train" if self.splits is None else self.splits.of(row)
                if self._wanted(instruction, split):
                    yield self._entry(row, instruction, split, answers)

    def _wanted(self, instruction: Instruction | None, split: str) -> bool:
        wanted = self.options.slice
        if wanted is not None and (instruction is None or instruction.slice != wanted):
            return False
        return self.options.split in (None, split)

    def _entry(self, row: Sample, instruction: Instruction | None, split: str, answers: Mapping[str, Answer]) -> Entry:
        sample, fault = row, self.admission.against(row.licenses)
        if fault is None:
            sample, fault = with_reasoning(row, answers)
            sample = redacted(sample, self.redactions) if self.options.redact else sample
        tools, difficulty = ((), None) if instruction is None else (instruction.tools, instruction.difficulty)
        return Entry(sample, tools=tools, split=split, difficulty=difficulty, fault=fault)


def _answers(rows: Sequence[Sample]) -> set[str]:
    names = ("answer", "chosen_answer", "rejected_answer")
    return {getattr(row, name) for row in rows for name in names if hasattr(row, name)}


def _chunks(rows: Iterator[T]) -> Iterator[list[T]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


_SECRET = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)S?$")
SECRET_LENGTH = 12
"""Shorter values of the environment are no keys (ours)."""


def _no_secrets() -> Callable[[bytes], Fault | None] | None:
    """A look for the keys of this process's environment, which no file may hold; None where there are none."""
    named = {name: value for name, value in os.environ.items() if _SECRET.search(name)}
    held = {name: os.fsencode(value) for name, value in named.items() if len(value) >= SECRET_LENGTH}
    if not held:
        return None

    def look(line: bytes) -> Fault | None:
        found = next((name for name, value in held.items() if value in line), None)
        return None if found is None else ("secret", f"the text holds the value of {found}")

    return look

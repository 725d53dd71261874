"""All errors of AAA, one tree. Each message says what was asked, what was found, what is possible, what to do.

AaaError
├── UsageError                  the user's input is wrong: nothing was written, exit code 2
│   ├── ScenarioError           a scenario, card or prompt file, with file and line
│   ├── TemplateError           a persona or prompt template
│   ├── SessionChangedError     the scenario differs from the one the session was begun with
│   └── MissingExtraError       a feature needs an extra that is not installed
├── WorkError                   one piece of work failed: becomes a typed Failure row, the rest goes on
│   ├── CallError               a call of a model; `kind` says which, `transient` whether another try may help
│   ├── ParseError              a reply could not be read, also when asked again
│   └── SeatError               a juror's fallback answered, whose family may not judge here
├── StopError                   the whole session stops cleanly and can be resumed
│   ├── BudgetError             the next call does not fit into the budget
│   ├── BarrierError            a stage that decides over all items together could not
│   └── InterruptedSessionError the user or the system asked to stop
├── StoreError                  the store cannot be read or written (damaged, read-only, full, of another version)
└── ExportError                 an export cannot be written
    └── GateError               a gate of the scenario or of the command stopped it
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class AaaError(Exception):
    """Root of all errors that AAA raises on purpose."""

    exit_code: ClassVar[int] = 1


class UsageError(AaaError):
    """The user's input is wrong; nothing was written."""

    exit_code: ClassVar[int] = 2


class ScenarioError(UsageError):
    """A fault in a YAML or data file of the user."""

    def __init__(self, message: str, *, file: Path | str | None = None, line: int | None = None) -> None:
        self.file, self.line = file, line
        place = "" if file is None else f"{file}:{line}: " if line is not None else f"{file}: "
        super().__init__(place + message)


class TemplateError(UsageError):
    """A template that cannot be read, lacks a value, or reaches for what it must not."""


class SessionChangedError(UsageError):
    """The scenario differs from what the session was begun with, beyond what may change freely."""


class MissingExtraError(UsageError):
    """A feature needs packages that the core does not install."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs the extra {extra!r}: python -m pip install 'ai-align-ai[{extra}]'")


class WorkError(AaaError):
    """One piece of work failed; the episode records it and the rest goes on."""


class CallError(WorkError):
    """A call of a model failed.

    `kind` is one of `aaa.types.CallFailureKind`; `transient` says whether another try may help; `retry_after` is the
    wait in seconds that the server asked for; `raw` is what the server sent, cut, keys redacted; `call` is the
    journal key; `paid` says whether the attempt may have cost something.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        transient: bool,
        model: str | None = None,
        raw: str | None = None,
        retry_after: float | None = None,
        call: str | None = None,
        paid: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind, self.transient, self.model, self.raw = kind, transient, model, raw
        self.retry_after, self.call, self.paid = retry_after, call, paid


class ParseError(WorkError):
    """A reply could not be read; `raw` is the last reply, `call` its journal key."""

    def __init__(self, message: str, *, raw: str, call: str | None = None, model: str | None = None) -> None:
        super().__init__(message)
        self.raw, self.call, self.model = raw, call, model


class SeatError(WorkError):
    """The model that answered in a juror's place may not sit there; `model` is its name, `call` the journal key."""

    def __init__(self, message: str, *, model: str, call: str) -> None:
        super().__init__(message)
        self.model, self.call = model, call


class StopError(AaaError):
    """The session stops cleanly; what is done is saved, and the same command goes on."""


class BudgetError(StopError):
    """The next call does not fit into the budget, and nothing in flight could free enough."""


class BarrierError(StopError):
    """A stage that decides over all items together failed, so nothing after it can begin."""


class InterruptedSessionError(StopError):
    """Somebody asked the session to stop."""

    exit_code: ClassVar[int] = 130


class StoreError(AaaError):
    """The store cannot be read or written."""


class ExportError(AaaError):
    """An export cannot be written."""


class GateError(ExportError):
    """The judging behind an export does not reach what a gate asks for."""

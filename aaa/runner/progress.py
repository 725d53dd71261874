"""Where a run stands: counters that the run fills and a command line shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from aaa.types import Failure


@dataclass
class Progress:
    """Counters of one run. `expected` grows while the run learns how many episodes there are."""

    expected: int = 0
    done: int = 0
    failed: int = 0
    skipped: int = 0
    replayed: int = 0
    """Episodes that stood as an earlier run left them; they count in `done` and `failed` too."""
    failures: Counter[str] = field(default_factory=Counter)
    """Failure rows by kind, those of jurors included."""
    stage: Counter[str] = field(default_factory=Counter)
    """Finished episodes by stage."""
    passed_over: Counter[str] = field(default_factory=Counter)
    """Skipped episodes by stage."""

    @property
    def finished(self) -> int:
        return self.done + self.failed

    def count_failures(self, failures: list[Failure]) -> None:
        self.failures.update(failure.kind for failure in failures)

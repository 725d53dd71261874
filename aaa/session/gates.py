"""Gates: what the judging must reach before anything is exported."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING

from aaa.errors import GateError, UsageError

if TYPE_CHECKING:
    from aaa.rate.audit import Audit

COMPARISONS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)
_FORM = re.compile(r"\s*([a-z_]+)\s*(<=|>=|<|>)\s*(-?(?:\d+(?:\.\d*)?|\.\d+))\s*")


@dataclass(frozen=True, slots=True)
class Gate:
    """A figure of `aaa audit` over all jurors, and the bound it must keep."""

    figure: str
    comparison: str
    bound: float

    @classmethod
    def parse(cls, text: str) -> Gate:
        """A gate as the command line writes it: `flip_rate<0.2`. Raises `UsageError`."""
        from aaa.rate.audit import FIGURES  # heavy

        found = _FORM.fullmatch(text)
        if found is None:
            raise UsageError(
                f"{text!r} is no gate. A gate is a figure, one of {', '.join(COMPARISONS)} and a number, for example "
                f"'flip_rate<0.2'. Figures: {', '.join(FIGURES)}."
            )
        figure, comparison, bound = found.groups()
        if figure not in FIGURES:
            close = get_close_matches(figure, FIGURES, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            raise UsageError(f"There is no figure {figure!r} to gate on{hint} There are: {', '.join(FIGURES)}.")
        return cls(figure, comparison, float(bound))

    def fault(self, found: Audit) -> str | None:
        """Why the gate is shut, with the measured interval; None where it is open. What was not measured shuts it."""
        from aaa.rate.audit import sentence  # heavy

        asked = f"{self.figure} {self.comparison} {self.bound:g}"
        figure = found.figures[self.figure]
        if figure is None:
            return f"{asked} is asked for, but no game of the session tells {self.figure}"
        if COMPARISONS[self.comparison](figure.value, self.bound):
            return None
        return f"{asked} is asked for, but {sentence(self.figure, figure)}"


def parse_gates(conditions: Mapping[str, str]) -> tuple[Gate, ...]:
    """Gates as a scenario writes them: `{flip_rate: "< 0.2"}`. Raises `UsageError`."""
    return tuple(Gate.parse(f"{figure} {condition}") for figure, condition in conditions.items())


def check_gates(gates: Iterable[Gate], found: Audit) -> None:
    """Raise `GateError` with all gates that the jurors do not pass."""
    asked = tuple(gates)
    if faults := [fault for gate in asked if (fault := gate.fault(found)) is not None]:
        lines = "\n".join(f"  - {fault}" for fault in faults)
        raise GateError(
            f"The judging does not pass {len(faults)} of {len(asked)} gates:\n{lines}\n"
            "Nothing was exported. `aaa audit` shows which juror it is: take it off the panel, judge again with "
            "another one (`aaa judge`), or change the gate."
        )

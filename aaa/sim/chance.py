"""Chance without state: every draw is a hash of what it is about, so the same question always falls the same way."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_SPAN = float(1 << 64)


class Chance:
    """Draws about one subject. A draw depends on the subject and its own name, never on the draws before it."""

    __slots__ = ("_state",)

    def __init__(self, *subject: str | int) -> None:
        self._state = hashlib.blake2b(_join(subject), digest_size=8)

    def about(self, *subject: str | int) -> Chance:
        """Draws about a narrower subject."""
        narrower = Chance.__new__(Chance)
        narrower._state = self._state.copy()
        narrower._state.update(_join(subject))
        return narrower

    def unit(self, name: str) -> float:
        """A number in 0 <= x < 1, evenly spread."""
        state = self._state.copy()
        state.update(_join([name]))
        return int.from_bytes(state.digest(), "big") / _SPAN

    def happens(self, name: str, rate: float) -> bool:
        """Whether something of this rate happens."""
        return self.unit(name) < rate

    def pick(self, name: str, options: Sequence[T]) -> T:
        """One of the options. Raises IndexError where there is none."""
        return options[int(self.unit(name) * len(options))]

    def shuffled(self, name: str, options: Sequence[T]) -> list[T]:
        """All options in a drawn order."""
        order = sorted(range(len(options)), key=lambda i: self.unit(f"{name} {i}"))
        return [options[i] for i in order]


def _join(parts: Sequence[str | int]) -> bytes:
    # Each part carries its length, so that ("ab", "c") and ("a", "bc") are different subjects. Prompts may hold lone
    # surrogates, which are no valid UTF-8.
    encoded = [str(part).encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(b"%d:%b" % (len(part), part) for part in encoded)

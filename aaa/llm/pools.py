"""A model at several places: which of them the next request goes to, and which of them rests."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.errors import CallError
from aaa.llm.endpoints import places
from aaa.llm.faults import ACCOUNT, RETRIED
from aaa.llm.limits import Clock
from aaa.types import Model

REST = 30.0
"""Seconds for which a place that failed is avoided, unless it named a time itself (ours)."""

_LIMITS = ("concurrency", "rpm", "tpm")
"""Limits that say how much a place can take; the first that all places have is what they are compared by."""


def place_name(place: Model) -> str:
    """What the rows call a place: its address, or the model string where that is the provider's; and whose key."""
    key = f" with {place.api_key_env}" if place.api_key_env else ""
    return f"{place.api_base or place.model}{key}"


@dataclass(slots=True, eq=False)
class Place:
    """One place, and how it fares."""

    model: Model
    capacity: float
    busy: int = 0
    """Requests on their way there, those that wait for its limits included."""
    sent: int = 0
    rests_until: float = float("-inf")

    def load(self) -> tuple[float, float]:
        """How busy one more request would make it, then how much it has had, both relative to what it can take."""
        return (self.busy + 1) / self.capacity, self.sent / self.capacity


class Pool:
    """The places of one model. Requests go to the least busy of those that are not at rest; of equals to the one that
    had the fewest so far, then to the first."""

    def __init__(self, model: Model, *, clock: Clock) -> None:
        self._clock = clock
        at = places(model)
        limit = next((name for name in _LIMITS if all(getattr(place, name) for place in at)), None)
        weights = [deployment.weight for deployment in model.deployments] or [1.0]
        self._places = [
            Place(place, weight * (getattr(place, limit) if limit else 1.0))
            for place, weight in zip(at, weights, strict=True)
        ]

    def enter(self) -> Place:
        """The place for the next request. Where all rest it is the one whose rest ends first."""
        now = self._clock()
        awake = [place for place in self._places if place.rests_until <= now]
        chosen = min(awake, key=Place.load) if awake else min(self._places, key=lambda place: place.rests_until)
        chosen.busy += 1
        chosen.sent += 1
        return chosen

    def leave(self, place: Place, error: CallError | None) -> None:
        """A request has come back. A place that gave no service rests, one that refuses the key for good."""
        place.busy -= 1
        if error is not None and error.kind in ACCOUNT:
            place.rests_until = float("inf")
        elif error is not None and error.kind in RETRIED:
            place.rests_until = self._clock() + (REST if error.retry_after is None else error.retry_after)

    def has_another(self) -> bool:
        """Whether there are several places, and one of them is not at rest."""
        now = self._clock()
        return len(self._places) > 1 and any(place.rests_until <= now for place in self._places)

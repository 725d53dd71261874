"""How far jurors are to be believed, and what their votes should count.

Where the better side is known, a juror's reliability is the share of its votes for a side that chose it. Where it is
not, it follows from agreement alone: the model of Dawid and Skene (1979, Applied Statistics 28) with one rate of error
for each juror and two sides that are equally likely, fitted by EM. Votes that err independently are best weighed by the
log-odds of their reliability (Nitzan and Paroush 1982, International Economic Review 23).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, log
from typing import Any, Literal

from aaa.rate.clusters import Estimate, Share
from aaa.rate.games import PlayedGame, in_both_orders
from aaa.types import TIE

LOWEST, HIGHEST = 0.51, 0.99
"""Ours: a juror is taken for no worse and no better than this, so that none is heard against its word or alone."""
PRIOR = 2
"""Votes added that were right, and as many that were wrong (as Agresti and Coull 1998 do): few votes prove little."""
STEPS, CLOSE = 500, 1e-9
"""EM ends after so many steps, or where no reliability moves by more (ours)."""
Votes = Mapping[str, int]
"""By juror: +1 for one side of a match, -1 for the other."""


@dataclass(frozen=True)
class Reliability:
    """How often each juror is right where it chooses a side."""

    by: Literal["gold", "agreement"]
    """Known better sides, or nothing but agreement; the latter holds if jurors err independently of each other."""
    judges: Mapping[str, float]
    """Between `LOWEST` and `HIGHEST`."""
    shares: Mapping[str, Estimate]
    """By gold: the plain share with its interval."""

    def document(self) -> dict[str, Any]:
        """Plain JSON."""
        intervals = {name: {"low": f.low, "high": f.high, "n": f.n} for name, f in self.shares.items()}
        return {"by": self.by, "judges": dict(self.judges), "intervals": intervals}


def weights(reliability: Mapping[str, float]) -> dict[str, float]:
    """What each juror's vote counts: the log-odds of its reliability (above 1/2, below 1), 1 on average."""
    odds = {name: log(rate / (1 - rate)) for name, rate in reliability.items()}
    mean = fsum(odds.values()) / len(odds)
    return {name: one / mean for name, one in odds.items()}


def reliability(games: Iterable[PlayedGame]) -> Reliability | None:
    """Of all jurors that chose sides in both orders; by gold where each of them has a match whose better side is known.

    None where neither gold nor agreement tells: agreement needs three jurors who met on matches.
    """
    played = list(games)
    choices = list(in_both_orders(played))
    jurors = {game.judge for game in played}
    shares: dict[str, Share] = defaultdict(Share)
    votes: dict[str, dict[str, int]] = defaultdict(dict)
    for one, other in choices:
        if one.winner != other.winner or not one.decided:
            continue
        votes[one.match][one.judge] = 1 if one.winner == min(one.first, one.second) else -1
        if one.truth not in (None, TIE):
            shares[one.judge].add(one.item, one.winner == one.truth)
    if jurors and set(shares) == jurors:
        found = {name: share.estimate() for name, share in sorted(shares.items())}
        known = {name: one for name, one in found.items() if one is not None}
        return Reliability("gold", {name: _smoothed(one) for name, one in known.items()}, known)
    judges = from_agreement(list(votes.values()))
    return None if judges is None else Reliability("agreement", judges, {})


def from_agreement(matches: Sequence[Votes]) -> dict[str, float] | None:
    """Reliabilities by agreement alone; None with fewer than three jurors, as two tell only that they differ."""
    together = [votes for votes in matches if len(votes) > 1]
    jurors = sorted({name for votes in together for name in votes})
    if len(jurors) < 3:
        return None
    rates = dict.fromkeys(jurors, 0.75)
    for _ in range(STEPS):
        better = _maximised(together, rates)
        moved = max(abs(better[name] - rates[name]) for name in jurors)
        rates = better
        if moved < CLOSE:
            break
    return rates


def _maximised(matches: Sequence[Votes], rates: Mapping[str, float]) -> dict[str, float]:
    """One step of EM: how likely each side is the better one by these rates, then the rates by that."""
    odds = {name: log(rate / (1 - rate)) for name, rate in rates.items()}
    right: dict[str, list[float]] = defaultdict(list)
    for votes in matches:
        chance = 1 / (1 + exp(-fsum(vote * odds[name] for name, vote in votes.items())))
        for name, vote in votes.items():
            right[name].append(chance if vote > 0 else 1 - chance)
    return {name: _bounded((fsum(shares) + PRIOR) / (len(shares) + 2 * PRIOR)) for name, shares in right.items()}


def _smoothed(share: Estimate) -> float:
    return _bounded((share.value * share.n + PRIOR) / (share.n + 2 * PRIOR))


def _bounded(rate: float) -> float:
    return min(HIGHEST, max(LOWEST, rate))

"""What decided a juror's games, where the better answer is known: the seat, the length, the family, or a misreading.

The model (ours): a share of the games is decided by each cause without reading, the rest by a reading that is wrong
now and then. A game then goes to the first seat (+1) or the second (-1), on average, by a sum of the causes' signs,
weighted with their shares; least squares finds the shares. Causes that go together, such as length and quality, are
held apart by it, which the plain rates cannot do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aaa.rate.clusters import Estimate, Fit, least_squares
from aaa.rate.games import PlayedGame
from aaa.types import TIE

SEAT, LENGTH, FAMILY, TRUTH, TRUTH_OF_KIN = "seat", "length", "family", "truth", "truth of kin"


def biases(games: Iterable[PlayedGame]) -> dict[str, Estimate | None]:
    """`decided_by_length`, `decided_by_family` and `error_rate`, each None where the games cannot tell it.

    Taken from games whose better side is known. A tie there counts as half an error. Shares may be negative: a juror
    that prefers the shorter text.
    """
    known = [game for game in games if game.winner is not None and game.truth not in (None, TIE)]
    if measured := [game for game in known if game.longer is not None]:
        known = measured
    names = _columns(known)
    fit = least_squares(names, ((game.item, _row(game, names), game.sign(game.winner)) for game in known))
    if fit is None:
        return {"decided_by_length": None, "decided_by_family": None, "error_rate": None}
    return {
        "decided_by_length": fit.coefficient(LENGTH) if LENGTH in names else None,
        "decided_by_family": fit.coefficient(FAMILY) if FAMILY in names else None,
        "error_rate": _error_rate(fit),
    }


def _columns(games: Sequence[PlayedGame]) -> tuple[str, ...]:
    """The causes that can have acted here. Kinship takes its share from honest readings only where there is kin."""
    kin = sum(game.own is not None for game in games)
    causes = {
        SEAT: True,
        LENGTH: any(game.longer is not None for game in games),
        FAMILY: kin > 0,
        TRUTH: True,
        TRUTH_OF_KIN: 0 < kin < len(games),
    }
    return tuple(name for name, present in causes.items() if present)


def _row(game: PlayedGame, names: Sequence[str]) -> list[float]:
    truth = game.sign(game.truth)
    values = {
        SEAT: 1,
        LENGTH: game.sign(game.longer),
        FAMILY: game.sign(game.own_side),
        TRUTH: truth,
        TRUTH_OF_KIN: truth if game.own is not None else 0,
    }
    return [float(values[name]) for name in names]


def _error_rate(fit: Fit) -> Estimate | None:
    """Share of honest readings that go wrong: of the games that no bias decided, right ones less wrong ones are
    1 - 2 * error."""
    weight = {name: float(fit.coefficients[at]) for at, name in enumerate(fit.names)}
    acting = [SEAT, LENGTH] if TRUTH_OF_KIN in weight else [SEAT, LENGTH, FAMILY]
    shares = {name: weight[name] for name in acting if name in weight}
    honest = 1.0 - sum(abs(share) for share in shares.values())
    if honest <= 0.0:
        return None
    clear = weight[TRUTH] / honest
    gradient = {name: -clear / (2 * honest) * (1 if share >= 0 else -1) for name, share in shares.items()}
    return fit.estimate((1 - clear) / 2, {**gradient, TRUTH: -1 / (2 * honest)})

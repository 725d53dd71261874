"""How far jurors can be trusted, from their games: rates with intervals, and a sentence for each.

All intervals are 95 % and count prompts, not games (see `clusters`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from aaa.rate.agreement import Agreement, AgreementRule, agreement_of_coders
from aaa.rate.biases import biases
from aaa.rate.clusters import Estimate, Share
from aaa.rate.games import PlayedGame, in_both_orders
from aaa.rate.votes import Vote, VoteOutcome
from aaa.types import TIE

FIGURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "flip_rate": "of the matches read in both orders changed their outcome with the seats",
        "first_rate": "of the decided games went to the first seat (50 % is even)",
        "longer_rate": "of the decided games went to the longer answer",
        "own_rate": "of the decided games between kin and stranger went to the juror's own family",
        "self_preference": "is by how much the own family was preferred beyond what jurors of other families see",
        "tie_rate": "of the games were called a tie",
        "parse_failure_rate": "of the games brought no readable verdict",
        "refusal_rate": "of the games were refused",
        "decided_by_seat": "of the games were decided by the first seat alone",
        "accuracy": "of the decided games went to the better answer, where it is known",
        "decided_by_length": "of the games were decided by length alone, where the better answer is known",
        "decided_by_family": "of the games were decided by the own family alone, where the better answer is known",
        "error_rate": "of the readings that no bias decided went to the worse answer (a tie is half an error)",
    }
)
"""All figures, each with the words that follow its value."""


@dataclass(frozen=True)
class Audit:
    """What the games of one juror, or of all, say. A figure is None where no game tells it."""

    games: int
    """Games with a verdict that could be read."""
    matches: int
    figures: Mapping[str, Estimate | None]

    def document(self) -> dict[str, Any]:
        """Plain JSON: each figure as a number, and its interval with the number of readings under `intervals`."""
        known = {name: figure for name, figure in self.figures.items() if figure is not None}
        return {
            "games": self.games,
            "matches": self.matches,
            **{name: None if figure is None else figure.value for name, figure in self.figures.items()},
            "intervals": {name: {"low": f.low, "high": f.high, "n": f.n} for name, f in known.items()},
        }

    def sentences(self) -> dict[str, str]:
        """A plain sentence for each figure that is known."""
        return {name: sentence(name, figure) for name, figure in self.figures.items() if figure is not None}


@dataclass(frozen=True)
class Report:
    """Audits of all games, by juror and by category."""

    everyone: Audit
    judges: Mapping[str, Audit]
    categories: Mapping[str, Report]
    agreement: Agreement | None = None
    """How far jurors agree with one another; None where no two of them read the same match."""

    def document(self) -> dict[str, Any]:
        """Plain JSON: `{judges: {name: {...}}, all: {...}, by: {category: {...}}}`."""
        found: dict[str, Any] = {
            "judges": {name: audit.document() for name, audit in self.judges.items()},
            "all": self.everyone.document(),
        }
        if self.agreement is not None:
            found["agreement"] = self.agreement.model_dump(mode="json")
        if self.categories:
            found["by"] = {"category": {name: report.document() for name, report in self.categories.items()}}
        return found


def audit(games: Iterable[PlayedGame]) -> Report:
    """Audit games; their order does not matter, but for which of several games in one seat order is compared."""
    played = list(games)
    categories = _grouped(played, lambda game: game.category)
    parts = {name: _report(part) for name, part in categories.items()} if len(categories) > 1 else {}
    return replace(_report(played), categories=parts, agreement=_agreement(played))


def over_all(games: Iterable[PlayedGame]) -> Audit:
    """`Report.everyone` alone, at a small part of the work: the figures over all jurors."""
    played = list(games)
    return _audit(played, played)


def sentence(name: str, figure: Estimate) -> str:
    """A figure in words."""
    return f"{figure.value:.1%} ({figure.low:.1%} to {figure.high:.1%}, n={figure.n:,}) {FIGURES[name]}."


def _report(games: Sequence[PlayedGame]) -> Report:
    judges = _grouped(games, lambda game: game.judge)
    return Report(
        everyone=_audit(games, games),
        judges={name: _audit(own, games) for name, own in judges.items()},
        categories={},
    )


def _agreement(games: Sequence[PlayedGame]) -> Agreement | None:
    """Of the jurors' votes on the matches that they read in both orders."""
    votes = [
        Vote(
            item=one.item,
            left=one.first,
            right=one.second,
            outcome=_outcome(one, other),
            judge=one.judge,
            turn=one.turn,
        )
        for one, other in in_both_orders(games)
    ]
    jurors: dict[str, set[str]] = defaultdict(set)
    for one, _ in in_both_orders(games):
        jurors[one.match].add(one.judge)
    if all(len(judges) < 2 for judges in jurors.values()):
        return None
    return agreement_of_coders(votes, AgreementRule())


def _outcome(one: PlayedGame, other: PlayedGame) -> VoteOutcome:
    if one.winner != other.winner:
        return "inconsistent"
    return "left" if one.winner == one.first else "right" if one.winner == one.second else "tie"


def _grouped(games: Iterable[PlayedGame], key: Callable[[PlayedGame], str | None]) -> dict[str, list[PlayedGame]]:
    groups: dict[str, list[PlayedGame]] = defaultdict(list)
    for game in games:
        if (name := key(game)) is not None:
            groups[name].append(game)
    return dict(sorted(groups.items()))


def _audit(games: Sequence[PlayedGame], everyone: Sequence[PlayedGame]) -> Audit:
    read = [game for game in games if game.winner is not None]
    decided = [game for game in read if game.decided]
    figures = {
        "flip_rate": _flips(read),
        "first_rate": _share(decided, lambda game: game.winner == game.first),
        "longer_rate": _share([g for g in decided if g.longer], lambda game: game.winner == game.longer),
        "own_rate": _share([g for g in decided if g.own], lambda game: game.winner == game.own_side),
        "self_preference": _self_preference(decided, everyone),
        "tie_rate": _share(read, lambda game: game.winner == TIE),
        "parse_failure_rate": _share(games, lambda game: game.failure == "parse_failed"),
        "refusal_rate": _share(games, lambda game: game.failure in ("refused", "policy")),
        "decided_by_seat": _seat(read),
        "accuracy": _share([g for g in decided if g.truth not in (None, TIE)], lambda game: game.winner == game.truth),
        **biases(read),
    }
    return Audit(len(read), len({game.match for game in read}), {name: figures[name] for name in FIGURES})


def _share(games: Iterable[PlayedGame], holds: Callable[[PlayedGame], bool]) -> Estimate | None:
    share = Share()
    for game in games:
        share.add(game.item, holds(game))
    return share.estimate()


def _flips(games: Iterable[PlayedGame]) -> Estimate | None:
    share = Share()
    for one, other in in_both_orders(games):
        share.add(one.item, one.winner != other.winner)
    return share.estimate()


def _seat(games: Iterable[PlayedGame]) -> Estimate | None:
    """First seats won less second seats won: over both orders of a match all that is not the seat cancels out."""
    share = Share(floor=-1.0)
    for pair in in_both_orders(games):
        for game in pair:
            share.add(game.item, game.sign(game.winner))
    return share.estimate()


def _self_preference(decided: Iterable[PlayedGame], everyone: Iterable[PlayedGame]) -> Estimate | None:
    """Per match: the share of the juror's games that its own family won, less that of jurors kin to neither side."""
    neutral: dict[str, list[str | None]] = defaultdict(list)
    for game in everyone:
        if game.decided and game.own is None:
            neutral[game.match].append(game.winner)
    share = Share(floor=-1.0)
    for game in decided:
        others = neutral.get(game.match)
        if others and game.own is not None:
            share.add(game.item, (game.winner == game.own_side) - others.count(game.own_side) / len(others))
    return share.estimate()

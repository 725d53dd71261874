"""What each rule for making pairs would have made of matches whose better side is known: precision against yield."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aaa.judge.votes import FAILED, INCONSISTENT, decide
from aaa.rate.clusters import Estimate, Share
from aaa.rate.games import PlayedGame
from aaa.rate.reliability import reliability, weights
from aaa.types import TIE, Vote, content_hash

FOLDS = 5
"""Ours: parts of the prompts; what jurors' votes count in one part is learned from the others."""


@dataclass(frozen=True)
class KnownMatch:
    """A match whose better side is known, with what each juror's games say of it."""

    item: str
    truth: str
    """The better side, or `tie`."""
    one_order: Mapping[str, str]
    """The choice of each juror's first game."""
    both_orders: Mapping[str, str]
    """What its two games agree on, or `inconsistent`; `failed` where it did not play both."""


@dataclass(frozen=True)
class Ruling:
    """What a rule makes of a match: the chosen side, or None where it makes no pair; and the games it takes."""

    chosen: str | None
    games: int


@dataclass(frozen=True)
class RuleAudit:
    """How a rule fares."""

    rule: str
    matches: int
    """Matches with a better side."""
    precision: Estimate | None
    """Share of its pairs that choose the better side."""
    yield_: Estimate | None
    """Share of the matches with a better side of which it makes a pair."""
    pairs_of_equals: Estimate | None
    """Share of the matches without a better side of which it makes a pair all the same."""
    games: float
    """Games it takes for a match, on average."""

    def document(self) -> dict[str, Any]:
        """Plain JSON."""
        figures = {"precision": self.precision, "yield": self.yield_, "pairs_of_equals": self.pairs_of_equals}
        return {
            "rule": self.rule,
            "matches": self.matches,
            **{name: None if figure is None else figure.value for name, figure in figures.items()},
            "games_per_match": self.games,
            "intervals": {name: {"low": f.low, "high": f.high, "n": f.n} for name, f in figures.items() if f},
        }


Rule = Callable[[KnownMatch], Ruling]


def audit_rules(games: Iterable[PlayedGame]) -> list[RuleAudit]:
    """Every rule over the games of matches whose better side is known; empty where none is."""
    played = list(games)
    matches = list(_known_matches(played))
    judges = sorted({game.judge for game in played})
    if not matches:
        return []
    found = [_audited(name, rule, matches) for name, rule in rules(judges)]
    rule = _weighted(judges, played) if len(judges) > 1 else None
    return found if rule is None else [*found, _audited("panel, both orders, weighted by reliability", rule, matches)]


def rules(judges: list[str]) -> Iterator[tuple[str, Rule]]:
    """The rules that these jurors allow, by name: each alone, all as a panel, and one with the others behind it."""
    for judge in judges:
        yield f"{judge}, one order", _one_order([judge])
        yield f"{judge}, both orders", _both_orders([judge])
    if len(judges) == 1:
        return
    yield "panel, one order", _one_order(judges)
    yield "panel, both orders", _both_orders(judges)
    for margin in range(2, len(judges) + 1):
        yield f"panel, both orders, margin {margin}", _both_orders(judges, margin)
    for judge in judges:
        others = [other for other in judges if other != judge]
        yield f"{judge} first, else the others", _escalated(judge, others)


def _one_order(judges: list[str]) -> Rule:
    def rule(match: KnownMatch) -> Ruling:
        votes = {judge: match.one_order[judge] for judge in judges if judge in match.one_order}
        return Ruling(_winner(votes, judges), len(votes))

    return rule


def _both_orders(judges: list[str], margin: float = 1) -> Rule:
    def rule(match: KnownMatch) -> Ruling:
        votes = {judge: match.both_orders[judge] for judge in judges if judge in match.both_orders}
        return Ruling(_winner(votes, judges, margin), 2 * len(votes))

    return rule


def _escalated(first: str, others: list[str]) -> Rule:
    """One juror decides alone where both its games agree on a side; elsewhere the others do."""
    alone, behind = _both_orders([first]), _both_orders(others)

    def rule(match: KnownMatch) -> Ruling:
        ruling = alone(match)
        if ruling.chosen is not None:
            return ruling
        further = behind(match)
        return Ruling(further.chosen, ruling.games + further.games)

    return rule


def _weighted(judges: list[str], games: list[PlayedGame]) -> Rule | None:
    """Votes count by the log-odds of their jurors' reliability, which is learned from other prompts than the match's.

    None where some part of the prompts leaves a juror's reliability unknown.
    """
    counts = {}
    for fold in range(FOLDS):
        found = reliability(game for game in games if _fold(game.item) != fold)
        if found is None or set(found.judges) != set(judges):
            return None
        counts[fold] = weights(found.judges)

    def rule(match: KnownMatch) -> Ruling:
        votes = match.both_orders
        return Ruling(_winner(votes, judges, margin=0, counts=counts[_fold(match.item)]), 2 * len(votes))

    return rule


def _fold(item: str) -> int:
    return int(content_hash(["fold", item])[:8], 16) % FOLDS


def _winner(
    votes: Mapping[str, str], judges: list[str], margin: float = 1, counts: Mapping[str, float] | None = None
) -> str | None:
    """The side that the votes make the winner by at least `margin`; the quorum is more than half of the jurors."""
    given = [
        Vote(judge=judge, choice=choice, weight=1.0 if counts is None else counts[judge])
        for judge, choice in votes.items()
    ]
    tally = decide(given, len(judges) // 2 + 1)
    return tally.winner if tally.margin >= margin else None


def _known_matches(games: Iterable[PlayedGame]) -> Iterator[KnownMatch]:
    matches: dict[str, list[PlayedGame]] = defaultdict(list)
    for game in games:
        if game.truth is not None:
            matches[game.match].append(game)
    for played in matches.values():
        jurors: dict[str, list[PlayedGame]] = defaultdict(list)
        for game in played:
            jurors[game.judge].append(game)
        truth = played[0].truth
        assert truth is not None
        yield KnownMatch(
            item=played[0].item,
            truth=truth,
            one_order={judge: own[0].winner or FAILED for judge, own in jurors.items()},
            both_orders={judge: _agreed(own) for judge, own in jurors.items()},
        )


def _agreed(games: list[PlayedGame]) -> str:
    """What the first game in each seat order agrees on."""
    by_seat = {game.first: game.winner for game in reversed(games)}
    if len(by_seat) < 2 or None in by_seat.values():
        return FAILED
    choices = {winner for winner in by_seat.values() if winner is not None}
    return choices.pop() if len(choices) == 1 else INCONSISTENT


def _audited(name: str, rule: Rule, matches: Iterable[KnownMatch]) -> RuleAudit:
    precision, made, of_equals = Share(), Share(), Share()
    games = number = decided = 0
    for match in matches:
        ruling = rule(match)
        games, number = games + ruling.games, number + 1
        if match.truth == TIE:
            of_equals.add(match.item, ruling.chosen is not None)
            continue
        decided += 1
        made.add(match.item, ruling.chosen is not None)
        if ruling.chosen is not None:
            precision.add(match.item, ruling.chosen == match.truth)
    return RuleAudit(name, decided, precision.estimate(), made.estimate(), of_equals.estimate(), games / max(1, number))

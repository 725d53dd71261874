"""Do sources of votes, or judges, agree?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field

from aaa.errors import UsageError
from aaa.rate.bootstrap import Interval, each, intervals, resampled
from aaa.rate.coefficients import alpha, cohen, counts_of, fleiss, raw_agreement
from aaa.rate.table import Floats, Ints
from aaa.rate.votes import Vote, VoteOutcome
from aaa.types import Value

Match = tuple[str, int | None, str, str]
"""What can be judged by several: prompt, turn, and two models, sorted."""
CODES: Final[dict[VoteOutcome, int]] = {"left": 0, "tie": 1, "right": 2, "inconsistent": 3}
MIRRORED: Final = (2, 1, 0, 3)
"""Each code with the seats exchanged."""
TIE, INCONSISTENT = CODES["tie"], CODES["inconsistent"]
MEASURES: Final = ("agreement", "agreement_without_ties", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha")


class AgreementRule(Value):
    """What counts as a vote, and how sure the figures are to be."""

    ties: Literal["keep", "drop"] = "keep"
    inconsistent: Literal["tie", "drop"] = "tie"
    """Take an inconsistent vote for a tie (as FastChat does), or leave it out."""
    level: Literal["nominal", "ordinal"] = "nominal"
    """For Krippendorff's alpha; `ordinal` puts a tie between the two sides."""
    bootstrap: Annotated[int, Field(ge=0)] = 1000
    """Resamples of prompts for the intervals; 0: no intervals."""
    seed: int = 0


class Decided(Value):
    """Agreement among pairs of votes neither of which is a tie."""

    n: int
    value: float | None


class Agreement(Value):
    """How far votes on the same matches agree; a figure that is not defined is None."""

    items: int
    """Matches on which there is more than one vote."""
    agreement: float | None
    """Share of pairs of votes on the same match that say the same."""
    agreement_without_ties: Decided
    cohen_kappa: float | None
    """Of two; None for more, unless each match has a vote of the same two."""
    fleiss_kappa: float | None
    """None where matches have different numbers of votes."""
    krippendorff_alpha: float | None
    intervals: dict[str, Interval | None]
    """95 %, by the name of the figure; empty unless asked for."""


@dataclass(frozen=True, slots=True)
class _Units:
    """Codes of votes on the same match, each match oriented as it was first seen."""

    codes: Sequence[Sequence[int]]
    prompts: Sequence[str]
    matches: int
    two_coders: bool
    """Whether each unit holds the code of one coder, then that of the other."""


def agreement_of_sources(one: Iterable[Vote], other: Iterable[Vote], rule: AgreementRule) -> Agreement:
    """Agreement of two sources of votes on the matches that both judged.

    Where a source holds several votes on a match, each is compared with each of the other, as in MT-Bench. Raises
    `UsageError` where they share no match.
    """
    seats: dict[Match, str] = {}
    first, second = (_by_match(votes, rule, seats) for votes in (one, other))
    shared = [match for match in first if match in second]
    if not shared:
        raise UsageError(
            "The two sources share no match that counts: it is to have the same question_id, turn and models in both."
        )
    units = [(match, [a, b]) for match in shared for a in first[match] for b in second[match]]
    codes, prompts = [codes for _, codes in units], [match[0] for match, _ in units]
    return _measured(_Units(codes, prompts, len(shared), two_coders=True), rule)


def agreement_of_coders(votes: Sequence[Vote], rule: AgreementRule) -> Agreement:
    """Agreement of the judges that the votes name.

    A judge whose votes on a match contradict each other, as over two orders, is inconsistent there. Raises
    `UsageError` for votes without a judge, and where no match was judged by two.
    """
    if any(vote.judge is None for vote in votes):
        raise UsageError("Agreement of judges needs the `judge` of every vote; some votes have none.")
    seats: dict[Match, str] = {}
    judges = sorted({vote.judge or "" for vote in votes})
    by_judge = {judge: _by_match((v for v in votes if v.judge == judge), None, seats) for judge in judges}
    units: dict[Match, dict[str, int]] = {}
    for judge, matches in by_judge.items():
        for match, codes in matches.items():
            code = codes[0] if len(set(codes)) == 1 else INCONSISTENT
            if (counted := _counted(code, rule)) is not None:
                units.setdefault(match, {})[judge] = counted
    shared = {match: unit for match, unit in units.items() if len(unit) > 1}
    if not shared:
        raise UsageError(f"No match has votes that count of two judges; judges: {', '.join(judges)}.")
    coded = [list(unit.values()) for unit in shared.values()]
    two = len({judge for unit in shared.values() for judge in unit}) == 2
    return _measured(_Units(coded, [match[0] for match in shared], len(shared), two_coders=two), rule)


def _by_match(votes: Iterable[Vote], rule: AgreementRule | None, seats: dict[Match, str]) -> dict[Match, list[int]]:
    """Codes of votes by match, oriented as in `seats`, which learns from the first vote on each; without a rule as
    they are."""
    found: dict[Match, list[int]] = {}
    for vote in votes:
        low, high = sorted((vote.left, vote.right))
        match = (vote.item, vote.turn, low, high)
        code = CODES[vote.outcome]
        if seats.setdefault(match, vote.left) != vote.left:
            code = MIRRORED[code]
        counted = code if rule is None else _counted(code, rule)
        if counted is not None:
            found.setdefault(match, []).append(counted)
    return found


def _counted(code: int, rule: AgreementRule) -> int | None:
    """The code that a vote counts as; None for one that is left out."""
    if code == INCONSISTENT:
        if rule.inconsistent == "drop":
            return None
        code = TIE
    return None if code == TIE and rule.ties == "drop" else code


def _measured(units: _Units, rule: AgreementRule) -> Agreement:
    counts = counts_of(units.codes, TIE + 2)
    number = {prompt: index for index, prompt in enumerate(sorted(set(units.prompts)))}
    prompt = np.array([number[name] for name in units.prompts], np.intp)
    coders = np.array(units.codes, np.intp).T if units.two_coders else None

    def measures(weights: Floats) -> Floats:
        return _measures(counts, coders, weights[prompt], rule)

    values = dict(zip(MEASURES, map(_defined, measures(np.ones(len(number)))), strict=True))
    decided, _ = raw_agreement(_without_ties(counts), np.ones(len(counts)))
    bounds: Mapping[str, Interval | None] = {}
    if rule.bootstrap:
        drawn = intervals(resampled(each(measures), len(number), rule.bootstrap, rule.seed))
        bounds = dict(zip(MEASURES, drawn if len(number) > 1 else [None] * len(MEASURES), strict=True))
    return Agreement(
        items=units.matches,
        agreement=values["agreement"],
        agreement_without_ties=Decided(n=int(decided), value=values["agreement_without_ties"]),
        cohen_kappa=values["cohen_kappa"],
        fleiss_kappa=values["fleiss_kappa"],
        krippendorff_alpha=values["krippendorff_alpha"],
        intervals=dict(bounds),
    )


def _measures(counts: Floats, coders: Ints | None, weights: Floats, rule: AgreementRule) -> Floats:
    """The `MEASURES`; NaN where one is not defined."""
    found = (
        raw_agreement(counts, weights)[1],
        raw_agreement(_without_ties(counts), weights)[1],
        None if coders is None else cohen(coders[0], coders[1], weights),
        fleiss(counts, weights),
        alpha(counts, weights, np.arange(counts.shape[1], dtype=np.float64), rule.level),
    )
    return np.array([np.nan if value is None else value for value in found])


def _without_ties(counts: Floats) -> Floats:
    return np.delete(counts, TIE, axis=1)


def _defined(value: float) -> float | None:
    return None if np.isnan(value) else float(value)

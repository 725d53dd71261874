"""An analysis as a page of charts and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from aaa.curate.analysis.analysing import UNKNOWN, Analysis
from aaa.export.page import Bars, Grid, Page
from aaa.rate.clusters import Estimate

TITLES: Final = {
    "skill": "Skills",
    "difficulty": "Difficulty",
    "language": "Languages",
    "task": "Task categories",
    "safety": "Safety classes",
}
MOST: Final = 40
"""Bars of a chart, at most (ours)."""
BOTH: Final = (
    "Over the prompts of which both say something. Beyond chance: Cohen's kappa, and for difficulties Krippendorff's "
    "alpha; 0 is chance, 1 perfect."
)
ORDERED: Final = ("difficulty", "turns")
"""What is shown by value, and not the most frequent first."""


def page_of(found: Analysis, title: str, *, warning: str = "") -> Page:
    """The page; `warning` stands out at its head."""
    lengths = ", ".join(f"{share} {number:,}" for share, number in found.words.items())
    tags = found.tags
    lead = [
        f"{found.rows:,} prompts; {found.near_duplicates:.1%} are near-duplicates of others.",
        f"Words of a prompt, by quantile: {lengths}.",
        f"Tags: {tags.different:,} different on {tags.rows:,} prompts, {tags.per_row:.2f} each (complexity), worth "
        f"{tags.effective:,.0f} equally frequent ones"
        + ("." if tags.coverage is None else f"; {tags.coverage:.1%} of the vocabulary (diversity)."),
    ]
    return Page(title, lead, [*_charts(found), *_tables(found)], warning)


def _charts(found: Analysis) -> Iterator[Bars]:
    for name, counts in found.attributes.items():
        by = ", ".join(f"{number:,} by {source}" for source, number in found.by[name].items() if source != UNKNOWN)
        yield _chart(TITLES[name], name, counts, found.rows, f"Values are {by}." if by else "No source says anything.")
    yield _chart("Turns", "turns", found.turns, found.rows, "Messages up to the one to be answered.")
    if found.frequent:
        yield _chart("Tags", "tags", found.frequent, found.rows, "Prompts by tag, in one spelling.")


def _chart(title: str, name: str, counts: Mapping[str, int], rows: int, remark: str) -> Bars:
    shown = sorted(counts.items(), key=lambda one: _place(one[0])) if name in ORDERED else list(counts.items())
    if len(shown) > MOST:
        rest = sum(number for _, number in shown[MOST:])
        remark += f" {len(shown) - MOST:,} more with {rest:,} prompts together are not shown."
    bars = [(value, float(number), f"{number:,} · {number / rows:.1%}") for value, number in shown[:MOST]]
    return Bars(title, bars, remark)


def _place(value: str) -> tuple[bool, float]:
    return value == UNKNOWN, 0.0 if value == UNKNOWN else float(value)


def _tables(found: Analysis) -> Iterator[Grid]:
    if found.agreement:
        yield Grid(
            "Agreement",
            ("attribute", "between", "and", "#prompts", "#same", "#95 %", "#beyond chance", "#95 %", "#within 1"),
            [
                (
                    one.attribute, one.one, one.other, f"{one.rows:,}",
                    *_figure(one.raw), *_figure(one.kappa), "" if one.near is None else f"{one.near.value:.1%}",
                )
                for one in found.agreement
            ],
            BOTH,
        )  # fmt: skip
    rows = [
        (*key, one, other, f"{number:,}")
        for key, differing in found.confusions.items()
        for one, other, number in differing
    ]
    if rows:
        columns = ("attribute", "one source", "the other", "one says", "the other says", "#prompts")
        yield Grid("Where they differ", columns, rows)
    weights = [
        (name, value, f"{weight:g}") for name, values in found.weights.items() for value, weight in values.items()
    ]
    remark = "Make the values of an attribute even, at most 10 to 1, in a sample of natural shares."
    yield Grid("Suggested weights", ("attribute", "value", "#weight"), weights, remark)


def _figure(found: Estimate | None) -> tuple[str, str]:
    return ("", "") if found is None else (f"{found.value:.2f}", f"{found.low:.2f} to {found.high:.2f}")

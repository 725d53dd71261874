"""An analysis as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from aaa.cli.output import count, headed, plain, print_whole, results, table
from aaa.cli.prompt_files import tally

if TYPE_CHECKING:
    from aaa.curate.analysis import Agreement, Analysis
    from aaa.rate.clusters import Estimate
    from aaa.session.analyse_files import Analysed

MOST = 12
"""Values of an attribute that a table shows; the others are in the JSON and in the report (ours)."""


def document(found: Analysed) -> dict[str, Any]:
    """What `--json` prints; calls and USD are those of this run."""
    shown = {**tally(found.analysis.rows, found.refused), **found.analysis.document()}
    if found.work is None:
        return shown
    done = found.work.gateway.tally
    return {
        **shown,
        "session": found.session,
        "complete": found.work.stopped is None,
        "untagged": found.untagged,
        "failures": dict(sorted(found.work.progress.failures.items())),
        "unread": {name: dict(sorted(kinds.items())) for name, kinds in found.unread.items()},
        "calls": {"made": done.made, "replayed": done.replayed},
        "usd": done.usd,
        "simulated": found.simulated,
    }


def show_analysis(found: Analysed) -> None:
    """Print the tables."""
    analysis = found.analysis
    made = table("attribute", "value", "#prompts", "#share", "#weight")
    for name, counts in analysis.attributes.items():
        _add(made, name, counts, analysis.rows, analysis.weights.get(name, {}))
    _add(made, "turns", analysis.turns, analysis.rows, {})
    print_whole(headed(f"{analysis.rows:,} prompts", made, simulated=found.simulated))
    if analysis.agreement:
        print_whole(headed("Who agrees with whom", _agreements(analysis), simulated=False))
    for line in (*_told(analysis), *_unread(found)):
        results().print(plain(line), soft_wrap=True)
    refused = tally(found.analysis.rows, found.refused)["refused"]
    if refused:
        results().print(plain(f"Refused: {', '.join(f'{n:,} {reason}' for reason, n in refused.items())}"))


def _unread(found: Analysed) -> Iterator[str]:
    """What taggers left open, and what stands there."""
    for name, kinds in found.unread.items():
        why = ", ".join(f"{number:,} {kind}" for kind, number in sorted(kinds.items()))
        yield f"No label from {name}: {count(sum(kinds.values()), 'prompt')} ({why}); see aaa status {found.session}"
    if found.untagged:
        yield f"By rules alone, since no tagger labelled them: {count(found.untagged, 'prompt')}"


def _add(made: Any, name: str, counts: Mapping[str, int], rows: int, weights: Mapping[str, float]) -> None:
    for value, number in list(counts.items())[:MOST]:
        weight = f"{weights[value]:g}" if value in weights else ""
        made.add_row(name, plain(value), f"{number:,}", f"{number / rows:.1%}", weight)
    if len(counts) > MOST:
        rest = sum(list(counts.values())[MOST:])
        made.add_row(name, f"({len(counts) - MOST:,} more)", f"{rest:,}", f"{rest / rows:.1%}", "")


def _agreements(analysis: Analysis) -> Any:
    made = table("attribute", "between", "and", "#prompts", "#same", "#95 %", "#beyond chance", "#95 %", "#within 1")
    for one in analysis.agreement:
        near = "" if one.near is None else f"{one.near.value:.0%}"
        made.add_row(one.attribute, plain(one.one), plain(one.other), f"{one.rows:,}", *_figures(one), near)
    return made


def _figures(one: Agreement) -> tuple[str, str, str, str]:
    return (*_figure(one.raw), *_figure(one.kappa))


def _figure(found: Estimate | None) -> tuple[str, str]:
    return ("", "") if found is None else (f"{found.value:.2f}", f"{found.low:.2f} to {found.high:.2f}")


def _told(analysis: Analysis) -> list[str]:
    tags = analysis.tags
    by = "; ".join(
        f"{name}: {', '.join(f'{number:,} {source}' for source, number in sources.items())}"
        for name, sources in analysis.by.items()
    )
    covered = "" if tags.coverage is None else f", {tags.coverage:.1%} of the vocabulary (diversity)"
    return [
        f"By whom: {by}",
        f"Words: {', '.join(f'{share} {number:,}' for share, number in analysis.words.items())}; "
        f"near-duplicates: {analysis.near_duplicates:.1%}",
        f"Tags: {tags.different:,} different, {tags.per_row:.2f} a tagged prompt (complexity), worth "
        f"{tags.effective:,.0f} equally frequent ones{covered}",
    ]

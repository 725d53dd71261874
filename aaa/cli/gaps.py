"""`aaa gaps`: who provably leads and trails on which skill, who teaches whom, and what learning changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import RenderableType
from rich.text import Text

from aaa.cli.options import DEFAULT_DB, Db, Json
from aaa.cli.output import headed, plain, print_json, refuse_suffix, results, table
from aaa.cli.sessions import find_session
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.rate import Gaps
    from aaa.session import Learned, TaughtSlice
    from aaa.store import Store
    from aaa.types import Session

Graph = list[tuple[str, str, str, float]]


def gaps(
    session: Annotated[str, typer.Argument(metavar="SESSION", help="A session with battles.")],
    intervals: Annotated[
        Literal["all", "each"],
        typer.Option("--intervals", help="Whether 95 % hold for all gaps together, or for each by itself."),
    ] = "all",
    bootstrap: Annotated[int, typer.Option("--bootstrap", metavar="N", min=50, help="Resamples of prompts.")] = 400,
    draw: Annotated[
        Path | None,
        typer.Option(
            "--draw", metavar="FILE", help="Draw who teaches whom in the last slice with a gap: .svg, .dot, .mmd."
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report", metavar="FILE", help="Write a page: ratings, graph, lessons, what learning changed (.html)."
        ),
    ] = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Show the skill gaps of a session, slice by slice: ratings, who teaches whom, and what learning changed."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: more threads wait for each other
    from aaa.graphs import teaching_graph
    from aaa.rate import GapRule
    from aaa.session import learned_by, slices_of
    from aaa.store import Store

    refuse_suffix(report, ".html")
    write = None if draw is None else _writer(draw)
    rule = GapRule(intervals=intervals, bootstrap=bootstrap)
    with Store.open(db, create=False) as store:
        row = find_session(store, session)
        slices = slices_of(store, row, rule)
        if not slices:
            raise UsageError(f"Session {session!r} holds no verdicts on answers of different members.")
        target = row.scenario.get("target")
        aim = target if isinstance(target, str) else None
        learned = learned_by(slices, aim, rule)
        if report is not None:
            _write_report(report, store, row, slices, learned)
    if draw is not None and write is not None:
        drawn = next((one.gaps for one in reversed(slices) if _graph(one.gaps, aim)), slices[-1].gaps)
        graph = teaching_graph([one.model for one in drawn.overall], _graph(drawn, aim))
        draw.write_text(write(graph), encoding="utf-8")
    if as_json:
        print_json(_document(slices, learned, aim, simulated=row.simulated))
        return
    for part in _report(slices, learned, aim, simulated=row.simulated):
        results().print(part, soft_wrap=isinstance(part, Text))


def _write_report(
    path: Path, store: Store, session: Session, slices: list[TaughtSlice], learned: list[Learned]
) -> None:
    from aaa.export import html, write_text
    from aaa.session import lessons_of, teaching_page
    from aaa.sim import REHEARSAL

    warning = REHEARSAL if session.simulated else ""
    page = teaching_page(store, session, slices, learned, lessons_of(store, session), warning=warning)
    write_text(path, html(page))


def _writer(path: Path) -> Callable[[Any], str]:
    """By the end of the file's name."""
    from aaa.graphs import as_dot, as_mermaid, as_svg

    writers = {".svg": as_svg, ".dot": as_dot, ".mmd": as_mermaid}
    if path.suffix.lower() not in writers:
        raise UsageError(f"--draw writes {' or '.join(writers)}, and {path.name!r} ends in neither.")
    return writers[path.suffix.lower()]


def _graph(found: Gaps, target: str | None) -> Graph:
    from aaa.session import taught

    return taught(found, target)


def _document(
    slices: list[TaughtSlice], learned: list[Learned], target: str | None, *, simulated: bool
) -> dict[str, Any]:
    return {
        "simulated": simulated,
        "slices": [
            {
                "session": one.session,
                "slice": one.name,
                "revisions": one.revisions,
                **one.gaps.model_dump(mode="json"),
                "teaching": _graph(one.gaps, target),
            }
            for one in slices
        ],
        "changes": [
            {
                "before": one.before.name or one.before.session,
                "after": one.after.name or one.after.session,
                "finding": one.sentence(),
                "changes": [
                    {**c.model_dump(mode="json"), "narrowed": c.narrowed, "proven": c.proven} for c in one.changes
                ],
            }
            for one in learned
        ],
    }


def _report(
    slices: list[TaughtSlice], learned: list[Learned], target: str | None, *, simulated: bool
) -> Iterator[RenderableType]:
    from aaa.graphs import teaching_graph, teaching_lines

    for one in slices:
        yield headed(f"Ratings by skill, {one.title}", _ratings(one), simulated=simulated)
        made = table("skill", "teacher", "student", "#gap", "#low", "#high")
        students = [gap for gap in one.gaps.real if target in (None, gap.trailer)]
        for gap in students:
            made.add_row(*map(plain, (gap.skill, gap.leader, gap.trailer)), *_points(gap.points, gap.low, gap.high))
        if students:
            yield headed("Who teaches whom: gaps that are real", made, simulated=False)
            graph = teaching_graph([model.model for model in one.gaps.overall], _graph(one.gaps, target))
            yield plain("\n".join(teaching_lines(graph)))
        else:
            yield plain(
                f"No gap is proven among {one.gaps.comparisons} comparisons: more battles, or wider gaps, would show."
            )
    for step in learned:
        yield from _changes(step)


def _changes(step: Learned) -> Iterator[RenderableType]:
    made = table("skill", "student", "to", "#before", "#after", "#narrowed by", "#low", "#high", "")
    for change in step.changes:
        figures = _points(change.before, change.after, change.narrowed, change.low, change.high)
        made.add_row(*map(plain, (change.skill, change.model, change.to)), *figures, change.proven or "")
    yield headed(f"From {step.before.title} to {step.after.title}", made, simulated=False)
    yield plain(step.sentence())


def _ratings(one: TaughtSlice) -> Any:
    made = table("skill", "model", "#rating", "#low", "#high", "#games")
    for skill, standings in [("overall", one.gaps.overall), *one.gaps.by.items()]:
        for number, standing in enumerate(standings):
            figures = _points(standing.rating, standing.low, standing.high)
            made.add_row(plain("" if number else skill), plain(standing.model), *figures, f"{standing.games:,}")
    return made


def _points(*values: float) -> list[str]:
    return [f"{value:.0f}" for value in values]

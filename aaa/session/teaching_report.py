"""A session of teaching as a page: ratings, who teaches whom, what lessons were worth, and what became of the gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aaa.export import Bars, Grid, Page, Picture, Ranges
from aaa.graphs import as_svg, teaching_graph, teaching_lines
from aaa.rate import Standing
from aaa.session.lessons import Lessons
from aaa.session.skill_gaps import SkillGaps
from aaa.session.teaching import UNMEASURED, Learned, TaughtSlice, taught
from aaa.store import Store
from aaa.types import Decision, Session, decision_id

Part = Bars | Ranges | Picture | Grid
LessonTable = Mapping[tuple[str, str, str], Lessons]
UNIT = "Points of rating: 400 stand for ten wins to one loss. Lines are 95 % intervals"


def teaching_page(
    store: Store,
    session: Session,
    slices: Sequence[TaughtSlice],
    learned: Sequence[Learned],
    lessons: LessonTable,
    *,
    warning: str = "",
) -> Page:
    """The page of a session with battles; `warning` stands out at its head."""
    target = session.scenario.get("target")
    aim = target if isinstance(target, str) else None
    parts: list[Part] = []
    for one in slices:
        parts += _slice(one, aim)
    parts += _budgets(store, session)
    if lessons:
        parts.append(_lessons(lessons))
    for step in learned:
        parts += _changes(step)
    findings = [f"From {one.before.title} to {one.after.title}. {one.sentence()}" for one in learned]
    games = sum(standing.games for one in slices for standing in one.gaps.overall) // 2
    models = dict.fromkeys(standing.model for one in slices for standing in one.gaps.overall)
    lead = [
        f"{games:,} comparisons of {', '.join(models)}"
        + ("." if aim is None else f"; {aim} is the model to be improved."),
        *(findings or [UNMEASURED]),
    ]
    return Page(f"Co-teaching: {session.id}", lead, parts, warning)


def _slice(one: TaughtSlice, target: str | None) -> Iterator[Part]:
    """Ratings, the drawing, and the gaps behind it."""
    yield Ranges(
        f"Ratings by skill, {one.title}",
        [
            _range(skill, standing)
            for skill, standings in (("overall", one.gaps.overall), *one.gaps.by.items())
            for standing in standings
        ],
        zero=1000.0,
        remark=f"{UNIT}; 1000 is the mean of all models.",
    )
    edges = taught(one.gaps, target)
    graph = teaching_graph([standing.model for standing in one.gaps.overall], edges)
    words = "; ".join(teaching_lines(graph)) if edges else "Nobody provably leads anybody."
    yield Picture(
        f"Who teaches whom, {one.title}",
        as_svg(graph),
        words,
        remark="An arrow from who provably leads a skill to who trails it, with the gap in points."
        if edges
        else f"No gap is proven among {one.gaps.comparisons} comparisons: more battles, or wider gaps, would show.",
    )
    yield Grid(
        f"All gaps, {one.title}",
        ("skill", "leads", "trails", "#gap", "#low", "#high", "#games", "proven"),
        [
            (
                gap.skill,
                gap.leader,
                gap.trailer,
                *_points(gap.points, gap.low, gap.high),
                f"{gap.games:,}",
                _yes(gap.real),
            )
            for gap in one.gaps.gaps
        ],
        remark="Proven is a gap whose whole interval lies above zero.",
    )


def _range(skill: str, one: Standing) -> tuple[str, float, float, float, str]:
    return f"{skill} · {one.model}", one.low, one.rating, one.high, f"{one.rating:.0f} ({one.games:,} games)"


def _budgets(store: Store, session: Session) -> Iterator[Bars]:
    """What each stage that found gaps spent its budget on."""
    for stage in session.stages:
        decision = store.get(Decision, decision_id(session.id, stage))
        found = SkillGaps.of_decision(None if decision is None else decision.value)
        if found.shares:
            yield Bars(
                f"What a budget goes to, by stage {stage}",
                [(skill, share, f"{share:.1%}") for skill, share in sorted(found.shares.items())],
                remark="In proportion to the gaps, with a floor for every skill and a cap.",
            )


def _lessons(lessons: LessonTable) -> Grid:
    rows = []
    for (skill, teacher, student), one in lessons.items():
        decided = one.outcomes["better"] + one.outcomes["worse"]
        share = one.better.estimate()
        rows.append(
            (
                skill or "without a skill",
                teacher,
                student,
                f"{one.number:,}",
                f"{one.outcomes['better']:,}",
                f"{one.outcomes['worse']:,}",
                f"{one.number - decided:,}",
                "-" if share is None else f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})",
                f"{one.right_before:,} to {one.right_after:,} of {one.checked:,}" if one.checked else "-",
            )
        )
    return Grid(
        "What lessons were worth",
        ("skill", "teacher", "student", "#lessons", "#better", "#worse", "#open", "better, of decided", "right"),
        rows,
        remark="The student's last answer against its first attempt, by a program where one can check, else by the "
        "panel, blind. Under a hint it does better than without: whether it has learned is what later prompts show.",
    )


def _changes(step: Learned) -> Iterator[Part]:
    """What became of the gaps."""
    title = f"From {step.before.title} to {step.after.title}"
    yield Ranges(
        f"{title}: by how much gaps narrowed",
        [
            (f"{c.skill} · {c.model} to {c.to}", c.low, c.narrowed, c.high, c.proven or "not proven")
            for c in step.changes
        ],
        zero=0.0,
        remark=f"{step.sentence()} {UNIT}, for all changes together.",
    )
    yield Grid(
        title,
        ("skill", "student", "to", "#before", "#after", "#narrowed by", "#low", "#high", "proven"),
        [
            (c.skill, c.model, c.to, *_points(c.before, c.after, c.narrowed, c.low, c.high), c.proven or "")
            for c in step.changes
        ],
    )


def _points(*values: float) -> tuple[str, ...]:
    return tuple(f"{value:.0f}" for value in values)


def _yes(real: bool) -> str:
    return "yes" if real else ""

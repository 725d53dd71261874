"""What a run found: who beat whom, what became training data, what was left out and why, what failed, what to do."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import mean
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from aaa.cli.options import DEFAULT_DB
from aaa.cli.output import count, headed, plain, table
from aaa.cli.progress import calls, cost

if TYPE_CHECKING:
    from aaa.session import Exported, RunResult, Standings, Transcripts
    from aaa.store import Store
    from aaa.types import Session

EXAMPLE_WIDTH = 100
"""Characters of a failure's message that the summary shows (ours); `aaa status` shows more."""
_UNDECIDED = ("tie", "inconsistent", "no_quorum")


def summary(result: RunResult, db: str) -> Iterator[RenderableType]:
    """The parts of the summary, in order."""
    from aaa.session import standings, what_was_learned
    from aaa.store import Store
    from aaa.types import Session

    with Store.open(db, create=False) as store:
        session = store.get(Session, result.session)
        assert session is not None, result.session
        yield ""
        yield from found(standings(store, session), simulated=session.simulated)
        learned = what_was_learned(store, session) if session.complete else []
        yield from map(plain, learned)
        if aside := set_aside(store, session):
            yield set_aside_table(aside, simulated=session.simulated)
        if result.progress.failures:
            yield failure_table(store, session, result.progress.failures)
    yield plain(totals(result), "bold")
    yield from map(_file_line, result.exports)
    yield from map(plain, next_steps(session, result.exports, db, taught=bool(learned)))


def found(standings: Standings, *, simulated: bool) -> Iterator[RenderableType]:
    """Tables of what a session found; those without a row are left out."""
    tables = {
        "Who beat whom": _battles(standings),
        "Members, by their own answers": _members(standings),
        "Answers evolved, by aim": _evolutions(standings),
        "Conversations": conversations(standings.transcripts),
        "Answers read step by step": _steps(standings),
        "Who read them": _readers(standings),
        "Training data selected and left out": _data(standings),
    }
    for title, made in tables.items():
        if made.row_count:
            yield headed(title, made, simulated=simulated)
    if standings.improvements:
        yield plain("\n".join(_improvements(standings)) + "\n")
    if standings.spared.games:
        yield plain(f"{_spared(standings)}\n")


def _battles(standings: Standings) -> Table:
    made = table("left", "right", "#left won", "#right won", "#tie", "#inconsistent", "#no quorum")
    for (left, right), tally in sorted(standings.battles.items()):
        numbers = (tally.left_wins, tally.right_wins, tally.ties, tally.inconsistent, tally.no_quorum)
        made.add_row(plain(left), plain(right), *(f"{number:,}" for number in numbers))
    return made


def _members(standings: Standings) -> Table:
    made = table("member", "#mean grade", "#graded", "#checked right", "#checked")
    for member in sorted(set(standings.grades) | set(standings.checks)):
        grades, checks = standings.grades.get(member, []), standings.checks.get(member, [])
        made.add_row(
            plain(member),
            f"{mean(grades):.2f}" if grades else "-",
            f"{len(grades):,}",
            f"{mean(checks):.0%}" if checks else "-",
            f"{len(checks):,}",
        )
    return made


def _evolutions(standings: Standings) -> Table:
    """Attempts by aim: what took an answer's place, what did not, and what nobody had to judge."""
    groups = {
        "better": ("better",),
        "shorter": ("shorter",),
        "no gain": ("longer", "worse"),
        "open": ("inconsistent", "no_quorum"),
        "as is": ("unchanged",),
    }
    made = table("aim", "#tried", *(f"#{name}" for name in groups), "#set aside", "#growth")
    for aim, attempts in sorted(standings.evolutions.items()):
        outcomes = Counter(attempt.outcome for attempt in attempts)
        numbers = [sum(number for name, number in outcomes.items() if name in group) for group in groups.values()]
        growth = [attempt.growth for attempt in attempts if attempt.outcome == "better" and attempt.growth is not None]
        made.add_row(
            plain(aim),
            *(f"{number:,}" for number in (len(attempts), *numbers, len(attempts) - sum(numbers))),
            f"{mean(growth):.2f}" if growth else "-",
        )
    return made


def conversations(transcripts: Mapping[str, Transcripts]) -> Table:
    """How they went, a column for each way that they were made."""
    names = sorted(transcripts)
    found: list[dict[str, Any]] = [transcripts[name].document() for name in names]
    made = table("", *(f"#{name}" for name in names))
    rows: dict[str, Callable[[dict[str, Any]], str]] = {
        "conversations": lambda one: f"{one['conversations']:,}",
        "turns, mean": lambda one: f"{one['turns']:.1f}",
        "with a role taken over": lambda one: f"{one['role_flips']:,}",
        "with farewells without end": lambda one: f"{one['farewell_loops']:,}",
        "with another language": lambda one: f"{one['language_switches']:,}",
        "repeated in a turn, mean": lambda one: f"{one['repetition']:.0%}",
        "later turns that depend on earlier ones": lambda one: _share(one["context_dependence"]),
        "words of the first turn, median": lambda one: f"{one['first_words']:,}",
        "words of the user's turns, 10/50/90 %": lambda one: _lengths(one["user_words"]),
        "words of the assistant's turns, 10/50/90 %": lambda one: _lengths(one["assistant_words"]),
    }
    if found:
        for title, shown in rows.items():
            made.add_row(plain(title), *map(shown, found))
    return made


def _steps(standings: Standings) -> Table:
    """What panels found in the steps of each member's answers; `recovered` are those of the wrong ones whose result a
    verifier passed."""
    groups = {
        "right": ("right",),
        "wrong": ("wrong",),
        "recovered": ("recovered",),
        "open": ("split", "no_quorum"),
        "refuted": ("contradicted",),
        "not read": ("too_few_steps", "too_many_steps"),
    }
    made = table("member", *(f"#{name}" for name in groups))
    for member, outcomes in sorted(standings.steps.items()):
        made.add_row(plain(member), *(f"{sum(outcomes[name] for name in group):,}" for group in groups.values()))
    return made


def _readers(standings: Standings) -> Table:
    """How the jurors who read steps stood to their panels and to the verifiers."""
    made = table("juror", "#read", "#with the panel", "#against it", "#refuted")
    for juror, tally in sorted(standings.readers.items()):
        numbers = (tally[name] for name in ("read", "agreed", "differed", "refuted"))
        made.add_row(plain(juror), *(f"{number:,}" for number in numbers))
    return made


def _lengths(words: Sequence[int]) -> str:
    return "/".join(f"{number:,}" for number in words)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _data(standings: Standings) -> Table:
    """What each selection took, then what was left out by reason; labels and steps where they were asked for."""
    kinds = {"SFT": ("sft", standings.sft), "pairs": ("pair", standings.pairs)}
    further = {"labels": ("label", standings.labels), "steps": ("steps", standings.stepped)}
    targets = {target for target, _ in standings.rejections}
    kinds |= {name: (kind, taken) for name, (kind, taken) in further.items() if taken.total() or kind in targets}
    made = table("", *(f"#{name}" for name in kinds))
    for selection in sorted(standings.sft):
        taken = (by_selection[selection] for _, by_selection in kinds.values())
        made.add_row(plain(f"selection {selection}", "bold"), *(f"{number:,}" for number in taken))
    reasons = Counter[str]()
    for (_, reason), number in standings.rejections.items():
        reasons[reason] += number
    for reason, _ in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        left_out = (standings.rejections[target, reason] for target, _ in kinds.values())
        made.add_row(plain(f"  left out: {reason}"), *(f"{number:,}" if number else "-" for number in left_out))
    return made


def _improvements(standings: Standings) -> Iterator[str]:
    """`Revisions against their drafts: 12 better, 3 worse, 4 undecided (3 tie, 1 inconsistent)`, and others."""
    for kind, outcomes in sorted(standings.improvements.items()):
        undecided = {name: outcomes[name] for name in _UNDECIDED if outcomes[name]}
        why = f" ({', '.join(f'{number:,} {name}' for name, number in undecided.items())})" if undecided else ""
        decided = f"{outcomes['better']:,} better, {outcomes['worse']:,} worse"
        yield f"{kind}: {decided}, {sum(undecided.values()):,} undecided{why}"


def _spared(standings: Standings) -> str:
    """`Spared: 120 games of judges, about $0.42; 40 of 60 matches and grades needed no stronger panel`."""
    spared = standings.spared
    panels = spared.kept + spared.escalated
    strong = f"; {spared.kept:,} of {panels:,} matches needed no stronger panel" if panels else ""
    return f"Spared: {count(spared.games.total(), 'game')} of judges, about ${standings.spared_usd:.4f}{strong}"


def set_aside(store: Store, session: Session) -> dict[str, dict[str, int]]:
    """How many prompts and answers each stage set aside, by reason."""
    from aaa.types import SetAside

    found = {stage: store.counts(SetAside, "reason", session=session.id, stage=stage) for stage in session.stages}
    return {stage: reasons for stage, reasons in found.items() if reasons}


def set_aside_table(stages: Mapping[str, Mapping[str, int]], *, simulated: bool) -> RenderableType:
    """What went no further; `aaa show ID` tells the detail of one."""
    made = table("stage", "reason", "#number")
    for stage, reasons in stages.items():
        for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
            made.add_row(plain(stage), plain(reason), f"{number:,}")
    return headed("Set aside", made, simulated=simulated)


def failure_table(
    store: Store, session: Session, kinds: Mapping[str, int], width: int = EXAMPLE_WIDTH
) -> RenderableType:
    """Failures by kind, each with one example."""
    from aaa.types import Failure

    made = table("kind", "#number", "example")
    for kind, number in sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0])):
        example = next(store.rows(Failure, session=session.id, kind=kind), None)
        words = "" if example is None else f"{example.model or example.role}: {_one_line(example.message, width)}"
        made.add_row(plain(kind), f"{number:,}", plain(words))
    return headed("Failures", made, simulated=session.simulated)


def totals(result: RunResult) -> str:
    """Episodes, calls and cost of this run."""
    progress = result.progress
    stood = f", {progress.replayed:,} of them as an earlier run left them" if progress.replayed else ""
    episodes = f"{count(progress.done, 'episode')} done, {progress.failed:,} failed{stood}"
    return f"{episodes}\n{calls(result.gateway.tally)} · {cost(result.gateway.tally)}"


def _file_line(export: Exported) -> Text:
    partial = " (partial: the session is not finished)" if export.partial else ""
    counts = export.made.left_out.counts()
    terms = {reason: number for reason, number in counts.items() if reason.startswith("terms:")}
    barred = ", ".join(f"{number:,} {reason}" for reason, number in terms.items())
    left = sum(counts.values()) - sum(terms.values())
    left_out = (f"; left out: {barred}" if terms else "") + (
        f"; {left:,} left out, which the format cannot hold" if left else ""
    )
    return plain(f"{export.to}: {count(export.made.rows, 'row')} of {export.format}{partial}{left_out}")


def next_steps(session: Session, exports: Iterable[Exported], db: str, *, taught: bool = False) -> Iterator[str]:
    """Commands that look at the data, as one would type them."""
    at = "" if db == DEFAULT_DB else f" --db {shlex.quote(db)}"
    name = shlex.quote(session.id)
    written = next((export for export in exports if export.made.rows), None)
    select = session.scenario.get("select")
    pairs = isinstance(select, dict) and isinstance(main := select.get("main"), dict) and main.get("pairs") is not None
    yield f"All rows lie in {db}. Next:"
    look = f"aaa show {name}{at} --pairs 3" if pairs or written is None else f"aaa select {name}{at}"
    yield f"  {look}"
    if taught:
        yield f"  aaa gaps {name}{at} --report gaps.html"
    if pairs or written is None:
        yield f"  aaa export {name}{at} --format trl-preference --out pairs.jsonl"
    else:
        which = f"--selection {shlex.quote(written.selection)} --format {written.format}"
        yield f"  aaa export {name}{at} {which} --out rows.jsonl"
    if written is not None:
        yield f"  head -n 1 {shlex.quote(str(written.to))}"


def _one_line(text: str, width: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 3] + "..."

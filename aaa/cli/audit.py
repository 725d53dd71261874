"""`aaa audit`: how far the judges of a session, or of a file of games, can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import RenderableType
from rich.table import Table

from aaa.cli.options import DEFAULT_DB, Db, Json
from aaa.cli.output import headed, plain, print_json, print_whole, table
from aaa.cli.sessions import find_session
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.judge.rules import RuleAudit
    from aaa.rate.audit import Report
    from aaa.rate.clusters import Estimate
    from aaa.rate.reliability import Reliability
    from aaa.rate.step_audit import StepAudit
    from aaa.session import SessionAudit

COLUMNS = {
    "flip_rate": "flips",
    "first_rate": "first seat",
    "longer_rate": "longer",
    "self_preference": "own family",
    "tie_rate": "ties",
    "parse_failure_rate": "unreadable",
    "accuracy": "right",
}
"""Figures that the table of jurors shows; the sentences tell all."""


def audit(
    source: Annotated[str, typer.Argument(metavar="SESSION|GAMES", help="A session, or a JSON Lines file of games.")],
    gold: Annotated[
        Path | None, typer.Option("--gold", metavar="LABELS", help="A JSON Lines file that says who is really better.")
    ] = None,
    panel: Annotated[
        str | None, typer.Option("--panel", metavar="NAME", help="Only this panel of the session.")
    ] = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Measure flips, seat, length and family bias of judges, and what each rule for making pairs is worth."""
    found, simulated = _session(source, db, gold, panel) if _is_session(source) else (_file(Path(source), gold), False)
    if as_json:
        print_json(document(found))
        return
    for part in report(found, simulated=simulated):
        print_whole(part)


def _is_session(source: str) -> bool:
    return Path(source).suffix != ".jsonl" and not Path(source).is_file()


def _session(name: str, db: str, gold: Path | None, panel: str | None) -> tuple[SessionAudit, bool]:
    from aaa.session import audit_session
    from aaa.store import Store

    with Store.open(db, create=False) as store:
        session = find_session(store, name)
        found = audit_session(store, session, panel=panel, gold=gold)
        if not found.report.everyone.games and not found.steps:
            which = "" if panel is None else f" of panel {panel!r}"
            judged = ", ".join(session.panels) or "none"
            raise UsageError(
                f"Session {name!r} holds neither games nor readings of steps{which}. Panels that judged it afterwards: "
                f"{judged}."
            )
        return found, session.simulated


def _file(path: Path, gold: Path | None) -> SessionAudit:
    from aaa.rate.game_files import contests, read_games, read_gold
    from aaa.rate.games import with_truth
    from aaa.session import SessionAudit

    games = read_games(path)
    if gold is not None:
        games = with_truth(games, read_gold(gold, contests(games).values()))
    return SessionAudit.of(games, {})


def document(found: SessionAudit) -> dict[str, Any]:
    """An audit as plain JSON."""
    shown = found.report.document()
    for judge, usd in found.usd_per_verdict.items():
        shown["judges"][judge]["usd_per_verdict"] = usd
    told = None if found.reliability is None else found.reliability.document()
    steps = {name: one.document() for name, one in found.steps.items()}
    return {**shown, "rules": [rule.document() for rule in found.rules], "reliability": told, "steps": steps}


def report(found: SessionAudit, *, simulated: bool) -> Iterator[RenderableType]:
    """An audit for people: a table of jurors, the rules, then every figure as a sentence."""
    if found.report.judges:
        yield headed("Judges", _judges(found.report), simulated=simulated)
    if found.steps:
        yield from _steps(found.steps, simulated=simulated)
    if found.rules:
        title = "Rules for making pairs, where the better side is known (of equals: pairs made where there is none)"
        yield headed(title, _rules(found.rules), simulated=simulated)
    for name, judge in found.report.judges.items():
        yield plain(name, "bold")
        yield from (plain(f"  {sentence}") for sentence in judge.sentences().values())
        usd = found.usd_per_verdict.get(name)
        if usd is not None:
            yield plain(f"  ${usd:.6f} were spent for a match.")
    if (agreement := found.report.agreement) is not None and agreement.agreement is not None:
        alpha = agreement.krippendorff_alpha
        chance = "" if alpha is None else f"; beyond chance, Krippendorff's alpha is {alpha:.3f}"
        yield plain(f"Two judges of a match say the same in {agreement.agreement:.1%} of the cases{chance}.")
    if found.reliability is not None and len(found.reliability.judges) > 1:
        yield plain(_reliability(found.reliability))


def _reliability(found: Reliability) -> str:
    """The line that a group of the cast takes."""
    source = {
        "gold": "by the known better answers",
        "agreement": "by their agreement alone, which holds if they err independently of each other",
    }
    judges = ", ".join(f"{name}: {rate:.2f}" for name, rate in found.judges.items())
    return f"To weigh the votes of these judges ({source[found.by]}): reliability: {{{judges}}}"


def _judges(found: Report) -> Table:
    made = table("judge", "#games", *(f"#{title}" for title in COLUMNS.values()))
    for name, judge in (*found.judges.items(), ("all", found.everyone)):
        made.add_row(plain(name), f"{judge.games:,}", *(_figure(judge.figures[figure]) for figure in COLUMNS))
    for category, part in found.categories.items():
        figures = (_number(part.everyone.figures[figure]) for figure in COLUMNS)
        made.add_row(plain(f"  all on {category}"), f"{part.everyone.games:,}", *figures)
    return made


def _steps(found: Mapping[str, StepAudit], *, simulated: bool) -> Iterator[RenderableType]:
    """Who read answers step by step, and what the columns say."""
    from aaa.rate.step_audit import STEP_FIGURES

    made = table("judge", "#readings", *(f"#{name}" for name in STEP_FIGURES))
    for name, one in found.items():
        made.add_row(plain(name), f"{one.readings:,}", *(_figure(one.figures[figure]) for figure in STEP_FIGURES))
    yield headed("Judges of steps", made, simulated=simulated)
    yield from (plain(f"  {name}: share {words}.") for name, words in STEP_FIGURES.items())


def _rules(rules: Sequence[RuleAudit]) -> Table:
    made = table("rule", "#precision", "#yield", "#of equals", "#games")
    for rule in rules:
        figures = (_figure(rule.precision), _figure(rule.yield_), _number(rule.pairs_of_equals))
        made.add_row(plain(rule.rule), *figures, f"{rule.games:.1f}")
    return made


def _number(figure: Estimate | None) -> str:
    return "-" if figure is None else f"{figure.value:.2f}"


def _figure(figure: Estimate | None) -> str:
    """`0.12 (0.08-0.17)`, or a dash for what no game tells."""
    return "-" if figure is None else f"{figure.value:.2f} ({figure.low:.2f}-{figure.high:.2f})"


def interval(figure: Estimate | None) -> Mapping[str, float | int] | None:
    """A figure with its interval, as plain JSON."""
    if figure is None:
        return None
    return {"value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n}

"""`aaa judge`: another panel on the matches of a session, or a panel on a file of answer pairs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from aaa.cli.audit import document as audit_document
from aaa.cli.audit import interval
from aaa.cli.audit import report as audit_report
from aaa.cli.options import DEFAULT_DB, Db, Json, SessionName
from aaa.cli.output import complain, count, plain, print_json, results
from aaa.cli.progress import calls, cost
from aaa.cli.working import worked
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.rate.clusters import Estimate
    from aaa.scenario import Where
    from aaa.session.judging import Judged
    from aaa.session.pair_files import JudgedPair, JudgedPairs
    from aaa.session.run import Watch


def judge(
    source: Annotated[str, typer.Argument(metavar="SESSION|PAIRS", help="A session, or a JSON Lines file of pairs.")],
    judges: Annotated[Path, typer.Option("--judges", metavar="FILE", help="The panel: models and a group of judges.")],
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="KEY=VALUE", help="Only prompts such as skill=arithmetic; may be repeated."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="Write the verdicts on a file of pairs here.")
    ] = None,
    session: SessionName = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Judge stored answers, or a file of pairs, with a panel of its own; nothing is generated."""
    is_file = Path(source).suffix == ".jsonl" or Path(source).is_file()
    _refuse_misplaced(is_file, where=where, to=to, session=session)
    if is_file:
        _judge_pairs(Path(source), judges, to, session, db, as_json=as_json)
    else:
        _judge_session(source, judges, where or (), db, as_json=as_json)


def _refuse_misplaced(is_file: bool, **options: object) -> None:
    """Options that mean nothing for what is to be judged."""
    wrong = ("where",) if is_file else ("to", "session")
    names = {
        "where": "--where is for sessions",
        "to": "--out is for files of pairs",
        "session": "--session is for files",
    }
    if given := [names[name] for name in wrong if options[name]]:
        raise UsageError(f"{'; '.join(given)}; this is a {'file of pairs' if is_file else 'session'}.")


def _judge_session(name: str, judges: Path, where: Sequence[str], db: str, *, as_json: bool) -> None:
    from aaa.session.rejudge import judge_session
    from aaa.session.work import WorkOptions

    taken = _where(where)

    def work(stop: asyncio.Event, watch: Watch | None) -> Coroutine[Any, Any, Judged]:
        options = WorkOptions(db=db, where=taken, stop=stop, watch=watch)
        return judge_session(name, judges, options)

    judged = worked(work, f"{name} · judged again", quiet=as_json)
    if as_json:
        print_json(_document(judged))
    else:
        _print(judged, db)
        results().print(plain(f"A selection takes these verdicts with `panel: {judged.panel}`."), soft_wrap=True)
    _end(judged)


def _judge_pairs(path: Path, judges: Path, to: Path | None, session: str | None, db: str, *, as_json: bool) -> None:
    from aaa.export import write_jsonl
    from aaa.session.pair_files import judge_pairs
    from aaa.session.work import WorkOptions

    def work(stop: asyncio.Event, watch: Watch | None) -> Coroutine[Any, Any, JudgedPairs]:
        return judge_pairs(path, judges, WorkOptions(db=db, session=session, stop=stop, watch=watch))

    found = worked(work, f"{path.name} · judging", quiet=as_json)
    figures = {name: getattr(found, name) for name in ("accuracy", "coverage", "length_baseline")}
    if to is not None:
        write_jsonl(to, map(_row, found.pairs))
    if as_json:
        extra = {"pairs": len(found.pairs), **{name: interval(figure) for name, figure in figures.items()}}
        print_json(_document(found.judged) | extra)
    else:
        _print(found.judged, db)
        for name, words in LABELLED.items():
            if (figure := figures[name]) is not None:
                results().print(plain(f"{_share(figure)} {words}"), soft_wrap=True)
        if to is not None:
            results().print(plain(f"Wrote {count(len(found.pairs), 'verdict')} to {to}"), soft_wrap=True)
    _end(found.judged)


LABELLED = {
    "accuracy": "of the decided pairs with a label agree with it",
    "coverage": "of the pairs with a label were decided",
    "length_baseline": "is what the choice of the longer answer would have got right",
}


def _where(conditions: Sequence[str]) -> Where:
    """Conditions `key=value` as a stage's `where`."""
    from pydantic import ValidationError

    from aaa.scenario import Where

    given: dict[str, list[str]] = {}
    for condition in conditions:
        key, sign, value = condition.partition("=")
        if not sign:
            raise UsageError(f"A condition is written key=value, for example skill=arithmetic; found {condition!r}.")
        given.setdefault(key.strip(), []).append(value)
    lists = {key: value if key in ("skill", "language") else value[-1] for key, value in given.items()}
    try:
        return Where.model_validate(lists)
    except ValidationError as error:
        known = ", ".join(Where.model_fields)
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise UsageError(f"--where: {wrong}. Possible are: {known}.") from error


def _document(judged: Judged) -> dict[str, Any]:
    """What `--json` prints; calls and USD are those of this run."""
    tally = judged.work.gateway.tally
    return {
        "session": judged.session,
        "panel": judged.panel,
        "verdicts": dict(sorted(Counter(verdict.outcome for verdict in judged.verdicts).items())),
        "step_verdicts": dict(sorted(Counter(verdict.outcome for verdict in judged.step_verdicts).items())),
        "inconsistency": audit_document(judged.audit)["all"]["flip_rate"],
        **audit_document(judged.audit),
        "calls": {"made": tally.made, "replayed": tally.replayed, "failed": tally.failed},
        "tokens": tally.tokens,
        "usd": tally.usd,
        "failures": dict(sorted(judged.work.progress.failures.items())),
        "complete": judged.work.stopped is None,
    }


def _print(judged: Judged, db: str) -> None:
    from aaa.store import Store

    with Store.open(db, create=False) as store:
        from aaa.cli.sessions import find_session

        simulated = find_session(store, judged.session).simulated
    out, tally = results(), judged.work.gateway.tally
    for part in audit_report(judged.audit, simulated=simulated):
        out.print(part, soft_wrap=isinstance(part, Text))
    outcomes = Counter[str](verdict.outcome for verdict in judged.verdicts)
    steps = Counter(f"{verdict.outcome} on steps" for verdict in judged.step_verdicts)
    told = ", ".join(f"{number:,} {outcome}" for each in (outcomes, steps) for outcome, number in sorted(each.items()))
    out.print(plain(f"Session {judged.session}, panel {judged.panel}: {told or 'no verdict'}"), soft_wrap=True)
    out.print(plain(f"{calls(tally)} · {cost(tally)}"), soft_wrap=True)


def _end(judged: Judged) -> None:
    """Exit with the code of what ended the work early, if anything did."""
    if judged.work.stopped is not None:
        complain(str(judged.work.stopped))
        raise typer.Exit(judged.work.stopped.exit_code)


def _share(figure: Estimate) -> str:
    return f"{figure.value:.1%} ({figure.low:.1%} to {figure.high:.1%}, n={figure.n:,})"


WINNERS = {"a": "model_a", "b": "model_b"}
UNDECIDED = {"tie": "tie", "inconsistent": "tie (inconsistent)"}


def _row(pair: JudgedPair) -> dict[str, Any]:
    """A verdict in the form that `aaa rate` and `aaa agreement` read; `winner` is null where there was no quorum."""
    verdict, row = pair.verdict, pair.row
    outcome = "no_quorum" if verdict is None else verdict.outcome
    votes = () if verdict is None else verdict.votes
    return {
        "question_id": row.source_id,
        "model_a": row.model_a,
        "model_b": row.model_b,
        "winner": WINNERS[pair.winner] if pair.winner else UNDECIDED.get(outcome),
        "outcome": outcome,
        "margin": 0.0 if verdict is None else verdict.margin,
        "votes": [{"judge": vote.judge, "choice": pair.choices.get(vote.choice, vote.choice)} for vote in votes],
        "label": row.label and WINNERS.get(row.label, row.label),
        "category": row.skill,
    }

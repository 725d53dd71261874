"""`aaa decontaminate`: the rows of a file without those that a benchmark asks too."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from aaa.cli.dedup import Embedding, beside, embedding_models, embedding_name, only, without
from aaa.cli.options import DEFAULT_DB, AcceptChanges, Db, Json, SessionName
from aaa.cli.output import complain, count, plain, print_json, results
from aaa.cli.progress import calls, cost
from aaa.cli.working import worked

if TYPE_CHECKING:
    from aaa.session.run import RunResult, Watch
    from aaa.session.text_files import CheckedFile, TextFileOptions

Rule = Literal["tulu-3", "gpt-3", "datatrove", "gpt-4", "apertus"]


@dataclass(frozen=True)
class Checked:
    """By position of the row: which row of the benchmark it asks too, by which method, and how like they are."""

    flagged: Mapping[int, dict[str, Any]]
    run: RunResult | None = None
    """Where models were asked."""
    unchecked: Sequence[int] = field(default=())
    """Rows that an early end left open: they stay with those that are removed."""
    simulated: bool = False


def decontaminate(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A file of rows, such as JSON Lines.")],
    against: Annotated[Path, typer.Option("--against", metavar="FILE", help="The benchmark, a file of rows.")],
    method: Annotated[
        Literal["ngram", "semantic", "both"], typer.Option("--method", help="By words, by meaning, or both.")
    ] = "both",
    rule: Annotated[Rule, typer.Option("--rule", help="ngram: a published rule.")] = "tulu-3",
    embedding: Embedding = "auto",
    threshold: Annotated[
        float | None, typer.Option("--threshold", min=0.01, max=1.0, help="semantic: cosine; else the calibrated one.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="MODELS", help="semantic: models that decide in the place of a rule."),
    ] = None,
    of: Annotated[
        Literal["instruction", "answer"], typer.Option("--of", help="Which side of the rows is checked.")
    ] = "instruction",
    to: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="Write the clean rows; the rest goes beside them.")
    ] = None,
    session: SessionName = None,
    accept_changes: AcceptChanges = False,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Flag the rows that ask what a benchmark asks, word for word or in other words."""
    from aaa.scenario import models_of, read_benchmark, read_texts
    from aaa.session.text_files import TextFileOptions, session_name

    name, tests = embedding_name(embedding), list(read_benchmark(against))
    models, judges = embedding_models(name), None if judge is None else models_of(judge)
    rows, ids = [], []
    for row in read_texts(data, of):
        rows.append(row.parts(of))
        ids.append(row.id)
    keys = {"method": method, "rule": rule, **({} if threshold is None else {"threshold": threshold})}
    if (models or judges) and method != "ngram":
        options = TextFileOptions(db, session or session_name(data, "decontaminate"), models, judges, accept_changes)
        embed = {} if models else {"embedding": name}
        checked = _asked(rows, against, {**keys, **embed}, options, quiet=as_json)
    else:
        checked = _computed(rows, tests, keys, name)
    flagged = {at: {"id": ids[at], **one} for at, one in sorted(checked.flagged.items())}
    if to is not None:
        _write(data, of, to, flagged, checked.unchecked)
    by_method = dict(sorted(Counter(str(one["method"]).partition(" ")[0] for one in flagged.values()).items()))
    if as_json:
        used: dict[str, Any] = {"embedding": name} if method != "ngram" else {}
        simulated = {"simulated": True} if checked.simulated else {}
        document = {"checked": len(rows), "flagged": list(flagged.values()), "by_method": by_method}
        print_json(document | used | simulated)
    else:
        told = ", ".join(f"{number:,} {name}" for name, number in by_method.items())
        heads = f"{len(rows):,} rows checked against {len(dict(tests)):,}: {len(flagged):,} flagged"
        _print([f"{heads}{told and f' ({told})'}", *map(_line, flagged.values())], checked, to)
    _end(checked)


def _write(
    data: Path,
    of: Literal["instruction", "answer"],
    to: Path,
    flagged: Mapping[int, Mapping[str, Any]],
    unchecked: Iterable[int],
) -> None:
    """The clean rows, and beside them those that are flagged or were not looked at."""
    from aaa.export import write_jsonl
    from aaa.scenario import read_texts

    gone: dict[int, Mapping[str, Any]] = {at: {"method": "unchecked"} for at in unchecked}
    gone |= {at: {key: one[key] for key in ("match", "method", "score")} for at, one in flagged.items()}
    write_jsonl(beside(to, "removed"), only(read_texts(data, of), gone))  # first: `to` may be the file itself
    write_jsonl(to, (row.columns for row in without(read_texts(data, of), gone)))


def _computed(rows: Sequence[Sequence[str]], tests: list[tuple[str, str]], keys: dict[str, Any], name: str) -> Checked:
    """All turns of all rows at once, without a model."""
    from aaa.curate.decontamination import Benchmark, Decontamination, held_out, threshold_of
    from aaa.llm.embedding import local_embedding

    if "threshold" not in keys:
        keys = {**keys, "threshold": threshold_of(name, judged=False)}
    settings = Decontamination.model_validate(keys)
    texts, places = [text for turns in rows for text in turns], [at for at, turns in enumerate(rows) for _ in turns]
    asked = tuple(text for _, text in tests)
    if settings.method == "ngram":
        found = held_out(texts, Benchmark(asked, settings))
    else:
        embed = local_embedding(name)
        found = held_out(texts, Benchmark(asked, settings, embed(asked)), embed(texts))
    flagged: dict[int, dict[str, Any]] = {}
    for one in found:
        said = {"match": tests[one.match][0], "method": one.method, "score": one.score}
        flagged.setdefault(places[one.at], said)
    return Checked(flagged)


def _asked(
    rows: Sequence[Sequence[str]], against: Path, keys: dict[str, Any], options: TextFileOptions, *, quiet: bool
) -> Checked:
    """Row by row, with models that make vectors or judge: resumable, within a budget."""
    from aaa.session.text_files import decontaminate_file

    def work(stop: asyncio.Event, watch: Watch | None) -> Coroutine[Any, Any, CheckedFile]:
        return decontaminate_file(rows, against, keys, replace(options, stop=stop, watch=watch))

    found = worked(work, f"{options.session} · comparing", quiet=quiet)
    flagged = {
        at: {
            "match": row.against or None,
            "method": row.detail if row.reason == "contaminated" else row.reason,
            "score": row.score,
        }
        for at, row in found.aside.items()
    }
    return Checked(flagged, found.run, found.unchecked, found.simulated)


def _line(one: Mapping[str, Any]) -> str:
    if one["score"] is None:
        return f"{one['id']} · {one['method']}"
    return f"{one['id']} = {one['match']} · {one['method']} {one['score']:.2f}"


def _print(lines: Sequence[str], checked: Checked, to: Path | None) -> None:
    if checked.simulated:
        from aaa.sim import REHEARSAL

        results().print(plain(REHEARSAL, "bold yellow"))
    for line in lines:
        results().print(plain(line), soft_wrap=True)
    if checked.run is not None:
        tally = checked.run.gateway.tally
        results().print(plain(f"{calls(tally)} · {cost(tally)}"), soft_wrap=True)
    if to is not None:
        results().print(plain(f"Wrote {to} and {beside(to, 'removed')}"), soft_wrap=True)


def _end(checked: Checked) -> None:
    """Exit with the code of what ended the work early, or 1 where rows could not be compared."""
    if checked.run is None:
        return
    if checked.run.stopped is not None:
        complain(f"{checked.run.stopped} {count(len(checked.unchecked), 'row')} not checked yet.")
        raise typer.Exit(checked.run.stopped.exit_code)
    if checked.run.progress.failed:
        complain(f"{count(checked.run.progress.failed, 'row')} could not be compared. Run the same command again.")
        raise typer.Exit(1)

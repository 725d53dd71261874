"""`aaa sample`, `aaa filter`, `aaa slice`: prompt files in, chosen or labelled rows out, free of calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from aaa.cli.dedup import beside
from aaa.cli.options import Json
from aaa.cli.output import count, plain, print_json, print_whole, results, table
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.curate.sampling import SampleReport
    from aaa.scenario import PromptRow, Prompts, RefusedRow

Source = Annotated[str, typer.Argument(metavar="SOURCE", help="A file, folder or pattern, or session:NAME.")]
Out = Annotated[Path, typer.Option("--out", metavar="PATH", help="Where the rows go; refused ones go beside it.")]
Seed = Annotated[int, typer.Option("--seed", help="Another seed draws other rows.")]
Fields = Annotated[
    list[str] | None,
    typer.Option("--field", metavar="NAME=COLUMN", help="Which column holds what, such as instruction=question."),
]
Method = Literal["quota", "weighted", "similar", "diverse"]
Schedule = Literal["random", "easy_to_hard", "gap", "round"]


def sample(
    source: Source,
    size: Annotated[int, typer.Option("--size", min=1, help="Rows to draw.")],
    to: Out,
    by: Annotated[str, typer.Option("--by", metavar="LIST", help="skill, difficulty, language.")] = "",
    method: Annotated[Method, typer.Option("--method", help="How rows are chosen.")] = "quota",
    target: Annotated[Literal["even", "natural"], typer.Option("--target", help="Shares of cells.")] = "even",
    temperature: Annotated[float, typer.Option("--temperature", min=0.01, help="natural: higher is more even.")] = 1.0,
    weights: Annotated[
        Path | None, typer.Option("--weights", metavar="FILE", help="YAML such as {skill: {coding: 3}}.")
    ] = None,
    like: Annotated[str | None, typer.Option("--like", metavar="FILE", help="similar: what is wanted.")] = None,
    fields: Fields = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Draw a sample: by quota of cells, by weight, by likeness to other prompts, or for diversity of tags."""
    from aaa.curate.sampling import choose
    from aaa.scenario import Sampling
    from aaa.session.pools import entry, likeness_of

    spec = {
        "size": size,
        "by": [name.strip() for name in by.split(",") if name.strip()],
        "method": method,
        "target": target,
        "temperature": temperature,
        "weights": {} if weights is None else _yaml(weights),
        "like": like,
    }
    sampling = _checked(Sampling, spec)
    prompts, refused = prompts_of(source, fields), list[Any]()
    likeness = likeness_of(sampling, lambda: kept_rows(prompts, []), near=Path.cwd())
    drawn = choose([entry(row, sampling, likeness) for row in kept_rows(prompts, refused)], sampling, seed=seed)
    wanted = set(drawn.ids)
    _write(to, (_row(row) for row in kept_rows(prompts, []) if row.source_id in wanted), refused)
    document = {**tally(drawn.report.pool, refused), **drawn.report.document(), "out": str(to)}
    if as_json:
        print_json(document)
    else:
        _print_sample(drawn.report)
        _print_tally(document, to)


def filter_(
    source: Source,
    rules: Annotated[Path, typer.Option("--rules", metavar="FILE", help="YAML: a list of filters.")],
    to: Out,
    fields: Fields = None,
    as_json: Json = False,
) -> None:
    """Leave rows out by language, personal data, length, refusals, repetition, or encoding; each keeps its reason."""
    prompts, refused = prompts_of(source, fields, filter=_yaml(rules)), list[Any]()
    kept = _write(to, map(_row, kept_rows(prompts, refused)), refused)
    document = {**tally(kept, refused), "out": str(to)}
    if as_json:
        print_json(document)
    else:
        _print_tally(document, to)


def slice_(
    source: Source,
    to: Out,
    slices: Annotated[int, typer.Option("--slices", min=1, max=100, help="How many.")] = 4,
    schedule: Annotated[Schedule, typer.Option("--schedule", help="Which rows come first.")] = "random",
    validation: Annotated[float, typer.Option("--validation", help="Share of rows, in whole clusters.")] = 0.0,
    test: Annotated[float, typer.Option("--test", help="Share of rows, in whole clusters.")] = 0.0,
    gaps: Annotated[Path | None, typer.Option("--gaps", metavar="FILE", help="YAML: skill to its gap.")] = None,
    fields: Fields = None,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Divide prompts into slices D0, D1, ... and splits, by whole clusters of near-duplicates; adds both columns."""
    from aaa.curate.slices import SliceRow, Slicing, clusters_of, slice_up
    from aaa.session.pools import asked

    keys = {"slices": slices, "schedule": schedule, "validation": validation, "test": test}
    spec = _checked(Slicing, keys)
    if (schedule == "gap") != (gaps is not None):
        raise UsageError("`--schedule gap` and `--gaps`, a file with the gap of each skill, go together.")
    prompts, refused = prompts_of(source, fields), list[Any]()
    texts, rows = {}, []
    for row in kept_rows(prompts, refused):
        texts[row.source_id] = asked(row)
        rows.append(SliceRow(row.source_id, row.skill, row.difficulty, _round(row)))
    cluster = clusters_of(texts)
    parts = slice_up(rows, spec, cluster=cluster, seed=seed, gaps=None if gaps is None else _yaml(gaps))
    labelled = (
        _row(row, slice=parts[row.source_id].slice, split=parts[row.source_id].split) for row in kept_rows(prompts, [])
    )
    _write(to, labelled, refused)
    sizes = Counter(part.slice or part.split for part in parts.values())
    document = {
        **tally(len(rows), refused),
        "clusters": len(set(cluster.values())),
        "parts": dict(sorted(sizes.items())),
    }
    if as_json:
        print_json({**document, "out": str(to)})
        return
    made = table("part", "#rows")
    for name, number in sorted(sizes.items()):
        made.add_row(plain(name), f"{number:,}")
    print_whole(made)
    _print_tally(document, to)


def prompts_of(source: str, fields: Sequence[str] | None, **options: Any) -> Prompts:
    """The sources of a command; rows that are no prompts are set aside."""
    from aaa.scenario import Prompts

    pairs = dict(field.partition("=")[::2] for field in fields or ())
    checked: Prompts = _checked(Prompts, {"from": source, "faults": "set_aside", "fields": pairs, **options})
    return checked


def _checked(kind: type[Any], data: dict[str, Any]) -> Any:
    from pydantic import ValidationError

    try:
        return kind.model_validate(data)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise UsageError(f"The options do not fit: {wrong}") from error


def _yaml(path: Path) -> Any:
    import yaml

    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{path} cannot be read as YAML: {error}") from error


def kept_rows(prompts: Prompts, refused: list[RefusedRow]) -> Iterator[PromptRow]:
    """The rows that are used; the others are added to `refused`."""
    from aaa.scenario import RefusedRow
    from aaa.session.sources import rows_of

    for row in rows_of(prompts, near=Path.cwd()):
        if isinstance(row, RefusedRow):
            refused.append(row)
        else:
            yield row


def _row(row: PromptRow, **labels: str | None) -> dict[str, Any]:
    """A line of a prompt file, without what it does not say."""
    shown = row.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"id": row.source_id, **shown, **{name: value for name, value in labels.items() if value is not None}}


def _round(row: PromptRow) -> int:
    found = row.meta.get("round", 0)
    return found if isinstance(found, int) else 0


def _write(to: Path, rows: Iterator[dict[str, Any]], refused: list[RefusedRow]) -> int:
    from aaa.export import write_jsonl

    written = write_jsonl(to, rows).rows
    reasons = (
        {"at": str(r.place), "id": r.id, "reason": r.reason, "detail": r.detail, "text": r.excerpt} for r in refused
    )
    if refused:
        write_jsonl(beside(to, "refused"), reasons)
    return written


def tally(kept: int, refused: Sequence[RefusedRow]) -> dict[str, Any]:
    """read = kept + refused, by reason."""
    reasons = Counter(r.detail.partition(":")[0] if r.reason == "filtered" else r.reason for r in refused)
    return {"read": kept + len(refused), "kept": kept, "refused": dict(sorted(reasons.items()))}


def _print_tally(document: dict[str, Any], to: Path) -> None:
    reasons = ", ".join(f"{number:,} {reason}" for reason, number in document["refused"].items())
    left = f"; refused {reasons}, see {beside(to, 'refused')}" if reasons else ""
    results().print(plain(f"Read {count(document['read'], 'row')}, kept {document['kept']:,}{left}"), soft_wrap=True)
    results().print(plain(f"Wrote {to}"), soft_wrap=True)


def _print_sample(report: SampleReport) -> None:
    made = table(*(report.by or ("cell",)), "#pool", "#natural", "#target", "#achieved", "#rows")
    for cell in report.cells:
        target = "" if cell.target is None else f"{cell.target:.1%}"
        names = map(plain, cell.cell or ("all",))
        made.add_row(
            *names, f"{cell.pool_rows:,}", f"{cell.natural:.1%}", target, f"{cell.achieved:.1%}", f"{cell.rows:,}"
        )
    print_whole(made)
    told = f"{report.size:,} of {report.pool:,} rows drawn; effective sample size of the pool {report.effective:,.0f}"
    results().print(plain(told), soft_wrap=True)

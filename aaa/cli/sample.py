"""`aaa sample`: a part of prompt files, drawn by quota, weight, likeness or diversity; free of calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from aaa.cli.options import DEFAULT_DB, Db, Json
from aaa.cli.output import plain, print_json, print_whole, results, table
from aaa.cli.prompt_files import (
    Fields,
    Out,
    Seed,
    Source,
    as_row,
    checked,
    gap_source,
    kept_rows,
    print_tally,
    prompts_of,
    tally,
    write_rows,
    yaml_of,
)

if TYPE_CHECKING:
    from aaa.curate.sampling import SampleReport

Method = Literal["quota", "weighted", "similar", "diverse"]


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
    weights_from: Annotated[
        str | None,
        typer.Option(
            "--weights-from",
            metavar="SESSION|FILE",
            help="Weigh skills by the gaps of a session, or by its `aaa gaps --json`.",
        ),
    ] = None,
    like: Annotated[str | None, typer.Option("--like", metavar="FILE", help="similar: what is wanted.")] = None,
    fields: Fields = None,
    seed: Seed = 0,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Draw a sample: by quota of cells, by weight, by likeness to other prompts, or for diversity of tags."""
    from aaa.curate.sampling import choose
    from aaa.scenario import Sampling
    from aaa.session.pools import entry, likeness_of
    from aaa.session.skill_gaps import gaps_from

    spec = {
        "size": size,
        "by": [name.strip() for name in by.split(",") if name.strip()],
        "method": method,
        "target": target,
        "temperature": temperature,
        "weights": {} if weights is None else yaml_of(weights),
        "weights_from": weights_from and gap_source(weights_from),
        "like": like,
    }
    sampling = checked(Sampling, spec)
    if sampling.weights_from is not None:
        sampling = gaps_from(sampling.weights_from, db=db, near=Path.cwd()).steer(sampling)
    prompts, refused = prompts_of(source, fields, db=db), list[Any]()
    likeness = likeness_of(sampling, lambda: kept_rows(prompts, []), near=Path.cwd())
    drawn = choose([entry(row, sampling, likeness) for row in kept_rows(prompts, refused)], sampling, seed=seed)
    wanted = set(drawn.ids)
    write_rows(to, (as_row(row) for row in kept_rows(prompts, []) if row.source_id in wanted), refused)
    document = {**tally(drawn.report.pool, refused), **drawn.report.document(), "out": str(to)}
    if as_json:
        print_json(document)
    else:
        _print_sample(drawn.report)
        print_tally(document, to)


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

"""`aaa slice`: prompt files in progressive slices and splits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from aaa.cli.options import DEFAULT_DB, Db, Json
from aaa.cli.output import plain, print_json, print_whole, table
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
)
from aaa.errors import UsageError

Schedule = Literal["random", "easy_to_hard", "gap", "round"]


def slice_(
    source: Source,
    to: Out,
    slices: Annotated[int, typer.Option("--slices", min=1, max=100, help="How many.")] = 4,
    schedule: Annotated[Schedule, typer.Option("--schedule", help="Which rows come first.")] = "random",
    validation: Annotated[float, typer.Option("--validation", help="Share of rows, in whole clusters.")] = 0.0,
    test: Annotated[float, typer.Option("--test", help="Share of rows, in whole clusters.")] = 0.0,
    gaps: Annotated[
        str | None,
        typer.Option("--gaps", metavar="SESSION|FILE", help="gap: a session, its `aaa gaps --json`, or {skill: gap}."),
    ] = None,
    fields: Fields = None,
    seed: Seed = 0,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Divide prompts into slices D0, D1, ... and splits, by whole clusters of near-duplicates and of what evolved from
    one prompt; adds both columns."""
    from aaa.curate.slices import SliceRow, clusters_of, slice_up
    from aaa.scenario import Slicing
    from aaa.session.pools import asked
    from aaa.session.skill_gaps import gaps_from

    keys = {"slices": slices, "schedule": schedule, "validation": validation, "test": test}
    spec = checked(Slicing, keys)
    if (schedule == "gap") != (gaps is not None):
        raise UsageError("`--schedule gap` and `--gaps`, which says how wide the gap of each skill is, go together.")
    widths = None if gaps is None else gaps_from(gap_source(gaps), db=db, near=Path.cwd()).widths
    prompts, refused = prompts_of(source, fields, db=db), list[Any]()
    texts, rows, parents = {}, [], {}
    for row in kept_rows(prompts, refused):
        texts[row.source_id], parents[row.source_id] = asked(row), row.lineage.parent
        rows.append(SliceRow(row.source_id, row.skill, row.difficulty, row.lineage.round or _round(row.meta)))
    cluster, alike = clusters_of(texts, {id_: _root(id_, parents) for id_ in parents}), clusters_of(texts)
    parts = slice_up(rows, spec, cluster=cluster, seed=seed, gaps=widths, alike=alike)
    labelled = (
        as_row(row, slice=parts[row.source_id].slice, split=parts[row.source_id].split)
        for row in kept_rows(prompts, [])
    )
    write_rows(to, labelled, refused)
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
    print_tally(document, to)


def _round(meta: Mapping[str, Any]) -> int:
    """The round of evolution, where it stands in a column of its own."""
    found = meta.get("round", 0)
    return found if isinstance(found, int) else 0


def _root(id_: str, parents: Mapping[str, str | None]) -> str:
    """Where a prompt descends from, as far as the rows tell."""
    line = [id_]
    while (above := parents.get(line[-1])) is not None:
        if above in line:  # a circle, which a faulty file may hold
            return min(line)
        line.append(above)
    return line[-1]

"""`aaa dedup`: the rows of a file without those that say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from aaa.cli.options import Json
from aaa.cli.output import plain, print_json, results

if TYPE_CHECKING:
    from aaa.scenario import TextRow

Method = Literal["exact", "minhash", "embedding"]


def dedup(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A JSON Lines file.")],
    method: Annotated[Method, typer.Option("--method", help="What counts as a duplicate.")] = "minhash",
    of: Annotated[
        Literal["instruction", "answer"], typer.Option("--of", help="Which side of the rows is compared.")
    ] = "instruction",
    grade: Annotated[
        str, typer.Option("--grade", metavar="COLUMN", help="Keep the row with the most of this; else the longest.")
    ] = "grade",
    threshold: Annotated[
        float, typer.Option("--threshold", min=0.01, max=1.0, help="embedding: cosine of duplicates, at least.")
    ] = 0.9,
    embedding: Annotated[
        str | None, typer.Option("--embedding", metavar="NAME", help="wordllama or hashed-ngrams.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="Write what is kept; the rest goes beside it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Keep the best row of each cluster of duplicates: by grade, else the longest, else the first by id."""
    from aaa.curate.dedup import Dedup, Entry, deduplicate
    from aaa.export import write_jsonl
    from aaa.llm.embedding import default_embedding, local_embedding
    from aaa.scenario import read_texts

    name = embedding or default_embedding()
    embed = local_embedding(name) if method == "embedding" else None
    entries = [Entry(row.id, row.text, row.grade) for row in read_texts(data, of, grade=grade)]
    done = deduplicate(entries, Dedup(method=method, threshold=threshold), embed)
    gone = {at: {"removed_by": method, "kept": entries[best].id} for at, best in done.removed.items()}
    files = {}
    if to is not None:
        rest = beside(to, "removed")
        write_jsonl(rest, only(read_texts(data, of, grade=grade), gone))  # first: `to` may be the file itself
        write_jsonl(to, (row.columns for row in without(read_texts(data, of, grade=grade), gone)))
        files = {"out": str(to), "removed_rows": str(rest)}
    empty = sum(not entry.text.strip() for entry in entries)
    document: dict[str, Any] = {
        "read": len(entries),
        "kept": len(done.kept),
        "removed": len(done.removed),
        "clusters": done.clusters,
        "without_text": empty,
        "method": method,
        **({"embedding": name} if embed else {}),
        **files,
    }
    if as_json:
        print_json(document)
        return
    out = results()
    out.print(plain(f"{len(entries):,} rows: {len(done.kept):,} kept, {len(done.removed):,} removed as duplicates"))
    if empty:
        out.print(plain(f"{empty:,} of the kept rows have no {of}"))
    if to is not None:
        out.print(plain(f"Wrote {to} and {beside(to, 'removed')}"), soft_wrap=True)


def beside(path: Path, what: str) -> Path:
    """`clean.jsonl` to `clean.removed.jsonl`."""
    return path.with_name(f"{path.stem}.{what}{path.suffix}")


def without(rows: Iterator[TextRow], gone: Mapping[int, object]) -> Iterator[TextRow]:
    """The rows that stay."""
    return (row for at, row in enumerate(rows) if at not in gone)


def only(rows: Iterator[TextRow], gone: Mapping[int, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows that go, each with why."""
    return ({**row.columns, "removed": dict(gone[at])} for at, row in enumerate(rows) if at in gone)

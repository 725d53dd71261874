"""`aaa dedup`: the rows of a file without those that say the same."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from aaa.cli.options import DEFAULT_DB, Db, Json, SessionName
from aaa.cli.output import plain, print_json, results
from aaa.cli.working import worked
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.scenario import ModelsFile, TextRow
    from aaa.session.run import Watch
    from aaa.text import Vectors

Method = Literal["exact", "minhash", "embedding"]
Embedding = Annotated[
    str,
    typer.Option(
        "--embedding",
        metavar="NAME",
        help="wordllama, hashed-ngrams, auto (the first where it is installed), or a model such as "
        "openai/text-embedding-3-small, or a YAML file with one under `models`.",
    ),
]


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
    embedding: Embedding = "auto",
    to: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="Write what is kept; the rest goes beside it.")
    ] = None,
    session: SessionName = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Keep the best row of each cluster of duplicates: by grade, else the longest, else the first by id."""
    from aaa.curate.dedup import Dedup, Entry, deduplicate
    from aaa.export import write_jsonl
    from aaa.scenario import read_texts

    name = embedding_name(embedding)
    entries = [Entry(row.id, row.text, row.grade) for row in read_texts(data, of, grade=grade)]
    vectors = None
    if method == "embedding":
        vectors = _vectors([entry.text for entry in entries], name, data, session, db, quiet=as_json)
    done = deduplicate(entries, Dedup(method=method, threshold=threshold), vectors)
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
        **({"embedding": name} if method == "embedding" else {}),
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


def embedding_name(asked: str) -> str:
    """What `auto` stands for here, else the name itself."""
    from aaa.llm.embedding import AUTO, default_embedding

    return default_embedding() if asked == AUTO else asked


def embedding_models(name: str) -> ModelsFile | None:
    """The model that is to make vectors; None where nobody is asked for them. Raises `UsageError`, `ScenarioError`."""
    from aaa.llm.embedding import HASHED, LOCAL
    from aaa.scenario import models_of

    if name in (HASHED, LOCAL):
        return None
    if "/" not in name and Path(name).suffix not in (".yaml", ".yml"):
        raise UsageError(
            f"There is no local embedding {name!r}; there are {LOCAL} and {HASHED}, and models of "
            "providers by litellm's strings, such as openai/text-embedding-3-small."
        )
    return models_of(name)


def _vectors(texts: list[str], name: str, data: Path, session: str | None, db: str, *, quiet: bool) -> Vectors:
    """Vectors of all texts, on board or by a model."""
    from aaa.llm.embedding import local_embedding
    from aaa.session.text_files import TextFileOptions, session_name, vectors_of

    models = embedding_models(name)
    if models is None:
        return local_embedding(name)(texts)
    options = TextFileOptions(db, session or session_name(data, "dedup"), models)

    def work(stop: asyncio.Event, watch: Watch | None) -> Coroutine[Any, Any, Vectors]:
        return vectors_of(texts, replace(options, stop=stop, watch=watch))

    return worked(work, f"{data.name} · vectors", quiet=quiet)


def beside(path: Path, what: str) -> Path:
    """`clean.jsonl` to `clean.removed.jsonl`."""
    return path.with_name(f"{path.stem}.{what}{path.suffix}")


def without(rows: Iterator[TextRow], gone: Mapping[int, object]) -> Iterator[TextRow]:
    """The rows that stay."""
    return (row for at, row in enumerate(rows) if at not in gone)


def only(rows: Iterator[TextRow], gone: Mapping[int, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows that go, each with why."""
    return ({**row.columns, "removed": dict(gone[at])} for at, row in enumerate(rows) if at in gone)

"""`aaa decontaminate`: the rows of a file without those that a benchmark asks too."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

import typer

from aaa.cli.dedup import beside, only, without
from aaa.cli.options import Json
from aaa.cli.output import plain, print_json, results

Rule = Literal["tulu-3", "gpt-3", "datatrove", "gpt-4", "apertus"]


def decontaminate(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="A JSON Lines file.")],
    against: Annotated[Path, typer.Option("--against", metavar="FILE", help="The benchmark, in JSON Lines.")],
    method: Annotated[
        Literal["ngram", "semantic", "both"], typer.Option("--method", help="By words, by meaning, or both.")
    ] = "both",
    rule: Annotated[Rule, typer.Option("--rule", help="ngram: a published rule.")] = "tulu-3",
    embedding: Annotated[
        str | None, typer.Option("--embedding", metavar="NAME", help="semantic: wordllama or hashed-ngrams.")
    ] = None,
    threshold: Annotated[
        float | None, typer.Option("--threshold", min=0.01, max=1.0, help="semantic: cosine; else the calibrated one.")
    ] = None,
    of: Annotated[
        Literal["instruction", "answer"], typer.Option("--of", help="Which side of the rows is checked.")
    ] = "instruction",
    to: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="Write the clean rows; the rest goes beside them.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Flag the rows that ask what a benchmark asks, word for word or in other words."""
    from aaa.curate.decontamination import Benchmark, Decontamination, held_out
    from aaa.export import write_jsonl
    from aaa.llm.embedding import default_embedding
    from aaa.scenario import read_benchmark, read_texts

    tests = list(read_benchmark(against))
    settings = Decontamination(
        method=method, rule=rule, embedding=embedding or default_embedding(), threshold=threshold
    )
    rows = [(row.id, row.text) for row in read_texts(data, of)]
    found = held_out([text for _, text in rows], Benchmark(tuple(text for _, text in tests), settings))
    flagged = {
        one.at: {"id": rows[one.at][0], "match": tests[one.match][0], "method": one.method, "score": one.score}
        for one in found
    }
    by_method = dict(sorted(Counter(one.method for one in found).items()))
    if to is not None:
        gone = {at: {key: one[key] for key in ("match", "method", "score")} for at, one in flagged.items()}
        write_jsonl(beside(to, "removed"), only(read_texts(data, of), gone))  # first: `to` may be the file itself
        write_jsonl(to, (row.columns for row in without(read_texts(data, of), gone)))
    if as_json:
        used = {"embedding": settings.embedding} if method != "ngram" else {}
        print_json({"checked": len(rows), "flagged": list(flagged.values()), "by_method": by_method, **used})
        return
    out = results()
    told = ", ".join(f"{number:,} {name}" for name, number in by_method.items())
    out.print(
        plain(f"{len(rows):,} rows checked against {len(dict(tests)):,}: {len(found):,} flagged{told and f' ({told})'}")
    )
    for one in flagged.values():
        out.print(plain(f"{one['id']} = {one['match']} · {one['method']} {one['score']:.2f}"), soft_wrap=True)
    if to is not None:
        out.print(plain(f"Wrote {to} and {beside(to, 'removed')}"), soft_wrap=True)

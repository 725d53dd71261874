"""`aaa analyse`: what a set of prompts is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aaa.cli.options import Json
from aaa.cli.output import plain, print_json, print_whole, results, table
from aaa.cli.prompt_files import Fields, Source, kept_rows, prompts_of, tally


def analyse(source: Source, fields: Fields = None, as_json: Json = False) -> None:
    """Count skills, difficulties, languages, lengths, turns, near-duplicates and tags, by rules; suggest weights."""
    from aaa.curate.analysis import analyse_rows

    refused = list[Any]()
    found = analyse_rows(kept_rows(prompts_of(source, fields), refused))
    document = {**tally(found.rows, refused), **found.document()}
    if as_json:
        print_json(document)
        return
    made = table("attribute", "value", "#rows", "#share", "#weight")
    for name in ("skill", "difficulty", "language", "turns"):
        _add(made, name, document[name], found.rows, found.weights if name == "skill" else {})
    print_whole(made)
    lengths = ", ".join(f"{share} {number:,}" for share, number in found.words.items())
    tags = f"{found.tags:,} tags, {found.complexity:.2f} a row"
    told = f"words: {lengths}; near-duplicates: {found.near_duplicates:.1%}; {tags}"
    results().print(plain(told), soft_wrap=True)
    if refused:
        results().print(plain(f"Refused: {', '.join(f'{n:,} {reason}' for reason, n in document['refused'].items())}"))


def _add(made: Any, name: str, counts: Mapping[str, int], rows: int, weights: Mapping[str, float]) -> None:
    for value, number in counts.items():
        weight = f"{weights[value]:g}" if value in weights else ""
        made.add_row(name, plain(value), f"{number:,}", f"{number / rows:.1%}", weight)

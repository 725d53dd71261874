"""What commands on prompt files share: where rows come from, where they go, and that read = kept + refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aaa.cli.dedup import beside
from aaa.cli.output import count, plain, results
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.scenario import PromptRow, Prompts, RefusedRow

Source = Annotated[str, typer.Argument(metavar="SOURCE", help="A file, folder or pattern, or session:NAME.")]
Out = Annotated[Path, typer.Option("--out", metavar="PATH", help="Where the rows go; refused ones go beside it.")]
Seed = Annotated[int, typer.Option("--seed", help="Another seed draws other rows.")]
Fields = Annotated[
    list[str] | None,
    typer.Option("--field", metavar="NAME=COLUMN", help="Which column holds what, such as instruction=question."),
]


def prompts_of(source: str, fields: Sequence[str] | None, **options: Any) -> Prompts:
    """The sources of a command; rows that are no prompts are set aside."""
    from aaa.scenario import Prompts

    pairs = dict(field.partition("=")[::2] for field in fields or ())
    prompts: Prompts = checked(Prompts, {"from": source, "faults": "set_aside", "fields": pairs, **options})
    return prompts


def checked(kind: type[Any], data: dict[str, Any]) -> Any:
    from pydantic import ValidationError

    try:
        return kind.model_validate(data)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False))
        raise UsageError(f"The options do not fit: {wrong}") from error


def yaml_of(path: Path) -> Any:
    """What a YAML file of the user holds."""
    from aaa.scenario.tree import plain
    from aaa.scenario.yaml_reader import read_any_yaml

    return plain(read_any_yaml(path))


def kept_rows(prompts: Prompts, refused: list[RefusedRow]) -> Iterator[PromptRow]:
    """The rows that are used; the others are added to `refused`."""
    from aaa.session.sources import prompt_rows

    return prompt_rows(prompts, refused, near=Path.cwd())


def as_row(row: PromptRow, **labels: str | None) -> dict[str, Any]:
    """A line of a prompt file, without what it does not say; `labels` take the place of its own."""
    shown = {"id": row.source_id, **row.model_dump(mode="json", by_alias=True, exclude_defaults=True), **labels}
    return {name: value for name, value in shown.items() if value is not None}


def gap_source(words: str) -> str:
    """A file as it is; what is none is the name of a session."""
    from aaa.scenario import SESSION

    return words if words.startswith(SESSION) or Path(words).is_file() else f"{SESSION}{words}"


def write_rows(to: Path, rows: Iterator[dict[str, Any]], refused: list[RefusedRow]) -> int:
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


def print_tally(document: dict[str, Any], to: Path) -> None:
    reasons = ", ".join(f"{number:,} {reason}" for reason, number in document["refused"].items())
    left = f"; refused {reasons}, see {beside(to, 'refused')}" if reasons else ""
    results().print(plain(f"Read {count(document['read'], 'row')}, kept {document['kept']:,}{left}"), soft_wrap=True)
    results().print(plain(f"Wrote {to}"), soft_wrap=True)

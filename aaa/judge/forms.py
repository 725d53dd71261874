"""The forms in which judges give their verdicts: as marks in a text, or as JSON where the group is `structured`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from aaa.judge.parse import parse_choice, parse_ranking, parse_score, parse_scores

T = TypeVar("T")
U = TypeVar("U")
JsonSchema = dict[str, Any]


@dataclass(frozen=True)
class Form(Generic[T]):
    """How a reply ends, and how it is read."""

    wanted: str
    """The form in words, for asking again."""
    read: Callable[[str], T | None]
    """What a reply says, or None where it does not keep to the form."""
    response_format: JsonSchema | None = None
    """In OpenAI's form; None for a reply in text."""

    def then(self, meaning: Callable[[T], U]) -> Form[U]:
        """The same form, read as something else."""
        return Form(
            self.wanted,
            lambda words: None if (said := self.read(words)) is None else meaning(said),
            self.response_format,
        )


def choice_form(labels: Mapping[str, T], *, structured: bool) -> Form[T]:
    """One of `labels`."""
    marks = [f"[[{label}]]" for label in labels]
    shown = f"{', '.join(marks[:-1])} or {marks[-1]}"
    if structured:
        known = {label.casefold(): meaning for label, meaning in labels.items()}
        return _json_form(
            {"type": "string", "enum": list(labels)},
            lambda verdict: known.get(str(verdict).strip().casefold()),
            f"one of {', '.join(json.dumps(label) for label in labels)}",
        )
    return Form(
        f"End with one line that holds nothing but your verdict: {shown}.", lambda words: parse_choice(words, labels)
    )


def score_form(low: int, high: int, *, structured: bool) -> Form[float]:
    """A grade in `low..high`."""
    if structured:
        return _json_form(
            {"type": "integer"}, lambda verdict: _in_range(verdict, low, high), f"a whole number from {low} to {high}"
        )
    return Form(
        f"End with one line that holds nothing but a whole number from {low} to {high} in double brackets.",
        lambda words: parse_score(words, low, high),
    )


def scores_form(names: Sequence[str], low: int, high: int, *, structured: bool) -> Form[dict[str, float]]:
    """A grade in `low..high` for each of `names`."""
    if structured:
        schema = _object({name: {"type": "integer"} for name in names})
        return _json_form(
            schema,
            lambda verdict: _all_in_range(verdict, names, low, high),
            f"an object with a whole number from {low} to {high} for each of {', '.join(map(json.dumps, names))}",
        )
    lines = ", ".join(f"`{name}: [[grade]]`" for name in names)
    return Form(
        f"End with these lines, each grade a whole number from {low} to {high}: {lines}.",
        lambda words: parse_scores(words, names, low, high),
    )


def ranking_form(size: int, *, structured: bool) -> Form[tuple[int, ...]]:
    """The numbers 1 to `size`, the best first."""
    if structured:
        return _json_form(
            {"type": "array", "items": {"type": "integer"}},
            lambda verdict: _permutation(verdict, size),
            f"a list of all numbers from 1 to {size}, the best first",
        )
    return Form(
        f"End with one line that holds nothing but the numbers 1 to {size}, the best first, with `>` between them, in "
        "double brackets.",
        lambda words: parse_ranking(words, size),
    )


def _json_form(verdict: JsonSchema, meaning: Callable[[Any], T | None], wanted: str) -> Form[T]:
    """A JSON object of reasons and a verdict, reasons first."""
    schema = _object({"reasons": {"type": "string"}, "verdict": verdict})
    return Form(
        f'Reply with one JSON object: "reasons", which is text, and "verdict", which is {wanted}.',
        lambda words: None if (said := _object_in(words)) is None else meaning(said.get("verdict")),
        {"type": "json_schema", "json_schema": {"name": "verdict", "strict": True, "schema": schema}},
    )


def _object(properties: Mapping[str, JsonSchema]) -> JsonSchema:
    """An object with exactly these properties, as strict servers want it."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _object_in(words: str) -> dict[str, Any] | None:
    """The JSON object of a reply, also within a block."""
    try:
        said = json.loads(words[words.find("{") : words.rfind("}") + 1])
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _in_range(verdict: Any, low: int, high: int) -> float | None:
    known = isinstance(verdict, int | float) and not isinstance(verdict, bool)
    return float(verdict) if known and low <= verdict <= high else None


def _all_in_range(verdict: Any, names: Sequence[str], low: int, high: int) -> dict[str, float] | None:
    if not isinstance(verdict, dict):
        return None
    scores = {name: _in_range(verdict.get(name), low, high) for name in names}
    read = {name: score for name, score in scores.items() if score is not None}
    return read if len(read) == len(names) else None


def _permutation(verdict: Any, size: int) -> tuple[int, ...] | None:
    if not isinstance(verdict, list) or sorted(map(str, verdict)) != sorted(map(str, range(1, size + 1))):
        return None
    return tuple(int(number) for number in verdict)

"""Problems in what a user wrote, as sentences with file and line; all of them at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aaa.errors import ScenarioError
from aaa.scenario.tree import KeyPath, Node, mark_of, real_path, short

JsonSchema = Mapping[str, Any]
_NAME_RULE = "letters, digits, '.', '_' and '-', beginning with a letter or a digit, at most 64"
_WANTED = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "text",
    "dict": "a mapping",
    "model": "a mapping",
    "tuple": "a list",
}
"""What pydantic's type errors want, by the first word of their names (`int_type`, `int_parsing`, ...)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place of the data."""

    path: KeyPath
    message: str


def suggest(word: str, options: Iterable[str]) -> str:
    """`; did you mean 'x'? Known: ...`, to be set behind a word that is not among `options`."""
    known = sorted(options)
    if not known:
        return "; there are none"
    close = difflib.get_close_matches(word, known, n=1)
    return f"{f'; did you mean {close[0]!r}?' if close else '.'} Known: {', '.join(known)}"


def report(problems: Sequence[Problem], root: Node | None = None) -> ScenarioError:
    """One error that tells all the problems, each with file and line where `root` has them."""
    errors = [_error(problem, root) for problem in dict.fromkeys(problems)]
    if len(errors) == 1:
        return errors[0]
    return ScenarioError("\n".join([f"{len(errors)} problems:", *(f"  {error}" for error in errors)]))


def _error(problem: Problem, root: Node | None) -> ScenarioError:
    if root is None:
        return ScenarioError(problem.message)
    mark = mark_of(root, problem.path)
    return ScenarioError(problem.message, file=mark.file, line=mark.line)


def validation_problems(error: ValidationError, root: Node, schema: JsonSchema) -> list[Problem]:
    """Pydantic's findings as plain sentences; `schema` describes the form that users write."""
    by_path: dict[KeyPath, list[str]] = {}
    for details in error.errors(include_url=False):
        if details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]:
            continue  # it only seems empty because its items were refused, each with a finding of its own
        path = real_path(root, details["loc"])
        by_path.setdefault(path, []).append(_sentence(details, path, schema))
    return [Problem(path, "; or ".join(dict.fromkeys(sentences))) for path, sentences in by_path.items()]


def _sentence(details: ErrorDetails, path: KeyPath, schema: JsonSchema) -> str:
    where, last = dotted(path), str(details["loc"][-1]) if details["loc"] else ""
    context = details.get("ctx", {})
    match details["type"]:
        case "extra_forbidden":
            inside = f" in {dotted(path[:-1])}" if path[:-1] else ""
            return f"unknown key {short(last)}{inside}{suggest(last, known_keys(schema, path[:-1]))}"
        case "missing":
            return f"the key {last!r} is missing{f' in {where}' if where else ''}"
        case "union_tag_invalid":
            kinds = re.findall(r"'([^']+)'", str(context.get("expected_tags", "")))
            return f"{where}: unknown kind {short(context.get('tag'))}{suggest(str(context.get('tag')), kinds)}"
        case "union_tag_not_found":
            return f"{where} is written `- kind` or `- kind: {{key: value, ...}}`; look at the indentation"
        case "literal_error" if isinstance(details["input"], str):
            options = re.findall(r"'([^']+)'", str(context.get("expected", "")))
            return f"{where}: {short(details['input'])} is not possible{suggest(details['input'], options)}"
        case "string_pattern_mismatch" if "name" in (last, where) or last == "[key]":
            return f"{where}: {short(details['input'])} is no name; a name is made of {_NAME_RULE}"
        case "too_short" if details["input"]:
            return f"{where} must hold {context['min_length']} at least, but holds {context['actual_length']}"
        case "value_error":
            return f"{where}: {context.get('error')}"
    return f"{where} {_wanted(details)}, but is {_brief(details['input'])}"


def _wanted(details: ErrorDetails) -> str:
    kind, _, rest = details["type"].partition("_")
    if kind not in _WANTED or rest not in ("type", "parsing", "from_float", "attributes_type"):
        return details["msg"].replace("Input should", "must")
    quotes = " (write it in quotes)" if kind == "string" and isinstance(details["input"], int | float) else ""
    return f"must be {_WANTED[kind]}{quotes}"


def _brief(value: object) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return f"a list of {len(value)}"
        case None:
            return "empty"
    return short(value)


def dotted(path: Sequence[str | int]) -> str:
    """The path as `--set` writes it: `stages.0.battle.against`."""
    return ".".join(map(str, path))


def known_keys(schema: JsonSchema, path: Sequence[str | int]) -> set[str]:
    """Keys that `schema` allows in the mapping at `path`."""
    definitions = schema.get("$defs", {})
    here = list(_alternatives(schema, definitions))
    for step in path:
        here = [option for part in here for below in _below(part, step) for option in _alternatives(below, definitions)]
    return {key for part in here for key in part.get("properties", {})}


def _alternatives(schema: JsonSchema, definitions: Mapping[str, JsonSchema]) -> Iterator[JsonSchema]:
    """The schema itself with references followed, or the members of its union."""
    if "$ref" in schema:
        yield from _alternatives(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    elif union := schema.get("anyOf", schema.get("allOf")):
        for member in union:
            yield from _alternatives(member, definitions)
    else:
        yield schema


def _below(schema: JsonSchema, step: str | int) -> Iterator[JsonSchema]:
    """Schemas of the value behind one key or index."""
    if isinstance(step, int):
        if isinstance(items := schema.get("items"), dict):
            yield items
    elif step in schema.get("properties", {}):
        yield schema["properties"][step]
    else:
        yield from schema.get("patternProperties", {}).values()
        if isinstance(more := schema.get("additionalProperties"), dict):
            yield more


def unknown(path: tuple[str | int, ...], asker: str, what: str, word: str, options: Iterable[str]) -> Problem:
    """A name that names nothing, with the closest that does."""
    return Problem(path, f"{asker} names the {what} {word!r}, which does not exist{suggest(word, options)}")

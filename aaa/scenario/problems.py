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
from aaa.scenario.tree import KeyPath, Node, mark_of, real_path

JsonSchema = Mapping[str, Any]
_NAME_RULE = "letters, digits, '.', '_' and '-', beginning with a letter or a digit, at most 64"


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
    first, *more = [
        (problem.message, mark_of(root, problem.path) if root else None) for problem in dict.fromkeys(problems)
    ]
    if not more:
        message, mark = first
        return ScenarioError(message, file=mark.file if mark else None, line=mark.line if mark else None)
    lines = [
        str(ScenarioError(message, **({"file": m.file, "line": m.line} if m else {}))) for message, m in (first, *more)
    ]
    return ScenarioError("\n".join([f"{len(lines)} problems:", *(f"  {line}" for line in lines)]))


def validation_problems(error: ValidationError, root: Node, schema: JsonSchema) -> list[Problem]:
    """Pydantic's findings as plain sentences; `schema` describes the form that users write."""
    by_path: dict[KeyPath, list[str]] = {}
    for details in error.errors(include_url=False):
        path = real_path(root, details["loc"])
        by_path.setdefault(path, []).append(_sentence(details, path, schema))
    return [Problem(path, "; or ".join(dict.fromkeys(sentences))) for path, sentences in by_path.items()]


def _sentence(details: ErrorDetails, path: KeyPath, schema: JsonSchema) -> str:
    where, last = dotted(path), str(details["loc"][-1]) if details["loc"] else ""
    context = details.get("ctx", {})
    match details["type"]:
        case "extra_forbidden":
            inside = f" in {dotted(path[:-1])}" if path[:-1] else ""
            return f"unknown key {last!r}{inside}{suggest(last, known_keys(schema, path[:-1]))}"
        case "missing":
            return f"the key {last!r} is missing{f' in {where}' if where else ''}"
        case "union_tag_invalid":
            kinds = re.findall(r"'([^']+)'", str(context.get("expected_tags", "")))
            return f"{where}: unknown kind {context.get('tag')!r}{suggest(str(context.get('tag')), kinds)}"
        case "union_tag_not_found":
            return f"{where} is written `- kind` or `- kind: {{key: value, ...}}`; look at the indentation"
        case "literal_error" if isinstance(details["input"], str):
            options = re.findall(r"'([^']+)'", str(context.get("expected", "")))
            return f"{where}: {details['input'][:60]!r} is not possible{suggest(details['input'], options)}"
        case "string_pattern_mismatch" if "name" in (last, where) or last == "[key]":
            return f"{where}: {details['input']!r} is no name; a name is made of {_NAME_RULE}"
        case "value_error":
            return f"{where}: {context.get('error')}"
    wanted = details["msg"].replace("Input should", "must").replace("valid tuple", "list")
    return f"{where} {wanted}, but is {_brief(details['input'])}"


def _brief(value: object) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return f"a list of {len(value)}"
        case None:
            return "empty"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


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
    elif union := schema.get("anyOf", schema.get("oneOf")):
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

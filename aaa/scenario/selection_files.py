"""Selections apart from any scenario, for `aaa select`: a file with the key `select`, or settings of one selection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Annotated

from pydantic import Field, JsonValue, ValidationError

from aaa.scenario.load import apply_setting
from aaa.scenario.problems import report, validation_problems
from aaa.scenario.schema import Name
from aaa.scenario.selections import Selection
from aaa.scenario.tree import Mark, Node, plain
from aaa.scenario.yaml_reader import read_yaml
from aaa.types import Value

SELECT = "select"


class SelectionsFile(Value):
    """Selections as a scenario writes them, under the same key."""

    select: Annotated[dict[Name, Selection], Field(min_length=1)]


def load_selections(path: Path) -> dict[str, Selection]:
    """The selections of a file. Raises `ScenarioError` with all problems, each with file and line."""
    return _parsed(read_yaml(path))


def set_selection(name: str, settings: Sequence[str], like: Mapping[str, JsonValue] | None = None) -> Selection:
    """One selection from settings such as `pairs.by=score`, laid over those of another. Raises `ScenarioError`."""
    mark = Mark("--set")
    root = _node({SELECT: {name: dict(like or {})}}, mark)
    root = reduce(apply_setting, (f"{SELECT}.{name}.{setting}" for setting in settings), root)
    return _parsed(root)[name]


def _node(value: JsonValue, mark: Mark) -> Node:
    if isinstance(value, dict):
        return Node({key: _node(one, mark) for key, one in value.items()}, mark)
    return Node([_node(one, mark) for one in value] if isinstance(value, list) else value, mark)


def _parsed(root: Node) -> dict[str, Selection]:
    try:
        return SelectionsFile.model_validate(plain(root)).select
    except ValidationError as error:
        raise report(validation_problems(error, root, SelectionsFile.model_json_schema()), root) from error

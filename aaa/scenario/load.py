"""A scenario from its files and settings: read, extended, merged in order, validated, its names checked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from pydantic import ValidationError

from aaa.errors import ScenarioError
from aaa.scenario.bundled import candidates, find_file
from aaa.scenario.cards import find_card
from aaa.scenario.editor_schema import json_schema
from aaa.scenario.problems import Problem, report, suggest, validation_problems
from aaa.scenario.references import find_problems
from aaa.scenario.schema import Scenario
from aaa.scenario.tree import Mark, Node, mark_of, merge, plain, put
from aaa.scenario.yaml_reader import parse_yaml, read_yaml

EXTENDS = "extends"


def load_scenario(paths: Sequence[Path], *, settings: Sequence[str] = ()) -> Scenario:
    """The scenario that files and settings (`budget.usd=0.5`) make together; what comes later wins.

    Mappings merge key by key, lists and scalars are replaced; a setting replaces the value it names. A file is looked
    for in the working folder, then among AAA's own. Raises `ScenarioError` with all problems, each with file and line.
    """
    if not paths:
        raise ScenarioError("no scenario file was named")
    files = [_find(path) for path in paths]
    reader = _Reader()
    root = reduce(merge, [reader.read(file) for file in files])
    root = reduce(apply_setting, settings, root)
    try:
        scenario = Scenario.model_validate(plain(root))
    except ValidationError as error:
        raise report(validation_problems(error, root, json_schema()), root) from error
    near = [file.parent for file in files]
    if problems := [*find_problems(scenario), *_missing_cards(scenario, near)]:
        raise report(problems, root)
    return scenario


def _find(path: Path) -> Path:
    found = find_file(path)
    if found is None:
        places = candidates(path)
        known = {file.name for place in places for file in place.parent.glob("*.yaml")}
        looked = ", ".join(map(str, places))
        raise ScenarioError(f"there is no scenario file {str(path)!r}{suggest(path.name, known)}. Looked for: {looked}")
    return path if path.is_file() else found


def _missing_cards(scenario: Scenario, near: Sequence[Path]) -> list[Problem]:
    problems = []
    for name, group in scenario.cast.items():
        if group.card is not None:
            try:
                find_card(group.card, near=near)
            except ScenarioError as error:
                problems.append(Problem(("cast", name, "card"), str(error)))
    return problems


def apply_setting(root: Node, setting: str) -> Node:
    """`root` with one `key.sub=value`; the value is read as YAML."""
    source = f"--set {setting}"
    path, sign, text = setting.partition("=")
    keys = path.strip().split(".")
    if not sign or not all(keys):
        raise ScenarioError("a setting is written key.sub=value, for example budget.usd=0.5", file=source)
    if keys == [EXTENDS]:
        raise ScenarioError("`extends` belongs into a file; name several files instead", file=source)
    value = parse_yaml(text, file=source, numbered=False)
    return put(root, keys, Node(value.content, Mark(source)))


class _Reader:
    """Reads files with what they extend; each file once."""

    def __init__(self) -> None:
        self._done: dict[Path, Node] = {}

    def read(self, file: Path, trail: tuple[Path, ...] = ()) -> Node:
        """The file laid on the files that it extends, in their order."""
        key = file.resolve()
        if key in trail:
            circle = " -> ".join(path.name for path in (*trail[trail.index(key) :], key))
            raise ScenarioError(f"`extends` goes round in a circle: {circle}")
        if key not in self._done:
            own = read_yaml(file)
            assert isinstance(own.content, dict)
            bases = [self.read(base, (*trail, key)) for base in _extended(own, file)]
            rest = Node({name: node for name, node in own.content.items() if name != EXTENDS}, own.mark)
            self._done[key] = reduce(merge, [*bases, rest])
        return self._done[key]


def _extended(root: Node, file: Path) -> list[Path]:
    """Files that a file extends, relative to it."""
    assert isinstance(root.content, dict)
    if EXTENDS not in root.content:
        return []
    mark, value = mark_of(root, (EXTENDS,)), plain(root.content[EXTENDS])
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ScenarioError("`extends` must be the name of a file, or a list of names", file=mark.file, line=mark.line)
    paths = [file.parent / str(name) for name in names]
    for path in paths:
        if not path.is_file():
            raise ScenarioError(f"`extends` names {str(path)!r}, which does not exist", file=mark.file, line=mark.line)
    return paths

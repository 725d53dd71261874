"""Reads YAML of people who may err, or mean ill: bounded, without tags that build objects, with a line for each value.

Plain words mean what YAML 1.2 says: only `true` and `false` are booleans (`no` and `on` are words), dates are words,
`1e-3` is a number. Keys are always text. Duplicate keys are refused.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from pathlib import Path
from typing import Final

import yaml

from aaa.errors import ScenarioError
from aaa.scenario.tree import Mark, Node, Scalar, short

MAX_BYTES: Final = 1 << 20
"""Size of a file at most (ours): a scenario of a thousand models has about 100 kB."""
MAX_NODES: Final = 50_000
"""Values at most once aliases are expanded (ours), so that nine lines of aliases cannot become a billion values."""
MAX_DEPTH: Final = 40
"""Nesting at most (ours)."""

_TAG = "tag:yaml.org,2002:"
_PLAIN_WORDS = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+", "-+.0123456789"),
    ("merge", r"<<", "<"),
)


class _Loader(yaml.SafeLoader):
    """PyYAML's parser with the plain words of YAML 1.2; only its nodes are used, never its constructors."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own protocol)

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.composed = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.composed += 1
        if self.composed > 2 * MAX_NODES:  # keys are nodes too
            raise yaml.composer.ComposerError(problem=f"more than {MAX_NODES:,} values")
        return super().compose_node(parent, index)


class _FastLoader(getattr(yaml, "CSafeLoader", _Loader)):  # type: ignore[misc]
    """The same through libyaml, which takes a tenth of the time, where PyYAML was built with it.

    It takes tabs inside plain words, which PyYAML refuses. It ends at a depth of 1000; values are counted when built.
    """

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


for _name, _pattern, _first in _PLAIN_WORDS:
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern})\Z"), list(_first))


def _compose(text: str) -> yaml.Node | None:
    """The nodes of a text. What libyaml refuses is read again by PyYAML itself, whose errors say more."""
    with suppress(yaml.YAMLError):
        return yaml.compose(text, Loader=_FastLoader)
    return yaml.compose(text, Loader=_Loader)


def read_yaml(path: Path) -> Node:
    """The mapping that a YAML file holds. Raises `ScenarioError` with file and line."""
    node = read_any_yaml(path)
    if not isinstance(node.content, dict):
        found = "nothing" if node.content is None else "a list" if isinstance(node.content, list) else "a single value"
        raise ScenarioError(f"must hold a mapping (`key: value` lines), but holds {found}", file=str(path), line=1)
    return node


def read_any_yaml(path: Path) -> Node:
    """What a YAML file holds: a mapping, a list, a value or nothing. Raises `ScenarioError` with file and line."""
    file = str(path)
    try:
        if not path.is_file():
            raise ScenarioError("is not a file that can be read", file=file)
        if (size := path.stat().st_size) > MAX_BYTES:
            raise ScenarioError(f"holds {size:,} bytes; a file of this kind has at most {MAX_BYTES:,}", file=file)
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"is not UTF-8 text (byte {error.start})", file=file) from error
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror}", file=file) from error
    return parse_yaml(text, file=file)


def parse_yaml(text: str, *, file: str, numbered: bool = True) -> Node:
    """One YAML document; `file` names it in marks and errors, with lines where `numbered`."""
    try:
        document = _compose(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark and numbered else None
        raise ScenarioError(_sentence(error), file=file, line=line) from error
    except yaml.YAMLError as error:
        raise ScenarioError(f"is not YAML: {str(error).splitlines()[0]}", file=file) from error
    except RecursionError as error:
        raise ScenarioError(f"is nested more than {MAX_DEPTH} levels deep", file=file) from error
    builder = _Builder(file, numbered)
    return Node(None, Mark(file)) if document is None else builder.build(document, builder.mark(document), 0)


def _sentence(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "cannot be parsed"
    if "'\\t'" in problem:
        return "is not YAML: a tab stands where YAML wants spaces; indent with spaces"
    return f"is not YAML: {f'{error.context}, ' if error.context else ''}{problem}"[:200]


class _Builder:
    """Turns PyYAML's nodes into ours and counts them, aliases as often as they are used."""

    def __init__(self, file: str, numbered: bool) -> None:
        self.file, self.numbered, self.count = file, numbered, 0

    def mark(self, node: yaml.Node) -> Mark:
        return Mark(self.file, node.start_mark.line + 1 if self.numbered else None)

    def fault(self, node: yaml.Node, message: str) -> ScenarioError:
        mark = self.mark(node)
        return ScenarioError(message, file=mark.file, line=mark.line)

    def build(self, node: yaml.Node, mark: Mark, depth: int) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            raise self.fault(node, f"expands to more than {MAX_NODES:,} values")
        if depth > MAX_DEPTH:
            raise self.fault(node, f"is nested more than {MAX_DEPTH} levels deep, or contains itself")
        kind = node.tag.removeprefix(_TAG)
        if isinstance(node, yaml.MappingNode) and kind == "map":
            return Node(self._mapping(node, depth), mark)
        if isinstance(node, yaml.SequenceNode) and kind == "seq":
            return Node([self.build(item, self.mark(item), depth + 1) for item in node.value], mark)
        if isinstance(node, yaml.ScalarNode):
            return Node(self._scalar(node, kind), mark)
        raise self.fault(node, f"the tag {short(node.tag)} is not known; write plain values")

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Node]:
        inherited: dict[str, Node] = {}
        own: dict[str, Node] = {}
        for key, value in node.value:
            if key.tag == _TAG + "merge":
                inherited = {**self._merged(value, depth), **inherited}
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise self.fault(key, "a key must be a single word or text")
            name = self._text(key)
            if name in own:
                raise self.fault(key, f"the key {short(name)} stands twice in one mapping")
            own[name] = self.build(value, self.mark(key), depth + 1)
        return {**inherited, **own}

    def _merged(self, value: yaml.Node, depth: int) -> dict[str, Node]:
        """What `<<: *anchor` or `<<: [*first, *second]` brings in; the first of several wins."""
        sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
        entries: dict[str, Node] = {}
        for source in sources:
            content = self.build(source, self.mark(source), depth + 1).content
            if not isinstance(content, dict):
                raise self.fault(source, "`<<` needs a mapping, or a list of mappings")
            entries = {**content, **entries}
        return entries

    def _text(self, node: yaml.ScalarNode) -> str:
        """The text of a scalar; the two escapes that JSON writes for some characters (`\\ud83d\\ude00`) become one."""
        text: str = node.value
        try:
            return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError as error:
            raise self.fault(node, "holds half a character (a lone surrogate escape)") from error

    def _scalar(self, node: yaml.ScalarNode, kind: str) -> Scalar:
        text = self._text(node)
        try:
            match kind:
                case "str" | "merge":
                    return text
                case "null":
                    return None
                case "bool":
                    return {"true": True, "false": False}[text.lower()]
                case "int":
                    return int(text)
                case "float" if math.isfinite(number := float(text)):
                    return number
        except (ValueError, KeyError) as error:
            raise self.fault(node, f"{short(text)} is no {kind}") from error
        if kind == "float":
            raise self.fault(node, f"{short(text)} is too large a number")
        raise self.fault(node, f"the tag {short(node.tag)} is not known; write plain values")

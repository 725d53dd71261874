"""The sandbox in which templates run: plain text out, no private attributes, no missing values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, MutableMapping
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Template, TemplateSyntaxError, meta, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from aaa.errors import TemplateError


class _Sandbox(ImmutableSandboxedEnvironment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """As one dictionary: jinja copies and compares them at every rendering, and its chain of two takes its time."""
        return {**self.globals, **(d or {})}


def environment(loader: BaseLoader | None = None) -> ImmutableSandboxedEnvironment:
    """A fresh sandbox. Text is not escaped: it goes to models, not into HTML."""
    return _Sandbox(loader=loader, undefined=StrictUndefined, autoescape=False, auto_reload=False)


def check_template(text: str, *, name: str, known: Collection[str] | None = None) -> None:
    """Find faults without rendering: syntax, private attributes and, where `known` is given, unknown variables.

    Raises `TemplateError` that begins with `name` and gives the line.
    """
    try:
        tree = environment().parse(text)
        unknown = meta.find_undeclared_variables(tree) - set(known) if known is not None else set()
    except TemplateSyntaxError as error:
        raise TemplateError(f"{name}, line {error.lineno}: {error.message}") from error
    for line, attribute in _private(tree):
        raise TemplateError(f"{name}, line {line}: {attribute!r} is private; templates may read public values only")
    if unknown:
        given = ", ".join(sorted(known or ())) or "none"
        raise TemplateError(f"{name} uses {', '.join(sorted(unknown))}, which it is not given. Its variables: {given}")


def fill(template: Template, values: Mapping[str, object], *, name: str) -> str:
    """The text of a template with its values.

    Raises `TemplateError` that begins with `name`: a value is missing, private, or not what the template does with it.
    """
    try:
        return template.render(values)
    except (JinjaError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise TemplateError(f"{name}: {error or type(error).__name__}") from error


def _private(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Line and name of each private attribute that is read, by dot, by index or by the filter `attr`."""
    for read in tree.find_all(nodes.Getattr):
        if read.attr.startswith("_"):
            yield read.lineno, read.attr
    keys = [node.arg for node in tree.find_all(nodes.Getitem)]
    keys += [arg for node in tree.find_all(nodes.Filter) if node.name == "attr" for arg in node.args]
    for key in keys:
        if isinstance(key, nodes.Const) and isinstance(key.value, str) and key.value.startswith("_"):
            yield key.lineno, key.value

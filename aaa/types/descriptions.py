"""The words under the fields of a class, which become their descriptions in JSON Schema.

Pydantic's own `use_attribute_docstrings` reads the source of each type whenever it is made, which took half of the time
to import AAA's types. Few processes make a schema; these read the source then.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from itertools import zip_longest


def descriptions(kind: type) -> dict[str, str]:
    """What stands under the fields of a class and of those that it derives from, by field.

    Such classes stand at the top of their modules.
    """
    return {field: words for base in reversed(kind.__mro__) for field, words in _own(base).items()}


def _own(kind: type) -> Mapping[str, str]:
    return _by_class(kind.__module__).get(kind.__qualname__, {})


@cache
def _by_class(module: str) -> Mapping[str, Mapping[str, str]]:
    """The same for all classes of a module; none where it has no source, or none at hand."""
    with suppress(OSError, TypeError):
        tree = ast.parse(inspect.getsource(sys.modules[module]))
        return {node.name: dict(_words(node)) for node in tree.body if isinstance(node, ast.ClassDef)}
    return {}


def _words(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Fields and the words under them; one that is declared anew without words has none."""
    for field, below in zip_longest(node.body, node.body[1:]):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match below:
                case ast.Expr(value=ast.Constant(value=str(words))):
                    yield field.target.id, inspect.cleandoc(words)
                case _:
                    yield field.target.id, ""

"""Modules that load when a name of theirs is asked for: a command needs few of all."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any


def late(module: str, file: str) -> Callable[[str], Any]:
    """The `__getattr__` of a module: it carries out what the file imports, each name when it is asked for.

    The imports stand under `TYPE_CHECKING`, where mypy and editors read them and Python does not.
    """

    @cache
    def homes() -> dict[str, str]:
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        return {alias.name: node.module for node in imports for alias in node.names if node.module}

    def find(name: str) -> Any:
        if name not in homes():
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        found = getattr(__import__(homes()[name], fromlist=(name,)), name)  # seen by `python -X importtime`
        setattr(sys.modules[module], name, found)
        return found

    return find

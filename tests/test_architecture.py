"""The plan of the house: rows, fences, no cycles, no names of the working place. DESIGN.md 3 as a test."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "aaa"
ROWS = [
    {"cli", "view", "report"},
    {"learn"},
    {"evaluate"},
    {"session"},
    {"runner"},
    {"teach"},
    {"evolve"},
    {"judge", "curate"},
    {"agents", "rate"},
    {"llm", "sim", "store", "export"},
    {"scenario", "prompts", "graphs", "verify", "text"},
    {"types", "errors"},
]
LEVEL = {package: level for level, row in enumerate(ROWS) for package in row}
FENCES = {
    "litellm": {"llm"},
    "aiohttp": {"llm"},
    "autogen_agentchat": {"agents"},
    "autogen_core": {"agents"},
    "sqlmodel": {"store"},
    "sqlalchemy": {"store"},
    "networkx": {"graphs"},
    "torch": {"learn"},
    "trl": {"learn"},
    "transformers": {"learn"},
    "ray": {"runner"},
    "typer": {"cli"},
    "rich": {"cli", "view", "report"},
}
TYPING, LATE = "TYPE_CHECKING", "  # heavy"
FILES = sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path) for path in FILES}


def imports(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Modules that a file imports, with the line, and whether at the top of the file or openly late (`# heavy`)."""
    text = path.read_text(encoding="utf-8")
    tree, lines = ast.parse(text), text.splitlines()
    blocks = [node.body for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == TYPING]
    top = {id(node) for block in (tree.body, *blocks) for node in block}
    top |= {id(node) for node in ast.walk(tree) if isinstance(node, ast.stmt) and lines[node.lineno - 1].endswith(LATE)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module, node.lineno, id(node) in top


def package_of(path: Path) -> str | None:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else None


def test_every_package_has_its_row() -> None:
    packages = {p.name for p in PACKAGE.iterdir() if p.is_dir() and (p / "__init__.py").exists()}
    assert packages <= set(LEVEL), packages - set(LEVEL)
    assert {"cli", "session", "runner", "teach", "judge", "agents", "llm", "sim", "store", "types"} <= packages


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_downwards_and_keep_to_the_fences(path: Path) -> None:
    here = package_of(path)
    for name, line, top in imports(path):
        head, *rest = name.split(".")
        if head == "aaa" and rest and rest[0] in LEVEL and here is not None and rest[0] != here:
            assert LEVEL[rest[0]] > LEVEL[here], f"{path}:{line}: {here} imports {name}, which is not below it"
        if head == "aaa":
            assert top or here == "cli", f"{path}:{line}: {name} is imported inside a function"
        if head in FENCES:
            assert here in FENCES[head], f"{path}:{line}: {head} belongs to {sorted(FENCES[head])}"


def test_no_import_cycles() -> None:
    graph: dict[str, set[str]] = {}
    for path in FILES:
        me = module_of(path)
        graph[me] = {name for name, _, top in imports(path) if top and name in MODULES and name != me}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail[trail.index(module) :], module))
        if module not in done:
            for below in sorted(graph[module]):
                visit(below, (*trail, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


PACKAGES = [path for path in FILES if path.name == "__init__.py"]


@pytest.mark.parametrize("path", PACKAGES, ids=module_of)
def test_no_name_of_a_package_is_that_of_a_module_in_it(path: Path) -> None:
    here, names = module_of(path), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module != here:
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
    shared = {name for name in names if f"{here}.{name}" in MODULES}
    assert not shared, f"{here} means a module or what it gives, by who imported first: {shared}"


@pytest.mark.parametrize("path", PACKAGES, ids=module_of)
def test_packages_hold_what_they_promise(path: Path) -> None:
    package = import_module(module_of(path))
    assert not [name for name in getattr(package, "__all__", ()) if not hasattr(package, name)]
    assert not hasattr(package, "nothing_of_this_name")


def test_nothing_committed_names_the_working_place() -> None:
    names = ("/".join(("", "work", "")), "/".join(("", "root", "")), "/".join(("", "tmp", "bash")))
    for path in [*FILES, *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("scenarios/*.yaml")]:
        text = path.read_text(encoding="utf-8")
        assert not any(name in text for name in names), path

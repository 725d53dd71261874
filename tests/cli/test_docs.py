"""The documents: their commands exist, their scenarios load, their queries run, and no key is missing."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
from pathlib import Path

import pytest
from cli_helpers import ROOT, Aaa, Write
from typer.core import TyperGroup
from typer.main import get_command

from aaa.cli.commands import app
from aaa.export import FORMATS
from aaa.scenario import STAGE_KINDS, json_schema
from aaa.store.tables import METADATA

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands(path: Path) -> list[str]:
    """Commands of AAA in code blocks and in code spans."""
    text = path.read_text(encoding="utf-8")
    lines = re.findall(r"(?:^ *|&& )(aaa [^\n#]+)", text, flags=re.MULTILINE)
    spans = re.findall(r"`(aaa [^`]+)`", text)
    return [command.strip() for command in (*lines, *spans)]


def test_there_are_commands_to_check() -> None:
    assert len(commands(ROOT / "README.md")) > 8


@pytest.mark.parametrize(
    ("path", "command"),
    [(path, command) for path in DOCUMENTS for command in commands(path)],
    ids=lambda value: value.name if isinstance(value, Path) else None,
)
def test_commands_and_their_options_exist(path: Path, command: str) -> None:
    group = get_command(app())
    assert isinstance(group, TyperGroup)
    _, *words = shlex.split(command)
    if words[0].startswith("-"):
        return
    found = group.commands[words[0]]
    options = {name for option in found.params for name in option.opts}
    assert {word.partition("=")[0] for word in words[1:] if word.startswith("--")} <= options
    for word in words[1:]:
        if word.startswith("scenarios/") and word.endswith(".yaml"):
            assert (ROOT / word).is_file()


def test_the_two_commands_of_the_readme_are_whole() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    venv = "python3 -m venv .venv && . .venv/bin/activate && python -m pip install -e"
    assert f"\n{venv} . && aaa run scenarios/quickstart.yaml\n" in text
    assert f"\n{venv} '.[dev]' && pytest\n" in text


def test_the_scenario_of_the_readme_is_sound(aaa: Aaa) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    Path("readme.yaml").write_text(block)
    told = aaa("validate", "readme.yaml", "--json")
    assert told.code == 0, told.err
    assert told.json["prompts"]["chosen"] == 60
    assert told.json["notes"] == []


def test_every_key_of_a_scenario_is_explained() -> None:
    text = (ROOT / "docs/scenario.md").read_text(encoding="utf-8")
    schema = json_schema()
    keys = set(schema["properties"])
    for name, definition in schema["$defs"].items():
        if name not in STAGE_KINDS:
            keys |= set(definition.get("properties", {}))
    explained = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", text))))
    assert keys - {"kind"} <= explained


def test_every_table_and_every_column_of_an_export_is_explained() -> None:
    text = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`([a-z_-]+)`", text))
    assert set(METADATA.tables) - {"meta"} <= words
    formats = (ROOT / "docs/exports.md").read_text(encoding="utf-8")
    assert all(f"`{form}`" in formats for form in FORMATS)


def test_the_columns_and_the_queries_are_those_of_a_real_session(aaa: Aaa, scenario: Write) -> None:
    assert aaa("run", scenario(), "--session", "quickstart", "--json").code == 0
    text = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    words = set(re.findall(r"`([a-z_]+)`", text))
    for form in ("trl-preference", "trl-sft", "trl-prompt-completion", "trl-unpaired"):
        aaa("export", "quickstart", "--format", form, "--out", "rows.jsonl")
        assert set(json.loads(Path("rows.jsonl").read_text().splitlines()[0])) <= words
    (block,) = re.findall(r"```sql\n(.*?)```", text, flags=re.DOTALL)
    queries = [query for query in block.split(";") if query.strip()]
    assert len(queries) == 6
    with sqlite3.connect("data/aaa.db") as store:
        for query in queries[:5]:
            assert store.execute(query).fetchall(), query
        store.execute(queries[5])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target

"""The command line as a user has it, in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_helpers import Aaa, Outcome, Write, write_scenario

from aaa.cli import main


@pytest.fixture
def aaa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Aaa:
    """Runs a command in `tmp_path`; `aaa("run", "small.yaml")`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capsys.readouterr()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Outcome(code or 0, out, err)

    return call


@pytest.fixture
def scenario(tmp_path: Path) -> Write:
    """Writes a small scenario with some keys replaced, and its prompts; returns the name of its file."""

    def write(**changes: Any) -> str:
        return write_scenario(tmp_path, **changes)

    return write

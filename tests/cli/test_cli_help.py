"""Help: complete, in order, at once."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from cli_helpers import ROOT, Aaa

ORDER = [
    *("init", "validate", "plan", "run", "show", "audit", "export"),
    *("status", "models", "rate", "agreement", "judge", "evolve", "gaps", "analyse", "sample"),
    *("filter", "slice", "dedup"),
    *("decontaminate", "select", "import", "verify", "report", "view", "evaluate", "train", "loop"),
    *("schema", "journal", "db"),
]
"""Of all commands that AAA is to have (DESIGN.md 10)."""
NEEDED = {"init", "validate", "run", "show", "export", "status", "rate", "agreement", "schema"}
HEAVY = [
    "litellm",
    "autogen_core",
    "autogen_agentchat",
    "sqlalchemy",
    "aiohttp",
    "networkx",
    "jinja2",
    "pydantic",
    "numpy",
]
MOST = 600
"""Modules of all kinds behind `aaa --help` (400 with rich's own; litellm alone would load 2,000)."""


def test_commands_stand_in_the_order_in_which_one_meets_them(aaa: Aaa) -> None:
    told = aaa("--help")
    assert told.code == 0
    found = re.findall(r"│ ([a-z]+)  ", told.out)
    assert set(found) >= NEEDED
    assert found == sorted(found, key=ORDER.index)


@pytest.mark.parametrize("command", sorted(NEEDED))
def test_every_command_explains_itself_and_its_options(aaa: Aaa, command: str) -> None:
    told = aaa(command, "--help")
    assert told.code == 0
    options = [line for line in told.out.splitlines() if re.match(r"│ \*? *--", line)]
    assert options
    for line in options:
        assert re.search(r"[a-z]{3,} .*\.", line), f"{command}: an option without words: {line}"


def test_version(aaa: Aaa) -> None:
    from aaa import __version__

    assert aaa("--version").out == f"aaa {__version__}\n"


def test_no_command_shows_the_help(aaa: Aaa) -> None:
    told = aaa()
    assert "Usage" in told.out + told.err
    assert told.code == 2


def test_a_mistyped_command_or_option_is_wrong_use(aaa: Aaa) -> None:
    assert aaa("rnu").code == 2
    assert aaa("run", "--no-such-option").code == 2
    assert aaa("run").code == 2


def test_help_loads_nothing_heavy() -> None:
    """No clock: what takes long is what is loaded, and a busy machine shall not decide."""
    code = (
        "import sys\nfrom aaa.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], len(sys.modules), sep=';', file=sys.stderr)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded, count = told.stderr.strip().split(";")
    assert loaded == "[]"
    assert int(count) < MOST

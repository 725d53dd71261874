"""Starts: a command loads what it needs. No clock here: bench/start.py has the seconds."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from cli_helpers import ROOT, SCENARIO, Aaa, Write, served
from loopback import simulated

LOADED = "LOADED"
TELL = f"import atexit, sys; tell = lambda: print('{LOADED}', *sys.modules, file=sys.stderr); "
AT_END = f"{TELL}atexit.register(tell); "
AT_CALLS = f"{TELL}sys.addaudithook(lambda event, _: event == 'socket.connect' and tell()); "
RUN_NEEDS_NOT = {
    *("litellm", "networkx", "jsonschema", "pyarrow", "datasets", "wordllama", "scipy", "torch"),
    *("sqlalchemy.dialects.postgresql", "autogen_agentchat.teams"),
    *("aaa.sim.mind", "aaa.sim.skills", "aaa.sim.speech"),
    *("aaa.cli.judge", "aaa.session.stages.lesson", "aaa.teach.lessons"),
}
"""A session of real models on the lean route, from its scenario to its files."""
FIRST_CALL_NEEDS_NOT = {*RUN_NEEDS_NOT, "numpy", "aaa.evolve", "aaa.export", "aaa.rate", "aaa.session.exporting"}
VALIDATE_NEEDS_NOT = {
    *("litellm", "autogen_core", "aiohttp", "sqlalchemy", "networkx"),
    *("aaa.agents", "aaa.cli.judge", "aaa.curate.selecting", "aaa.store", "aaa.teach.lessons"),
    *("aaa.export.formats", "aaa.rate.rating", "aaa.session.stages.lesson"),
}
"""A scenario is checked without models and without a store."""
STATUS_NEEDS_NOT = {
    *RUN_NEEDS_NOT,
    *("autogen_core", "aiohttp", "jinja2", "yaml", "numpy"),
    *("aaa.agents", "aaa.judge", "aaa.llm", "aaa.scenario", "aaa.session"),
}
"""What stands in the store is told by the store."""


def loaded(folder: Path, *arguments: str, when: str = AT_END) -> set[str]:
    """Modules that a command has imported by its end, or when it first calls."""
    told = subprocess.run(
        [sys.executable, "-c", f"{when}from aaa.cli import main; main()", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.returncode == 0, told.stderr
    return set(next(line for line in told.stderr.splitlines() if line.startswith(LOADED)).split())


def test_a_session_of_real_models_loads_neither_simulator_nor_what_other_sessions_need(
    tmp_path: Path, scenario: Write
) -> None:
    with served(simulated) as server:
        models = {
            name: {"model": f"hosted_vllm/{served_as}", "api_base": server.base, "identity": served_as, "family": name}
            for name, served_as in zip(SCENARIO["models"], ("maple", "birch", "cedar", "rowan"), strict=True)
        }
        models = {name: {**model, "license": "mit", "price": "free"} for name, model in models.items()}
        found = loaded(tmp_path, "run", scenario(models=models))
        first = loaded(tmp_path, "run", scenario(models=models), "--db", "other.db", when=AT_CALLS)
    assert {"aiohttp", "autogen_core", "sqlmodel"} <= found & first
    assert not RUN_NEEDS_NOT & found
    assert not FIRST_CALL_NEEDS_NOT & first
    assert (tmp_path / "out/pairs.jsonl").exists()


def test_a_run_has_uvloop_and_does_without_where_there_is_none(tmp_path: Path, scenario: Write) -> None:
    assert "uvloop.loop" in loaded(tmp_path, "run", scenario())
    (tmp_path / "out/pairs.jsonl").unlink()
    without = f"import sys; sys.modules['uvloop'] = None; {AT_END}"
    assert "uvloop.loop" not in loaded(tmp_path, "run", scenario(), "--db", "other.db", when=without)
    assert (tmp_path / "out/pairs.jsonl").exists()


def test_a_scenario_is_validated_without_models_and_without_a_store(tmp_path: Path, scenario: Write) -> None:
    found = loaded(tmp_path, "validate", scenario())
    assert "aaa.session.validation" in found
    assert not VALIDATE_NEEDS_NOT & found


@pytest.mark.parametrize("name", sorted(FIRST_CALL_NEEDS_NOT | VALIDATE_NEEDS_NOT | STATUS_NEEDS_NOT))
def test_what_a_start_may_not_load_could_be_loaded(name: str) -> None:
    assert not name.startswith("aaa.") or find_spec(name) is not None


@pytest.mark.parametrize("arguments", [("status",), ("status", "--json")])
def test_status_reads_the_store_alone(aaa: Aaa, tmp_path: Path, scenario: Write, arguments: tuple[str, ...]) -> None:
    assert aaa("run", scenario()).code == 0
    found = loaded(tmp_path, *arguments)
    assert "sqlmodel" in found
    assert not STATUS_NEEDS_NOT & found

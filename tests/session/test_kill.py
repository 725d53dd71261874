"""`kill -9` in the middle, over real HTTP and in a real process: nothing lost, nothing paid twice, the same export."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from aaa.store import Store
from aaa.types import Attempt, Call

ROOT = Path(__file__).resolve().parent.parent.parent
AT_ONCE = 4
MODELS = ("maple", "birch", "cedar", "rowan")  # named ones of aaa.sim
CLI = [sys.executable, "-c", "from aaa.cli import main; main()"]


@contextmanager
def loopback(folder: Path) -> Iterator[int]:
    """The tests' own server in a process of its own; yields its port."""
    port_file = folder / "port"
    command = [sys.executable, str(ROOT / "tests/loopback.py"), "--port-file", str(port_file), "--latency", "0.02"]
    process = subprocess.Popen(command, cwd=folder, env=environment())
    try:
        deadline = time.monotonic() + 60
        while not port_file.exists():
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
        yield int(port_file.read_text())
    finally:
        process.kill()
        process.wait()
        port_file.unlink(missing_ok=True)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def stats(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats", timeout=10) as reply:
        return json.load(reply)


def models(port: int) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "model": f"hosted_vllm/{name}",
            "api_base": f"http://127.0.0.1:{port}/v1",
            "identity": f"{name}@1",
            "family": name,
            "license": "mit",
            "price": {"input": 1.0, "output": 2.0},
            "concurrency": AT_ONCE,
        }
        for name in MODELS
    }


def write_scenario(folder: Path, port: int) -> None:
    scenario = {
        "name": "night",
        "models": models(port),
        "target": "maple",
        "cast": {
            "members": {"models": ["maple", "birch"], "card": "member"},
            "judges": {"models": list(MODELS[1:]), "card": "judge", "quorum": 1},
            "critics": {"models": ["rowan"], "card": "critic"},
        },
        "prompts": {"from": "data/seeds/*.jsonl", "sample": {"size": 12, "by": ["skill"]}},
        "stages": ["answer", "battle", "steps", {"critique": {"of": "target"}}],
        "select": {"main": {"pairs": {}, "steps": {}}},
        "export": [
            {"format": "trl-preference", "to": "pairs.jsonl"},
            {"format": "trl-stepwise", "to": "steps.jsonl"},
        ],
        "episodes_at_once": 6,
    }
    (folder / "night.yaml").write_text(yaml.safe_dump(scenario, sort_keys=False))


RUN = ("run", "night.yaml")
EVOLVE = ("evolve", "prompts.jsonl", "--models", "night.yaml", "--rounds", "2", "--session", "night",
          "--out", "evolved.jsonl")  # fmt: skip


def begin(folder: Path, words: Sequence[str] = RUN) -> subprocess.Popen[bytes]:
    command = [*CLI, *words, "--db", "night.db", "--json"]
    return subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def to_the_end(folder: Path, words: Sequence[str] = RUN) -> dict[str, Any]:
    process = begin(folder, words)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    return json.loads(out)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    return whole, killed


def test_killed_at_random_moments(folders: tuple[Path, Path]) -> None:
    whole, killed = folders
    with loopback(whole) as port:
        write_scenario(whole, port)
        undisturbed = to_the_end(whole)
        needed = stats(port)["answered"]
    assert undisturbed["calls"]["made"] == needed

    moments = sorted(random.Random(11).sample(range(5, needed - 5), 3))
    with loopback(killed) as port:
        write_scenario(killed, port)
        for moment in moments:
            process = begin(killed)
            while stats(port)["answered"] < moment and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            with Store.open(killed / "night.db") as store:
                known = store.count(Call)
                assert known >= stats(port)["answered"] - len(moments) * AT_ONCE * len(MODELS)
        resumed = to_the_end(killed)
        server = stats(port)

    for name in ("pairs.jsonl", "steps.jsonl"):
        assert (killed / name).read_bytes() == (whole / name).read_bytes()
        assert (killed / name).read_bytes()
    assert resumed["episodes"] == undisturbed["episodes"]
    assert server["distinct"] == needed
    assert server["answered"] - needed <= len(moments) * AT_ONCE * len(MODELS), "at most the calls in flight again"
    with Store.open(killed / "night.db") as store:
        assert store.count(Call) == needed
        spent = sum(attempt.usd for attempt in store.rows(Attempt, session="night"))
        assert spent >= sum(call.usd for call in store.rows(Call)), "what was in flight at a kill counts as spent"
    again = to_the_end(killed)
    assert again["calls"]["made"] == 0
    assert (killed / "pairs.jsonl").read_bytes() == (whole / "pairs.jsonl").read_bytes()


def write_prompts(folder: Path, port: int) -> None:
    rows = ({"id": f"p{n}", "instruction": f"Give me {n} tips for saving money in week {n}."} for n in range(20))
    (folder / "prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    (folder / "night.yaml").write_text(yaml.safe_dump({"models": models(port)}))


def test_a_file_that_evolves_is_killed_in_the_middle(folders: tuple[Path, Path]) -> None:
    whole, killed = folders
    with loopback(whole) as port:
        write_prompts(whole, port)
        undisturbed = to_the_end(whole, EVOLVE)
        needed = stats(port)["answered"]
    assert undisturbed["made"] > 20
    with loopback(killed) as port:
        write_prompts(killed, port)
        process = begin(killed, EVOLVE)
        while stats(port)["answered"] < needed // 2 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with Store.open(killed / "night.db") as store:
            known = store.count(Call)
        assert 0 < known < needed
        resumed = to_the_end(killed, EVOLVE)
        server = stats(port)
    assert resumed["calls"]["made"] == needed - known, "no committed call was made again"
    assert server["distinct"] == needed
    assert server["answered"] - needed <= AT_ONCE * len(MODELS), "at most the calls in flight again"
    for name in ("evolved.jsonl", "evolved.rejected.jsonl"):
        assert (killed / name).read_bytes() == (whole / name).read_bytes()

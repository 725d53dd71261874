"""Ctrl-C and SIGTERM: the work in flight ends, nothing is lost, the same command goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
from cli_helpers import process, write_scenario

from aaa.store import Store
from aaa.types import Call

SLOW = ["--set", "episodes_at_once=1", *(f"--set=models.{name}.sim.latency=0.2" for name in ("ant", "bee", "cat"))]


def begun(folder: Path) -> subprocess.Popen[str]:
    """A slow run that has made its first call."""
    started = process(folder, "run", "small.yaml", "--db", "small.db", "--json", *SLOW)
    deadline = time.monotonic() + 60
    while True:
        assert started.poll() is None, started.communicate()
        assert time.monotonic() < deadline
        if (folder / "small.db").exists():
            with Store.open(folder / "small.db", create=False) as store:
                if store.count(Call):
                    return started
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_once_it_ends_by_itself_and_can_go_on(tmp_path: Path, number: signal.Signals) -> None:
    write_scenario(tmp_path)
    run = begun(tmp_path)
    run.send_signal(number)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    stopped = json.loads(out)
    assert stopped["complete"] is False
    assert "again" in err
    assert "Traceback" not in err
    again = process(tmp_path, "run", "small.yaml", "--db", "small.db", "--json", *SLOW)
    out, err = again.communicate(timeout=60)
    assert again.returncode == 0, err
    resumed = json.loads(out)
    assert resumed["complete"] is True
    assert resumed["episodes"]["done"] == 8
    with Store.open(tmp_path / "small.db", create=False) as store:
        assert stopped["calls"]["made"] + resumed["calls"]["made"] == store.count(Call)


def test_asked_twice_it_ends_at_once(tmp_path: Path) -> None:
    write_scenario(tmp_path)
    run = begun(tmp_path)
    run.send_signal(signal.SIGINT)
    time.sleep(0.02)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Stopped" in err
    assert "Traceback" not in err
    assert out == "" or json.loads(out)["complete"] is False

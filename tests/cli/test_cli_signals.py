"""Ctrl-C and SIGTERM: the work in flight ends, nothing is lost, the same command goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from cli_helpers import Aaa, process, write_scenario

from aaa.store import Store
from aaa.types import Call

COMMAND = [
    "run",
    "small.yaml",
    "--db",
    "small.db",
    "--json",
    "--set",
    "episodes_at_once=1",
    *(f"--set=models.{name}.sim.latency=0.05" for name in ("ant", "bee", "cat")),
]


def begun(folder: Path) -> subprocess.Popen[str]:
    """A slow run that has made its first call."""
    started = process(folder, *COMMAND)
    deadline = time.monotonic() + 60
    while True:
        assert started.poll() is None, started.communicate()
        assert time.monotonic() < deadline
        if (folder / "small.db").exists():
            with Store.open(folder / "small.db", create=False) as store:
                if store.count(Call):
                    return started
        time.sleep(0.05)


def test_ctrl_c_ends_it_cleanly_and_the_same_command_goes_on(tmp_path: Path, aaa: Aaa) -> None:
    write_scenario(tmp_path)
    run = begun(tmp_path)
    stopped = ended(run, signal.SIGINT)
    resumed = aaa(*COMMAND)
    assert resumed.code == 0, resumed.err
    assert resumed.json["complete"] is True
    assert resumed.json["episodes"]["done"] == 8
    with Store.open(tmp_path / "small.db", create=False) as store:
        assert stopped["calls"]["made"] + resumed.json["calls"]["made"] == store.count(Call)


def test_a_service_manager_ends_it_as_cleanly(tmp_path: Path) -> None:
    write_scenario(tmp_path)
    ended(begun(tmp_path), signal.SIGTERM)


def ended(run: subprocess.Popen[str], number: signal.Signals) -> Any:
    """What a run says in JSON that was asked once to stop."""
    run.send_signal(number)
    out, err = run.communicate(timeout=60)
    assert run.returncode == 130, err
    assert "again" in err
    assert "Traceback" not in err
    stopped = json.loads(out)
    assert stopped["complete"] is False
    return stopped


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

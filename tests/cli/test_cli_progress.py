"""Live progress: what it counts, and that a terminal is left as it was found."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from cli_helpers import ROOT, write_scenario
from rich.console import Console

from aaa.cli.progress import duration, frame, line
from aaa.llm import Outage, Tally
from aaa.runner import Progress

HALF_WAY = Progress(
    expected=15,
    done=7,
    failed=1,
    skipped=5,
    replayed=4,
    failures=Counter(timeout=2),
    stage=Counter(answer=8),
    passed_over=Counter(chat=5),
)


def test_a_picture_shows_each_stage_with_what_it_has_to_do() -> None:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(frame("night", ["answer", "chat"], HALF_WAY, Tally(made=12, prompt_tokens=900), seconds=20))
    rows = console.export_text().splitlines()
    assert rows[0].strip() == "night"
    assert rows[1].startswith("answer")
    assert "8/10" in rows[1], "20 episodes of two stages are 10 prompts"
    assert "0/5" in rows[2], "the chat passes five of them over"
    assert "12 calls made" in rows[3]
    assert "failures: 2 timeout" in rows[4]


def test_time_left_counts_only_what_this_run_did() -> None:
    assert "0:20 passed, about 0:35 left" in line(HALF_WAY, Tally(), seconds=20)
    assert "left" not in line(Progress(expected=10, done=4, replayed=4), Tally(), seconds=20)


def test_an_unknown_price_is_said() -> None:
    assert "$0.5000 and 3 calls of unknown price" in line(Progress(), Tally(usd=0.5, unpriced=3), seconds=1)


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (59.6, "1:00"), (750, "12:30"), (3723, "1:02:03")])
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_terminal_sees_moving_bars_and_gets_its_cursor_back(tmp_path: Path) -> None:
    write_scenario(tmp_path)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from aaa.cli import main; main()", "run", "small.yaml"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    run = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = _all_of(ours)
    assert run.wait(timeout=60) == 0
    assert "\x1b[?25l" in seen
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l")
    assert "answer" in seen
    assert "4/4" in seen


def _all_of(terminal: int) -> str:
    """What is written to the terminal until the last writer closes it."""
    said = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux reports the end of a terminal so
            part = b""
        if not part:
            os.close(terminal)
            return said.decode()
        said += part


def test_who_is_down_is_said_and_what_its_calls_do() -> None:
    down = Outage("bee", 200.0, "connection", "wait")
    told = line(Progress(), Tally(retried=12, trouble="bee: connection"), seconds=210, outages=[down])
    assert "12 attempts repeated (last bee: connection)" in told
    assert "bee down for 3:20 (connection): calls wait" in told
    given_up = replace(down, fate="fail")
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(frame("night", ["answer"], HALF_WAY, Tally(), seconds=20, outages=[given_up]))
    assert "calls fail at once" in console.export_text()

"""The soak of bench/soak.py, made small: faults of every kind, `kill -9`, and an audit of what is left."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SOAK = Path(__file__).resolve().parents[2] / "bench" / "soak.py"


def test_faults_and_kills_lose_nothing_repeat_nothing_and_overspend_nothing() -> None:
    command = [sys.executable, str(SOAK), "--prompts", "400", "--kills", "2", "--in-flight", "16"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kills"] == 2
    assert found["requests"] > found["prompts"], "no fault was injected"

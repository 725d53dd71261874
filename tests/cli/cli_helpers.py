"""A small scenario of simulated models, and the command as a process."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from loopback import Answer, Loopback

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTILE = "\x1b[31mred\x1b[2J \x9b1m [bold]loud[/bold] \u202eevil ``` ```` end"
PROMPTS = [
    {"id": "sum", "instruction": "What is 17 + 25?", "reference": "42", "verifier": {"kind": "numeric"}},
    {"id": "product", "instruction": "What is 12 times 11?", "reference": "132", "verifier": {"kind": "numeric"}},
    {"id": "difference", "instruction": "What is 90 - 45?", "reference": "45", "verifier": {"kind": "numeric"}},
    {
        "id": "hostile",
        "instruction": "What is 31 + 14?",
        "system": HOSTILE,
        "reference": "45",
        "verifier": {"kind": "numeric"},
        "skill": "hostile",
    },
]
SCENARIO: dict[str, Any] = {
    "name": "small",
    "seed": 3,
    "models": {
        "ant": {"model": "sim/ant", "family": "insects", "license": "mit", "sim": {"default_skill": 0.05}},
        "bee": {"model": "sim/bee", "family": "flyers", "license": "apache-2.0", "sim": {"default_skill": 1.0}},
        "cat": {"model": "sim/cat", "family": "mammals", "license": "mit", "sim": {"default_skill": 0.9}},
        "dog": {"model": "sim/dog", "family": "canids", "license": "mit", "sim": {"default_skill": 0.9}},
    },
    "cast": {
        "members": {"models": ["ant", "bee"], "card": "member"},
        "critics": {"models": ["cat"], "card": "critic"},
        "judges": {"models": ["cat", "dog"], "card": "judge", "quorum": 1},
    },
    "prompts": {"from": "prompts.jsonl"},
    "stages": ["answer", "battle"],
    "export": [{"format": "trl-preference", "to": "out/pairs.jsonl"}],
}


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Aaa = Callable[..., Outcome]
Write = Callable[..., str]


def write_scenario(folder: Path, **changes: Any) -> str:
    (folder / "small.yaml").write_text(yaml.safe_dump({**SCENARIO, **changes}, sort_keys=False))
    (folder / "prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in PROMPTS))
    return "small.yaml"


def process(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from aaa.cli import main; main()", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def served(answer: Answer) -> Iterator[Loopback]:
    """The tests' own server in a thread of its own, while commands run in this one."""
    loop, server = asyncio.new_event_loop(), Loopback(answer)
    loop.run_until_complete(server.__aenter__())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(server.__aexit__())
        loop.close()

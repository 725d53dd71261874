"""A small scenario of simulated models in a folder of its own."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from aaa.session import Resolved, RunOptions, RunResult, resolve, run_session

PROMPTS = [
    {"id": "sum", "instruction": "What is 17 + 25?", "reference": "42", "verifier": {"kind": "numeric"}},
    {"id": "product", "instruction": "What is 12 times 11?", "reference": "132", "verifier": {"kind": "numeric"}},
    {"id": "difference", "instruction": "What is 90 - 45?", "reference": "45", "verifier": {"kind": "numeric"}},
    {"id": "advice", "instruction": "Give me three tips for sleeping better.", "skill": "advice"},
]

SCENARIO: dict[str, Any] = {
    "name": "small",
    "seed": 3,
    "models": {
        "ant": {"model": "sim/ant", "family": "insects", "license": "mit", "sim": {"default_skill": 0.4}},
        "bee": {"model": "sim/bee", "family": "flyers", "license": "apache-2.0", "sim": {"default_skill": 0.95}},
        "cat": {"model": "sim/cat", "family": "mammals", "license": "cc-by-4.0", "sim": {"default_skill": 0.9}},
        "dog": {"model": "sim/dog", "family": "canids", "license": "mit", "sim": {"default_skill": 0.9}},
    },
    "target": "ant",
    "cast": {
        "members": {"models": ["ant", "bee"], "card": "member"},
        "students": {"models": ["ant"], "card": "student"},
        "teachers": {"models": ["bee", "cat"], "card": "teacher"},
        "critics": {"models": ["cat"], "card": "critic"},
        "judges": {"models": ["bee", "cat", "dog", "ant"], "card": "judge", "quorum": 2},
    },
    "prompts": {"from": "prompts.jsonl"},
    "stages": ["answer", {"chat": {"where": {"share": 0.5}}}, "grade", "battle", {"critique": {"of": "target"}}],
    "export": [
        {"selection": "main", "format": "trl-preference", "to": "pairs.jsonl"},
        {"selection": "main", "format": "trl-sft", "to": "sft.jsonl"},
    ],
}


class Desk:
    """A user's folder: writes scenarios and runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = folder / "aaa.db"
        self.scenario = copy.deepcopy(SCENARIO)
        self.prompts = copy.deepcopy(PROMPTS)

    def resolve(self, **options: Any) -> Resolved:
        path = self.folder / "scenario.yaml"
        path.write_text(yaml.safe_dump(self.scenario, sort_keys=False))
        lines = (json.dumps(row) for row in self.prompts)
        (self.folder / "prompts.jsonl").write_text("".join(f"{line}\n" for line in lines))
        return resolve([path], **options)

    async def run(self, *, accept_changes: bool = False, **options: Any) -> RunResult:
        return await run_session(self.resolve(**options), RunOptions(db=self.db, accept_changes=accept_changes))

    def rows(self, name: str = "pairs.jsonl") -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / name).read_text().splitlines()]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


Change = Callable[[Desk], None]

"""`aaa export` and `aaa import`: the way of data in and out, as a user takes it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from cli_helpers import ROOT, Aaa, Write

PAIRS = [
    {"prompt": f"Write to ann{n}@example.org: {n}?", "chosen": f"good {n}", "rejected": f"bad {n}"} for n in range(12)
]


def source() -> Path:
    path = Path("old.jsonl")
    path.write_text("".join(json.dumps(row) + "\n" for row in PAIRS))
    return path


def test_in_checked_and_out(aaa: Aaa) -> None:
    source()
    told = aaa("import", "old.jsonl", "--format", "trl-preference", "--license", "mit", "--json")
    assert (told.code, told.json) == (0, {"session": "old", "rows": 12, "left_out": {}})
    out = ("export", "old", "--selection", "imported", "--format", "openai-preference", "--out", "o.jsonl")
    assert aaa(*out, "--json").json["rows"] == 12
    assert aaa("export", "--check", "o.jsonl", "--format", "openai-preference").code == 0
    told = aaa("export", "--check", "o.jsonl", "--format", "trl-preference", "--json")
    assert (told.code, told.json["good"], told.json["rows"]) == (1, False, 12)
    assert aaa("export", "old", "--check", "o.jsonl").code == 2
    assert aaa("export", "old").code == 2


def test_private_data_goes_by_choice_and_keys_never(aaa: Aaa) -> None:
    source()
    aaa("import", "old.jsonl", "--format", "trl-preference")
    told = aaa("export", "old", "--redact", "--out", "o.jsonl", "--json")
    assert told.json["redactions"] == {"EMAIL": 12}
    assert "@" not in Path("o.jsonl").read_text()
    os.environ["AAA_TEST_API_KEY"] = "ann3@example.org"
    try:
        told = aaa("export", "old", "--out", "o.jsonl", "--json")
    finally:
        del os.environ["AAA_TEST_API_KEY"]
    assert (told.json["rows"], list(told.json["left_out"])) == (11, ["secret"])


def test_splits_part_the_rows(aaa: Aaa) -> None:
    source()
    aaa("import", "old.jsonl", "--format", "trl-preference")
    rows = {}
    for split in ("train", "test"):
        wanted = ("--split", split, "--test-share", "0.5", "--out", f"{split}.jsonl")
        rows[split] = aaa("export", "old", *wanted, "--json").json["rows"]
    assert rows["train"] + rows["test"] == 12
    assert min(rows.values()) > 0


EXPORTS = {
    "pairs.jsonl": ("close", "trl-preference"),
    "kto.json": ("kto", "llamafactory-kto"),
    "pairs.parquet": ("close", "parquet-preference"),
    "uf": ("main", "ultrafeedback"),
    "hub": ("main", "hf-sft"),
}
PROCESS = """
import sys
from aaa.cli import main
for words in {commands!r}:
    try:
        main(words)
    except SystemExit as ended:
        assert not ended.code, words
"""


def test_the_same_bytes_whatever_process_locale_or_hash_seed(aaa: Aaa, scenario: Write) -> None:
    """Selections by hash, matched lengths, files, folders, cards and manifests."""
    aaa("run", scenario(stages=["answer", "grade", "battle"]))
    rules = ("pairs.by=score", "pairs.take=best_random", "pairs.match_lengths=true", "sft.per_skill=2")
    commands = [
        ["select", "small", "--name", "close", *(word for rule in rules for word in ("--set", rule))],
        ["select", "small", "--name", "kto", "--set", "labels.by=check"],
    ]
    digests = []
    for seed, locale in (("1", "C"), ("2", "C.UTF-8"), ("3", "POSIX")):
        made = [
            ["export", "small", "--selection", chosen, "--format", form, "--card", "--out", f"{seed}/{name}"]
            for name, (chosen, form) in EXPORTS.items()
        ]
        code = PROCESS.format(commands=[*commands, *made])
        env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", code], check=True, env=env, capture_output=True)
        files = sorted(path for path in Path(seed).rglob("*") if path.is_file())
        digests.append({str(path)[2:]: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    assert len(digests[0]) > 10
    assert digests[0] == digests[1] == digests[2]

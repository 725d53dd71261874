"""`aaa run` and `aaa validate`: what they print, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_helpers import SCENARIO, Aaa, Write

REHEARSAL = "REHEARSAL: simulated models, not training data"


def test_json_is_one_object_and_nothing_else(aaa: Aaa, scenario: Write) -> None:
    told = aaa("run", scenario(), "--json")
    assert (told.code, told.err) == (0, "")
    assert set(told.json) == {
        "session", "episodes", "calls", "tokens", "usd", "sft_samples", "preference_pairs", "failures", "exports",
        "complete", "simulated", "learned",
    }  # fmt: skip
    assert told.json["session"] == "small"
    assert told.json["episodes"] == {"done": 8, "failed": 0, "skipped": 0}
    assert told.json["calls"]["made"] > 0
    assert told.json["calls"]["replayed"] == told.json["calls"]["failed"] == 0
    assert told.json["tokens"] > 0
    assert told.json["usd"] == 0
    assert told.json["failures"] == {}
    assert told.json["complete"] is told.json["simulated"] is True
    rows = Path("out/pairs.jsonl").read_text().splitlines()
    assert told.json["preference_pairs"] == len(rows) > 0
    (written,) = told.json["exports"]
    assert written["rows"] == len(rows)
    assert Path(written["path"]).samefile("out/pairs.jsonl")
    assert written["partial"] is False


def test_the_second_run_makes_no_call(aaa: Aaa, scenario: Write) -> None:
    file = scenario()
    first = aaa("run", file, "--json").json
    before = Path("out/pairs.jsonl").read_bytes()
    second = aaa("run", file, "--json").json
    assert second["calls"]["made"] == 0
    assert second["episodes"] == first["episodes"]
    assert Path("out/pairs.jsonl").read_bytes() == before


def test_the_summary_tells_what_was_found_and_what_to_do(aaa: Aaa, scenario: Write) -> None:
    told = aaa("run", scenario(stages=["answer", "grade", "battle", "critique"]))
    assert told.code == 0
    for heading in ("Who beat whom", "Members, by their own answers", "Training data selected and left out"):
        assert f"{REHEARSAL}\n{heading}" in told.out.replace(" \n", "\n").replace("  ", ""), heading
    assert "Revisions against their drafts:" in told.out
    assert "4 episodes" in told.err or "16/16 episodes" in told.err
    assert "out/pairs.jsonl" in told.out
    steps = [line.strip() for line in told.out.splitlines() if line.startswith("  aaa ")]
    assert len(steps) == 2
    for step in steps:
        assert aaa(*step.split()[1:]).code == 0, step


def test_the_next_steps_name_another_store(aaa: Aaa, scenario: Write) -> None:
    told = aaa("run", scenario(), "--db", "else where.db")
    assert "aaa show small --db 'else where.db' --pairs 3" in told.out
    assert not Path("data").exists()


def test_progress_goes_to_stderr_as_plain_lines_where_there_is_no_terminal(aaa: Aaa, scenario: Write) -> None:
    told = aaa("run", scenario())
    assert told.err.startswith(f"small · {REHEARSAL}\n")
    assert "8/8 episodes" in told.err.splitlines()[-1]
    assert "\x1b" not in told.err + told.out


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("budgte.usd=1", "did you mean 'budget'"),
        ("budget.usd=-1", "budget.usd"),
        ("cast.members.card=nobody", "no agent card 'nobody'"),
        ("prompts.from=missing.jsonl", "missing.jsonl"),
        ("cast.judges.quorum=9", "quorum"),
    ],
)
@pytest.mark.parametrize("command", ["run", "validate"])
def test_a_bad_scenario_is_wrong_use_and_writes_nothing(
    aaa: Aaa, scenario: Write, command: str, setting: str, words: str
) -> None:
    file, before = scenario(), {Path("small.yaml"), Path("prompts.jsonl")}
    told = aaa(command, file, "--set", setting)
    assert told.code == 2
    assert told.out == ""
    assert told.err.startswith("Error: ")
    assert words in told.err
    assert "Traceback" not in told.err
    assert set(Path().iterdir()) == before


def test_errors_stand_on_stderr_with_json_too(aaa: Aaa) -> None:
    told = aaa("run", "no-such.yaml", "--json")
    assert (told.code, told.out) == (2, "")
    assert "no-such.yaml" in told.err


def test_too_many_failures_are_failed_work_and_few_are_not(aaa: Aaa, scenario: Write) -> None:
    models = {"ant": {"sim": {"faults": {"refused": 1.0}}}}
    file = scenario()
    Path("faults.yaml").write_text(json.dumps({"models": models}))
    told = aaa("run", file, "faults.yaml")
    assert told.code == 1
    assert "failures.tolerate allows 2.0%" in told.err
    assert "refused" in told.out
    again = aaa("run", file, "faults.yaml", "--set", "failures.tolerate=1.0", "--json")
    assert again.code == 0
    assert again.json["failures"]["refused"] >= 4
    assert again.json["episodes"]["failed"] == 4


def test_a_budget_that_is_used_up_ends_the_run_cleanly_and_raising_it_goes_on(aaa: Aaa, scenario: Write) -> None:
    file = scenario()
    told = aaa("run", file, "--json", "--set", "budget.calls=9")
    assert told.code == 1
    assert "budget.calls" in told.err
    assert told.json["complete"] is False
    assert told.json["calls"]["made"] <= 9
    assert told.json["exports"][0]["partial"] is True
    rest = aaa("run", file, "--json")
    assert rest.code == 0
    assert rest.json["complete"] is True
    whole = aaa("run", file, "--json", "--db", "other.db").json
    assert aaa("status", "small", "--json").json["calls"]["made"] == whole["calls"]["made"], "no call was made twice"


def test_changes_ask_for_consent(aaa: Aaa, scenario: Write) -> None:
    file = scenario()
    aaa("run", file, "--json")
    told = aaa("run", file, "--set", "seed=4")
    assert told.code == 2
    assert "seed: 3 -> 4" in told.err
    assert aaa("run", file, "--set", "seed=4", "--accept-changes", "--json").code == 0
    assert aaa("run", file, "--set", "seed=5", "--session", "another", "--json").json["session"] == "another"


def test_a_missing_key_stops_a_run_but_not_a_validation_or_a_rehearsal(
    aaa: Aaa, scenario: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    models = {name: {"model": "openai/gpt-4o-mini", "family": name, "license": "x"} for name in ("cat", "dog")}
    models |= {name: {"model": "openai/gpt-4o-mini", "family": name, "license": "x"} for name in ("ant", "bee")}
    file = scenario(models=models)
    told = aaa("run", file)
    assert told.code == 2
    assert "OPENAI_API_KEY" in told.err
    assert not Path("data").exists()
    checked = aaa("validate", file)
    assert checked.code == 0
    assert "MISSING: set OPENAI_API_KEY" in checked.out
    assert aaa("validate", file, "--json").json["missing_keys"]["ant"] == "OPENAI_API_KEY"
    rehearsed = aaa("run", file, "--rehearse", "--json").json
    assert rehearsed["session"] == "small-rehearsal"
    assert rehearsed["simulated"] is True
    Path(".env").write_text("OPENAI_API_KEY=sk-secret\n")
    monkeypatch.setenv("OPENAI_API_KEY", "")
    monkeypatch.delenv("OPENAI_API_KEY")
    checked = aaa("validate", file, "--json")
    monkeypatch.delenv("OPENAI_API_KEY")
    assert checked.json["missing_keys"] == {}
    assert "sk-secret" not in checked.out


def test_validate_lists_jurors_and_those_who_step_out(aaa: Aaa, scenario: Write) -> None:
    file = scenario()
    told = aaa("validate", file, "--set", "models.cat.family=insects")
    assert told.code == 0
    (meeting,) = aaa("validate", file, "--json", "--set", "models.cat.family=insects").json["meetings"]
    assert meeting == {
        "stage": "battle", "left": "ant", "right": "bee", "jurors": ["dog"], "stepped_out": ["cat"], "quorum": 1,
    }  # fmt: skip
    assert "Who may judge whom" in told.out
    assert "4 of 4 prompts" in told.out
    assert not Path("data").exists()


def test_terms_keep_rows_out_of_exports(aaa: Aaa, scenario: Write) -> None:
    spec = {"format": "trl-preference", "to": "out/pairs.jsonl", "terms": "open-only"}
    models = {**SCENARIO["models"], "bee": {**SCENARIO["models"]["bee"], "license": "openai-terms"}}
    told = aaa("run", scenario(models=models, export=[spec]))
    assert told.code == 0, told.err
    assert "0 rows of trl-preference; left out: " in told.out
    assert "terms:openai-terms" in told.out
    told = aaa("export", "small", "--terms", "open-only", "--out", "p.jsonl")
    assert "Left out, by their terms: " in told.out
    assert "profile open-only: `open` must be true, but is false" in told.out
    assert aaa("export", "small", "--terms", "commercial", "--out", "p.jsonl", "--json").json["rows"] > 0
    told = aaa("export", "small", "--terms", "mine", "--out", "p.jsonl")
    assert (told.code, "There is no profile of terms 'mine'" in told.err) == (2, True)


def test_verify_checks_a_folder_with_a_card(aaa: Aaa, scenario: Write) -> None:
    told = aaa("run", scenario(export=[{"format": "trl-preference", "to": "out/pairs.jsonl", "card": True}]))
    assert told.code == 0, told.err
    told = aaa("verify", "out")
    assert (told.code, told.out.startswith("out: 1 file, ")) == (0, True), told
    Path("out/pairs.jsonl").write_text("{}\n")
    told = aaa("verify", "out", "--json")
    assert (told.code, told.json["good"]) == (1, False)
    assert "pairs.jsonl" in told.json["findings"][0]
    told = aaa("verify", ".")
    assert (told.code, "holds no manifest.json" in told.err) == (2, True)

"""Arena Learning from a scenario to its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aaa.session import RunOptions, resolve, run_session, validate
from aaa.store import Store
from aaa.types import Answer, PreferencePair, SftSample, Verdict

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "arena_learning.yaml"


async def test_the_gallerys_target_learns_from_what_it_lost(tmp_path: Path) -> None:
    resolved = resolve([SCENARIO], settings=["export=[]", "prompts.sample.size=18"])
    result = await run_session(resolved, RunOptions(db=tmp_path / "aaa.db"))
    assert (result.stopped, result.progress.failed) == (None, 0)
    with Store.open(tmp_path / "aaa.db") as store:
        verdicts = {frozenset((one.left, one.right)): one for one in store.rows(Verdict)}
        answers: dict[str, Any] = {one.id: one for one in store.rows(Answer)}
        samples = list(store.rows(SftSample, selection="supervised"))
        assert samples
        for sample in samples:
            lost = [one for one in verdicts.values() if one.winner == sample.answer]
            assert any(answers[str(one.loser)].member == "elm" for one in lost)
            assert answers[sample.answer].member != "elm"
        pairs = {name: list(store.rows(PreferencePair, selection=name)) for name in ("preference", "reward")}
        assert {one.id for one in store.rows(SftSample)} == {one.id for one in samples}
        assert all("elm" in (one.chosen_model, one.rejected_model) for rows in pairs.values() for one in rows)
        assert all(one.margin >= 2 for one in pairs["preference"] if one.decided_by == "panel")
        assert len(pairs["reward"]) >= len(pairs["preference"]) > 0


async def test_arena_without_grades_is_warned_of(desk: Any) -> None:
    desk.scenario["stages"] = ["answer", "battle"]
    desk.scenario |= {"export": [], "select": {"main": {"sft": {"by": "arena"}}}}
    assert any("asks for scores" in one for one in validate(desk.resolve()).notes)
    desk.scenario["stages"] = ["answer", {"battle": {"verdict": "scores"}}]
    assert not any("asks for scores" in one for one in validate(desk.resolve()).notes)

"""Two specialists find out who leads what and teach both ways; who does not learn is not said to have learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from aaa.rate import GapRule
from aaa.session import Learned, RunOptions, TaughtSlice, learned_by, resolve, run_session, slices_of
from aaa.store import Store
from aaa.types import Decision, Session, SetAside

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "two_specialists.yaml"
TRUTH = {
    ("amber", "basil", "arithmetic"),
    ("amber", "basil", "units"),
    ("basil", "amber", "dates"),
    ("basil", "amber", "sorting"),
}
RULE = GapRule(bootstrap=60)


async def taught(folder: Path, *settings: str) -> tuple[list[TaughtSlice], list[Learned], dict[str, object]]:
    resolved = resolve([SCENARIO], settings=["export=[]", *settings])
    result = await run_session(resolved, RunOptions(db=folder / "aaa.db"))
    assert result.stopped is None
    assert result.progress.failed == 0
    with Store.open(folder / "aaa.db") as store:
        session = store.get(Session, resolved.session)
        assert session is not None
        decisions = {one.name: one.value for one in store.rows(Decision, session=session.id)}
        slices = slices_of(store, session, RULE)
        assert store.count(SetAside, session=session.id, reason="outside_budget") == 20
        return slices, learned_by(slices, None, RULE), decisions


async def test_the_gallerys_specialists_find_out_and_narrow_their_gaps(tmp_path: Path) -> None:
    slices, (step,), decisions = await taught(tmp_path)
    assert {(gap.leader, gap.trailer, gap.skill) for gap in slices[0].gaps.real} == TRUTH
    assert {tuple(edge[:3]) for edge in decisions["gaps"]["teaching"]} == TRUTH
    assert sum(decisions["gaps"]["shares"].values()) == pytest.approx(1.0)
    learned = decisions["train"]["learned"]
    assert learned["basil"]["arithmetic"]["after"] > 0.7 > learned["basil"]["arithmetic"]["before"]
    assert learned["amber"]["dates"]["after"] > 0.7
    assert {change.skill for change in step.changes if change.proven == "narrowed"} == {e[2] for e in TRUTH}
    assert set(slices[1].revisions) == {"amber", "basil"}
    assert "narrowed: " in step.sentence()


async def test_without_learning_no_gain_is_reported(tmp_path: Path) -> None:
    slices, (step,), _ = await taught(tmp_path, "stages.3.train.rate=0")
    assert {(gap.leader, gap.trailer, gap.skill) for gap in slices[1].gaps.real} == TRUTH
    assert all(change.proven is None for change in step.changes)
    assert step.sentence().startswith("No gain is shown")

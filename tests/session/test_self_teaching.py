"""Self-teaching by active learning: what is chosen and why, practice near what was failed, and who may judge it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from aaa.errors import ScenarioError
from aaa.store import Store
from aaa.types import Answer, CallUse, Decision, Evolution, Instruction, PreferencePair, SftSample, Verdict, decision_id

SUBJECTS = ("sleeping better", "saving water", "learning Dutch", "a calmer morning", "good soup", "a tidy desk")
ADVICE = [
    {"id": f"tip-{n}", "instruction": f"Give me {n + 2} tips for {SUBJECTS[n % 6]} in month {n}.", "skill": "advice"}
    for n in range(24)
]
SUMS = [
    {
        "id": f"sum-{n}",
        "instruction": f"What is {n} + {3 * n} - 17?",
        "reference": str(4 * n - 17),
        "verifier": {"kind": "numeric"},
        "skill": "arithmetic",
    }
    for n in range(30, 54)
]
SELF_TEACH = {"self_teach": {"draws": 4, "where": {"chosen": "choose"}}}


def rows(desk: Any, kind: Any, **where: Any) -> list[Any]:
    with Store.open(desk.db) as store:
        return list(store.rows(kind, **where))


def chosen(desk: Any, stage: str = "choose") -> dict[str, float]:
    with Store.open(desk.db) as store:
        found = store.get(Decision, decision_id("small", stage))
    assert found is not None
    assert isinstance(found.value, dict)
    return found.value


def prepare(desk: Any, prompts: list[dict[str, Any]], stages: list[Any], **judge: float) -> None:
    models = desk.scenario["models"]
    models["ant"]["sim"] = {"default_skill": 0.5}
    for name in ("bee", "cat", "dog"):
        models[name]["sim"] = {"default_skill": 0.7, "judge": judge}
    desk.prompts = prompts
    desk.scenario["cast"]["evolvers"] = {"models": ["cat"], "card": "evolver"}
    desk.scenario |= {"stages": ["answer", *stages], "export": []}


@pytest.mark.parametrize("by", ["loss_rate", "margin", "panel_disagreement"])
async def test_prompts_on_which_jurors_followed_the_seat_are_never_chosen(desk: Any, by: str) -> None:
    prepare(desk, ADVICE, [{"battle": {"judges": "one"}}, {"choose": {"by": by, "share": 1.0}}], position_bias=0.5)
    desk.scenario["cast"]["one"] = {"models": ["dog"], "card": "judge", "quorum": 1}
    await desk.run()
    flipped = {one.instruction for one in rows(desk, Verdict) if one.outcome == "inconsistent"}
    assert 4 < len(flipped) < 20
    assert not flipped & set(chosen(desk))
    if by == "loss_rate":
        lost = {one.instruction for one in rows(desk, Verdict) if one.outcome == "win"}
        assert set(chosen(desk)) & lost


async def test_each_measure_chooses_what_shows_most_of_it(desk: Any) -> None:
    measures = ("loss_rate", "margin", "panel_disagreement")
    choices = [{"choose": {"name": by.replace("_", "-"), "by": by, "size": 6, "share": 1.0}} for by in measures]
    prepare(desk, ADVICE, ["battle", *choices], accuracy=0.7)
    await desk.run()
    answers = {one.id: one.member for one in rows(desk, Answer)}
    lost, close, split = {}, {}, {}
    for one in rows(desk, Verdict):
        votes = Counter(vote.choice for vote in one.votes if vote.choice not in ("failed", "inconsistent"))
        lost[one.instruction] = 0.5 if one.loser is None else float(answers[one.loser] == "ant")
        close[one.instruction] = 1 - one.margin / len(one.votes)
        split[one.instruction] = 1 - max(votes.values()) / votes.total() if votes else 0.0
    settled = {one.instruction for one in rows(desk, Verdict) if one.outcome in ("win", "tie")}
    for by, shown in zip(measures, (lost, close, split), strict=True):
        taken = chosen(desk, by.replace("_", "-"))
        assert 0 < len(taken) <= 6, by
        assert taken == {id_: pytest.approx(shown[id_]) for id_ in taken}, by
        assert min(taken.values()) >= max((shown[id_] for id_ in settled - set(taken)), default=0.0), by


async def test_what_its_draws_disagree_about_can_be_chosen(desk: Any) -> None:
    prepare(desk, SUMS, [{"self_teach": {"draws": 4}}, {"choose": {"by": "draws", "share": 0.25}}])
    await desk.run()
    right: dict[str, list[bool]] = {}
    for one in rows(desk, Answer):
        if one.lineage.operation == "draw":
            right.setdefault(one.instruction, []).append(one.check.passed)
    mixed = {id_ for id_, passed in right.items() if len(set(passed)) == 2}
    assert len(mixed) >= 6
    assert len(chosen(desk)) == 6
    assert set(chosen(desk)) <= mixed


async def test_new_prompts_are_made_near_the_failures_and_drawn_on(desk: Any) -> None:
    near = {"evolve": {"by": "evolvers", "direction": "near", "rounds": 1, "where": {"chosen": "choose"}}}
    prepare(desk, [*SUMS, *ADVICE[:6]], ["battle", {"choose": {"share": 0.3}}, near, SELF_TEACH])
    desk.scenario["select"] = {"main": {"pairs": {"by": "verdict"}, "sft": {"by": "verdict"}}}
    result = await desk.run()
    assert result.progress.failed == 0
    failures = set(chosen(desk))
    assert 0 < len(failures) <= 9
    with Store.open(desk.db) as store:
        made = [one for one in store.rows(Instruction) if one.lineage.parent is not None]
        assert {one.lineage.parent for one in made} == failures
        assert {(one.lineage.operation, one.lineage.model) for one in made} == {("neighbour", "cat")}
        sums = [one for one in made if one.skill == "arithmetic"]
        assert sums
        assert all(" + " in one.text and one.text != store.get(Instruction, one.lineage.parent).text for one in sums)
        assert all(one.reference is None and one.verifier is None for one in made), "another task, another answer"
        drawn = {one.instruction for one in store.rows(Answer) if one.lineage.operation == "draw"}
        assert drawn == failures | {one.id for one in made}
        new = {one.id for one in made}
        pairs = [one for one in store.rows(PreferencePair) if one.instruction in new]
        assert pairs
        assert {(one.chosen_model, one.rejected_model) for one in pairs} == {("ant", "ant")}
        samples = [one for one in store.rows(SftSample) if one.instruction in new]
        won = {one.winner for one in store.rows(Verdict) if one.instruction in new}
        assert samples
        assert {one.answer for one in samples} <= won, "the best of its draws"
        assert not [use for use in store.rows(CallUse) if use.role == "checker"], "a neighbour is to gain nothing"
    assert (await desk.run()).gateway.tally.made == 0


async def test_what_was_made_before_a_choice_is_chosen_for_itself(desk: Any) -> None:
    near = {"evolve": {"by": "evolvers", "direction": "near", "rounds": 1}}
    prepare(desk, SUMS[:12], ["battle", {"choose": {"share": 0.2}}, SELF_TEACH])
    desk.scenario["stages"].insert(0, near)
    await desk.run()
    assert len(rows(desk, Evolution)) == 12
    drawn = {one.instruction for one in rows(desk, Answer) if one.lineage.operation == "draw"}
    assert drawn == set(chosen(desk))


async def test_a_model_may_judge_its_own_draws(desk: Any) -> None:
    prepare(desk, ADVICE[:6], [{"self_teach": {"draws": 3, "judges": "itself"}}])
    desk.scenario["cast"]["itself"] = {"models": ["ant"], "card": "judge", "quorum": 1, "own_family": "allow"}
    await desk.run()
    verdicts = rows(desk, Verdict)
    assert verdicts
    assert {vote.judge for one in verdicts for vote in one.votes} == {"ant"}
    assert {one.decided_by for one in verdicts} == {"panel"}


async def test_a_method_of_ones_own_makes_no_neighbours(desk: Any) -> None:
    prepare(desk, SUMS[:2], [{"evolve": {"direction": "near", "method": "m.txt"}}])
    with pytest.raises(ScenarioError, match="leave `direction` at `up`"):
        desk.resolve()

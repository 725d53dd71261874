"""Selections over a session that evolves its prompts: pairs by construction, pairs of instructions, what is missing."""

from __future__ import annotations

from typing import Any

from aaa.session import validate
from aaa.session.explaining import explain
from aaa.store import Store
from aaa.types import Answer, Instruction, InstructionRating, PreferencePair, Rejection, Session

SELECT: dict[str, Any] = {
    "built": {"pairs": {"by": "construction"}},
    "irm": {"instructions": {"take": "all", "min_margin": 0.25}},
}


async def test_versions_of_prompts_pair_by_construction_and_by_quality(desk: Any) -> None:
    rounds = {"by": "members", "rate": "judges", "rounds": 2, "operations": {"constraint": 1}}
    desk.scenario["stages"] = [{"evolve": rounds}, "answer"]
    desk.scenario |= {"select": SELECT, "export": []}
    await desk.run()
    with Store.open(desk.db) as store:
        built = list(store.rows(PreferencePair, selection="built"))
        assert built
        for pair in built:
            child = store.get(Instruction, pair.instruction)
            chosen, rejected = store.get(Answer, pair.chosen_answer), store.get(Answer, pair.rejected_answer)
            assert child is not None
            assert chosen is not None
            assert rejected is not None
            assert (pair.prompt, chosen.instruction) == (child.prompt, child.id)
            assert rejected.instruction == child.lineage.parent
            assert pair.chosen_model == pair.rejected_model == chosen.member
        points: dict[str, list[float]] = {}
        for row in store.rows(InstructionRating):
            points.setdefault(row.rated, []).extend((row.definition, row.precision, row.integrity))
        pairs = list(store.rows(PreferencePair, selection="irm"))
        left = list(store.rows(Rejection, selection="irm"))
        assert pairs
        assert {row.reason for row in left} <= {"low_margin", "equal_text"}
        for pair in pairs:
            grades = [sum(points[id_]) / len(points[id_]) for id_ in (pair.chosen_answer, pair.rejected_answer)]
            assert abs(grades[0] - grades[1] - pair.margin) < 1e-9
        session = store.get(Session, "small")
        assert session is not None
        story = explain(store, session, pairs[0].id)
        assert story.record.instruction.id == pairs[0].instruction
        assert pairs[0] in story.taken


def test_what_no_stage_makes_is_told_before_anything_is_paid(desk: Any) -> None:
    desk.scenario["stages"] = ["answer", "battle"]
    wanted = {
        "lead": {"sft": {"min_lead": 1}},
        "kto": {"labels": {"by": "score"}},
        "lc": {"pairs": {}, "length_control": True},
    }
    desk.scenario |= {"select": {**SELECT, **wanted}, "export": []}
    told = "\n".join(validate(desk.resolve()).notes)
    for name, why in (("built", "evolve"), ("irm", "rate"), ("lead", "scores"), ("kto", "scores"), ("lc", "scores")):
        assert any(f"selection '{name}'" in line and why in line for line in told.splitlines()), name

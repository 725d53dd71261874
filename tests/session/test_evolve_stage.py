"""Stage `evolve`: instructions become others, which are answered, rated, and lead back to where they come from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from statistics import mean
from typing import Any

import pytest

from aaa.errors import ScenarioError
from aaa.store import Store
from aaa.types import Answer, Call, Evolution, Instruction, InstructionRating


def evolving(desk: Any, **spec: Any) -> None:
    desk.scenario["models"]["dog"]["sim"] = {"judge": {"accuracy": 1.0}}
    desk.scenario["cast"] |= {"evolvers": {"models": ["bee", "cat"]}, "raters": {"models": ["dog"], "card": "judge"}}
    desk.scenario["stages"] = [{"evolve": {"by": "evolvers", "rate": "raters", **spec}}, "answer"]
    desk.scenario["export"] = []


def rows(desk: Any, kind: Any) -> list[Any]:
    with Store.open(desk.db) as store:
        return list(store.rows(kind, session="small"))


async def test_versions_are_made_answered_and_rated(desk: Any) -> None:
    evolving(desk, rounds=3, direction="both", operations={"constraint": 1, "simpler": 1})
    result = await desk.run()
    assert result.stopped is None
    assert result.progress.failed == 0
    instructions = {one.id: one for one in rows(desk, Instruction)}
    made = [one for one in instructions.values() if one.episode]
    assert len(made) > 8
    for one in made:
        assert one.lineage.parent in instructions
        assert one.reference is None
        assert {producer.model for producer in one.producers} <= {"bee", "cat"}
    answered = Counter(answer.instruction for answer in rows(desk, Answer))
    assert all(answered[id_] == 2 for id_ in instructions)
    by_round: dict[tuple[str, int], list[float]] = defaultdict(list)
    for row in rows(desk, InstructionRating):
        lineage = instructions[row.rated].lineage
        by_round[lineage.operation or "seed", lineage.round].append(row.difficulty)
    up = [mean(by_round["seed", 0]), *(mean(by_round["constraint", n]) for n in (1, 2, 3))]
    assert up == sorted(up)
    assert up[0] + 2 < up[3]
    assert mean(by_round["simpler", 1]) < up[0]
    again = await desk.run()
    assert again.gateway.tally.made == 0


async def test_only_the_last_version_flows_on_where_it_is_asked_for(desk: Any) -> None:
    evolving(desk, rounds=2, direction="up", keep="last", check=False)
    await desk.run()
    made = [one for one in rows(desk, Instruction) if one.episode]
    assert len(made) == 4
    assert {one.instruction for one in rows(desk, Answer)} == {one.id for one in made}
    assert {one.lineage.round for one in made} == {2}


async def test_faults_are_dropped_and_the_parent_stands(desk: Any) -> None:
    evolving(desk, rounds=1, direction="up", tries=2)
    for name in ("bee", "cat"):
        desk.scenario["models"][name]["sim"] = {"evolve": {"chatter": 1.0}}
    await desk.run()
    assert not [one for one in rows(desk, Instruction) if one.episode]
    assert Counter(row.outcome for row in rows(desk, Evolution)) == {"meta_chatter": 8}
    assert len({row.instruction for row in rows(desk, Answer)}) == 4


async def test_a_method_file_takes_the_place_of_operations(desk: Any) -> None:
    (desk.folder / "mine.md").write_text(
        "Make it harder by a condition. Keep the given input. Do not answer it. Add 10 to 20 words. "
        "Give only the instruction."
    )
    evolving(desk, rounds=1, method="mine.md", check=False)
    await desk.run()
    assert {row.operation for row in rows(desk, Evolution)} == {"method"}
    assert [one for one in rows(desk, Instruction) if one.episode]


@pytest.mark.parametrize("number", [200, pytest.param(1000, marks=pytest.mark.slow)])
async def test_no_prompt_carries_the_text_of_another(desk: Any, number: int) -> None:
    desk.prompts = [{"id": f"p{n}", "instruction": f"Give me {n} tips about canary{n:04}x."} for n in range(number)]
    evolving(desk, rounds=1, direction="up")
    desk.scenario["stages"].pop()
    desk.scenario["episodes_at_once"] = number
    await desk.run()
    with Store.open(desk.db) as store:
        for call in store.rows(Call):
            assert len(set(re.findall(r"canary\d{4}x", str(call.request)))) <= 1


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"operations": {"nonsense": 1}}, "operations"),
        ({"operations": {"deepen": 1}, "method": "m.md"}, "one of them"),
        ({"rate": "evolvers"}, "all of group"),
        ({"by": "nobody"}, "nobody"),
    ],
)
def test_what_cannot_work_is_refused(desk: Any, spec: dict[str, Any], words: str) -> None:
    evolving(desk, **spec)
    with pytest.raises(ScenarioError, match=words):
        desk.resolve()

"""Stages `filter`, `sample` and `slice`: what goes on, what is set aside and why, and that nothing gets lost."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aaa.errors import ScenarioError, SessionChangedError, UsageError
from aaa.session.planning import PlanOptions, plan
from aaa.store import Store
from aaa.types import Answer, Critique, Decision, Instruction, SetAside, decision_id

SUBJECTS = ("harbour", "orchard", "library", "railway", "bakery", "glacier", "market", "theatre")


def prompts(number: int, **more: Any) -> list[dict[str, Any]]:
    """Prompts that have no five words in common, of two skills and ten difficulties."""
    return [
        {
            "id": f"p{n:02}",
            "instruction": f"Describe {SUBJECTS[n % 8]} number {n} in {n + 3} sentences about {SUBJECTS[n // 8 % 8]}s.",
            "skill": "writing" if n % 3 else "advice",
            "difficulty": n % 10 + 1,
            **more,
        }
        for n in range(number)
    ]


def seen(desk: Any, session: str = "small") -> tuple[dict[str, Instruction], dict[str, SetAside]]:
    """Instructions and rows of set asides, by source id."""
    with Store.open(desk.db) as store:
        rows = {row.id: row for row in store.rows(Instruction, session=session)}
        aside = {rows[row.instruction].source_id: row for row in store.rows(SetAside, session=session)}
    return {row.source_id: row for row in rows.values()}, aside


def decision(desk: Any, stage: str) -> Any:
    with Store.open(desk.db) as store:
        found = store.get(Decision, decision_id("small", stage))
    assert found is not None
    return found.value


async def test_filters_set_aside_with_their_reason_and_only_where_they_are_asked(desk: Any) -> None:
    desk.prompts += [
        {"id": "mail", "instruction": "Please write to jane@firm.org today.", "skill": "writing"},
        {"id": "mail-2", "instruction": "Please write to joe@firm.org today.", "skill": "advice"},
        {
            "id": "german",
            "instruction": "Wie wird das Wetter morgen in der Stadt und auf dem Land?",
            "skill": "writing",
        },
    ]
    rules = {"rules": ["pii", {"language": ["en"]}, {"length": {"min": 4}}], "where": {"skill": "writing"}}
    desk.scenario["stages"] = [{"filter": rules}, "answer", "battle"]
    first = await desk.run()
    assert first.stopped is None
    _, aside = seen(desk)
    assert {id_: (row.reason, row.detail) for id_, row in aside.items()} == {
        "mail": ("filtered", "pii: email"),
        "german": ("filtered", "language: de"),
    }
    assert (await desk.run()).gateway.tally.made == 0

    rules["rules"] = [{"length": {"max": 8}}]
    await desk.run(accept_changes=True)
    assert set(seen(desk)[1]) == {"german"}, "what other rules had set aside is back"


async def test_a_sample_takes_its_quotas_and_a_larger_one_keeps_it(desk: Any) -> None:
    desk.prompts = prompts(30)
    sample: dict[str, Any] = {"size": 8, "by": ["skill"]}
    desk.scenario["stages"] = [{"sample": sample}, "answer", "battle"]
    await desk.run()
    rows, aside = seen(desk)
    drawn = set(rows) - set(aside)
    assert Counter(rows[id_].skill for id_ in drawn) == {"writing": 4, "advice": 4}
    assert {(row.reason, row.detail) for row in aside.values()} == {
        ("not_sampled", "writing"),
        ("not_sampled", "advice"),
    }
    report = decision(desk, "sample")
    assert (report["pool"], report["size"]) == (30, 8)
    assert [cell["achieved"] for cell in report["cells"]] == [0.5, 0.5]
    assert (await desk.run()).gateway.tally.made == 0

    desk.prompts.reverse()
    sample["size"] = 14
    await desk.run(accept_changes=True)
    rows, aside = seen(desk)
    assert drawn < set(rows) - set(aside)
    assert len(set(rows) - set(aside)) == 14


async def test_weights_come_from_gaps_of_a_stage_a_session_or_a_file(desk: Any) -> None:
    """Ant trails in arithmetic only, so that arithmetic is what is drawn, here and in the next session."""
    sums = [
        {"id": f"s{n}", "instruction": f"What is {17 + n} + {3 * n + 5}?", "reference": str(22 + 4 * n),
         "verifier": {"kind": "numeric"}, "skill": "arithmetic"} for n in range(24)
    ]  # fmt: skip
    desk.prompts = [*sums, *prompts(24)]
    desk.scenario["models"]["ant"]["sim"] = {"default_skill": 0.9, "skills": {"arithmetic": 0.1}}
    desk.scenario["stages"] = [
        "answer",
        "battle",
        {"gaps": {"intervals": "each", "bootstrap": 50, "cap": 0.75}},
        {"sample": {"size": 12, "by": ["skill"], "weights_from": "gaps"}},
        {"slice": {"slices": 2, "schedule": "gap"}},
        {"grade": {"where": {"slice": "D0"}}},
    ]
    await desk.run()
    shares = decision(desk, "gaps")["shares"]
    assert shares["arithmetic"] > 0.5
    quota = 12 * shares["arithmetic"]
    rows, aside = seen(desk)
    drawn = {id_: rows[id_] for id_ in set(rows) - set(aside)}
    assert abs(Counter(row.skill for row in drawn.values())["arithmetic"] - quota) < 1
    assert {row.skill for row in drawn.values() if row.slice == "D0"} == {"arithmetic"}
    assert decision(desk, "slice")["parts"] == {"D0": 6, "D1": 6}

    desk.scenario |= {"stages": ["answer"], "export": []}
    for source in ("session:small", "weights.yaml"):
        (desk.folder / "weights.yaml").write_text("".join(f"{skill}: {share}\n" for skill, share in shares.items()))
        sample = {"size": 12, "by": ["skill"], "weights_from": source}
        desk.scenario["prompts"] = {"from": "prompts.jsonl", "db": str(desk.db), "sample": sample}
        await desk.run(session=source.replace(":", "-"))
        taken, _ = seen(desk, source.replace(":", "-"))
        assert abs(Counter(row.skill for row in taken.values())["arithmetic"] - quota) < 1

    desk.scenario["prompts"]["sample"]["weights_from"] = "session:none"
    with pytest.raises(UsageError, match="holds no session 'none'; it holds"):
        await desk.run(session="third")
    desk.scenario["prompts"]["sample"]["weights_from"] = "gaps"
    with pytest.raises(ScenarioError, match="weights_from: gaps"):
        await desk.run(session="fourth")


async def test_slices_hold_whole_families_and_stand_in_every_row_from_there_on(desk: Any) -> None:
    desk.prompts = prompts(24)
    desk.prompts.append({**desk.prompts[0], "id": "again", "instruction": desk.prompts[0]["instruction"] + "!"})
    desk.scenario["stages"] = [
        {"evolve": {"by": "critics", "rounds": 1}},
        {"slice": {"slices": 3, "schedule": "easy_to_hard", "test": 0.2, "validation": 0.1}},
        {"evolve": {"by": "critics", "rounds": 1, "where": {"slice": "D2"}, "name": "again"}},
        {"answer": {"where": {"slice": ["D0", "D2"]}}},
        "battle",
    ]
    desk.scenario["export"] = [{"format": "trl-preference", "to": "hard.jsonl", "slice": "D2"}]
    await desk.run()
    with Store.open(desk.db) as store:
        assert store.count(SetAside) == 0
        by_id = {row.id: row for row in store.rows(Instruction)}
    families = defaultdict(set)
    for row in by_id.values():
        root = row
        while root.lineage.parent:
            root = by_id[root.lineage.parent]
        families[root.source_id].add((row.slice, row.split))
        assert (row.slice is not None) == (row.split == "train")
    assert all(len(places) == 1 for places in families.values())
    assert families["p00"] == families["again"]
    assert {row.split for row in by_id.values()} == {"train", "validation", "test"}
    hard = [json.loads(line) for line in (desk.folder / "hard.jsonl").read_text().splitlines()]
    assert hard
    assert {row["slice"] for row in hard} == {"D2"}
    means = [_mean([row.difficulty for row in by_id.values() if row.slice == name]) for name in ("D0", "D1", "D2")]
    assert means == sorted(means)


def _mean(numbers: list[float | None]) -> float:
    known = [number for number in numbers if number is not None]
    return sum(known) / len(known)


async def test_rounds_of_evolution_follow_each_other(desk: Any) -> None:
    """Versions of one prompt share a split, and each lies in the slice of its round."""
    desk.prompts = prompts(12)
    desk.scenario["stages"] = [
        {"evolve": {"by": "critics", "rounds": 2}},
        {"slice": {"slices": 3, "schedule": "round", "test": 0.25}},
    ]
    desk.scenario |= {"export": [], "target": None}
    await desk.run()
    rows, _ = seen(desk)
    by_id = {row.id: row for row in rows.values()}
    for row in rows.values():
        assert row.slice == (None if row.split == "test" else f"D{row.lineage.round}")
        assert row.lineage.parent is None or by_id[row.lineage.parent].split == row.split
    assert {row.slice for row in rows.values()} == {"D0", "D1", "D2", None}


async def test_a_plan_counts_no_call_for_them_and_misses_none_behind_them(desk: Any) -> None:
    desk.prompts = prompts(12)
    chosen = [{"filter": {"rules": ["pii"]}}, {"sample": {"size": 6}}, {"slice": {"slices": 2}}]
    desk.scenario["stages"] = [*chosen, "answer", {"grade": {"where": {"slice": "D1"}}}, {"dedup": {"method": "exact"}}]
    found = await plan(desk.resolve(), desk.resolve(rehearse=True), PlanOptions(db=desk.db))
    worst = {one.stage: one.calls for one in found.worst}
    assert [worst[name] for name in ("filter", "sample", "slice", "dedup")] == [0, 0, 0, 0]
    assert worst["grade"] > 0
    assert {line.stage for line in found.lines} == {"answer", "grade"}


def test_stages_that_follow_gaps_need_some(desk: Any) -> None:
    for stage in ({"sample": {"size": 2, "by": ["skill"], "weights_from": "gaps"}}, {"slice": {"schedule": "gap"}}):
        desk.scenario["stages"] = [stage, "answer", "battle"]
        with pytest.raises(ScenarioError, match="needs a `gaps` stage before it"):
            desk.resolve()
    desk.scenario["stages"] = [{"sample": {"size": 2, "weights_from": "gaps"}}, "answer"]
    with pytest.raises(ScenarioError, match="`by` must name `skill`"):
        desk.resolve()


WORDS = st.lists(
    st.sampled_from(("river", "stone", "jane@firm.org", "Lampe", "und", "the", "of")), min_size=1, max_size=8
)


@given(
    texts=st.lists(st.tuples(WORDS, st.sampled_from(("a", "b", None))), min_size=1, max_size=12),
    size=st.integers(1, 12),
    method=st.sampled_from(("exact", "minhash", "embedding")),
    schedule=st.sampled_from(("random", "easy_to_hard", "round")),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_prompt_that_enters_leaves_somewhere(
    desk: Any, texts: list[tuple[list[str], str | None]], size: int, method: str, schedule: str
) -> None:
    desk.db.unlink(missing_ok=True)
    desk.prompts = [
        {"id": f"t{n}", "instruction": " ".join(words), **({"skill": skill} if skill else {})}
        for n, (words, skill) in enumerate(texts)
    ]
    desk.scenario["stages"] = [
        {"filter": {"rules": ["pii", {"length": {"min": 2}}]}},
        {"dedup": {"method": method, "embedding": "hashed-ngrams"}},
        {"sample": {"size": size, "by": ["skill"]}},
        {"slice": {"slices": 2, "schedule": schedule, "test": 0.2}},
    ]
    desk.scenario |= {"export": [], "target": None}
    asyncio.run(desk.run())
    rows, aside = seen(desk)
    assert len(rows) == len(texts)
    left = Counter(row.reason for row in aside.values())
    kept = {id_ for id_ in rows if id_ not in aside}
    assert len(kept) + left.total() == len(texts)
    assert set(left) <= {"filtered", "duplicate", "not_sampled"}
    assert all((rows[id_].slice is None) == (rows[id_].split == "test") for id_ in kept)
    pool = len(texts) - left["filtered"] - left["duplicate"]
    assert len(kept) == min(size, pool)


async def test_training_follows_what_was_set_aside_before_it_and_nothing_later(desk: Any) -> None:
    """Of two equal answers the models learn from one, from both where the duplicates count as none."""
    desk.prompts = [{**desk.prompts[0], "id": name} for name in ("one", "two")]
    dedup: dict[str, Any] = {"of": "answers", "method": "exact"}
    later = {"dedup": {"of": "answers", "method": "exact", "name": "later"}}
    desk.scenario["stages"] = ["answer", "grade", {"dedup": dedup}, "train", later]
    desk.scenario["select"] = {"main": {"sft": {"by": "score"}}}
    desk.scenario["export"] = []
    await desk.run()
    first = decision(desk, "train")
    again = await desk.run()
    assert decision(desk, "train") == first
    assert again.progress.replayed == again.progress.finished, "what a later stage sets aside comes too late for it"

    dedup["min_words"] = 1000
    changed = await desk.run(accept_changes=True)
    assert changed.gateway.tally.made == 0
    learned = {name: found["arithmetic"]["samples"] for name, found in decision(desk, "train")["learned"].items()}
    assert learned["ant"] == 2 * first["learned"]["ant"]["arithmetic"]["samples"] > 0


async def test_a_sample_of_likes_is_drawn_anew_where_the_prompts_it_goes_by_are_others(desk: Any) -> None:
    (desk.folder / "like.jsonl").write_text('{"instruction": "Describe a harbour."}\n')
    desk.prompts = prompts(16)
    desk.scenario["stages"] = [{"sample": {"size": 4, "method": "similar", "like": "like.jsonl"}}, "answer"]
    desk.scenario["export"] = []
    await desk.run()
    before = set(seen(desk)[1])
    (desk.folder / "like.jsonl").write_text('{"instruction": "Describe a glacier in many sentences about markets."}\n')
    with pytest.raises(SessionChangedError, match=r"stages\.sample: prompts 'like\.jsonl' says something else"):
        await desk.run()
    await desk.run(accept_changes=True)
    assert set(seen(desk)[1]) != before


async def test_another_target_has_its_own_answers_criticised(desk: Any) -> None:
    desk.scenario["stages"] = ["answer", {"critique": {"of": "target"}}]
    await desk.run()
    desk.scenario["target"] = "bee"
    with pytest.raises(SessionChangedError, match=r"critique: \d+ finished episodes"):
        await desk.run()
    await desk.run(accept_changes=True)
    with Store.open(desk.db) as store:
        answers = {answer.id: answer.member for answer in store.rows(Answer, session="small")}
        assert {answers[row.answer] for row in store.rows(Critique, session="small")} == {"bee"}

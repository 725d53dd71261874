"""Conversations in whole sessions: spoilt ones are told from good ones, and left out with their reason."""

from __future__ import annotations

from aaa.session import transcripts_of
from aaa.store import Store
from aaa.types import Answer, Rejection, Session, SftSample

NAMES = {"flips": "role_flip", "lingers": "farewell_loop", "repeats": "repetition", "switches": "language"}


def prepare(desk, **faults):
    models = desk.scenario["models"]
    models["dog"]["sim"] = {"default_skill": 0.9, "person": faults}
    models["bee"]["sim"] = {"default_skill": 1.0}
    desk.scenario["cast"]["novices"] = {"models": ["dog"], "card": "user_novice"}
    desk.scenario["cast"]["members"] = {"models": ["bee"], "card": "member"}
    desk.scenario["target"] = "bee"
    desk.scenario["stages"] = [{"converse": {"person": "novices", "turns": 12}}, "grade"]
    desk.scenario["select"] = {"main": {"sft": {"by": "score", "contexts": ["dialogue"]}}}
    desk.scenario["export"] = [{"selection": "main", "format": "trl-sft", "to": "sft.jsonl"}]
    desk.prompts = [
        {"id": f"tip-{n}", "instruction": f"I live in a town. Give me three tips for {what}."}
        for n, what in enumerate(["sleeping better", "saving water", "learning Dutch", "a calmer morning", "good soup"])
    ]


async def test_each_declared_fault_is_found_and_named(desk):
    for fault, name in NAMES.items():
        prepare(desk, **{fault: 1.0})
        desk.scenario["name"] = f"s-{fault}"
        await desk.run()
        with Store.open(desk.db) as store:
            reasons = [one for one in store.rows(Rejection, session=f"s-{fault}") if one.reason == "bad_transcript"]
            assert len(reasons) == 5, fault
            assert all(name in one.detail for one in reasons), (fault, [one.detail for one in reasons])


async def test_good_conversations_are_kept_and_nobody_speaks_as_another(desk):
    prepare(desk)
    result = await desk.run()
    assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        answers = list(store.rows(Answer))
        assert len(answers) == 5
        assert all(one.transcript.role_flips == 0 for one in answers)
        assert all(one.transcript.first_words <= 12 for one in answers)
        assert store.count(SftSample) >= 4
    rows = desk.rows("sft.jsonl")
    assert all(row["messages"][0]["role"] == "user" for row in rows)
    assert not any("novice" in str(row["messages"]) or "[[END]]" in str(row["messages"]) for row in rows)


async def test_replayed_conversations_become_samples(desk):
    prepare(desk)
    desk.scenario["stages"] = ["replay", "grade"]
    desk.prompts = [
        {
            "id": "two-turns",
            "messages": [
                {"role": "user", "content": "What is 17 + 25?"},
                {"role": "assistant", "content": "Old words."},
                {"role": "user", "content": "What is 30 + 12?"},
            ],
        },
        {"id": "one-turn", "instruction": "What is 1 + 1?"},
    ]
    result = await desk.run()
    assert result.progress.passed_over["replay"] == 1
    (row,) = desk.rows("sft.jsonl")
    assert "Old words." not in str(row)
    assert [m["role"] for m in row["messages"]] == ["user", "assistant", "user", "assistant"]


async def test_a_chat_that_turns_in_circles_is_left_out_and_counted(desk):
    prepare(desk)
    desk.scenario["models"]["ant"]["sim"] = {"default_skill": 0.0, "heed": 0.0}
    desk.scenario["models"]["bee"]["sim"] = {"default_skill": 0.5}
    desk.scenario["cast"]["teachers"] = {"models": ["bee"], "card": "teacher"}
    desk.scenario |= {"target": "ant", "stages": [{"chat": {"turns": 8}}]}
    desk.scenario["select"] = {"main": {"sft": {"by": "verdict", "contexts": ["dialogue"]}}}
    desk.prompts = []
    for n in range(12):
        numbers = [(n + 3) * at * at % 97 + at for at in range(1, 31)]
        desk.prompts.append(
            {
                "id": f"sort-{n}",
                "instruction": f"Sort these numbers from smallest to largest: {', '.join(map(str, numbers))}",
                "reference": ", ".join(map(str, sorted(numbers))),
                "verifier": {"kind": "list"},
            }
        )
    await desk.run()
    with Store.open(desk.db) as store:
        answers = list(store.rows(Answer))
        assert len(answers) == 12
        assert all(one.transcript is not None and one.transcript.turns == len(one.messages) + 1 for one in answers)
        rejected = {one.rows[0]: one.detail for one in store.rows(Rejection) if one.reason == "bad_transcript"}
        circling = {one.id for one in answers if one.transcript.repetition > 0.8}
        assert 0 < len(circling) < 12, "there are some of each kind"
        assert set(rejected) == circling
        assert all("repetition" in detail for detail in rejected.values())
        counted = transcripts_of(store, store.get(Session, "small"))["chat"].document()
        assert counted["conversations"] == 12

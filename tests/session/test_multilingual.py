"""Prompts in other languages than English: answered, taught, talked about and judged in their own."""

import json
from pathlib import Path

from aaa.session import transcripts_of
from aaa.store import Store
from aaa.text import language_of
from aaa.types import Answer, Call, CallUse, Instruction, Rejection, Session

SEEDS = Path(__file__).resolve().parents[2] / "data/seeds/languages.jsonl"
LANGUAGES = ("de", "es", "fr", "it")


def prepare(desk):
    rows = [json.loads(line) for line in SEEDS.read_text().splitlines()]
    desk.prompts = [row for name in LANGUAGES for row in [one for one in rows if one["language"] == name][:2]]
    desk.scenario["cast"]["users"] = {"models": ["cat", "dog"], "card": "user_novice"}
    desk.scenario["stages"] = ["answer", "battle", {"lesson": {"gaps": "off"}}, "critique", "chat", "converse", "grade"]
    desk.scenario["export"] = []


async def test_all_that_is_said_is_in_the_language_of_the_prompt(desk):
    prepare(desk)
    result = await desk.run()
    assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        languages = {one.id: one.language for one in store.rows(Instruction)}
        spoken = {name: set() for name in LANGUAGES}
        for answer in store.rows(Answer):
            text = "\n".join(message.text for message in (*answer.prompt, *answer.messages))
            assert language_of(text) in (None, languages[answer.instruction]), text
            spoken[languages[answer.instruction]].add(answer.lineage.operation)
        assert all({None, "chat", "converse", "lesson"} <= found for found in spoken.values())
        assert not [one for one in store.rows(Rejection) if one.reason == "wrong_language" or "language" in one.detail]
        session = store.get(Session, "small")
        assert transcripts_of(store, session)["converse"].document()["language_switches"] == 0
        judged = [store.get(Call, use.call) for use in store.rows(CallUse) if use.role == "judge"]
        assert any("Wie viel" in str(call.request) for call in judged)


async def test_an_answer_in_another_language_is_typed(desk):
    prepare(desk)
    asked = "Bitte erkläre mir, wie man mit der Zeit besser plant und was zu tun ist."
    desk.prompts = [{"id": "open", "instruction": asked, "language": "de"}]
    desk.scenario["stages"] = ["answer", "battle"]
    await desk.run()
    with Store.open(desk.db) as store:
        assert all(language_of(one.text) == "en" for one in store.rows(Answer))
        assert {one.reason for one in store.rows(Rejection, target="sft")} == {"wrong_language"}


async def test_how_conversations_went_is_told_by_what_made_them(desk):
    desk.scenario["cast"]["users"] = {"models": ["cat", "dog"], "card": "user_novice"}
    for name in ("cat", "dog"):
        desk.scenario["models"][name]["sim"]["person"] = {"flips": 1.0}
    desk.scenario |= {"stages": ["converse"], "export": []}
    await desk.run()
    with Store.open(desk.db) as store:
        found = transcripts_of(store, store.get(Session, "small"))["converse"].document()
        bad = store.count(Rejection, reason="bad_transcript")
    assert found["conversations"] == 8
    assert found["role_flips"] == bad > 0
    assert 0 < found["first_words"] <= found["user_words"][2]

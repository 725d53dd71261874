"""Votes on conversations, as MT-Bench and Chatbot Arena publish them, into a session: texts and votes as they were."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aaa.errors import UsageError
from aaa.session import ExportOptions, export
from aaa.session.importing import Imported, import_file
from aaa.store import Store
from aaa.types import Answer, Game, Instruction, Judgment, PreferencePair, Verdict

TEXTS = {"gpt-4": "Aloha!", "llama-13b": "Hi.", "vicuna-13b": "Hello from Hawaii."}


def row(
    one: str, other: str, winner: str, judge: Any = "expert_0", turn: int = 1, question: Any = 81
) -> dict[str, Any]:
    def talk(model: str) -> list[dict[str, str]]:
        said = [
            ("user", "Write a post."),
            ("assistant", TEXTS[model]),
            ("user", "Again."),
            ("assistant", TEXTS[model][::-1]),
        ]
        return [{"content": text, "role": role} for role, text in said]

    return {
        "question_id": question,
        "model_a": one,
        "model_b": other,
        "winner": winner,
        "judge": judge,
        "conversation_a": talk(one),
        "conversation_b": talk(other),
        "turn": turn,
    }


def take(store: Store, folder: Path, rows: list[dict[str, Any]]) -> Imported:
    path = folder / "votes.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows))
    return asyncio.run(import_file(store, path, "mt-bench", "votes"))


VOTES = [
    row("gpt-4", "llama-13b", "model_a"),
    row("llama-13b", "gpt-4", "model_b", "expert_1"),
    row("gpt-4", "llama-13b", "model_b", "author_0"),
    row("gpt-4", "vicuna-13b", "tie"),
    row("vicuna-13b", "gpt-4", "tie (inconsistent)", ["gpt-4", "pair-v2"]),
    row("gpt-4", "llama-13b", "model_a", turn=2),
    row("vicuna-13b", "llama-13b", "model_b", question=111),
    row("vicuna-13b", "llama-13b", "model_b", question=111),
]


def test_votes_add_up_by_match_and_keep_their_judges(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.db") as store:
        made = take(store, tmp_path, VOTES)
        assert (made.rows, made.left_out.counts()) == (len(VOTES), {})
        skills = {one.source_id: one.skill for one in store.rows(Instruction)}
        assert skills == {"81": "writing", "81/2": "writing", "111": "math"}
        answers = {one.id: one for one in store.rows(Answer)}
        assert len(answers) == 3 + 2 + 2, "a text that several rows share is one answer"
        verdicts = {
            (one.instruction, *sorted((answers[one.left].member, answers[one.right].member))): one
            for one in store.rows(Verdict)
        }
        ids = {one.source_id: one.id for one in store.rows(Instruction)}
        lost = verdicts[ids["81"], "gpt-4", "llama-13b"]
        assert (answers[str(lost.winner)].member, lost.margin) == ("gpt-4", 1.0)
        assert {vote.judge: answers[vote.choice].member for vote in lost.votes} == {
            "expert_0": "gpt-4",
            "expert_1": "gpt-4",
            "author_0": "llama-13b",
        }
        tied = verdicts[ids["81"], "gpt-4", "vicuna-13b"]
        assert (tied.outcome, {vote.judge for vote in tied.votes}) == ("tie", {"expert_0", "gpt-4-pair-v2"})
        assert len(verdicts[ids["111"], "llama-13b", "vicuna-13b"].votes) == 2, "a second vote of one judge counts"
        games = [one.reading for one in store.rows(Judgment) if isinstance(one.reading, Game)]
        assert len(games) == len(VOTES)
        assert sum(answers[game.first].member == "gpt-4" for game in games) == 4, "who was shown first is kept"
        second = [one for one in answers.values() if len(one.messages) == 3]
        assert (
            sorted(message.text for one in second for message in one.messages if message.role == "user")
            == ["Again."] * 2
        )
        pairs = list(store.rows(PreferencePair, selection="imported"))
        assert len(pairs) == 3
        assert {one.id.partition("-")[0] for one in store.rows(PreferencePair, selection="main")} == {"pair"}
        before = [store.count(kind) for kind in (Answer, Judgment, Verdict, PreferencePair)]
        take(store, tmp_path, VOTES)
        assert [store.count(kind) for kind in (Answer, Judgment, Verdict, PreferencePair)] == before


def test_rows_that_are_no_votes_are_listed(tmp_path: Path) -> None:
    other = row("gpt-4", "llama-13b", "model_a")
    other["conversation_b"][0]["content"] = "Something else."
    same = row("gpt-4", "gpt-4", "tie")
    bad = [
        {key: value for key, value in VOTES[0].items() if key != "winner"},
        {**VOTES[0], "winner": "both"},
        other,
        same,
        {**VOTES[0], "turn": 1, "conversation_a": [{"role": "user", "content": "Write a post."}]},
    ]
    with Store.open(tmp_path / "a.db") as store:
        made = take(store, tmp_path, [*bad, VOTES[0]])
        assert made.rows == 1
        assert made.left_out.counts() == {
            "equal_text": 1,
            "last_turn": 1,
            "prompts_differ": 1,
            "unreadable": 1,
            "winner": 1,
        }
        assert made.left_out.rows["winner"] == [f"{tmp_path}/votes.jsonl:2"]
    with Store.open(tmp_path / "b.db") as store, pytest.raises(UsageError, match="no row of mt-bench"):
        take(store, tmp_path, bad)


HOSTILE = st.text(st.characters(codec=None), min_size=1, max_size=30)
HOSTILE |= st.sampled_from(["</s>", "a\r\nb", "{{ x }}", "\ud800"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ask=HOSTILE, good=HOSTILE, bad=HOSTILE)
def test_texts_come_back_byte_for_byte(tmp_path_factory: pytest.TempPathFactory, ask: str, good: str, bad: str) -> None:
    folder = tmp_path_factory.mktemp("votes")
    vote = VOTES[0] | {
        f"conversation_{side}": [{"role": "user", "content": ask}, {"role": "assistant", "content": said}]
        for side, said in (("a", good), ("b", bad))
    }
    vote = json.loads(json.dumps(vote))
    with Store.open(folder / "a.db") as store:
        try:
            take(store, folder, [vote])
        except UsageError as error:
            assert good == bad, error  # noqa: PT017
            return
        (game,) = (one.reading for one in store.rows(Judgment))
        assert isinstance(game, Game)
        sides = [store.get(Answer, id_) for id_ in (game.first, game.second)]
        assert [side.text for side in sides if side is not None] == [good, bad]
        (instruction,) = store.rows(Instruction)
        assert instruction.prompt[-1].text == ask
        made = export(store, "votes", "imported", "trl-preference", folder / "out.jsonl", ExportOptions()).made
        if made.rows:
            found = json.loads((folder / "out.jsonl").read_bytes())
            assert [found[key][0]["content"] for key in ("prompt", "chosen", "rejected")] == [ask, good, bad]
        else:
            assert made.left_out.counts() or not good.strip() or not bad.strip() or good.strip() == bad.strip()

"""Who hears what: no agent sees another's persona, goal, facts or reference, and each reply names the model asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from aaa.agents import reply_of
from aaa.store import Store
from aaa.types import Answer, Call, CallUse, Critique, Judgment

ROLES = {
    "members": ("student", ["ant", "bee"]),
    "students": ("student", ["ant"]),
    "teachers": ("teacher", ["bee"]),
    "critics": ("critic", ["cat"]),
    "users": ("user", ["dog"]),
    "judges": ("judge", ["bee", "cat", "dog"]),
    "evolvers": ("evolver", ["cat"]),
    "solver": ("student", ["ant"]),
    "checker": ("student", ["bee"]),
    "editor": ("student", ["cat"]),
    "moderators": ("student", ["dog"]),
}
SECRET = "persona-of-{}"
GROUP = {
    "member": "members",
    "student": "students",
    "teacher": "teachers",
    "critic": "critics",
    "person": "users",
    "evolver": "evolvers",
    "responder": "evolvers",
}
"""Whose persona a role may speak under."""
STAGES = [
    "answer",
    "grade",
    {"battle": {"reference": "hide"}},
    {"lesson": {"turns": 2}},
    {"critique": {"of": "target"}},
    {"evolve_answer": {"of": "target", "aims": ["depth"], "rounds": 1}},
    {"chat": {"turns": 4}},
    {"converse": {"assistant": "members", "turns": 4}},
    "replay",
    {"team": {"members": ["solver", "checker", "editor"], "moderator": "moderators", "turns": 4}},
    {"evolve": {"by": "evolvers", "direction": "near", "rounds": 1, "answers": True}},
    {"self_teach": {"draws": 2}},
]
PARTS = ("solver", "checker", "editor")


def group_of(use: CallUse) -> str | None:
    """The group whose persona a call may be made under."""
    match use.step.split("/"):
        case ["team", "member", part, _]:
            return part
        case ["team", "choose", *_]:
            return "moderators"
    return "judges" if use.role == "judge" else GROUP.get(use.role)


@pytest.fixture
async def rows(desk: Any) -> list[tuple[CallUse, Call]]:
    """All uses of calls of a session with every kind of teaching."""
    for group, (role, _) in ROLES.items():
        card = {"name": group, "role": role, "persona": f"{SECRET.format(group)} You take part in this."}
        (desk.folder / f"{group}.yaml").write_text(yaml.safe_dump(card))
    desk.scenario["cast"] = {
        group: {
            "models": models,
            "card": f"{group}.yaml",
            **({"quorum": 1, "own_family": "allow"} if role == "judge" else {}),
        }
        for group, (role, models) in ROLES.items()
    }
    for prompt in desk.prompts:
        prompt["meta"] = {"facts": ["fact-for-the-person-only"]}
        if "reference" in prompt:
            prompt["reference"] = f"{prompt['reference']} reference-for-the-judge"
            prompt["verifier"] = {"kind": "numeric"}
    desk.scenario |= {"stages": STAGES, "export": []}
    result = await desk.run()
    assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        return [(use, found) for use in store.rows(CallUse) if (found := store.get(Call, use.call)) is not None]


async def test_no_agent_sees_what_is_anothers(rows: list[tuple[CallUse, Call]]) -> None:
    seen, said = set(), {("user", reply_of(call).text.strip()) for use, call in rows if use.role == "person"}
    for use, call in rows:
        text = json.dumps(call.request)
        own = group_of(use)
        personas = {group for group in ROLES if SECRET.format(group) in text}
        assert personas <= {own}, (use.role, use.step)
        unsaid = [one for one in call.request["messages"] if (one["role"], str(one["content"]).strip()) not in said]
        assert ("fact-for-the-person-only" in json.dumps(unsaid)) <= (use.role == "person"), (use.role, use.step)
        assert ("reference-for-the-judge" in text) <= (use.role == "teacher"), (use.role, use.step)
        seen |= {(use.role, group) for group in personas}
        seen |= {(use.role, word) for word in ("fact-for-the-person-only", "reference-for-the-judge") if word in text}
    assert {("teacher", "teachers"), ("critic", "critics"), ("person", "users"), ("judge", "judges")} <= seen
    assert {("member", part) for part in PARTS} <= seen
    assert {("person", "fact-for-the-person-only"), ("teacher", "reference-for-the-judge")} <= seen
    assert not {one for one in seen if one[0] in ("member", "reader", "rewriter") and one[1] in {*ROLES} - {*PARTS}}, (
        "they have no persona"
    )


async def test_every_reply_in_the_store_has_its_use(rows: list[tuple[CallUse, Call]], desk: Any) -> None:
    """No two questions of an episode share a place, so none is lost."""
    used = {(use.episode, call.id) for use, call in rows}
    with Store.open(desk.db) as store:
        made = {(one.episode, key) for one in store.rows(Answer) for key in one.calls if one.context != "dialogue"}
        talks = {
            (one.episode, key) for one in store.rows(Answer) for key in one.calls if one.lineage.operation == "converse"
        }
        made |= talks | {(one.episode, one.call) for one in (*store.rows(Judgment), *store.rows(Critique)) if one.call}
    assert talks
    assert made <= used


async def test_each_reply_names_the_model_that_was_configured(rows: list[tuple[CallUse, Call]], desk: Any) -> None:
    resolved = desk.resolve()
    identities = {model.identity: name for name, model in resolved.models.items()}
    groups = {**GROUP, "judge": "judges", "reader": "judges", "rewriter": "members", "moderator": "moderators"}
    for use, call in rows:
        group = ROLES[group_of(use) or groups[use.role]][1]
        if use.role == "member" and use.step.startswith("team/answer"):
            group = [one for part in PARTS for one in ROLES[part][1]]
        assert identities[call.model] in group, (use.role, use.step)
        assert reply_of(call).answered_by == identities[call.model]
    assert {use.role for use, _ in rows} == set(groups)
    with Store.open(desk.db) as store:
        by_call = {call.id: identities[call.model] for _, call in rows}
        for answer in store.rows(Answer):
            assert {by_call[key] for key in answer.calls} <= {
                one.model for one in (*answer.producers, *answer.influences)
            }


async def test_a_person_never_speaks_as_the_assistant(rows: list[tuple[CallUse, Call]], desk: Any) -> None:
    said = {(use.role, reply_of(call).text.replace("[[END]]", "").strip()) for use, call in rows}
    with Store.open(desk.db) as store:
        talks = [one for one in store.rows(Answer) if one.lineage.operation == "converse"]
    assert talks
    for talk in talks:
        turns = [message for message in (*talk.prompt, *talk.messages) if message.role != "system"]
        assert [turn.role for turn in turns] == ["user", "assistant"] * (len(turns) // 2)
        assert all(("person" if turn.role == "user" else "member", turn.text.strip()) in said for turn in turns)

"""The stand-alone check, several critics and other revisers in whole sessions."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from aaa.agents import reply_of
from aaa.errors import ScenarioError
from aaa.session.planning import PlanOptions, actual, plan
from aaa.session.validation import validate
from aaa.sim.leaking import LEAKS
from aaa.store import Store
from aaa.types import Answer, Call, CallUse, Critique, Failure, PreferencePair, Rejection, Session, SftSample
from bench.shares import wilson

STAGES = [
    {"lesson": {"turns": 2}},
    {"critique": {"of": "target"}},
    {"evolve_answer": {"aims": ["correctness", "depth"], "rounds": 1, "of": "target"}},
]
TEAM = {"team": {"members": ["students", "teachers"], "moderator": "critics", "turns": 3}}


def leaky(desk: Any, rate: float = 0.5, prompts: int = 50, **judge: Any) -> None:
    desk.scenario["models"]["ant"]["sim"] = {"default_skill": 0.1, "leak": rate, "heed": 1.0}
    for name in ("bee", "cat", "dog"):
        desk.scenario["models"][name]["sim"] = {"default_skill": 0.95, "judge": judge}
    desk.scenario["cast"]["judges"]["models"] = ["bee", "cat", "dog"]
    desk.prompts = [
        {
            "id": f"p{n}",
            "instruction": f"What is {n} + {n * 7}?",
            "reference": str(8 * n),
            "verifier": {"kind": "numeric"},
        }
        for n in range(11, 11 + prompts)
    ]


def holds(text: str) -> bool:
    return any(phrase in text for known in LEAKS.values() for phrase in known)


async def test_nearly_all_leaks_are_found_and_few_others_rejected_without_being_asked_for(desk: Any) -> None:
    """At least 95 % found and at most 5 % wrongly rejected, by the ends of the intervals."""
    leaky(desk, prompts=80, alone_errors=0.02)
    checked = ({kind: {**given, "measure_jurors": 0.0}} for stage in STAGES for kind, given in stage.items())
    desk.scenario["stages"] = ["answer", *checked, TEAM]
    result = await desk.run()
    assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        answers = [one for one in store.rows(Answer) if one.stands_alone is not None]
        anew = {use.call for use in store.rows(CallUse) if use.step.endswith("/alone")}
        leaks, others = [], []
        for one in answers:
            again = one.calls[-1] in anew
            leaked = holds(reply_of(store.get(Call, one.calls[-2 if again else -1])).text)
            (leaks if leaked else others).append(again if leaked else not one.stands_alone)
        assert wilson(sum(leaks), len(leaks))[0] >= 0.95, (sum(leaks), len(leaks))
        assert wilson(sum(others), len(others))[1] <= 0.05, (sum(others), len(others))
        assert {one.context for one in answers} == {"hinted", "revised", "evolved"}
        exported = {row.chosen_answer for row in store.rows(PreferencePair)} | {r.answer for r in store.rows(SftSample)}
        assert not [one for one in answers if one.id in exported and not one.stands_alone]
        assert all(r.reason != "context_leak" or r.detail for r in store.rows(Rejection))


async def test_readers_are_other_judges_and_their_calls_are_kept_and_planned(desk: Any) -> None:
    leaky(desk)
    desk.prompts = desk.prompts[:8]
    desk.scenario["stages"] = ["answer", *STAGES, TEAM]
    forecast = await plan(desk.resolve(), desk.resolve(rehearse=True), PlanOptions(db=desk.db))
    await desk.run()
    with Store.open(desk.db) as store:
        reads = [(use, store.get(Call, use.call)) for use in store.rows(CallUse) if use.role == "reader"]
        readers = {use.call: store.get(Call, use.call).model for use, _ in reads}
        assert set(readers.values()) == {desk.resolve().models[name].identity for name in ("bee", "cat", "dog")}
        done = actual(store, store.get(Session, "small"))
    for worst in forecast.worst:
        made = sum(one.calls for (stage, _), one in done.items() if stage == worst.stage)
        assert 0 < made <= worst.calls
        assert made == sum(line.calls.likely for line in forecast.lines if line.stage == worst.stage)
    again = await desk.run()
    assert again.gateway.tally.made == 0


def test_writers_whom_only_their_own_family_reads_are_named(desk: Any) -> None:
    leaky(desk)
    desk.scenario["cast"]["judges"] |= {"models": ["ant"], "own_family": "allow", "quorum": 1}
    desk.scenario["stages"] = ["answer", STAGES[0], {"critique": {"of": "target", "stand_alone": "rules"}}]
    found = [note for note in validate(desk.resolve()).notes if "stand alone" in note]
    assert len(found) == 1
    assert "'lesson'" in found[0]
    assert " ant " in found[0]
    desk.scenario["cast"]["judges"]["models"] = ["ant", "bee"]
    assert not [note for note in validate(desk.resolve()).notes if "stand alone" in note]


async def test_several_critics_are_heard_and_another_model_revises(desk: Any) -> None:
    leaky(desk, rate=0.0)
    desk.scenario["cast"]["critics"] = {"models": ["bee", "cat", "dog"], "card": "critic"}
    desk.scenario["cast"]["judges"]["own_family"] = "allow"
    desk.scenario["cast"]["editors"] = {"models": ["ant", "dog"]}
    desk.scenario["stages"] = ["answer", {"critique": {"critics": 2, "reviser": "editors", "of": "target"}}]
    assert any("revised by dog under bee and cat" in one.right for one in validate(desk.resolve()).meetings)
    result = await desk.run()
    assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        critics = Counter(one.answer for one in store.rows(Critique))
        assert set(critics.values()) == {2}
        revisions = [one for one in store.rows(Answer) if one.context == "revised"]
        assert len(revisions) > 10
        for one in revisions:
            assert (one.member, one.lineage.model) == ("dog", "dog"), "not the author, where there is another"
            assert {p.model for p in one.producers} == {"ant", "dog"}
            said = [c for c in store.rows(Critique) if c.answer == one.lineage.parent]
            assert {p.model for p in one.influences} == {c.critic for c in said}
            asked = store.get(Call, one.calls[0]).request["messages"][0]["content"]
            assert "an answer to an instruction" in asked
            assert "several critics" in asked
            assert all(s.change in asked for c in said for s in c.suggestions)


async def test_one_critic_who_fails_leaves_the_others(desk: Any) -> None:
    leaky(desk, rate=0.0)
    desk.prompts = desk.prompts[:6]
    desk.scenario["models"]["cat"]["sim"] = {"faults": {"refused": 1.0}}
    desk.scenario["cast"]["critics"] = {"models": ["bee", "cat"], "card": "critic"}
    desk.scenario["cast"]["judges"] = {"models": ["bee", "dog"], "card": "judge", "quorum": 1}
    desk.scenario["stages"] = ["answer", {"critique": {"critics": 2, "of": "target"}}]
    await desk.run()
    with Store.open(desk.db) as store:
        failures = list(store.rows(Failure))
        assert {(one.kind, one.model) for one in failures} == {("refused", "cat")}
        assert {one.critic for one in store.rows(Critique)} == {"bee"}
        assert [one for one in store.rows(Answer) if one.context == "revised"]


@pytest.mark.parametrize(
    ("stage", "words"),
    [({"reviser": "nobody"}, "'nobody'"), ({"critics": 0}, "critics"), ({"stand_alone": "hope"}, "stand_alone")],
)
async def test_bad_parameters_are_refused(desk: Any, stage: dict[str, Any], words: str) -> None:
    desk.scenario["stages"] = ["answer", {"critique": stage}]
    with pytest.raises(ScenarioError, match=words):
        await desk.run()

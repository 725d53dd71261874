"""Sessions whose models fail them: places, fallbacks, and limits of money and time. Over real HTTP."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

import pytest
from loopback import Fault, Loopback, simulated

from aaa.errors import BudgetError, SessionChangedError
from aaa.store import Store
from aaa.types import Answer, Call, CallUse, Critique, Episode, Failure, Judgment, PreferencePair, SftSample

NAMES = ("maple", "birch", "cedar", "rowan", "willow")
LICENSES = {"maple": "mit", "birch": "mit", "cedar": "mit", "rowan": "mit", "willow": "cc-by-4.0"}
DOWN = {'"role"': Fault("401")}
"""Whatever it is asked: it is not there."""


def model(server: Loopback, name: str, **fields: Any) -> dict[str, Any]:
    given = {"model": f"hosted_vllm/{name}", "identity": f"{name}@1", "family": name, "price": "free"}
    address = {} if "deployments" in fields else {"api_base": server.base}
    return {**given, **address, "license": LICENSES[name], **fields}


async def servers(stack: AsyncExitStack, *names: str, **options: Any) -> dict[str, Loopback]:
    return {name: await stack.enter_async_context(Loopback(simulated, **options)) for name in names}


def cast(desk: Any, found: dict[str, Loopback], **fields: dict[str, Any]) -> None:
    desk.scenario["models"] = {name: model(found[name], name, **fields.get(name, {})) for name in found}
    desk.scenario["target"] = "maple"
    desk.scenario["cast"] = {
        "members": {"models": ["maple", "birch"]},
        "critics": {"models": ["cedar"], "card": "critic"},
        "judges": {"models": ["cedar", "rowan"], "card": "judge", "quorum": 1},
    }
    desk.scenario["stages"] = ["answer", "grade", "battle", {"critique": {"of": "target"}}]


async def test_rows_and_exports_name_who_really_answered(desk) -> None:
    async with AsyncExitStack() as stack:
        found = await servers(stack, *NAMES)
        found["maple"].marked = found["rowan"].marked = DOWN
        cast(desk, found, maple={"fallbacks": ["willow"]}, rowan={"fallbacks": ["willow"]})
        result = await desk.run()
        assert result.stopped is None
        assert result.progress.failed == 0
        asked = {name: len(server.requests) for name, server in found.items()}
        assert asked["maple"] <= len(desk.prompts)  # those that were under way when the first was refused
        first = {name: desk.rows(name) for name in ("pairs.jsonl", "sft.jsonl")}
        found["maple"].marked = found["rowan"].marked = {}
        again = await desk.run()
        assert again.gateway.tally.made == 0
        assert {name: len(server.requests) for name, server in found.items()} == asked
        assert first == {name: desk.rows(name) for name in ("pairs.jsonl", "sft.jsonl")}
    with Store.open(desk.db) as store:
        for answer in store.rows(Answer, session="small", member="maple"):
            assert [(p.model, p.family, p.license) for p in answer.producers] == [("willow", "willow", "cc-by-4.0")]
        for answer in store.rows(Answer, session="small", member="birch"):
            assert [producer.model for producer in answer.producers] == ["birch"]
        assert {critique.producer.model for critique in store.rows(Critique, session="small")} == {"cedar"}
        by_rowan = [j for j in store.rows(Judgment, session="small") if j.judge == "rowan"]
        # willow wrote maple's answers: in rowan's seat it would judge its own.
        graded = {answer.id for answer in store.rows(Answer, session="small", member="birch")}
        assert by_rowan
        assert {(j.answered_by, j.family) for j in by_rowan} == {("willow", "willow")}
        assert {j.reading.answer for j in by_rowan if j.reading.kind == "pointwise"} <= graded
        dropped = [f for f in store.rows(Failure, session="small") if f.kind == "own_family"]
        assert dropped
        assert {(f.role, f.model, f.transient) for f in dropped} == {("judge", "willow", False)}
        rows = [*store.rows(PreferencePair, session="small"), *store.rows(SftSample, session="small")]
        with_willow = [row for row in rows if any(producer.model == "willow" for producer in row.producers)]
        assert with_willow
        assert all("cc-by-4.0" in row.licenses for row in with_willow)
        assert not any(producer.model == "maple" for row in rows for producer in row.producers)


async def test_a_jurors_votes_count_where_its_fallback_is_no_kin(desk) -> None:
    async with AsyncExitStack() as stack:
        found = await servers(stack, *NAMES)
        found["rowan"].marked = DOWN
        cast(desk, found, rowan={"fallbacks": ["willow"]})
        desk.scenario["stages"] = ["answer", "battle"]
        assert (await desk.run()).progress.failed == 0
    with Store.open(desk.db) as store:
        judgments = list(store.rows(Judgment, session="small"))
        assert {(j.judge, j.answered_by) for j in judgments} == {("cedar", "cedar"), ("rowan", "willow")}
        assert store.count(Failure, session="small") == 0


async def test_the_dead_place_of_two_costs_nothing_but_a_request(desk) -> None:
    async with AsyncExitStack() as stack:
        found = await servers(stack, *NAMES)
        dead, alive = (await servers(stack, "dead", "alive")).values()
        dead.marked = {'"role"': Fault("503")}
        places = [{"api_base": server.base} for server in (dead, alive)]
        cast(desk, found, maple={"deployments": places})
        desk.scenario["stages"] = ["answer", "battle"]
        result = await desk.run()
        assert result.progress.failed == 0
        assert len(dead.requests) <= len(alive.requests)
        calls = len(alive.requests)
        desk.scenario["models"]["maple"]["deployments"] = places[1:]
        again = await desk.run()
        assert (again.gateway.tally.made, len(alive.requests)) == (0, calls)
    with Store.open(desk.db) as store:
        served = {c.reply.deployment for c in store.rows(Call) if c.reply and c.reply.answered_by == "maple"}
        others = {c.reply.deployment for c in store.rows(Call) if c.reply and c.reply.answered_by != "maple"}
        assert (served, others) == ({alive.base}, {None})


async def test_another_fallback_is_a_change_to_be_confirmed(desk) -> None:
    async with AsyncExitStack() as stack:
        found = await servers(stack, *NAMES)
        cast(desk, found, maple={"fallbacks": ["willow"]})
        desk.scenario["stages"] = ["answer", "battle"]
        await desk.run()
        desk.scenario["models"]["maple"]["fallbacks"] = ["rowan"]
        with pytest.raises(SessionChangedError, match=r"models\.maple\.fallbacks"):
            await desk.run()


async def test_a_run_ends_when_its_time_is_up_and_the_next_goes_on(desk) -> None:
    desk.prompts = [{"id": f"p{i}", "instruction": f"What is {i} + {i + 3}?"} for i in range(40)]
    desk.scenario["episodes_at_once"] = 2
    async with AsyncExitStack() as stack:
        found = await servers(stack, *NAMES, latency=0.03)
        cast(desk, found)
        desk.scenario["stages"] = ["answer", "battle"]
        desk.scenario["budget"] = {"wall": "0.4s"}
        result = await desk.run()
        assert isinstance(result.stopped, BudgetError)
        assert "budget.wall = 0.4s" in str(result.stopped)
        with Store.open(desk.db) as store:
            done = store.count(Episode, session="small", status="done")
            assert 0 < done < 80
            assert store.count(Failure, session="small") == 0
        desk.scenario["budget"] = {"wall": "1h"}
        result = await desk.run()
        assert (result.stopped, result.progress.done) == (None, 80)
        assert all(max(server.answered.values(), default=1) == 1 for server in found.values())


async def test_a_models_own_money_ends_the_session_cleanly_and_more_of_it_goes_on(desk) -> None:
    async with AsyncExitStack() as stack:
        found = await servers(stack, *NAMES)
        cast(desk, found, maple={"price": {"input": 1.0, "output": 1.0}, "params": {"max_tokens": 200}})
        desk.scenario["stages"] = ["answer", "battle"]
        desk.scenario["budget"] = {"models": {"maple": {"calls": 2}}}
        result = await desk.run()
        assert isinstance(result.stopped, BudgetError)
        assert "raise budget.models.maple.calls" in str(result.stopped)
        assert len(found["maple"].requests) == 2
        desk.scenario["budget"]["models"]["maple"] = {"calls": 4, "usd": 1.0}
        result = await desk.run()
        assert result.stopped is None
        assert len(found["maple"].requests) == 4
    with Store.open(desk.db) as store:
        assert store.spent_by_name("small")["maple"].calls == 4
        assert store.count(CallUse, session="small", paid=True) == store.count(Call)


async def test_a_groups_own_budget_ends_the_session_cleanly_and_more_of_it_goes_on(desk) -> None:
    async with AsyncExitStack() as stack:
        found = await servers(stack, *NAMES)
        cast(desk, found)
        desk.scenario["stages"] = ["answer", "battle"]
        desk.scenario["budget"] = {"cast": {"judges": {"calls": 1}}}
        result = await desk.run()
        assert isinstance(result.stopped, BudgetError)
        assert "raise budget.cast.judges.calls" in str(result.stopped)
        with Store.open(desk.db) as store:
            assert store.spent_by_group("small")["judges"].calls == 1
        desk.scenario["budget"] = {"cast": {"judges": {"calls": 1000}}}
        assert (await desk.run()).stopped is None


async def test_a_rehearsal_of_places_and_fallbacks_needs_no_server(desk) -> None:
    async with AsyncExitStack() as stack:
        found = await servers(stack, *NAMES)
        places = {"deployments": [{"api_base": "http://127.0.0.1:9/v1"}, {"api_base": "http://127.0.0.1:10/v1"}]}
        cast(desk, found, maple={"fallbacks": ["willow"], **places})
        result = await desk.run(rehearse=True)
        assert (result.stopped, result.progress.failed) == (None, 0)
        assert not any(server.requests for server in found.values())

"""Calls in batches over real HTTP: equal to live ones in all but the price."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from asking import asked, model
from batching import PRICE, QUICK, ask_all, echoed, gateway, said, until
from loopback import Loopback

from aaa.errors import BudgetError, CallError
from aaa.llm import BatchPolicy, Gateway, has_batches, open_routes
from aaa.llm.prices import BATCH_SHARE, listed
from aaa.scenario import Budget
from aaa.store import Store, StoreJournal
from aaa.types import Attempt, Batch, Call, CallUse, Model, Reply, user

TEXTS = ["one", "two", "three\u2028and a line", "four"]


async def test_batched_calls_equal_live_ones(store: Store, tmp_path) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, identity="m@1")
        async with gateway(store) as run:
            batched = await ask_all(run, one, TEXTS)
        assert server.requests == []
        assert [len(lines) for lines in server.batches.lines] == [4]
        with Store.open(tmp_path / "live.db") as other:
            async with gateway(other) as run:
                live = await ask_all(run, one, TEXTS, batch=False)
    assert said(batched) == echoed(TEXTS)
    assert [(c.id, c.request, c.reply) for c in batched] == [(c.id, c.request, c.reply) for c in live]
    assert {line["body"]["messages"][0]["content"] for line in server.batches.lines[0]} == set(TEXTS)
    assert all(line["body"] in server.requests for line in server.batches.lines[0])
    assert all(use.paid for use in store.rows(CallUse))


async def test_a_live_run_replays_what_a_batch_brought(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base)
        async with gateway(store) as run:
            await ask_all(run, one, TEXTS)
        async with gateway(store) as run:
            assert said(await ask_all(run, one, TEXTS, batch=False)) == echoed(TEXTS)
            assert (run.tally.made, run.tally.replayed) == (0, 4)
    assert server.requests == []


async def test_a_batch_leaves_a_row_of_its_own(store: Store) -> None:
    async with Loopback() as server:
        async with gateway(store) as run:
            await ask_all(run, model(api_base=server.base, price=PRICE), TEXTS)
        (batch,) = store.rows(Batch)
        assert server.batches.batches["batch_1"]["metadata"] == {"aaa_batch": batch.id}
    assert (batch.state, batch.remote, batch.requests) == ("completed", "batch_1", 4)
    attempts = list(store.rows(Attempt))
    assert {(attempt.batch, attempt.state) for attempt in attempts} == {(batch.id, "settled")}
    assert batch.usd > sum(attempt.usd for attempt in attempts) > 0


@pytest.mark.parametrize("breaks", [[], ["/files/file-1"]])
async def test_the_prompts_of_an_ended_batch_do_not_stay_at_the_provider(store: Store, breaks: list[str]) -> None:
    async with Loopback() as server:
        async with gateway(store) as run:
            asking = asyncio.ensure_future(ask_all(run, model(api_base=server.base), TEXTS))
            await until(lambda: server.batches.batches)
            server.batches.breaks += breaks
            assert said(await asking) == echoed(TEXTS)
        assert set(server.batches.deleted) == {server.batches.batches["batch_1"]["input_file_id"]}


async def test_a_call_in_a_batch_costs_half(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=PRICE)
        async with gateway(store) as run:
            (batched,) = await ask_all(run, one, ["one"])
            (live,) = await ask_all(run, one, ["two"], batch=False)
    assert batched.reply.usage == live.reply.usage
    assert batched.usd == pytest.approx(live.usd / 2)
    assert store.spent("session").usd == pytest.approx(batched.usd + live.usd)


@pytest.mark.parametrize("name", ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "o3", "o4-mini", "gpt-5", "gpt-5-mini"])
def test_half_is_what_litellm_lists(name: str) -> None:
    entry = listed(model(model=f"openai/{name}"))
    for kind in ("input", "output"):
        list_price, in_batches = entry[f"{kind}_cost_per_token"], entry[f"{kind}_cost_per_token_batches"]
        assert in_batches == pytest.approx(BATCH_SHARE * list_price)


async def test_several_draws_of_one_request_travel_together(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base)
        async with gateway(store) as run:
            asks = [asked(one, "same", step=str(draw), draw=draw, batch=True) for draw in (0, 1, 1)]
            calls = await asyncio.gather(*(run.ask(ask) for ask in asks))
        assert [len(lines) for lines in server.batches.lines] == [2]
    assert len({call.id for call in calls}) == 2


async def test_each_model_has_batches_of_its_own(store: Store) -> None:
    async with Loopback() as server:
        first, second = (model(name, api_base=server.base, model=f"openai/{name}") for name in ("a", "b"))
        async with gateway(store) as run:
            await asyncio.gather(ask_all(run, first, TEXTS[:2]), ask_all(run, second, TEXTS))
        models = [{line["body"]["model"] for line in lines} for lines in server.batches.lines]
    assert sorted(models, key=str) == [{"a"}, {"b"}]


@pytest.mark.parametrize(
    ("policy", "sizes"),
    [
        (BatchPolicy(idle=0.02, poll=0.01, requests=2), [2, 2, 1]),
        (BatchPolicy(idle=0.02, poll=0.01, bytes=600), [2, 2, 1]),
        (BatchPolicy(idle=0.02, poll=0.01, bytes=1), [1, 1, 1, 1, 1]),
    ],
)
async def test_a_full_batch_leaves_at_once(store: Store, policy: BatchPolicy, sizes: list[int]) -> None:
    async with Loopback() as server:
        async with gateway(store, policy=policy) as run:
            texts = [f"number {i}" for i in range(5)]
            assert said(await ask_all(run, model(api_base=server.base), texts)) == echoed(texts)
        assert sorted((len(lines) for lines in server.batches.lines), reverse=True) == sizes


class Naps:
    """The waiting before a batch leaves, which ends when the test says so."""

    policy = BatchPolicy(idle=1000.0, poll=0.01)

    def __init__(self) -> None:
        self._taken: list[asyncio.Future[None]] = []

    async def sleep(self, seconds: float) -> None:
        if seconds != self.policy.idle:
            return await asyncio.sleep(seconds)
        self._taken.append(asyncio.get_running_loop().create_future())
        return await self._taken[-1]

    async def begun(self) -> None:
        """Until somebody waits."""
        await until(lambda: self._taken)

    async def end(self) -> None:
        """End a nap, and wait for the next."""
        now = len(self._taken)
        self._taken[-1].set_result(None)
        await until(lambda: len(self._taken) > now)

    async def end_until(self, *tasks: asyncio.Future[list[Call]]) -> None:
        """End every nap until the tasks are done."""

        def done() -> bool:
            if not self._taken[-1].done():
                self._taken[-1].set_result(None)
            return all(task.done() for task in tasks)

        await until(done)


async def test_a_batch_waits_for_what_live_calls_may_bring(store: Store) -> None:
    naps, answer = Naps(), asyncio.Event()
    async with Loopback(gate=answer) as server:
        one = model(api_base=server.base)
        async with gateway(store, policy=naps.policy, sleep=naps.sleep) as run:
            first = asyncio.ensure_future(ask_all(run, one, ["grade another"]))
            live = asyncio.ensure_future(ask_all(run, one, ["an answer"], batch=False))
            await naps.begun()
            await until(lambda: server.in_flight)
            for _ in range(3):
                await naps.end()
            answer.set()
            await live
            await naps.end()  # nothing is in flight now, but the answer came during this nap
            second = asyncio.ensure_future(ask_all(run, one, ["grade it"]))
            await asyncio.sleep(0.05)
            await naps.end_until(first, second)
        assert [len(lines) for lines in server.batches.lines] == [2]


async def test_a_batch_waits_until_nothing_has_been_asked_for_a_while(store: Store) -> None:
    naps = Naps()
    async with Loopback() as server:
        one = model(api_base=server.base)
        async with gateway(store, policy=naps.policy, sleep=naps.sleep) as run:
            first = asyncio.ensure_future(ask_all(run, one, ["first"]))
            await naps.begun()
            second = asyncio.ensure_future(ask_all(run, one, ["second"]))
            await asyncio.sleep(0.05)
            await naps.end()
            third = asyncio.ensure_future(ask_all(run, one, ["third"]))
            await asyncio.sleep(0.05)
            await naps.end_until(first, second, third)
        assert [len(lines) for lines in server.batches.lines] == [3]


async def test_who_goes_away_before_the_batch_leaves_gives_back_what_was_set_aside(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base)
        async with gateway(store, budget=Budget(tokens=1200)) as run:
            gone = asyncio.ensure_future(ask_all(run, one, ["gone"]))
            await asyncio.sleep(0.005)
            gone.cancel()
            assert said(await ask_all(run, one, ["stays"])) == echoed(["stays"])
        assert [len(lines) for lines in server.batches.lines] == [1]


async def test_a_refusal_in_a_batch_is_final_and_replayed(store: Store) -> None:
    def answer(body):
        if "bad" in body["messages"][0]["content"]:
            return web.json_response({"error": {"message": "flagged by our content policy"}}, status=400)
        return "fine"

    async with Loopback(answer) as server:
        one = model(api_base=server.base)
        async with gateway(store) as run:
            good, bad = await asyncio.gather(
                ask_all(run, one, ["good"]), ask_all(run, one, ["bad"]), return_exceptions=True
            )
            assert said(good) == ["fine"]
            assert isinstance(bad, CallError)
            assert bad.kind == "policy"
        async with gateway(store) as run:
            with pytest.raises(CallError, match="content policy"):
                await ask_all(run, one, ["bad"])
        assert len(server.batches.batches) == 1


async def test_a_rate_limited_line_goes_into_the_next_batch(store: Store) -> None:
    refused = iter([True])

    def answer(body):
        if body["messages"][0]["content"] == "two" and next(refused, False):
            return web.json_response({"error": {"message": "slow down"}}, status=429)
        return "fine"

    async with Loopback(answer) as server:
        async with gateway(store) as run:
            assert said(await ask_all(run, model(api_base=server.base), TEXTS)) == ["fine"] * 4
        assert [len(lines) for lines in server.batches.lines] == [4, 1]


async def test_what_does_not_fit_into_the_budget_waits_for_the_batch_before(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base, price=PRICE)
        worst = 0.5 * (16 * 2 + 5 + 1024 * 2) / 1000  # of one call: 2 message frames, 5 bytes, 1024 tokens out
        async with gateway(store, budget=Budget(usd=2.5 * worst)) as run:
            texts = ["text1", "text2", "text3", "text4"]
            assert said(await ask_all(run, one, texts)) == echoed(texts)
        assert [len(lines) for lines in server.batches.lines] == [2, 2]
    assert store.spent("session").usd < 2.5 * worst


async def test_a_live_call_that_waits_for_the_budget_holds_no_batch_up(store: Store) -> None:
    async with Loopback() as server:
        one = model(api_base=server.base)
        async with gateway(store, budget=Budget(tokens=1200)) as run:
            async with asyncio.timeout(5):
                batched = asyncio.ensure_future(ask_all(run, one, ["first"]))
                await asyncio.sleep(0)
                await asyncio.gather(batched, ask_all(run, one, ["second"], batch=False))
    assert len(server.requests) == len(server.batches.batches) == 1


async def test_a_batch_never_begins_beyond_the_budget(store: Store) -> None:
    async with Loopback() as server:
        async with gateway(store, budget=Budget(usd=0.5)) as run:
            with pytest.raises(BudgetError):
                await ask_all(run, model(api_base=server.base, price=PRICE), ["one"])
        assert server.batches.files == {}


async def test_a_server_without_batches_says_so(store: Store) -> None:
    async with Loopback() as server:
        server.batches.offered = False
        async with gateway(store) as run:
            with pytest.raises(CallError, match="mode: live") as caught:
                await ask_all(run, model(api_base=server.base), ["one"])
    assert caught.value.kind == "not_found"
    assert store.count(Call) == 0
    assert store.spent("session").usd == 0


async def test_a_simulated_model_answers_at_once(store: Store) -> None:
    async def reply(model, messages, params, *, tools, draw, attempt) -> Reply:
        return Reply(text="simulated", answered_by=model.name)

    one = Model(name="ant", model="sim/ant", family="ant")
    async with Gateway(StoreJournal(store), open_routes(reply), session="session", batching=QUICK) as run:
        assert said(await ask_all(run, one, TEXTS)) == ["simulated"] * 4
    assert store.count(Batch) == 0


def test_a_key_does_not_know_of_batches() -> None:
    from aaa.llm import call_key

    one = model(api_base="http://127.0.0.1:1/v1")
    assert call_key(asked(one, (user("hi"),))) == call_key(asked(one, (user("hi"),), batch=True))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"model": "openai/gpt-4o"}, True),
        ({"model": "openai/gpt-4o", "api_base": "http://127.0.0.1:1/v1"}, True),
        ({"model": "hosted_vllm/qwen", "api_base": "http://127.0.0.1:1/v1"}, True),
        ({"model": "openai/gpt-4o", "route": "litellm"}, False),
        ({"model": "openrouter/qwen"}, False),
        ({"model": "anthropic/claude"}, False),
        ({"model": "anthropic/claude", "api_base": "http://127.0.0.1:1/v1"}, False),
        ({"model": "unheard-of"}, False),
    ],
)
def test_which_models_can_be_asked_in_batches(fields: dict[str, str], expected: bool) -> None:
    assert has_batches(model(**fields)) is expected

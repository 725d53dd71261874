"""Plans against real runs: over HTTP, with replies of other lengths than declared, and of the greatest length."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import pytest
from loopback import Body, Loopback, completion, simulated

from aaa.errors import InterruptedSessionError, UsageError
from aaa.session import RunOptions, run_session
from aaa.session.planning import Forecast, PlanOptions, actual, kept_forecast, plan
from aaa.store import Store
from aaa.types import Call, CallUse, Decision, PreferencePair, Session, SftSample

NAMES = ("ant", "bee", "cat", "dog")
PRICE = {"input": 1.0, "output": 4.0}
ROOM = 64
"""`max_tokens` of the wordy models."""


def prompts(number: int) -> list[dict[str, Any]]:
    asked = (f"What is {17 + n} + {n * 3}?" if n % 3 else f"Give me {n + 2} tips for week {n}." for n in range(number))
    return [{"id": f"p{n:03}", "instruction": text, "skill": "advice"} for n, text in enumerate(asked)]


def real(desk: Any, base: str, **model: Any) -> None:
    """The scenario with models behind a server instead of simulated ones."""
    for name, declared in desk.scenario["models"].items():
        del declared["sim"]
        declared.update({"model": f"openai/{name}", "api_base": base, "identity": name, "price": PRICE, **model})
    desk.scenario["cast"]["judges"]["own_family"] = "allow"


def wordy(body: Body) -> Body:
    """What simulated models say, each reply lengthened by up to three times, and so by another amount each time."""
    said = simulated({**body, "model": {"ant": "rowan", "bee": "cedar", "cat": "maple", "dog": "hazel"}[body["model"]]})
    text = said["choices"][0]["message"]["content"]
    times = int(hashlib.sha256(json.dumps(body).encode()).hexdigest()[:4], 16) % 3
    return completion("That needs some thought. " * 12 * times + text, body)


async def planned(desk: Any, **options: Any) -> Forecast:
    return await plan(desk.resolve(), desk.resolve(rehearse=True), PlanOptions(db=desk.db, **options))


async def test_a_probe_forecasts_replies_that_are_nothing_like_the_declared_ones(desk: Any) -> None:
    desk.prompts = prompts(20)
    async with Loopback(wordy) as server:
        real(desk, server.base)
        guessed = await planned(desk)
        assert not server.requests
        assert not desk.db.exists(), "a plan without a probe writes nothing"
        probed = await planned(desk, probe=6, probe_usd=1.0)
        asked = len(server.requests)
        assert probed.probe is not None
        assert probed.probe.calls == asked > 0
        assert {line.source for line in probed.lines} == {"probe"}
        run = await desk.run()
        assert server.answered.total() == len(server.answered), "nothing is asked twice"
    assert run.gateway.tally.made == len(server.requests) - asked
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        found = actual(store, session)
        kept = kept_forecast(store, "small")
        spent = store.spent("small")
    assert kept == probed
    calls, tokens = sum(a.calls for a in found.values()), sum(a.tokens for a in found.values())
    usd = sum(a.usd for a in found.values())
    assert calls == len(server.requests)
    assert (usd, tokens) == (pytest.approx(spent.usd), spent.tokens)
    assert probed.total.calls.holds(calls)
    assert probed.total.tokens.holds(tokens)
    assert probed.total.usd.holds(usd)
    said = sum(a.completion_tokens for a in found.values())
    assert guessed.total.completion_tokens.likely != pytest.approx(said, rel=0.2), "else this test shows nothing"
    assert probed.total.completion_tokens.holds(said)
    assert probed.total.usd.high - probed.total.usd.low < guessed.total.usd.high - guessed.total.usd.low
    worst = probed.worst_total
    assert worst.calls >= calls
    assert worst.tokens >= tokens
    assert worst.usd >= usd


async def test_the_journal_knows_lengths_for_the_next_session(desk: Any) -> None:
    desk.prompts = prompts(12)
    async with Loopback(wordy) as server:
        real(desk, server.base)
        await desk.run()
    forecast = await plan(
        desk.resolve(session="next"), desk.resolve(session="next", rehearse=True), PlanOptions(db=desk.db)
    )
    measured = [line for line in forecast.lines if line.source == "journal"]
    assert sum(line.calls.likely for line in measured) > 0.9 * forecast.total.calls.likely
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        found = actual(store, session).values()
        assert store.count(Decision, name="forecast") == 0, "there is no session `next` to keep it for"
    assert forecast.total.completion_tokens.likely == pytest.approx(sum(a.completion_tokens for a in found), rel=0.15)
    assert forecast.total.prompt_tokens.likely == pytest.approx(sum(a.prompt_tokens for a in found), rel=0.15)


class Worst:
    """A server whose models do all that costs most: never readable at once, never content, always at full length."""

    def __init__(self) -> None:
        self.turns = 0

    def __call__(self, body: Body) -> Body:
        last = str(body["messages"][-1]["content"])
        self.turns += 1
        if len(body["messages"]) > 2 and "[[" in last:
            said = "Well. [[1]]" if "[[tie]]" in last else "Well. [[7]]"
        elif "Decide which of them serves" in last or "Grade one answer" in last:
            said = "I cannot say."
        elif "say how it could be made" in last:
            said = '- [clarity] "x" -> say it in other words'
        elif "Improve your answer" in last:
            said = f"Thank you for your suggestions. As in my earlier draft, {self.turns}."
        else:
            said = f"It is {self.turns}."
        room = ROOM * 4 - len(said) - 40
        response = completion(said if "[[" in said else "word " * (room // 5) + "\n" + said, body)
        response["usage"]["completion_tokens"] = ROOM
        response["usage"]["prompt_tokens"] = sum(len(str(m["content"])) for m in body["messages"])
        return response


STAGES: list[Any] = [
    ["answer"],
    [{"chat": {"turns": 6}}],
    ["answer", "grade"],
    ["answer", "battle"],
    ["answer", {"critique": {"revise": 2, "of": "all"}}],
    ["answer", {"chat": {"turns": 4}}, {"critique": {"of": "target"}}, "grade", {"battle": {"against": "target"}}],
]


@pytest.mark.parametrize("stages", STAGES, ids=str)
async def test_the_worst_case_is_never_exceeded(desk: Any, stages: Any) -> None:
    desk.prompts = prompts(4)
    desk.scenario["stages"] = stages
    async with Loopback(Worst()) as server:
        real(desk, server.base, params={"max_tokens": ROOM})
        forecast = await planned(desk)
        await desk.run()
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        found = actual(store, session)
    for worst in forecast.worst:
        came = [figures for (stage, _), figures in found.items() if stage == worst.stage]
        calls = sum(figures.calls for figures in came)
        assert 0 < calls <= worst.calls
        assert sum(figures.tokens for figures in came) <= worst.tokens
        assert sum(figures.usd for figures in came) <= worst.usd
        if worst.stage in ("answer", "chat", "battle"):
            assert calls == worst.calls, "a bound that can be reached, and was"


async def test_a_part_is_rehearsed_and_scaled(desk: Any) -> None:
    desk.prompts = prompts(24)
    whole = await planned(desk)
    part = await planned(desk, rehearsed=12)
    assert (whole.rehearsed, part.rehearsed) == (24, 12)
    assert {line.source for line in part.lines if line.role != "reader"} == {"simulated"}, (
        "readers are asked too rarely"
    )
    assert part.total.calls.likely == pytest.approx(whole.total.calls.likely, rel=0.15)
    assert part.total.tokens.likely == pytest.approx(whole.total.tokens.likely, rel=0.2)
    answers = [line for line in part.lines if line.stage == "answer"]
    assert sum(line.calls.likely for line in answers) == 48
    assert part.rows[0].preference_pairs == pytest.approx(whole.rows[0].preference_pairs, rel=0.5)


async def test_simulated_models_are_forecast_as_they_will_be(desk: Any) -> None:
    forecast = await planned(desk)
    await desk.run()
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        found = actual(store, session)
        rows = (store.counts(kind, "selection", session="small") for kind in (PreferencePair, SftSample))
        assert [(r.preference_pairs, r.sft_samples) for r in forecast.rows] == [tuple(r["main"] for r in rows)]
    by_cell = forecast.by(lambda line: (line.stage, line.model))
    assert {key: total.calls.likely for key, total in by_cell.items()} == {key: a.calls for key, a in found.items()}
    assert forecast.total.usd.high == 0
    assert not (desk.folder / "none").exists()


async def test_limits_faults_and_budgets_do_not_touch_a_rehearsal(desk: Any) -> None:
    desk.scenario["budget"] = {"calls": 1}
    for model in desk.scenario["models"].values():
        model.update({"rpm": 1, "tpm": 1, "concurrency": 1})
        model["sim"].update({"latency": 30, "faults": {"rate_limited": 1.0}})
    forecast = await planned(desk)
    assert forecast.total.calls.likely > 20
    assert forecast.duration.seconds > 60
    assert "tpm: 1" in forecast.duration.limited_by
    assert sorted(path.name for path in desk.folder.iterdir()) == ["prompts.jsonl", "scenario.yaml"]


async def test_jurors_whose_context_is_too_small_are_counted(desk: Any) -> None:
    desk.scenario["models"]["dog"]["context"] = 1200
    forecast = await planned(desk)
    short = {line.model: line for line in forecast.lines if line.too_long.likely}
    assert set(short) == {"dog"}
    assert short["dog"].role == "judge"
    assert 0 < short["dog"].too_long.likely <= short["dog"].calls.likely


async def test_an_unknown_price_is_named_and_left_out(desk: Any) -> None:
    real(desk, "http://127.0.0.1:9/v1")
    del desk.scenario["models"]["bee"]["price"]
    forecast = await planned(desk)
    assert forecast.unpriced == ("bee",)
    assert forecast.total.unpriced_calls == sum(x.calls.likely for x in forecast.lines if x.model == "bee") > 0
    assert forecast.worst_total.unpriced_calls > 0
    with pytest.raises(UsageError, match="price"):
        await planned(desk, probe=2)


async def test_the_worst_case_is_that_of_the_dearest_fallback(desk: Any) -> None:
    desk.scenario["stages"] = ["answer"]
    real(desk, "http://127.0.0.1:9/v1")
    cheap = (await planned(desk)).worst_total
    desk.scenario["models"]["dog"] |= {"price": {"input": 10, "output": 40}, "params": {"max_tokens": 2048}}
    desk.scenario["models"]["bee"]["fallbacks"] = ["cat", "dog"]
    dear = (await planned(desk)).worst_total
    assert dear.calls == cheap.calls
    assert dear.usd > 10 * cheap.usd / 2


async def test_batches_cost_half(desk: Any) -> None:
    desk.scenario["stages"] = ["answer", "battle"]
    real(desk, "http://127.0.0.1:9/v1")
    live = (await planned(desk)).by(lambda line: line.stage)
    desk.scenario["stages"] = ["answer", {"battle": {"mode": "batch"}}]
    batch = (await planned(desk)).by(lambda line: line.stage)
    assert batch["answer"] == live["answer"]
    assert batch["battle"].usd.likely == pytest.approx(live["battle"].usd.likely / 2)


async def test_a_probe_stops_at_its_cap_and_forecasts_from_what_it_has(desk: Any) -> None:
    desk.prompts = prompts(12)
    async with Loopback(wordy) as server:
        real(desk, server.base)
        desk.scenario["episodes_at_once"] = 1
        forecast = await planned(desk, probe=6, probe_usd=0.03)
    assert forecast.probe is not None
    assert "budget.usd" in (forecast.probe.stopped or "")
    assert 0 < forecast.probe.usd <= 0.03
    assert {line.stage for line in forecast.lines} == {"answer", "chat", "grade", "battle", "critique"}
    with Store.open(desk.db) as store:
        assert store.spent("small").usd <= 0.03
        kept = store.get(Session, "small")
        assert kept is not None
        assert not kept.complete


async def test_the_budget_of_the_scenario_holds_for_a_probe_too(desk: Any) -> None:
    async with Loopback(wordy) as server:
        real(desk, server.base)
        desk.scenario["budget"] = {"usd": 0.0}
        forecast = await planned(desk, probe=2, probe_usd=5.0)
        assert not server.requests
    assert forecast.probe is not None
    assert forecast.probe.stopped is not None
    assert {line.source for line in forecast.lines} == {"prior"}


async def test_a_probe_adds_to_a_session_and_takes_nothing_away(desk: Any) -> None:
    desk.prompts = prompts(6)
    async with Loopback(wordy) as server:
        real(desk, server.base)
        await desk.run()
        pairs = (desk.folder / "pairs.jsonl").read_bytes()
        before = len(server.requests)
        forecast = await planned(desk, probe=3, probe_usd=1.0)
        assert len(server.requests) == before
        assert forecast.probe is not None
        assert (forecast.probe.calls, forecast.probe.usd) == (0, 0)
        with Store.open(desk.db) as store:
            assert len(store.get(Decision, kept_id(store)).value) == 6  # type: ignore[union-attr, arg-type]
        await desk.run()
        assert len(server.requests) == before
    assert (desk.folder / "pairs.jsonl").read_bytes() == pairs


def kept_id(store: Store) -> str:
    return next(decision.id for decision in store.rows(Decision, name="sample"))


async def test_a_probe_needs_keys_and_says_which(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    for model in desk.scenario["models"].values():
        del model["sim"]
        model["model"] = "openai/gpt-4o-mini"
    assert (await planned(desk)).total.usd.likely > 0
    with pytest.raises(UsageError, match="OPENAI_API_KEY"):
        await planned(desk, probe=2)
    assert not desk.db.exists()


async def test_a_plan_that_is_stopped_says_so(desk: Any) -> None:
    stop = asyncio.Event()
    stop.set()
    with pytest.raises(InterruptedSessionError):
        await planned(desk, stop=stop)
    assert not desk.db.exists()


async def test_only_some_prompts_of_a_session(desk: Any) -> None:
    options = RunOptions(db=desk.db, only=frozenset({"sum", "advice"}))
    result = await run_session(desk.resolve(), options)
    assert (result.stopped, result.exports) == (None, ())
    assert not (desk.folder / "pairs.jsonl").exists()
    with Store.open(desk.db) as store:
        made = {call.id for call in store.rows(Call)}
        assert len(next(iter(store.rows(Decision, name="sample"))).value) == 2  # type: ignore[arg-type]
        session = store.get(Session, "small")
        assert session is not None
        assert not session.complete
    rest = await desk.run()
    with Store.open(desk.db) as store:
        assert store.count(Call) == len(made) + rest.gateway.tally.made
        assert store.count(CallUse, session="small", paid=True) == store.count(Call)
        session = store.get(Session, "small")
        assert session is not None
        assert session.complete


async def test_what_fails_in_the_rehearsal_is_said(desk) -> None:
    assert not (await plan(desk.resolve(), desk.resolve(rehearse=True), PlanOptions(db=desk.db))).failures
    desk.scenario["models"]["dog"]["params"] = {"max_tokens": 1}
    forecast = await plan(desk.resolve(), desk.resolve(rehearse=True), PlanOptions(db=desk.db))
    assert set(forecast.failures) == {"parse_failed"}, "a juror who cannot come to its verdict"

"""`aaa plan`, `aaa models`, `aaa journal`, and the forecast in `aaa status`."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import HOSTILE, ROOT, Aaa, Write, served
from loopback import simulated

GALLERY = sorted((ROOT / "scenarios").glob("*.yaml"))
KEY = "sk-canary-0123456789abcdef"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if re.search(r"(_KEY|_TOKEN|_API_BASE|_BASE_URL)$", name):
            monkeypatch.delenv(name)


class Handler(BaseHTTPRequestHandler):
    """Says one hostile word; a model named `broken` gets an error that quotes the key."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        broken = body["model"] == "broken"
        said = {"role": "assistant", "content": HOSTILE}
        reply: dict[str, Any] = {
            "model": f"{body['model']}-2026",
            "choices": [{"index": 0, "finish_reason": "stop", "message": said}],
            "usage": {"prompt_tokens": 12, "completion_tokens": 3},
        }
        data = json.dumps({"error": {"message": f"bad key {KEY}"}} if broken else reply).encode()
        self.send_response(401 if broken else 200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_address[1]}/v1"
        http.shutdown()


def models(base: str, **more: Any) -> dict[str, Any]:
    declared = {"family": "f", "license": "mit", "api_base": base, "price": {"input": 1, "output": 2}, **more}
    return {name: {"model": f"openai/{name}", **declared, "family": name} for name in ("ant", "bee", "cat", "dog")}


@pytest.mark.parametrize("file", GALLERY, ids=lambda file: file.stem)
def test_the_gallery_is_planned_without_keys_and_without_a_trace(aaa: Aaa, file: Path) -> None:
    told = aaa("plan", str(file), "--set", "prompts.sample.size=6", "--json")
    assert (told.code, told.err) == (0, "")
    assert told.json["prompts"] == told.json["rehearsed"] == 6
    total, worst = told.json["total"], told.json["worst_total"]
    assert 0 < total["calls"]["likely"] <= worst["calls"]
    assert 0 <= total["usd"]["low"] <= total["usd"]["likely"] <= total["usd"]["high"] <= worst["usd"]
    assert told.json["unpriced"] == []
    assert list(Path().iterdir()) == []


def test_a_plan_tells_people_what_it_is(aaa: Aaa, scenario: Write) -> None:
    file = scenario(models=models("http://127.0.0.1:9/v1"), budget={"usd": 0.000001})
    told = aaa("plan", file)
    assert told.code == 0
    for words in (
        "Forecast of session small: 4 prompts, all of them rehearsed.",
        "By stage",
        "By model",
        "Hard worst case:",
        "budget.usd = 1e-06: likely to end the session after about",
        "Time: about",
        "Selection main: about",
        "out/pairs.jsonl: about",
        "a declared guess per role, not measured",
        "--probe 5",
    ):
        assert words in told.out, words
    assert "REHEARSAL" not in told.out, "these models are real"


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("{}", "There is no budget: nothing stops the session"),
        ("{usd: 100}", "budget.usd = 100: enough for the worst case."),
        ("{usd: 0.5}", "budget.usd = 0.5: enough for the upper end"),
        ("{calls: 8}", "budget.calls = 8: likely to end the session after about 3"),
        ("{tokens: 9999999}", "budget.tokens = 9,999,999: enough for the worst case."),
        ("{models: {ant: {calls: 1}}}", "budget.models.ant.calls = 1: likely to end the session after about 25%"),
        ("{wall: 1s}", "budget.wall = 1s: likely not enough for one run."),
        ("{wall: 8h}", "budget.wall = 8h: likely enough for one run."),
    ],
)
def test_a_plan_says_what_the_budget_is_enough_for(aaa: Aaa, scenario: Write, limit: str, words: str) -> None:
    file = scenario(models=models("http://127.0.0.1:9/v1"))
    told = aaa("plan", file, "--set", f"budget={limit}")
    assert told.code == 0, told.err
    assert words in told.out


def test_a_plan_asks_for_prices_that_nobody_knows(aaa: Aaa, scenario: Write) -> None:
    told = aaa("plan", scenario(models=models("http://127.0.0.1:9/v1", price=None)))
    assert told.code == 0
    assert "models.ant.price: {input: 0.15, output: 0.60}" in told.out
    assert "of unknown price" in told.out
    assert "0.0000 + ?" in told.out


def test_a_plan_warns_of_a_context_that_is_too_small(aaa: Aaa, scenario: Write) -> None:
    told = aaa("plan", scenario(), "--set", "models.cat.context=500")
    assert "Context of cat: as judge in stage battle" in told.out


def test_a_plan_of_a_bad_scenario_is_wrong_use(aaa: Aaa, scenario: Write) -> None:
    file = scenario()
    assert aaa("plan", file, "--set", "cast.judges.quorum=9").code == 2
    assert aaa("plan", file, "--probe", "1").code == 2
    assert aaa("plan", file, "--probe", "2", "--probe-usd", "-1").code == 2
    assert not Path("data").exists()


def test_a_probed_forecast_stands_beside_what_came(aaa: Aaa, scenario: Write) -> None:
    with server() as base:
        file = scenario(models=models(base), stages=["answer"])
        told = aaa("plan", file, "--probe", "2")
        assert told.code == 0, told.err
        assert "The probe made 4 calls for $0.0001; the run goes on from there." in told.out
        assert "measured by the probe" in told.out
        assert aaa("run", file, "--json").json["calls"] == {"made": 4, "replayed": 0, "failed": 0}
    shown = aaa("status", "small")
    assert "Actual against forecast (of 4 prompts, likely figures)" in shown.out
    found = aaa("status", "small", "--json").json["forecast"]
    assert {(line["stage"], line["model"]) for line in found["lines"]} == {("answer", "ant"), ("answer", "bee")}
    for line in found["lines"]:
        assert line["actual"]["calls"] == line["forecast"]["calls"]["likely"] == 4
        assert line["actual"]["usd"] == pytest.approx(4 * (12 + 2 * 3) / 1e6)


def test_without_a_forecast_status_shows_none(aaa: Aaa, scenario: Write) -> None:
    aaa("run", scenario(), "--json")
    assert aaa("status", "small", "--json").json["forecast"] is None
    assert "against forecast" not in aaa("status", "small").out
    assert aaa("plan", "small.yaml", "--json").code == 0
    assert aaa("status", "small", "--json").json["forecast"]["prompts"] == 4, "the session is there: it is kept"


def test_models_are_listed_with_what_is_known_and_never_a_key(
    aaa: Aaa, scenario: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = models("http://127.0.0.1:9/v1")
    declared["ant"] = {"model": "openai/gpt-4o-mini", "family": "gpt", "license": "openai-terms", "rpm": 500}
    declared["bee"] = {"model": "anthropic/claude-haiku-4-5", "family": "claude", "context": 1000}
    declared["cat"] |= {"price": None, "api_key_env": "MY_KEY"}
    file = scenario(models=declared)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    told = aaa("models", file, "--json")
    assert told.code == 0
    ant, bee, cat, dog = told.json["models"]
    assert (ant["context"], ant["context_source"]) == (128_000, "litellm")
    assert (ant["price"]["input"], ant["price"]["output"], ant["price_source"]) == (0.15, 0.6, "litellm")
    assert (ant["route"], ant["missing_key"], ant["limits"]["rpm"]) == ("lean", None, 500)
    assert (bee["context"], bee["context_source"]) == (1000, "scenario")
    assert (bee["route"], bee["missing_key"]) == ("litellm", "ANTHROPIC_API_KEY")
    assert (cat["price"], cat["price_source"], cat["missing_key"]) == (None, "unknown", "MY_KEY")
    assert (dog["price_source"], dog["missing_key"]) == ("scenario", None)
    shown = aaa("models", file)
    assert "MISSING: set ANTHROPIC_API_KEY" in shown.out
    assert "Price of cat: unknown." in shown.out
    assert "500 rpm" in shown.out
    assert KEY not in told.out + shown.out
    assert not Path("data").exists()


def test_simulated_models_and_servers_of_ones_own(aaa: Aaa, scenario: Write) -> None:
    ant = aaa("models", scenario(), "--json").json["models"][0]
    assert (ant["route"], ant["price_source"], ant["simulated"], ant["missing_key"]) == (
        "simulated", "simulated", True, None,
    )  # fmt: skip
    told = aaa("models", str(ROOT / "scenarios/openai_anthropic_vllm.yaml"), "--set", "models.qwen.price=null")
    assert "Price of qwen: none per token" in told.out


def test_ping_tries_every_model_once_and_leaves_no_trace(
    aaa: Aaa, scenario: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    with server() as base:
        declared = models(base, api_key_env="MY_KEY")
        declared["cat"]["model"] = "openai/broken"
        declared["dog"]["api_base"] = "http://127.0.0.1:9/v1"
        file = scenario(models=declared, budget={"usd": 0.0})
        told = aaa("models", file, "--ping", "--json")
        shown = aaa("models", file, "--ping")
        fine = aaa("models", file, "--ping", "--json", "--set", f"models.cat={json.dumps(declared['ant'])}",
                   "--set", f"models.dog={json.dumps(declared['bee'])}")  # fmt: skip
    assert told.code == shown.code == 1
    ant, _, cat, dog = (model["ping"] for model in told.json["models"])
    assert ant["ok"]
    assert ant["served_model"] == "ant-2026"
    assert ant["seconds"] >= 0
    assert ant["usd"] == pytest.approx((12 + 2 * 3) / 1e6)
    assert not cat["ok"]
    assert "key" in cat["text"]
    assert not dog["ok"]
    assert "no connection" in dog["text"]
    assert (fine.code, [model["ping"]["ok"] for model in fine.json["models"]]) == (0, [True] * 4)
    assert KEY not in told.out + told.err + shown.out + shown.err
    assert "\x1b" not in shown.out
    assert sorted(path.name for path in Path().iterdir()) == ["prompts.jsonl", "small.yaml"]


def test_ping_reaches_simulated_models(aaa: Aaa, scenario: Write) -> None:
    told = aaa("models", scenario(), "--ping")
    assert told.code == 0
    assert "Ping" in told.out


def test_the_journal_shows_size_calls_and_cost(aaa: Aaa, scenario: Write) -> None:
    with server() as base:
        aaa("run", scenario(models=models(base), stages=["answer"]), "--json")
    told = aaa("journal", "--json").json
    assert told["bytes"] > 0
    assert told["rows"]["calls"] == told["rows"]["answers"] == 8
    assert [(one["calls"], one["attempts"], one["tokens"]) for one in told["models"]] == [(4, 4, 60)] * 2
    assert told["sessions"]["small"] == pytest.approx(sum(one["usd"] for one in told["models"]))
    shown = aaa("journal")
    assert "Calls by model" in shown.out
    assert "Cost by session" in shown.out


def test_forget_delete_and_prune(aaa: Aaa, scenario: Write) -> None:
    file = scenario()
    aaa("run", file, "--json")
    forgotten = aaa("journal", "forget", "hostile", "--yes", "--json")
    assert forgotten.code == 0
    assert len(forgotten.json["instructions"]) == 1
    assert forgotten.json["calls"] > 0
    data = Path("data/aaa.db").read_bytes()
    assert b"31 + 14" not in data
    assert b"17 + 25" in data
    assert aaa("show", "small", "--pairs", "9").code == 0
    assert aaa("export", "small", "--out", "again.jsonl").code == 0
    assert "31 + 14" not in Path("again.jsonl").read_text()
    again = aaa("run", file, "--json")
    assert again.json["calls"]["made"] == forgotten.json["calls"], "the prompt is still in the file: it comes back"
    assert aaa("journal", "delete", "small", "--yes").code == 0
    pruned = aaa("journal", "prune", "--yes", "--json").json["calls"]
    assert pruned > 0
    assert aaa("journal", "--json").json["rows"]["calls"] == 0
    assert aaa("status", "--json").json == []


def test_the_journal_asks_before_it_deletes(aaa: Aaa, scenario: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    aaa("run", scenario(), "--json")
    for word, gone in (("n\n", False), ("y\n", True)):
        monkeypatch.setattr("sys.stdin", io.StringIO(word))
        told = aaa("journal", "delete", "small")
        assert "Delete session 'small'" in told.out
        assert told.code == (0 if gone else 1)
        with sqlite3.connect("data/aaa.db") as db:
            assert db.execute("SELECT count(*) FROM sessions").fetchone() == (0 if gone else 1,)
        db.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["delete"], "needs the name of a session"),
        (["forget"], "needs the name of a prompt"),
        (["delete", "nobody", "--yes"], "no session 'nobody'"),
        (["delete", "nobody"], "no session 'nobody'"),
        (["forget", "nothing", "--yes"], "no prompt 'nothing'"),
        (["prune", "small"], "takes no name"),
        (["prune", "--json"], "--yes"),
        (["burn"], "burn"),
    ],
)
def test_wrong_use_of_the_journal(aaa: Aaa, scenario: Write, arguments: list[str], words: str) -> None:
    aaa("run", scenario(), "--json")
    before = aaa("journal", "--json").json["rows"]
    told = aaa("journal", *arguments)
    assert told.code == 2
    assert words.lower() in (told.err + told.out).lower()
    assert aaa("journal", "--json").json["rows"] == before


def test_a_journal_that_is_not_there_is_not_made(aaa: Aaa) -> None:
    assert aaa("journal").code == 1
    assert aaa("journal", "prune", "--yes").code == 1
    assert list(Path().iterdir()) == []


def test_a_price_that_a_budget_needs_is_asked_for_before_any_call(aaa: Aaa, scenario: Write) -> None:
    with served(simulated) as one:
        declared = models(one.base)
        declared["bee"]["price"] = None
        told = aaa("run", scenario(models=declared, budget={"usd": 1}))
        assert told.code == 2
        assert "the price of these models is unknown: bee (openai/bee)" in told.err
        assert "bee (openai/bee)" in aaa("validate", "small.yaml").out
        assert one.requests == []
        assert not Path("data").exists()
        aaa("run", scenario(models=declared), "--json")
        assert one.requests, "without a budget in USD it may be unknown"

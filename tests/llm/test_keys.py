"""A key goes to its own provider's address and nowhere else, and comes back from nowhere."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from asking import asked, model
from loopback import Fault, Loopback

from aaa.errors import CallError, UsageError
from aaa.llm import Gateway, RetryPolicy, missing_key, open_routes, read_env
from aaa.llm.endpoints import PROVIDERS, endpoint, located
from aaa.store import Store, StoreJournal
from aaa.types import Call, CallUse, Model

OFFICIAL = {
    "openai": "https://api.openai.com/v1",
    "groq": "https://api.groq.com/openai/v1",
    "together_ai": "https://api.together.xyz/v1",
    "azure": "https://mine.openai.azure.com",
}


def canary(name: str) -> str:
    return f"canary-{name}-0123456789"


@pytest.fixture
def canaries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names = sorted({name for provider in PROVIDERS.values() for name in provider.keys})
    for name in names:
        monkeypatch.setenv(name, canary(name))
    return names


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
@pytest.mark.usefixtures("canaries")
def test_an_address_of_ones_own_gets_no_providers_key(provider: str) -> None:
    for base in ("http://127.0.0.1:1/v1", "https://api.openai.com.evil.example/v1", "http://api.openai.com/v1"):
        one = Model(name="m", model=f"{provider}/x", family="f", api_base=base)
        key = endpoint(one).key
        if provider in ("hosted_vllm", "lm_studio"):  # every such server is one's own, and the key was made for it
            assert key == canary(PROVIDERS[provider].keys[0])
        else:
            assert key == "none"


@pytest.mark.parametrize(("provider", "base"), sorted(OFFICIAL.items()))
@pytest.mark.usefixtures("canaries")
def test_the_providers_own_address_gets_its_key(provider: str, base: str) -> None:
    one = Model(name="m", model=f"{provider}/x", family="f", api_base=base)
    assert endpoint(one).key == canary(PROVIDERS[provider].keys[0])


@pytest.mark.usefixtures("canaries")
def test_a_named_key_goes_where_the_scenario_says(monkeypatch: pytest.MonkeyPatch) -> None:
    one = model(api_base="http://127.0.0.1:1/v1", api_key_env="MINE")
    with pytest.raises(CallError, match="MINE is not set"):
        endpoint(one)
    monkeypatch.setenv("MINE", "my-own-key")
    assert endpoint(one).key == "my-own-key"
    assert "my-own-key" not in repr(endpoint(one))


def test_an_address_from_the_environment_goes_with_the_key_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://proxy.example/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "proxy-key-123")
    one = located(model())
    assert one.api_base == "http://proxy.example/v1"
    assert endpoint(one).key == "proxy-key-123"
    assert located(model(api_base="http://127.0.0.1:1/v1")).api_base == "http://127.0.0.1:1/v1"


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"model": "openai/gpt-4o-mini"}, "OPENAI_API_KEY"),
        ({"model": "anthropic/claude-haiku-4-5"}, "ANTHROPIC_API_KEY"),
        ({"model": "openai/x", "api_base": "http://127.0.0.1:1/v1"}, None),
        ({"model": "openai/x", "api_base": "http://127.0.0.1:1/v1", "api_key_env": "MINE"}, "MINE"),
        ({"model": "openai/x", "api_base": "https://api.openai.com/v1"}, "OPENAI_API_KEY"),
        ({"model": "hosted_vllm/x", "api_base": "http://127.0.0.1:1/v1"}, None),
        ({"model": "ollama/llama3"}, None),
        ({"model": "sim/x"}, None),
        ({"model": "sim/x", "api_key_env": "MINE"}, None),
    ],
)
def test_which_key_is_missing(fields: dict[str, Any], missing: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    one = Model(name="m", family="f", **fields)
    assert missing_key(one) == missing
    if missing:
        monkeypatch.setenv(missing, "set")
        assert missing_key(one) is None


@pytest.mark.parametrize("route", ["lean", "litellm"])
async def test_a_key_that_a_server_echoes_is_stored_and_shown_nowhere(
    route: str, store: Store, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Replies, reasoning, error bodies and broken bodies that quote the Authorization header."""
    key = "canary-of-mine-0123456789"
    monkeypatch.setenv("MINE", key)
    bodies = [
        Fault("400", body=json.dumps({"error": {"message": f"bad key {key}"}})),
        Fault("500", {"X-Echo": key}, body=f"Bearer {key}"),
        Fault("200", body=f"<html>{key}"),
        Fault("401", body="x" * 1990 + key),
    ]
    errors: list[CallError] = []
    async with Loopback(lambda _: f"<think>{key}</think>the key is {key}", faults=bodies) as server:
        one = model(api_base=server.base, api_key_env="MINE", route=route)
        retry = RetryPolicy(attempts=1)
        for number in range(len(bodies) + 1):
            async with Gateway(StoreJournal(store), open_routes(), session="session", retry=retry) as gateway:
                try:
                    await gateway.ask(asked(one, f"{number}", step=str(number)))
                except CallError as error:
                    errors.append(error)
    assert all(headers["Authorization"] == f"Bearer {key}" for headers in server.headers)
    assert len(errors) == len(bodies)
    shown = [str(error) + str(error.raw) + repr(error.__cause__) for error in errors]
    kept = [row.model_dump_json() for row in (*store.rows(Call), *store.rows(CallUse))]
    printed = "".join(capfd.readouterr())
    assert any("[redacted]" in text for text in kept)
    for text in (*shown, *kept, printed):
        assert "canary" not in text


def test_a_file_of_keys_adds_to_the_environment_and_changes_nothing_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLD_KEY", "old")
    monkeypatch.delenv("NEW_KEY", raising=False)
    file = tmp_path / ".env"
    file.write_text('# mine\nexport NEW_KEY="new ${HOME}"\nOLD_KEY=other\nEMPTY_KEY=\n')
    assert read_env(file) == ("NEW_KEY",)
    assert (os.environ.pop("NEW_KEY"), os.environ["OLD_KEY"]) == ("new ${HOME}", "old")
    assert read_env(tmp_path / "none") == ()


def test_a_file_of_keys_that_cannot_be_read_says_so_without_quoting_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SECRET_KEY=\xff\xfe\xfa")
    with pytest.raises(UsageError, match="Cannot read keys"):
        read_env(tmp_path / ".env")

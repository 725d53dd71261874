"""What `aaa validate` tells of places and fallbacks."""

from __future__ import annotations

from typing import Any

from cli_helpers import SCENARIO, Aaa, Write

PLACES = [{"api_base": "http://127.0.0.1:1/v1"}, {"api_base": "http://127.0.0.1:2/v1"}]


def models(**changes: dict[str, Any]) -> dict[str, Any]:
    """The same models, real ones at some address."""
    return {
        name: {
            "model": f"openai/{name}",
            "family": one["family"],
            "license": one["license"],
            "identity": f"{name}@1",
            **({} if name in changes and "deployments" in changes[name] else {"api_base": "http://127.0.0.1:9/v1"}),
            **changes.get(name, {}),
        }
        for name, one in SCENARIO["models"].items()
    }


def test_chains_and_places_are_shown(aaa: Aaa, scenario: Write) -> None:
    file = scenario(models=models(ant={"fallbacks": ["dog", "cat"], "deployments": PLACES}))
    told = aaa("validate", file)
    assert told.code == 0, told.err
    assert "ant is served at http://127.0.0.1:1/v1, http://127.0.0.1:2/v1" in told.out
    assert "ant falls back on dog (canids, mit), then cat (mammals, mit)" in told.out
    told = aaa("validate", file, "--json")
    assert told.json["fallbacks"] == {"ant": ["dog", "cat"]}
    assert told.json["deployments"] == {"ant": ["http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1"]}
    assert not any("juror" in note for note in told.json["notes"])


def test_a_juror_that_falls_back_on_another_family_is_noted(aaa: Aaa, scenario: Write) -> None:
    told = aaa("validate", scenario(models=models(cat={"fallbacks": ["bee"]})), "--json")
    assert [note for note in told.json["notes"] if "juror 'cat' falls back on another family" in note]


def test_batches_need_one_place(aaa: Aaa, scenario: Write) -> None:
    file = scenario(models=models(ant={"deployments": PLACES}), stages=[{"answer": {"mode": "batch"}}, "battle"])
    told = aaa("validate", file)
    assert told.code == 2
    assert "'ant'" in told.err

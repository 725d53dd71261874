"""Auto Evol-Instruct on simulated models: flaws are found, noise is not accepted, and everything is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from aaa.errors import ScenarioError, SessionChangedError, UsageError
from aaa.prompts import PromptSet
from aaa.scenario import load_auto
from aaa.session.auto import Optimised, optimise_method, split, standing
from aaa.session.work import WorkOptions
from aaa.sim.methods import DEMANDS, demanded
from aaa.store import Store
from aaa.types import Call, CallUse, Instruction, MethodStep, user

GOOD = PromptSet.load().render("evolve_method").text.strip()
FLAWS = {
    "length": GOOD.replace("Add 10 to 20 words.", ""),
    "input": GOOD.replace("Keep the given input", "Use the facts"),
    "answered": GOOD.replace("Do not answer it.", "Then answer it."),
    "gamed": "Keep it simple and easy, so that every model can answer. Give only the instruction. Do not answer it. "
    "Add 10 to 20 words. Keep the given input.",
}
WORDS = ["apple", "pear", "plum", "fig", "lime", "kiwi", "peach", "melon", "grape", "cherry"]


def prompts(number: int) -> list[dict[str, Any]]:
    return [
        {"id": f"p{n}", "instruction": f"Sort these words, list {n}: {', '.join(WORDS[n % 5 : n % 5 + 4])} and nut {n}"}
        if n % 2
        else {"id": f"p{n}", "instruction": f"Give me {n} tips for saving money in week {n}."}
        for n in range(number)
    ]


class Workshop:
    """A folder with prompts, a method and settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: dict[str, Any] = {
            "models": {
                "eve": {"model": "sim/eve", "family": "eves", "license": "mit", "sim": {"heed": 0.9}},
                "opt": {"model": "sim/opt", "family": "opts", "license": "mit", "sim": {"heed": 0.8}},
            },
            "evolvers": "eve",
            "optimisers": "opt",
            "dev": 50,
            "minibatch": 12,
            "steps": 3,
            "candidates": 3,
        }
        self.prompts = prompts(90)

    async def run(self, method: str | None = None, **options: Any) -> Optimised:
        if method is not None:
            (self.folder / "method.md").write_text(method)
            self.settings["method"] = "method.md"
        (self.folder / "auto.yaml").write_text(yaml.safe_dump(self.settings))
        (self.folder / "prompts.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in self.prompts))
        given = WorkOptions(db=self.folder / "aaa.db", **options)
        return await optimise_method(self.folder / "prompts.jsonl", self.folder / "auto.yaml", given)


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.chdir(tmp_path)
    return Workshop(tmp_path)


@pytest.mark.parametrize("flaw", FLAWS)
async def test_a_planted_flaw_is_found_and_cured(workshop: Workshop, flaw: str) -> None:
    found = await workshop.run(FLAWS[flaw])
    assert len(demanded(FLAWS[flaw])) == len(DEMANDS) - 1
    assert demanded(found.method) == list(DEMANDS), [step.model_dump() for step in found.steps]
    accepted = next(step for step in found.steps if step.accepted is not None)
    won = accepted.candidates[accepted.accepted or 0]
    assert won.p_value <= accepted.level
    assert won.rate < accepted.current.rate
    assert [step.number for step in found.steps] == list(range(1, len(found.steps) + 1))
    assert found.steps[-1].ended


async def test_on_a_flawless_method_noise_is_not_accepted(workshop: Workshop) -> None:
    """An optimiser that always finds something writes candidates, none of which is better."""
    workshop.settings |= {"minibatch": 30, "dev": 40, "steps": 2, "patience": 2}
    compared = 0
    for seed in range(6):
        workshop.settings |= {"seed": seed, "name": f"seed-{seed}"}
        found = await workshop.run(GOOD)
        compared += sum(len(step.candidates) for step in found.steps)
        assert found.method == GOOD
        assert all(step.accepted is None for step in found.steps)
    assert compared > 5, "else nothing was tried"


async def test_a_method_that_never_fails_costs_no_candidate(workshop: Workshop) -> None:
    workshop.settings["models"]["eve"]["sim"]["heed"] = 1.0
    (step,) = (await workshop.run(GOOD)).steps
    assert step.current.failed == 0
    assert not step.candidates
    assert "no method could be better beyond noise" in (step.ended or "")


async def test_the_history_is_kept_and_a_second_run_is_free(workshop: Workshop) -> None:
    first = await workshop.run(FLAWS["length"])
    second = await workshop.run()
    assert first.work.gateway.tally.made > 0
    assert second.work.gateway.tally.made == 0
    assert second.steps == first.steps
    assert standing(second.steps) == second.method == first.method
    with Store.open(workshop.folder / "aaa.db") as store:
        kept = sorted(store.rows(MethodStep, session="auto"), key=lambda row: row.number)
        assert kept == list(first.steps)
        roles = {use.role for use in store.rows(CallUse)}
    assert roles == {"evolver", "responder", "optimiser"}


async def test_another_method_file_is_asked_about_before_any_call(workshop: Workshop) -> None:
    first = await workshop.run(FLAWS["length"])
    (workshop.folder / "method.md").write_text(FLAWS["answered"])
    with pytest.raises(SessionChangedError, match=r"method 'method\.md' says something else\n.*\n.* [\d,]+ calls"):
        await workshop.run()
    with Store.open(workshop.folder / "aaa.db") as store:
        assert store.count(Call) == first.work.gateway.tally.made


async def test_a_run_that_was_stopped_goes_on_and_comes_to_the_same(workshop: Workshop) -> None:
    whole = await workshop.run(FLAWS["answered"])
    (workshop.folder / "aaa.db").unlink()
    workshop.settings["budget"] = {"calls": 150}
    cut = await workshop.run()
    assert cut.work.stopped is not None
    assert not cut.steps
    workshop.settings["budget"] = {}
    rest = await workshop.run()
    assert rest.steps == whole.steps
    assert cut.work.gateway.tally.made + rest.work.gateway.tally.made == whole.work.gateway.tally.made


async def test_dev_set_and_optimisation_set_are_disjoint_also_by_text(workshop: Workshop) -> None:
    workshop.prompts += [{**row, "id": f"again-{row['id']}"} for row in workshop.prompts]
    await workshop.run(GOOD)
    auto = load_auto(workshop.folder / "auto.yaml")
    rows = [
        Instruction(id=f"i{n}", session="s", source_id=row["id"], messages=(user(row["instruction"]),))
        for n, row in enumerate(workshop.prompts)
    ]
    dev, pool = split(rows, auto, Path("prompts.jsonl"))
    assert len(dev) == auto.dev
    assert {one.text for one in dev}.isdisjoint(one.text for one in pool)
    assert split(rows[::-1], auto, Path("x")) == (dev, pool), "whatever the order of the file"
    other, _ = split(rows, auto.model_copy(update={"seed": 1}), Path("x"))
    assert {one.id for one in other} != {one.id for one in dev}


async def test_too_few_prompts_are_refused_before_anything_is_written(workshop: Workshop) -> None:
    workshop.prompts = prompts(61)
    with pytest.raises(UsageError, match="holds 61 different prompts; 62 are needed"):
        await workshop.run(GOOD)
    assert not (workshop.folder / "aaa.db").exists()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"evolvers": "adam"}, "adam"),
        ({"optimisers": []}, "optimisers"),
        ({"level": 0.9}, "level"),
        ({"stpes": 3}, "stpes"),
        ({"method": "nowhere.md"}, "nowhere.md"),
    ],
)
async def test_settings_that_cannot_work_are_refused(workshop: Workshop, settings: dict[str, Any], words: str) -> None:
    workshop.settings |= settings
    with pytest.raises(ScenarioError, match=words):
        await workshop.run()


async def test_an_empty_method_is_refused(workshop: Workshop) -> None:
    with pytest.raises(ScenarioError, match="empty"):
        await workshop.run("  \n")


async def test_an_endpoint_that_fails_ends_it_and_says_so(workshop: Workshop) -> None:
    workshop.settings["models"]["eve"]["sim"]["faults"] = {"refused": 0.3}
    found = await workshop.run(FLAWS["length"])
    assert found.steps
    assert found.steps[0].current.missing["refused"] > 0
    assert found.steps[0].current.tried + sum(found.steps[0].current.missing.values()) == 50

"""Stage `evolve`: instructions become others, which are answered, rated, and lead back to where they come from."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from importlib.resources import files
from statistics import mean
from typing import Any

import pytest

from aaa.errors import ScenarioError
from aaa.session.planning import PlanOptions, actual, plan
from aaa.sim import demands
from aaa.store import Store
from aaa.text import language_of
from aaa.types import Answer, Call, CallUse, Evolution, Instruction, InstructionRating, PreferencePair, Session


def evolving(desk: Any, **spec: Any) -> None:
    desk.scenario["models"]["dog"]["sim"] = {"judge": {"accuracy": 1.0}}
    desk.scenario["cast"] |= {"evolvers": {"models": ["bee", "cat"]}, "raters": {"models": ["dog"], "card": "judge"}}
    desk.scenario["stages"] = [{"evolve": {"by": "evolvers", "rate": "raters", **spec}}, "answer"]
    desk.scenario["export"] = []


def rows(desk: Any, kind: Any) -> list[Any]:
    with Store.open(desk.db) as store:
        return list(store.rows(kind, session="small"))


async def test_versions_are_made_answered_and_rated(desk: Any) -> None:
    evolving(desk, rounds=3, direction="both", operations={"constraint": 1, "simpler": 1})
    result = await desk.run()
    assert result.stopped is None
    assert result.progress.failed == 0
    instructions = {one.id: one for one in rows(desk, Instruction)}
    made = [one for one in instructions.values() if one.episode]
    assert len(made) > 8
    for one in made:
        assert one.lineage.parent in instructions
        assert one.reference is None
        assert {producer.model for producer in one.producers} <= {"bee", "cat"}
    answered = Counter(answer.instruction for answer in rows(desk, Answer))
    assert all(answered[id_] == 2 for id_ in instructions)
    by_round: dict[tuple[str, int], list[float]] = defaultdict(list)
    for row in rows(desk, InstructionRating):
        lineage = instructions[row.rated].lineage
        by_round[lineage.operation or "seed", lineage.round].append(row.difficulty)
    up = [mean(by_round["seed", 0]), *(mean(by_round["constraint", n]) for n in (1, 2, 3))]
    assert up == sorted(up)
    assert up[0] + 2 < up[3]
    assert mean(by_round["simpler", 1]) < up[0]
    again = await desk.run()
    assert again.gateway.tally.made == 0


async def forecast_and_made(desk: Any, **options: Any) -> tuple[dict[str, float], dict[str, int]]:
    """Calls of each stage, likely and actual."""
    found = await plan(desk.resolve(), desk.resolve(rehearse=True), PlanOptions(db=desk.db, **options))
    await desk.run()
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        made = Counter[str]()
        for (stage, _), figures in actual(store, session).items():
            made[stage] += figures.calls
    worst = {one.stage: one.calls for one in found.worst}
    assert all(made[stage] <= worst[stage] for stage in made)
    assert sum(one.preference_pairs for one in found.rows) == pytest.approx(len(rows(desk, PreferencePair)), rel=0.5)
    return {stage: total.calls.likely for stage, total in found.by(lambda line: line.stage).items()}, made


@pytest.mark.parametrize("keep", ["all", "last"])
async def test_a_forecast_counts_what_is_made_of_the_prompts(desk: Any, keep: str) -> None:
    evolving(desk, rounds=2, direction="up", keep=keep)
    desk.scenario["stages"] += ["battle", {"evolve_answer": {"rounds": 1, "aims": ["depth"], "where": {"share": 0.5}}}]
    likely, made = await forecast_and_made(desk)
    assert likely == made, "simulated models do in the run what they did in the rehearsal"
    assert made["answer"] > 4 * 2 or keep == "last"


async def test_a_forecast_of_a_part_and_a_probe_count_it_too(desk: Any) -> None:
    desk.prompts = [{"id": f"p{n}", "instruction": f"Give me {n + 2} tips for week {n}."} for n in range(24)]
    evolving(desk, rounds=2, direction="up")
    for name, options in {"part": {"rehearsed": 12}, "probe": {"probe": 10, "probe_usd": 1.0}}.items():
        desk.db = desk.folder / f"{name}.db"
        likely, made = await forecast_and_made(desk, **options)
        for stage in ("evolve", "answer"):
            assert likely[stage] == pytest.approx(made[stage], rel=0.25), (name, stage)


async def test_only_the_last_version_flows_on_where_it_is_asked_for(desk: Any) -> None:
    evolving(desk, rounds=2, direction="up", keep="last", checks=0)
    await desk.run()
    made = [one for one in rows(desk, Instruction) if one.episode]
    assert len(made) == 4
    assert {one.instruction for one in rows(desk, Answer)} == {one.id for one in made}
    assert {one.lineage.round for one in made} == {2}


async def test_faults_are_dropped_and_the_parent_stands(desk: Any) -> None:
    evolving(desk, rounds=1, direction="up", tries=2)
    for name in ("bee", "cat"):
        desk.scenario["models"][name]["sim"] = {"evolve": {"chatter": 1.0}}
    await desk.run()
    assert not [one for one in rows(desk, Instruction) if one.episode]
    assert Counter(row.outcome for row in rows(desk, Evolution)) == {"meta_chatter": 8}
    assert len({row.instruction for row in rows(desk, Answer)}) == 4


GIVEN = {
    "code": "What does this print?\n```python\nprint(6 * 7)\n```",
    "table": "Which fruit is dearest?\n\n| fruit | price |\n|---|---|\n| fig | 3 |",
    "quotation": 'Translate into German: "The ferry leaves at nine in the morning."',
    "list": "Arrange these by their price: figs, two apples, one good pen",
}


async def test_each_kind_of_given_input_is_missed_when_it_is_lost(desk: Any) -> None:
    desk.prompts = [{"id": kind, "instruction": text} for kind, text in GIVEN.items()]
    evolving(desk, rounds=2, direction="up", operations={"constraint": 1, "input": 1})
    for name in ("bee", "cat"):
        desk.scenario["models"][name]["sim"] = {"evolve": {"loses_input": 1.0}}
    await desk.run()
    sources = {one.id: one.source_id for one in rows(desk, Instruction)}
    found = {(sources[row.instruction], row.outcome) for row in rows(desk, Evolution)}
    assert found == {
        ("code", "lost_code"),
        ("table", "lost_table"),
        ("quotation", "lost_input"),
        ("list", "lost_input"),
    }


async def test_a_round_whose_parent_stands_is_no_replay_of_the_one_before(desk: Any) -> None:
    evolving(desk, rounds=4, direction="up", operations={"constraint": 1}, tries=1, checks=0)
    for name in ("bee", "cat"):
        desk.scenario["models"][name]["sim"] = {"evolve": {"chatter": 0.6}}
    await desk.run()
    attempts = rows(desk, Evolution)
    assert len({row.call for row in attempts}) == len(attempts) == 16
    kept = Counter(row.instruction for row in attempts if row.outcome == "kept")
    assert len(kept) == 4, "who fails six times in ten comes through in four rounds"


WAYS = {
    "declared": ({"weak": True}, [], {"down", "up"}),
    "not declared": ({}, [], {"up"}),
    "measured": ({}, ["battle", {"gaps": {"bootstrap": 50, "intervals": "each"}}], {"down", "up"}),
    "measured strong, declared weak": ({"weak": True}, ["battle", {"gaps": {"min_points": 4000}}], {"up"}),
}


@pytest.mark.parametrize(("declared", "before", "ways"), WAYS.values(), ids=WAYS)
async def test_weak_students_get_simpler_ones_too(
    desk: Any, declared: dict[str, Any], before: list[Any], ways: set[str]
) -> None:
    asked = {n: f"What is {n} + {n + 17}?" for n in range(12)}
    checked = {"skill": "sums", "verifier": {"kind": "numeric"}}
    desk.prompts = [
        {"id": f"p{n}", "instruction": text, "reference": f"{2 * n + 17}", **checked} for n, text in asked.items()
    ]
    evolving(desk, rounds=1, checks=0)
    desk.scenario["models"]["ant"] |= {"sim": {"default_skill": 0.05}, **declared}
    desk.scenario["stages"] = ["answer", *before, desk.scenario["stages"][0]]
    result = await desk.run()
    assert result.stopped is None
    assert {row.direction for row in rows(desk, Evolution)} - {"across"} == ways


async def test_a_method_file_takes_the_place_of_operations(desk: Any) -> None:
    (desk.folder / "mine.md").write_text(
        "Make it harder by a condition. Keep the given input. Do not answer it. Add 10 to 20 words. "
        "Give only the instruction."
    )
    evolving(desk, rounds=1, method="mine.md", checks=0)
    await desk.run()
    assert {row.operation for row in rows(desk, Evolution)} == {"method"}
    assert [one for one in rows(desk, Instruction) if one.episode]


@pytest.mark.parametrize("number", [200, pytest.param(1000, marks=pytest.mark.slow)])
async def test_no_prompt_carries_the_text_of_another(desk: Any, number: int) -> None:
    desk.prompts = [{"id": f"p{n}", "instruction": f"Give me {n} tips about canary{n:04}x."} for n in range(number)]
    evolving(desk, rounds=1, direction="up")
    desk.scenario["stages"].pop()
    desk.scenario["episodes_at_once"] = number
    result = await desk.run()
    assert result.stopped is None
    assert result.progress.failed == 0
    with Store.open(desk.db) as store:
        roles = Counter(use.role for use in store.rows(CallUse))
        assert {"evolver", "checker", "judge"} <= roles.keys()
        assert min(roles.values()) >= 0.9 * number
        for call in store.rows(Call):
            told = set(re.findall(r"canary\d{4}x", str(call.request)))
            said = set(re.findall(r"canary\d{4}x", "" if call.reply is None else call.reply.text))
            assert len(told | said) <= 1


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"operations": {"nonsense": 1}}, "operations"),
        ({"operations": {"deepen": 1}, "method": "m.md"}, "one of them"),
        ({"rate": "evolvers"}, "all of group"),
        ({"by": "nobody"}, "nobody"),
    ],
)
def test_what_cannot_work_is_refused(desk: Any, spec: dict[str, Any], words: str) -> None:
    evolving(desk, **spec)
    with pytest.raises(ScenarioError, match=words):
        desk.resolve()


SPOKEN = {
    "de": ("Wie viel ist 17 mal 24?", "Gib mir drei Tipps, wie ich mit wenig Geld auf die Reise gehe."),
    "fr": ("Combien font 18 fois 12 ?", "Donne-moi trois conseils pour les gens qui dorment mal dans le train."),
    "es": ("¿Cuánto es 145 más 278?", "Escribe una carta para el vecino que toca el piano por la noche."),
    "it": ("Quanto fa 36 per 11?", "Scrivi una lettera per il vicino che suona il piano di notte."),
}


async def test_instructions_evolve_in_their_own_language(desk: Any) -> None:
    desk.prompts = [
        {"id": f"{language}-{n}", "instruction": text, "language": language}
        for language, texts in SPOKEN.items()
        for n, text in enumerate(texts)
    ]
    evolving(desk, rounds=3, direction="both", tries=3)
    for name in ("bee", "cat"):
        desk.scenario["models"][name]["sim"] = {"evolve": {"translates": 0.3}}
    await desk.run()
    made = [one for one in rows(desk, Instruction) if one.episode]
    assert Counter(one.language for one in made).keys() == SPOKEN.keys()
    assert all(language_of(one.text) in (one.language, None) for one in made)
    assert sum(language_of(one.text) is not None for one in made) > 0.8 * len(made)
    foreign = [row for row in rows(desk, Evolution) if row.text in (demands.FOREIGN, demands.FOREIGN_TO_GERMAN)]
    assert len(foreign) > 10
    assert {row.outcome for row in foreign} == {"language_changed"}


OWN = ("evolve", "evolve_constraint", "evolve_simpler", "evolve_check", "rate_instructions", "evolve_answer")


async def test_every_prompt_can_be_replaced_by_ones_own(desk: Any) -> None:
    evolving(desk, rounds=1, direction="both", operations={"constraint": 1, "simpler": 1})
    desk.scenario["stages"].append({"evolve_answer": {"rounds": 1, "aims": ["depth"]}})
    folder = files("aaa.prompts")
    for name in OWN:
        bundled = (folder / f"{name}.jinja").read_text(encoding="utf-8")
        (desk.folder / f"{name}.jinja").write_text(f"{bundled} In the words of {name.upper()}.")
    desk.scenario["templates"] = {name: f"{name}.jinja" for name in OWN}
    result = await desk.run()
    assert result.progress.failed == 0
    asked = "".join(str(call.request) for call in all_calls(desk))
    assert all(f"In the words of {name.upper()}." in asked for name in OWN)
    assert {row.prompt for row in rows(desk, Evolution)} <= desk.resolve().prompts.texts().keys()


def all_calls(desk: Any) -> list[Call]:
    with Store.open(desk.db) as store:
        return list(store.rows(Call))

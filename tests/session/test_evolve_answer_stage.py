"""Stage `evolve_answer` in a session: rows, pairs, samples, who may judge, bounds, and that it runs twice for free."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
import yaml
from rich.console import Console

from aaa.cli.summary import found
from aaa.curate import ItemRecord
from aaa.errors import ScenarioError
from aaa.evolve import outcome_of
from aaa.session import standings
from aaa.session.item_records import records
from aaa.session.planning import PlanOptions, actual, plan
from aaa.session.planning.bounds import bounds
from aaa.session.rejudge import judge_session
from aaa.session.validation import validate
from aaa.session.work import WorkOptions
from aaa.store import Store
from aaa.types import Answer, AnswerEvolution, PreferencePair, Session, SftSample, Verdict


def evolving(desk: Any, **stage: Any) -> None:
    """Rewriters who can, and one who cannot: each attempt may turn out either way."""
    desk.scenario["cast"]["rewriters"] = {"models": ["bee", "rat"]}
    desk.scenario["models"]["rat"] = {
        "model": "sim/rat",
        "family": "rodents",
        "license": "mit",
        "sim": {"default_skill": 0.2, "leak": 0.3, "heed": 1.0},
    }
    desk.prompts += [
        {"id": f"tips-{n}", "instruction": f"Give me {n} tips for saving money.", "skill": "advice"}
        for n in range(3, 9)
    ]
    desk.scenario["stages"] = ["answer", "battle", {"evolve_answer": {"by": "rewriters", **stage}}]


def rows(desk: Any, kind: Any) -> list[Any]:
    with Store.open(desk.db) as store:
        return list(store.rows(kind))


async def test_attempts_are_rows_and_become_pairs_and_samples(desk: Any) -> None:
    evolving(desk)
    first = await desk.run()
    assert first.progress.failed == 0
    attempts: list[AnswerEvolution] = rows(desk, AnswerEvolution)
    answers = {row.id: row for row in rows(desk, Answer)}
    verdicts = {row.id: row for row in rows(desk, Verdict)}
    assert {"better", "worse", "unchanged"} <= {attempt.outcome for attempt in attempts}
    for attempt in attempts:
        if attempt.candidate is not None:
            assert answers[attempt.candidate].lineage.parent == attempt.answer
            assert attempt.ratio is not None
        if attempt.replaced and attempt.candidate is not None:
            old, new = answers[attempt.answer], answers[attempt.candidate]
            assert verdicts[str(attempt.verdict)].winner in (new.id, None)
            assert new.stands_alone
            assert not (old.check and old.check.passed and new.check and not new.check.passed)
    chosen = {row.chosen_answer for row in rows(desk, PreferencePair) if row.chosen_context == "evolved"}
    won = {attempt.candidate for attempt in attempts if attempt.outcome == "better"}
    assert won
    assert won <= chosen
    superseded = {attempt.answer for attempt in attempts if attempt.replaced}
    samples: list[SftSample] = rows(desk, SftSample)
    assert not superseded & {sample.answer for sample in samples}
    assert any(sample.context == "evolved" for sample in samples)
    again = await desk.run()
    assert again.gateway.tally.made == 0


async def test_the_bounds_and_the_plan_hold(desk: Any) -> None:
    evolving(desk, of="winners")
    forecast = await plan(desk.resolve(), desk.resolve(rehearse=True), PlanOptions(db=desk.db))
    await desk.run()
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        made = {key: figures.calls for key, figures in actual(store, session).items() if key[0] == "evolve_answer"}
    worst = next(one for one in forecast.worst if one.stage == "evolve_answer")
    assert 0 < sum(made.values()) <= worst.calls
    likely = sum(line.calls.likely for line in forecast.lines if line.stage == "evolve_answer")
    assert likely == sum(made.values()), "simulated models do in the run what they did in the rehearsal"
    (rewriter, *_) = bounds(desk.resolve().scenario)["evolve_answer"]
    assert (rewriter.role, rewriter.calls) == ("rewriter", 2 * 5 * 2 * 3)


@pytest.mark.parametrize("of", ["all", "target", "winners"])
async def test_whose_answers_evolve(desk: Any, of: str) -> None:
    evolving(desk, of=of, aims=["depth"], rounds=1)
    await desk.run()
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        found: list[ItemRecord] = list(records(store, "small", list(session.stages)))
    for record in found:
        members = {record.by_id[one.answer].member for one in record.evolutions}
        plain = [answer for answer in record.answers if answer.context == "plain"]
        expected = {
            "all": {answer.member for answer in plain},
            "target": {"ant"},
            "winners": {answer.member for answer in plain if not record.lost_battle(answer)},
        }[of]
        assert members == expected


async def test_a_second_evolution_goes_on_from_what_stands(desk: Any) -> None:
    evolving(desk, of="target")
    desk.scenario["stages"].append({"evolve_answer": {"by": "members", "of": "target", "aims": ["affinity"]}})
    await desk.run()
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        assert list(session.stages)[-2:] == ["evolve_answer", "evolve_answer-2"]
        found = list(records(store, "small", list(session.stages)))
    later = [
        record.by_id[one.answer]
        for record in found
        for one in record.evolutions
        if one.aim == "affinity" and record.by_id[one.answer].context == "evolved"
    ]
    assert later


def test_a_panel_that_could_not_judge_a_rewriting_is_found_before_anything_is_paid(desk: Any) -> None:
    evolving(desk)
    desk.scenario["cast"]["judges"] = {"models": ["bee", "cat"], "card": "judge", "quorum": 2, "own_family": "exclude"}
    desk.scenario["stages"] = ["answer", {"evolve_answer": {"by": "rewriters"}}]
    with pytest.raises(ScenarioError, match="ant against ant rewritten by bee"):
        validate(desk.resolve())


def test_meetings_name_text_and_rewriter(desk: Any) -> None:
    evolving(desk)
    desk.scenario["stages"].insert(2, "critique")
    met = {(one.left, one.right) for one in validate(desk.resolve()).meetings if one.stage == "evolve_answer"}
    assert ("ant", "ant rewritten by bee") in met
    assert ("ant revised under cat", "ant revised under cat rewritten by rat") in met
    assert ("bee", "bee rewritten by bee") not in met, "nobody rewrites its own where there is another"


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ([{"evolve_answer": {"by": "members"}}], "needs an `answer` stage"),
        (["answer", {"evolve_answer": {"of": "winners"}}], "needs a `battle` stage"),
        (["answer", {"evolve_answer": {"aims": ["beauty"]}}], "aims"),
        (["answer", {"evolve_answer": {"aims": ["logic", "logic"]}}], "twice"),
        (["answer", {"evolve_answer": {"aims": []}}], "aims"),
        (["answer", {"evolve_answer": {"by": "nobody"}}], "nobody"),
    ],
)
def test_what_cannot_work_is_refused(desk: Any, stages: list[Any], words: str) -> None:
    desk.scenario["stages"] = stages
    with pytest.raises(ScenarioError, match=words):
        desk.resolve()


async def test_another_panel_sees_every_attempt_anew(desk: Any) -> None:
    evolving(desk, of="target", rounds=1)
    desk.scenario["select"] = {"main": {"sft": {}, "pairs": {}, "panel": "others"}}
    desk.scenario["export"] = []
    await desk.run()
    panel = {
        "models": {"elk": {"model": "sim/rowan", "family": "deer", "license": "mit"}},
        "cast": {"others": {"models": ["elk"], "quorum": 1}},
    }
    (desk.folder / "others.yaml").write_text(yaml.safe_dump(panel))
    await judge_session("small", desk.folder / "others.yaml", WorkOptions(db=desk.db))
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        ours = list(records(store, "small", list(session.stages)))
        theirs = list(records(store, "small", list(session.stages), "others"))
    changed = 0
    for mine, other in zip(ours, theirs, strict=True):
        for before, after in zip(mine.evolutions, other.evolutions, strict=True):
            changed += before.outcome != after.outcome
            if after.verdict is not None and after.candidate is not None:
                verdict = next(one for one in other.verdicts if one.id == after.verdict)
                assert after.outcome == outcome_of(verdict, other.by_id[after.answer], other.by_id[after.candidate])
            else:
                assert after.outcome == before.outcome
    assert changed, "a juror of middling accuracy sees something otherwise"


async def test_the_summary_counts_attempts_by_aim(desk: Any) -> None:
    evolving(desk, rounds=1)
    await desk.run()
    with Store.open(desk.db) as store:
        session = store.get(Session, "small")
        assert session is not None
        figures = standings(store, session)
        made = store.count(AnswerEvolution, session="small")
    assert sum(map(len, figures.evolutions.values())) == made
    assert not figures.improvements, "rewritings are counted by aim only"
    console = Console(width=200, record=True, file=StringIO())
    for part in found(figures, simulated=True):
        console.print(part)
    told = console.export_text()
    assert "Answers evolved, by aim" in told
    assert all(aim in told for aim in figures.evolutions)

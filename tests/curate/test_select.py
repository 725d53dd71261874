"""Selections: what may never leave, and that whatever is left out says why."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from select_examples import answer_to

from aaa.curate import ItemRecord, Origin, select
from aaa.scenario import PairRule, Selection, SftRule
from aaa.types import (
    Answer,
    AnswerEvolution,
    Check,
    Game,
    Instruction,
    Judgment,
    LabelledSample,
    Lineage,
    PreferencePair,
    Rejection,
    Score,
    SftSample,
    Verdict,
    assistant,
    row_id,
    user,
)

INSTRUCTION = Instruction(id="i", session="s", source_id="src", messages=(user("What is 2 + 2?"),), skill="arithmetic")
OPEN = Selection(pairs=PairRule(min_margin=0), sft=SftRule())


def answer(name: str, text: str = "Four.", **changes: object) -> Answer:
    return answer_to(INSTRUCTION, name, text, **changes)


def verdict(left: Answer, right: Answer, winner: Answer | None, **changes: object) -> Verdict:
    one, other = sorted((left, right), key=lambda a: a.id)
    fields: dict[str, object] = {
        "id": row_id("verdict", one.id, other.id),
        "session": "s",
        "episode": "e",
        "instruction": "i",
        "match": row_id("match", one.id, other.id),
        "panel": "judges-1",
        "left": one.id,
        "right": other.id,
        "outcome": "win" if winner else "tie",
        "winner": winner.id if winner else None,
        "margin": 2.0 if winner else 0.0,
        "decided_by": "panel",
        "quorum": 2,
    }
    return Verdict.model_validate({**fields, **changes})


def score(of: Answer, points: float, judge: str = "j") -> Judgment:
    return Judgment(
        id=row_id("judgment", of.id, judge),
        session="s",
        episode="e",
        instruction="i",
        panel="judges-1",
        judge=judge,
        family="g",
        answered_by=judge,
        reading=Score(answer=of.id, score=points, low=1, high=10),
        words="",
        prompt="p",
        call="c",
    )


def run(rule: Selection, answers: list[Answer], verdicts: list[Verdict] = [], scores: list[Judgment] = []) -> list:  # noqa: B006
    record = ItemRecord(INSTRUCTION, answers, scores, verdicts)
    return select(Origin("s", "main", rule, {"model-a": "apache-2.0"}), record)


def of(kind: type, rows: list) -> list:
    return [row for row in rows if isinstance(row, kind)]


def reasons(rows: list, target: str) -> set[str]:
    return {row.reason for row in of(Rejection, rows) if row.target == target}


def test_a_decided_match_becomes_a_pair_with_its_lineage_and_todays_terms() -> None:
    a, b = answer("a"), answer("b", "Five.")
    (pair,) = of(PreferencePair, run(OPEN, [a, b], [verdict(a, b, a)], [score(a, 9), score(b, 2), score(a, 7, "k")]))
    assert (pair.chosen_answer, pair.rejected_answer, pair.margin, pair.decided_by) == ("a", "b", 2.0, "panel")
    assert (pair.grade, pair.rejected_grade, pair.disagree) == (8.0, 2.0, False)
    assert pair.licenses == ("apache-2.0", "mit")
    assert pair.judges == ("j", "k")
    assert pair.lineage["calls"] == ["call-a", "call-b"]
    assert len(pair.lineage["judgments"]) == 3
    assert pair.prompt == INSTRUCTION.prompt


def test_a_pair_against_the_grades_is_kept_and_marked() -> None:
    a, b = answer("a"), answer("b", "Five.")
    (pair,) = of(PreferencePair, run(OPEN, [a, b], [verdict(a, b, a)], [score(a, 3), score(b, 8)]))
    assert pair.disagree is True


@pytest.mark.parametrize("outcome", ["tie", "inconsistent", "no_quorum"])
def test_undecided_matches_make_no_pair_and_say_so(outcome: str) -> None:
    a, b = answer("a"), answer("b", "Five.")
    rows = run(OPEN, [a, b], [verdict(a, b, None, outcome=outcome)])
    assert not of(PreferencePair, rows)
    assert reasons(rows, "pair") == {outcome}


def test_the_margin_binds_panels_but_not_a_verifier() -> None:
    a, b = answer("a"), answer("b", "Five.")
    strict = Selection(pairs=PairRule(min_margin=3))
    assert reasons(run(strict, [a, b], [verdict(a, b, a)]), "pair") == {"low_margin"}
    assert of(PreferencePair, run(strict, [a, b], [verdict(a, b, a, margin=1, decided_by="verifier")]))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"finish_reason": "length"}, "truncated"),
        ({"stands_alone": False, "leak": "Thanks", "context": "revised"}, "context_leak"),
        ({"refused": True}, "refusal"),
        ({"messages": (assistant("  \n"),)}, "empty"),
        ({"messages": (assistant("Five. "),)}, "equal_text"),
        ({"context": "dialogue"}, "excluded_context"),
    ],
)
def test_what_may_not_be_chosen(changes: dict[str, object], reason: str) -> None:
    a, b = answer("a", **changes), answer("b", "Five.")
    rows = run(OPEN, [a, b], [verdict(a, b, a)])
    assert not of(PreferencePair, rows)
    assert reasons(rows, "pair") == {reason}
    assert reason != "context_leak" or any(row.detail == "a: Thanks" for row in of(Rejection, rows))


def test_refusals_may_lose_if_the_user_says_so() -> None:
    a, b = answer("a"), answer("b", "I cannot.", refused=True)
    kept = Selection(pairs=PairRule(), refusals="as_rejected")
    assert of(PreferencePair, run(kept, [a, b], [verdict(a, b, a)]))
    assert reasons(run(kept, [a, b], [verdict(a, b, b)]), "pair") == {"refusal"}
    assert reasons(run(Selection(pairs=PairRule()), [a, b], [verdict(a, b, a)]), "pair") == {"refusal"}


def test_by_score_pairs_best_and_worst_and_never_equals() -> None:
    a, b, c = answer("a"), answer("b", "Five."), answer("c", "Six.")
    rule = Selection(pairs=PairRule(by="score", min_margin=2))
    (pair,) = of(PreferencePair, run(rule, [a, b, c], [], [score(a, 5), score(b, 9), score(c, 1)]))
    assert (pair.chosen_answer, pair.rejected_answer, pair.margin, pair.decided_by) == ("b", "c", 8.0, "score")
    assert reasons(run(rule, [a, b], [], [score(a, 5), score(b, 5)]), "pair") == {"equal_score"}
    assert reasons(run(rule, [a, b], [], [score(a, 5), score(b, 6)]), "pair") == {"low_margin"}
    assert reasons(run(rule, [a, b], [], [score(a, 5)]), "pair") == {"ungraded"}


def test_sft_takes_one_single_answer_and_prefers_a_winning_revision() -> None:
    passed = Check(passed=True, extracted="4")
    a, b = answer("a", check=passed), answer("b", "It is four.", check=passed)
    revision = answer("r", "Four, since 2 + 2 = 4.", context="revised", check=passed, lineage=Lineage(parent="b"))
    rows = run(OPEN, [a, b, revision], [verdict(b, revision, revision)])
    assert [s.answer for s in of(SftSample, rows)] == ["r"]
    assert reasons(rows, "sft") == {"not_best", "superseded"}


def test_a_failed_check_is_never_a_sample_even_if_it_won() -> None:
    a, b = answer("a", check=Check(passed=False, extracted="5")), answer("b", "Six.")
    rows = run(OPEN, [a, b], [verdict(a, b, a)])
    assert not of(SftSample, rows)
    assert reasons(rows, "sft") == {"failed_check", "lost"}


def test_sft_by_score_needs_scores() -> None:
    a, b = answer("a"), answer("b", "Five.")
    rule = Selection(sft=SftRule(by="score", min_grade=6))
    assert [s.answer for s in of(SftSample, run(rule, [a, b], [], [score(a, 7), score(b, 5)]))] == ["a"]
    assert reasons(run(rule, [a, b], [], [score(a, 5)]), "sft") == {"low_grade", "ungraded"}


TEXTS = st.sampled_from(["Four.", "four. ", "Five.", "", "  "])


@st.composite
def records(draw: st.DrawFn) -> tuple[list[Answer], list[Verdict], list[Judgment]]:
    answers = [
        answer(
            name,
            draw(TEXTS),
            context=draw(st.sampled_from(["plain", "revised", "dialogue"])),
            finish_reason=draw(st.sampled_from(["stop", "length"])),
            refused=draw(st.booleans()),
            stands_alone=draw(st.sampled_from([None, True, False])),
            check=draw(st.sampled_from([None, Check(passed=True, extracted="4"), Check(passed=False, extracted=None)])),
        )
        for name in "abcd"[: draw(st.integers(0, 4))]
    ]
    outcomes = st.sampled_from(["left", "right", None])
    verdicts = [verdict(x, y, {"left": x, "right": y, None: None}[draw(outcomes)]) for x, y in combinations(answers, 2)]
    graded = [a for a in answers if draw(st.booleans())]
    return answers, verdicts, [score(a, draw(st.integers(1, 10))) for a in graded]


@given(
    records(),
    st.sampled_from(["verdict", "score"]),
    st.sampled_from(["drop", "as_rejected", "allow"]),
    st.sampled_from([0.0, 1.0, 3.0]),
    st.fixed_dictionaries(
        {},
        optional={
            "take": st.sampled_from(["best_worst", "best_random", "all"]),
            "ties": st.just("by_score"),
            "disagree": st.just("drop"),
            "votes": st.sampled_from(["consistent", "unanimous"]),
            "per_prompt": st.integers(1, 2),
            "max_length_ratio": st.just(1.2),
        },
    ),
)
def test_nothing_unfit_leaves_and_nothing_vanishes(material, by: str, refusals: str, margin: float, more: dict) -> None:
    answers, verdicts, scores = material
    rule = Selection.model_validate(
        {
            "pairs": {"by": by, "min_margin": margin, **more},
            "sft": {"by": by, "min_grade": margin},
            "labels": {"by": by},
            "refusals": refusals,
        }
    )
    rows = run(rule, answers, verdicts, scores)
    by_id = {a.id: a for a in answers}
    assert len({row.id for row in rows}) == len(rows)
    for pair in of(PreferencePair, rows):
        chosen, rejected = by_id[pair.chosen_answer], by_id[pair.rejected_answer]
        assert chosen.text.strip() != rejected.text.strip()
        assert chosen.text.strip()
        assert rejected.text.strip()
        assert chosen.finish_reason != "length"
        assert chosen.stands_alone is not False
        assert rejected.stands_alone is not False
        assert refusals == "allow" or not chosen.refused
        assert refusals != "drop" or not rejected.refused
    for sample in of(SftSample, rows):
        taken = by_id[sample.answer]
        assert taken.text.strip()
        assert taken.finish_reason != "length"
        assert taken.check is None or taken.check.passed
    for labelled in of(LabelledSample, rows):
        called = by_id[labelled.answer]
        assert called.text.strip()
        assert called.stands_alone is not False
        assert not labelled.label or called.finish_reason != "length"
        assert refusals == "allow" or not (called.refused and labelled.label)
        assert refusals != "drop" or not called.refused
    named = [s.answer for s in of(LabelledSample, rows)]
    unlabelled = [id_ for r in of(Rejection, rows) if r.target == "label" for id_ in r.rows]
    assert sorted(named + unlabelled) == sorted(by_id), "every answer has a label or a rejection"
    samples = [s.answer for s in of(SftSample, rows)]
    left_out = [id_ for r in of(Rejection, rows) if r.target == "sft" for id_ in r.rows]
    assert sorted(samples + left_out) == sorted(by_id), "every answer is a sample or a rejection"
    assert sum(by_id[s].context != "dialogue" for s in samples) <= 1
    if by == "verdict":
        pairs, out = of(PreferencePair, rows), [r for r in of(Rejection, rows) if r.target == "pair"]
        assert len(pairs) + len(out) == len(verdicts), "every match is a pair or a rejection"


def attempt(of: Answer, candidate: Answer, outcome: str) -> AnswerEvolution:
    return AnswerEvolution.model_validate(
        {
            "id": row_id("answer_evolution", of.id, candidate.id),
            "session": "s",
            "episode": "e",
            "instruction": "i",
            "answer": of.id,
            "candidate": candidate.id,
            "aim": "logic",
            "round": 1,
            "outcome": outcome,
        }
    )


def evolved(name: str, parent: Answer, text: str, **changes: object) -> Answer:
    return answer(name, text, context="evolved", lineage=Lineage(parent=parent.id, operation="evolve:logic"), **changes)


def sampled(answers: list[Answer], verdicts: list[Verdict], evolutions: list[AnswerEvolution]) -> dict[str, str]:
    """The sample, and why each other answer is none."""
    record = ItemRecord(INSTRUCTION, answers, [], verdicts, evolutions)
    rows = select(Origin("s", "main", OPEN, {}), record)
    taken = {row.answer: "taken" for row in of(SftSample, rows)}
    return taken | {row.rows[0]: row.reason for row in of(Rejection, rows) if row.target == "sft"}


def test_an_evolved_answer_that_won_takes_the_place_of_its_draft() -> None:
    a = answer("a", "Four, it is.")
    b = evolved("b", a, "Two and two are four.")
    assert sampled([a, b], [verdict(a, b, b)], [attempt(a, b, "better")]) == {"a": "superseded", "b": "taken"}


def test_a_shorter_text_that_tied_inherits_what_the_longer_one_had_won() -> None:
    a, rival = answer("a", "It is four, I am sure."), answer("r", "Five.")
    b = evolved("b", a, "It is four.")
    rows = [verdict(a, rival, a), verdict(a, b, None)]
    assert sampled([a, b, rival], rows, [attempt(a, b, "shorter")]) == {"a": "superseded", "b": "taken", "r": "lost"}
    assert sampled([a, b, rival], rows, [attempt(a, b, "longer")]) == {"a": "taken", "b": "lost", "r": "lost"}


def test_an_answer_does_not_win_by_withstanding_rewritings_of_itself() -> None:
    a = answer("a", "It is four.")
    bad = [evolved(name, a, f"It is {name}.") for name in ("b", "c", "d")]
    rows = [verdict(a, one, a) for one in bad]
    found = sampled([a, *bad], rows, [attempt(a, one, "worse") for one in bad])
    assert found == {"a": "no_verdict", "b": "lost", "c": "lost", "d": "lost"}


def test_a_checked_rewriting_that_was_set_aside_is_no_sample() -> None:
    right = Check(passed=True, extracted="4")
    a = answer("a", "4", check=right)
    b = evolved("b", a, "word " * 90, check=right)
    assert sampled([a, b], [], [attempt(a, b, "too_long")]) == {"a": "taken", "b": "lost"}


def test_an_answer_in_another_language_is_not_exported_but_may_lose() -> None:
    item = INSTRUCTION.model_copy(update={"language": "en"})
    foreign = answer("f", "Die Antwort ist vier, und das ist nicht schwer.")
    native = answer("n", "The answer is four, and that is what you asked for.")
    for winner, reasons in ((foreign, ["wrong_language"]), (native, [])):
        record = ItemRecord(item, [foreign, native], [], [verdict(foreign, native, winner)])
        made = select(Origin("s", "main", OPEN, {}), record)
        left_out = [row for row in made if isinstance(row, Rejection)]
        assert [row.reason for row in left_out if row.target == "pair"] == reasons
        assert "wrong_language" in [row.reason for row in left_out if row.target == "sft"]
        assert [row.detail for row in left_out if row.reason == "wrong_language"] == ["f is in de"] * (1 + len(reasons))


def graded_game(match: Verdict, first: Answer, second: Answer, scores: tuple[float, float], judge: str) -> Judgment:
    winner = first if scores[0] > scores[1] else second
    game = Game(
        match=match.match,
        number=1,
        first=first.id,
        second=second.id,
        winner=winner.id,
        first_style=first.style,
        second_style=second.style,
        scores=scores,
    )
    row = score(first, 5, judge)
    return row.model_copy(update={"id": row_id("judgment", match.id, judge, first.id), "reading": game})


def arena(rule: Selection, rows: list[Answer], verdicts: list[Verdict], games: list[Judgment], **place: str) -> list:
    record = ItemRecord(INSTRUCTION.model_copy(update=place), rows, games, verdicts)
    return select(Origin("s", "main", rule, {}, "model-a"), record)


def test_arena_samples_are_the_answers_that_the_target_lost_to_by_most() -> None:
    a, b, c = answer("a"), answer("b", "Five."), answer("c", "Six.")
    ab, ac, bc = verdict(a, b, b), verdict(a, c, c), verdict(b, c, b)
    games = [graded_game(ab, a, b, (3, 7), "j"), graded_game(ab, b, a, (8, 4), "k"), graded_game(ac, a, c, (2, 8), "j")]
    rows = arena(Selection(sft=SftRule(by="arena")), [a, b, c], [ab, ac, bc], games)
    (sample,) = of(SftSample, rows)
    assert (sample.answer, sample.by) == ("c", "arena"), "six points, where b won by four"
    assert {(row.rows[0], row.reason) for row in of(Rejection, rows)} == {("a", "not_of_target"), ("b", "not_best")}
    (sample,) = of(SftSample, arena(Selection(sft=SftRule(by="arena")), [a, b], [ab], games))
    assert sample.answer == "b"


@pytest.mark.parametrize(("gap", "reason"), [(2.0, "low_margin"), (3.0, None)])
def test_arena_samples_need_the_published_gap(gap: float, reason: str | None) -> None:
    a, b = answer("a"), answer("b", "Five.")
    lost = verdict(a, b, b)
    rows = arena(Selection(sft=SftRule(by="arena")), [a, b], [lost], [graded_game(lost, a, b, (4, 4 + gap), "j")])
    assert [row.answer for row in of(SftSample, rows)] == ([] if reason else ["b"])
    assert reason is None or reason in reasons(rows, "sft")


def test_what_the_target_won_makes_an_arena_pair_and_no_sample() -> None:
    a, b, c = answer("a"), answer("b", "Five."), answer("c", "Six.")
    ab, bc = verdict(a, b, a), verdict(b, c, b)
    games = [graded_game(ab, a, b, (9, 7), "j"), graded_game(bc, b, c, (9, 1), "j")]
    both = Selection(sft=SftRule(by="arena"), pairs=PairRule(by="arena"))
    rows = arena(both, [a, b, c], [ab, bc], games)
    assert not of(SftSample, rows)
    (pair,) = of(PreferencePair, rows)
    assert (pair.chosen_model, pair.margin, pair.by, pair.decided_by) == ("model-a", 2.0, "arena", "panel")
    assert reasons(rows, "pair") == {"not_of_target"}
    everyone = arena(Selection(pairs=PairRule(by="arena", on_policy="any")), [a, b, c], [ab, bc], games)
    assert {row.margin for row in of(PreferencePair, everyone)} == {2.0, 8.0}


def test_the_gap_may_differ_from_slice_to_slice() -> None:
    a, b = answer("a"), answer("b", "Five.")
    lost = verdict(a, b, b)
    games = [graded_game(lost, a, b, (4, 6), "j")]
    rule = Selection(sft=SftRule(by="arena", min_gap={"D1": 3, "*": 1}))
    assert not of(SftSample, arena(rule, [a, b], [lost], games, slice="D1"))
    assert of(SftSample, arena(rule, [a, b], [lost], games, slice="D2"))
    assert of(SftSample, arena(rule, [a, b], [lost], games))


def test_arena_without_points_says_so_unless_a_verifier_decided() -> None:
    a, b = answer("a"), answer("b", "Five.")
    rule = Selection(sft=SftRule(by="arena"), pairs=PairRule(by="arena"))
    assert "ungraded" in reasons(arena(rule, [a, b], [verdict(a, b, b)], []), "sft")
    rows = arena(rule, [a, b], [verdict(a, b, b, decided_by="verifier", margin=1.0)], [])
    assert [row.answer for row in of(SftSample, rows)] == ["b"]
    assert [row.margin for row in of(PreferencePair, rows)] == [1.0]
    tied = arena(rule, [a, b], [verdict(a, b, None)], [])
    assert reasons(tied, "pair") == {"tie"}


def test_arena_takes_grades_where_the_games_hold_none() -> None:
    a, b = answer("a"), answer("b", "Five.")
    rows = arena(Selection(pairs=PairRule(by="arena")), [a, b], [verdict(a, b, b)], [score(a, 4), score(b, 9)])
    assert [row.margin for row in of(PreferencePair, rows)] == [5.0]

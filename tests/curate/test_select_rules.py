"""The rules of selections, one by one: what each takes, and the reason that it gives for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from aaa.curate import ItemRecord, Origin, RatedVersions, Selecting, select
from aaa.curate.lengths import Graded, LengthEffect, SidedPair, length_effect, unmatched
from aaa.scenario import Selection
from aaa.types import (
    Answer,
    Check,
    Instruction,
    InstructionRating,
    Judgment,
    LabelledSample,
    Lineage,
    PreferencePair,
    Producer,
    Rejection,
    Score,
    SftSample,
    TextStyle,
    Verdict,
    Verifier,
    Vote,
    assistant,
    characters,
    row_id,
    user,
)


def prompt(id_: str = "i", **fields: Any) -> Instruction:
    return Instruction(**{"id": id_, "session": "s", "source_id": id_, "messages": (user("What?"),)} | fields)


def answer(name: str, text: str | None = None, *, of: str = "i", **fields: Any) -> Answer:
    said = f"It is {name}." if text is None else text
    return Answer(
        **{
            "id": name,
            "session": "s",
            "episode": "e",
            "instruction": of,
            "member": name.split("/")[-1],
            "prompt": (user("What?"),),
            "messages": (assistant(said),),
            "producers": (Producer(model=name, family=f"family-{name}", license="mit"),),
            "style": TextStyle(words=len(said.split())),
        }
        | fields
    )


def score(of: str, points: float, item: str = "i") -> Judgment:
    return Judgment(
        id=row_id("judgment", of),
        session="s",
        episode="e",
        instruction=item,
        panel="judges-1",
        judge="j",
        family="g",
        answered_by="j",
        reading=Score(answer=of, score=points, low=0, high=10),
        words="",
        prompt="",
        call="",
    )


def verdict(winner: str, loser: str, outcome: str = "win", **fields: Any) -> Verdict:
    left, right = sorted((winner, loser))
    won = outcome == "win"
    return Verdict(
        **{
            "id": f"{winner}>{loser}",
            "session": "s",
            "episode": "e",
            "instruction": "i",
            "match": f"{left}-{right}",
            "panel": "judges-1",
            "left": left,
            "right": right,
            "outcome": outcome,
            "winner": winner if won else None,
            "margin": 2.0 if won else 0.0,
            "decided_by": "panel",
            "quorum": 2,
            "votes": tuple(Vote(judge=judge, choice=winner if won else "tie") for judge in "jk"),
        }
        | fields
    )


def run(
    rule: dict[str, Any],
    answers: Sequence[Answer],
    verdicts: Sequence[Verdict] = (),
    grades: dict[str, float] | None = None,
    target: str | None = None,
) -> list[Any]:
    scores = [score(id_, points) for id_, points in (grades or {}).items()]
    record = ItemRecord(prompt(), answers, scores, verdicts)
    return select(Origin("s", "main", Selection.model_validate(rule), {}, target), record)


def pairs(rows: Sequence[Any]) -> list[tuple[str, str]]:
    return [(row.chosen_answer, row.rejected_answer) for row in rows if isinstance(row, PreferencePair)]


def reasons(rows: Sequence[Any]) -> dict[str, str]:
    return {"+".join(row.rows): row.reason for row in rows if isinstance(row, Rejection)}


FOUR = [answer(name) for name in "abcd"]
GRADES = {"a": 9.0, "b": 7.0, "c": 6.0, "d": 2.0}


def test_by_score_one_takes_the_best_with_the_worst_with_a_random_one_or_all() -> None:
    worst = run({"pairs": {"by": "score"}}, FOUR, grades=GRADES)
    assert pairs(worst) == [("a", "d")]
    assert reasons(worst) == {"a+b": "not_best", "a+c": "not_best"}
    drawn = run({"pairs": {"by": "score", "take": "best_random"}}, FOUR, grades=GRADES)
    ((chosen, rejected),) = pairs(drawn)
    assert (chosen, len(reasons(drawn))) == ("a", 2)
    assert rejected in "bcd"
    every = run({"pairs": {"by": "score", "take": "all"}}, FOUR, grades=GRADES)
    assert pairs(every) == [("a", "d"), ("b", "d"), ("c", "d"), ("a", "c"), ("a", "b"), ("b", "c")]
    assert [row.margin for row in every if isinstance(row, PreferencePair)] == [7, 5, 4, 3, 2, 1]


def test_random_worse_answers_differ_from_prompt_to_prompt() -> None:
    rule, drawn = Selection.model_validate({"pairs": {"by": "score", "take": "best_random"}}), set()
    for number in range(20):
        answers = [answer(f"{number}/{name}") for name in "abcd"]
        scores = [score(f"{number}/{name}", points) for name, points in GRADES.items()]
        rows = select(Origin("s", "main", rule, {}), ItemRecord(prompt(), answers, scores, []))
        drawn |= {row.rejected_model for row in rows if isinstance(row, PreferencePair)}
    assert drawn == {"b", "c", "d"}


def test_an_answer_that_may_not_be_chosen_gives_way_to_the_next() -> None:
    cut = [answer("a", finish_reason="length"), *FOUR[1:]]
    rows = run({"pairs": {"by": "score"}}, cut, grades=GRADES)
    assert pairs(rows) == [("b", "d")]
    assert reasons(rows)["a"] == "truncated"


def test_by_verdict_the_best_is_who_won_most() -> None:
    matches = [verdict("a", "b"), verdict("a", "c"), verdict("b", "c")]
    assert len(pairs(run({"pairs": {}}, FOUR, matches))) == 3
    rows = run({"pairs": {"take": "best_worst"}}, FOUR, matches)
    assert pairs(rows) == [("a", "c")]
    assert reasons(rows) == {"a>b": "not_best", "b>c": "not_best"}


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        ("any", ["a>b", "b>c", "c>d"]),
        ("either", ["a>b", "b>c"]),
        ("chosen", ["b>c"]),
        ("rejected", ["a>b"]),
        ("both", []),
    ],
)
def test_on_policy(policy: str, kept: list[str]) -> None:
    matches = [verdict("a", "b"), verdict("b", "c"), verdict("c", "d")]
    rows = run({"pairs": {"on_policy": policy}}, FOUR, matches, target="b")
    assert [f"{chosen}>{rejected}" for chosen, rejected in pairs(rows)] == kept
    assert set(reasons(rows).values()) <= {"not_of_target"}
    assert len(pairs(run({"pairs": {"on_policy": policy}}, FOUR, matches))) == 3, "without a target all are"


def test_on_policy_by_score_pairs_the_targets_best() -> None:
    rows = run({"pairs": {"by": "score", "on_policy": "chosen"}}, FOUR, grades=GRADES, target="b")
    assert pairs(rows) == [("b", "d")]
    assert reasons(rows)["a"] == "not_of_target"


def test_ties_may_go_to_the_grades() -> None:
    tie = [verdict("a", "b", "tie")]
    assert reasons(run({"pairs": {}}, FOUR, tie, GRADES)) == {"a>b": "tie"}
    (pair,) = run({"pairs": {"ties": "by_score"}}, FOUR, tie, GRADES)
    assert (pair.chosen_answer, pair.margin, pair.decided_by, pair.disagree) == ("a", 2.0, "score", False)
    assert reasons(run({"pairs": {"ties": "by_score", "min_gap": 3}}, FOUR, tie, GRADES)) == {"a>b": "tie"}
    assert reasons(run({"pairs": {"ties": "by_score"}}, FOUR, tie, {"a": 9})) == {"a>b": "tie"}
    open_ = [verdict("a", "b", "inconsistent")]
    assert reasons(run({"pairs": {"ties": "by_score"}}, FOUR, open_, GRADES)) == {"a>b": "inconsistent"}


@pytest.mark.parametrize(
    ("choices", "fields", "consistent", "unanimous"),
    [
        ("aaa", {}, True, True),
        ("aab", {}, True, False),
        (("a", "a", "tie"), {}, True, False),
        (("a", "a", "inconsistent"), {}, False, False),
        (("a", "a", "failed"), {}, False, False),
        ("aaa", {"orders": 1}, False, False),
        ("bbb", {"decided_by": "verifier"}, True, True),
    ],
)
def test_votes(choices: Sequence[str], fields: dict[str, Any], consistent: bool, unanimous: bool) -> None:
    votes = tuple(Vote(judge=f"j{at}", choice=choice) for at, choice in enumerate(choices))
    match = [verdict("a", "b", votes=votes, **fields)]
    for asked, kept in (("majority", True), ("consistent", consistent), ("unanimous", unanimous)):
        rows = run({"pairs": {"votes": asked}}, FOUR, match)
        assert bool(pairs(rows)) == kept, asked
        assert kept or reasons(rows) == {"a>b": "split_votes"}


def test_pairs_against_the_grades_may_be_left_out() -> None:
    match, grades = [verdict("b", "a")], GRADES
    (pair,) = run({"pairs": {}}, FOUR, match, grades)
    assert pair.disagree is True
    assert reasons(run({"pairs": {"disagree": "drop"}}, FOUR, match, grades)) == {"b>a": "disagree"}


def test_families() -> None:
    kin = [answer(name, producers=(Producer(model=name, family="f", license="mit"),)) for name in "ab"]
    match = [verdict("a", "b"), verdict("a", "c")]
    rows = {mode: run({"pairs": {"same_family": mode}}, [*kin, FOUR[2]], match) for mode in ("allow", "drop", "only")}
    assert {mode: pairs(found) for mode, found in rows.items()} == {
        "allow": [("a", "b"), ("a", "c")],
        "drop": [("a", "c")],
        "only": [("a", "b")],
    }
    without = run({"pairs": {}, "sft": {}, "without_families": ["family-c"]}, [*kin, FOUR[2]], match)
    assert pairs(without) == [("a", "b")]
    assert reasons(without)["a>c"] == reasons(without)["c"] == "excluded_family"


def test_lengths_may_not_differ_too_much() -> None:
    sides = [answer("a", "x" * 30), answer("b", "y" * 10)]
    assert reasons(run({"pairs": {"max_length_ratio": 2}}, sides, [verdict("a", "b")])) == {"a>b": "length_ratio"}
    assert pairs(run({"pairs": {"max_length_ratio": 3}}, sides, [verdict("a", "b")])) == [("a", "b")]


def test_caps_of_a_prompt_keep_the_widest_margins() -> None:
    rows = run({"pairs": {"by": "score", "take": "all", "per_prompt": 2}}, FOUR, grades=GRADES)
    assert pairs(rows) == [("a", "d"), ("b", "d")]
    assert list(reasons(rows).values()) == ["over_cap"] * 4


def test_samples_that_are_verified_or_stand_out() -> None:
    right = Check(passed=True, extracted="4")
    answers = [answer("a"), answer("b", check=right)]
    rows = run({"sft": {"verified": True}}, answers, [verdict("a", "b")])
    assert [row.answer for row in rows if isinstance(row, SftSample)] == []
    assert reasons(rows) == {"a": "unverified", "b": "lost"}
    taken = run({"sft": {"by": "score", "min_lead": 2}}, FOUR, grades=GRADES)
    assert [row.answer for row in taken if isinstance(row, SftSample)] == ["a"]
    assert set(reasons(run({"sft": {"by": "score", "min_lead": 3}}, FOUR, grades=GRADES)).values()) == {"low_margin"}
    assert reasons(run({"sft": {"min_lead": 1}}, FOUR[:1], grades={"a": 5}))["a"] == "ungraded"


def test_several_samples_of_a_prompt() -> None:
    rows = run({"sft": {"by": "score", "per_prompt": 2, "min_grade": 5}}, FOUR, grades=GRADES)
    assert [row.answer for row in rows if isinstance(row, SftSample)] == ["a", "b"]
    assert reasons(rows) == {"c": "not_best", "d": "low_grade"}


def test_labels_rest_on_the_answers_own_record() -> None:
    answers = [
        answer("a", check=Check(passed=True, extracted="4")),
        answer("b", check=Check(passed=False, extracted="5")),
        answer("c"),
        answer("d"),
        answer("e", refused=True),
    ]
    matches = [verdict("c", "d"), verdict("d", "e"), verdict("b", "a")]

    def labels(rule: dict[str, Any], **fields: Any) -> tuple[dict[str, bool], dict[str, str]]:
        rows = run({"labels": rule, **fields}, answers, matches, GRADES)
        assert all(row.target == "label" for row in rows if isinstance(row, Rejection))
        return {row.answer: row.label for row in rows if isinstance(row, LabelledSample)}, reasons(rows)

    assert labels({}) == ({"a": True, "b": False, "c": True}, {"d": "no_verdict", "e": "refusal"})
    assert labels({}, refusals="as_rejected")[0]["e"] is False
    assert labels({"by": "check"})[0] == {"a": True, "b": False}
    assert labels({"by": "score"}) == ({"a": True, "b": True, "d": False}, {"c": "between", "e": "ungraded"})
    with pytest.raises(ValidationError, match="must be less"):
        Selection.model_validate({"labels": {"good": 3, "bad": 3}})


def test_a_label_of_a_truncated_answer_is_bad_or_none() -> None:
    for winner, found in (("a", {}), ("b", {"a": False, "b": True})):
        answers = [answer("a", finish_reason="length"), answer("b")]
        rows = run({"labels": {}}, answers, [verdict(winner, "b" if winner == "a" else "a")])
        labels = {row.answer: row.label for row in rows if isinstance(row, LabelledSample)}
        assert labels == (found or {"b": False})


def constructed(child: Instruction, meets: str = "Relaxed.") -> list[Any]:
    whole, relaxed = answer("w/bee", of="child", prompt=child.prompt), answer("r/bee", meets, of="i")
    others = [answer("r/cat"), answer("w/dog", of="child", prompt=child.prompt)]
    parent = ItemRecord(prompt(), [relaxed, others[0]], [], [])
    record = ItemRecord(child, [whole, others[1]], [], [])
    rule = Selection.model_validate({"pairs": {"by": "construction"}})
    origin = Origin("s", "main", rule, {})
    selecting = Selecting(origin, lambda: iter((parent, record)))
    rows = list(selecting.rows())
    assert selecting.found.taken.total() == len(pairs(rows))
    return rows


def test_by_construction_a_model_meets_itself_without_the_constraint() -> None:
    made = {"episode": "e", "messages": (user("What, in one word?"),)}
    child = prompt("child", lineage=Lineage(parent="i", operation="constraint"), **made)
    rows = constructed(child)
    (pair,) = (row for row in rows if isinstance(row, PreferencePair))
    assert (pair.chosen_answer, pair.rejected_answer, pair.decided_by) == ("w/bee", "r/bee", "construction")
    assert (pair.prompt, pair.instruction, pair.margin) == (child.prompt, "child", 1.0)
    assert reasons(rows) == {"w/dog": "not_relaxed"}
    assert constructed(child.model_copy(update={"lineage": Lineage(parent="i", operation="deepen")})) == []
    checked = child.model_copy(update={"verifier": Verifier(kind="exact"), "reference": "one"})
    assert reasons(constructed(checked, "one"))["w/bee+r/bee"] == "not_relaxed"
    assert pairs(constructed(checked, "two")) == [("w/bee", "r/bee")]


def rating(of: str, judge: str, *grades: float) -> InstructionRating:
    names = ("difficulty", "definition", "precision", "integrity")
    return InstructionRating(
        id=row_id("rating", of, judge),
        session="s",
        episode="e",
        instruction="i",
        rated=of,
        judge=judge,
        family="g",
        beside=3,
        prompt="",
        call=f"call-{judge}",
        **dict(zip(names, grades, strict=True)),
    )


def test_versions_of_an_instruction_pair_by_their_quality() -> None:
    evolver = (Producer(model="evo", family="f", license="gemma"),)
    versions = [
        prompt("i", messages=(user("Tell me of it."),)),
        prompt("v1", messages=(user("Name three rivers of Peru."),), lineage=Lineage(parent="i"), producers=evolver),
        prompt("v2", messages=(user("Rivers?"),), lineage=Lineage(parent="i"), producers=evolver),
    ]
    ratings = [rating(of, judge, 1, *[points] * 3) for judge in "jk" for of, points in (("i", 4), ("v1", 9), ("v2", 3))]
    for take, found in (
        ("best_worst", [("v1", "v2")]),
        ("all", [("v1", "i"), ("v1", "v2"), ("i", "v2")]),
    ):
        rule = Selection.model_validate({"instructions": {"take": take}})
        selecting = Selecting(Origin("s", "main", rule, {}), tuple, lambda: [RatedVersions(versions, ratings)])
        rows = list(selecting.rows())
        assert pairs(rows) == found
        assert len(rows) == (2 if take == "best_worst" else 3)
    pair = next(row for row in rows if isinstance(row, PreferencePair) and row.rejected_answer == "v2")
    assert (pair.by, pair.grade, pair.rejected_grade, pair.margin) == ("instruction", 9, 3, 6)
    assert (pair.chosen[0].text, pair.licenses, pair.judges) == ("Name three rivers of Peru.", ("gemma",), ("j", "k"))


def many(lengths: Sequence[tuple[int, int]], **fields: Any) -> Selecting:
    """A prompt for each pair of lengths, the first side chosen."""
    records = []
    for number, (chosen, rejected) in enumerate(lengths):
        item = f"i{number:03}"
        one = answer(f"{item}/a", "x" * chosen, of=item)
        other = answer(f"{item}/b", "y" * rejected, of=item)
        grades = [score(one.id, 5 + number % 5, item), score(other.id, 1, item)]
        skill = "odd" if number % 2 else "even"
        records.append(ItemRecord(prompt(item, skill=skill), [one, other], grades, []))
    rule = Selection.model_validate(fields)
    return Selecting(Origin("s", "main", rule, {}), lambda: iter(records))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), max_size=30))
def test_matched_lengths_leave_no_sign_of_length(lengths: list[tuple[int, int]]) -> None:
    selecting = many(lengths, pairs={"by": "score", "match_lengths": True})
    rows = list(selecting.rows())
    kept = [row for row in rows if isinstance(row, PreferencePair)]
    longer = [characters(row.chosen) - characters(row.rejected) for row in kept]
    assert sum(one > 0 for one in longer) == sum(one < 0 for one in longer)
    assert {row.reason for row in rows if isinstance(row, Rejection)} <= {"unmatched_length", "equal_text"}
    found = selecting.found
    assert (found.before.pairs, found.after.pairs) == (len(lengths), len(kept))
    assert found.before.longer == sum(chosen > rejected for chosen, rejected in lengths)
    assert found.before.difference == sum(chosen - rejected for chosen, rejected in lengths)
    assert found.after.difference == sum(longer)
    assert [row.id for row in many(lengths, pairs={"by": "score", "match_lengths": True}).rows()] == [
        r.id for r in rows
    ]


def test_matching_keeps_whole_bins_that_are_even() -> None:
    even = [SidedPair("a", 10, 20), SidedPair("b", 20, 10), SidedPair("c", 5, 5), SidedPair("d", 100, 1)]
    assert unmatched(even, 0) == {"d"}


@pytest.mark.parametrize(
    ("rule", "skills"),
    [
        ({"per_skill": 3}, {"odd": 3, "even": 3}),
        ({"per_skill": {"odd": 4, "*": 1}}, {"odd": 4, "even": 1}),
        ({"per_skill": {"odd": 0}}, {"even": 10}),
        ({"per_producer": 5}, None),
    ],
)
def test_quotas_of_samples_take_the_best_graded_first(rule: dict[str, Any], skills: dict[str, int] | None) -> None:
    selecting = many([(9, 5)] * 20, sft={"by": "score", **rule})
    rows = list(selecting.rows())
    taken = [row for row in rows if isinstance(row, SftSample)]
    left = [row for row in rows if isinstance(row, Rejection) and row.reason == "over_cap"]
    assert len(taken) + len(left) == 20
    if skills is not None:
        assert {skill: sum(row.skill == skill for row in taken) for skill in skills} == skills
    else:
        assert len(taken) == 5
        assert {row.grade for row in taken} == {9.0, 8.0}
    assert selecting.found.left_out["sft"]["over_cap"] == len(left)


def test_caps_of_producers_bind_pairs() -> None:
    rows = list(many([(9, 5)] * 20, pairs={"by": "score", "per_producer": 6}).rows())
    kept = [row for row in rows if isinstance(row, PreferencePair)]
    assert (len(kept), {row.chosen_model for row in kept}) == (6, {"a"})
    assert min(row.margin for row in kept) >= 7


def test_length_control_takes_out_what_length_adds() -> None:
    import random

    luck = random.Random(1)
    graded = []
    for item in range(200):
        for member, worth in (("a", 5.0), ("b", 4.0), ("c", 3.0)):
            words = luck.randrange(20, 400)
            effect = LengthEffect(1.5, 0.0)
            graded.append(Graded(str(item), member, words, worth - effect.without(0.0, words) + luck.gauss(0, 0.3)))
    found = length_effect(graded)
    assert found.slope == pytest.approx(1.5, abs=0.1)
    assert length_effect(graded[:6]).slope == 0.0
    assert length_effect([]) == LengthEffect()


def test_under_length_control_the_longest_answer_no_longer_wins() -> None:
    records = []
    for number in range(30):
        item = f"i{number:03}"
        texts = {"a": 40, "b": 400 if number % 2 else 60, "c": 500}
        answers = [answer(f"{item}/{name}", "w " * words, of=item) for name, words in texts.items()]
        worth = {"a": 3.0, "b": 2.0, "c": 1.0}
        scores = [score(one.id, min(10.0, worth[one.member] + one.style.words / 80), item) for one in answers]
        records.append(ItemRecord(prompt(item), answers, scores, []))
    chosen = {}
    for control in (False, True):
        rule = Selection.model_validate({"pairs": {"by": "score", "min_margin": 0}, "length_control": control})
        rows = Selecting(Origin("s", "main", rule, {}), lambda: iter(records)).rows()
        kept = [row for row in rows if isinstance(row, PreferencePair)]
        chosen[control] = sum(row.chosen_model == "c" for row in kept)
        assert all(row.margin > 0 for row in kept)
    assert chosen[False] == 30
    assert chosen[True] < 10


def test_a_selection_makes_something_and_mixes_nothing() -> None:
    with pytest.raises(ValidationError, match="makes nothing"):
        Selection.model_validate({"refusals": "allow"})
    with pytest.raises(ValidationError, match="would mix"):
        Selection.model_validate({"pairs": {}, "instructions": {}})

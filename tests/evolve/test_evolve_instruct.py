"""One instruction, one round: what is kept, what is dropped and why, and what the next attempt is told."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from scripted import SEED, instruction, troupe

from aaa.evolve import BY_NAME, choose_operation, elimination, evolve, operations_for, rate_versions, rated, user_method
from aaa.prompts import PromptSet
from aaa.types import Evolution, Failure

PROMPTS = PromptSet.load()
UP, DOWN, ACROSS = BY_NAME["constraint"], BY_NAME["simpler"], BY_NAME["breadth"]
ASKED = "Give me three tips for sleeping better."
HARDER = "Give me three tips for sleeping better, none of which costs money, and name one study for each of them."
CODE = "What does this print?\n```python\nprint(6 * 7)\n```"
TABLE = "Which fruit is dearest?\n| fruit | price |\n| fig | 3 |"
INPUT = 'Translate into German: "The ferry leaves at nine in the morning."'


def under(text: str) -> str:
    return f"One more condition.\n[[instruction]]\n{text}"


@pytest.mark.parametrize(
    ("parent", "child", "reason"),
    [
        (ASKED, HARDER, None),
        (ASKED, " ... !", "empty"),
        (ASKED, "I'm sorry, but I can't help with that.", "refusing"),
        (ASKED, f"#Rewritten Prompt#: {HARDER}", "copied_scaffolding"),
        (ASKED, f"Sure, here is a harder one: {HARDER}", "meta_chatter"),
        (ASKED, "Answer: go to bed at the same hour, darken the room, and leave out coffee.", "answered"),
        (ASKED, "Gib mir drei Tipps, wie ich besser schlafe, und nenne für jeden eine Studie, die das zeigt.",
         "language_changed"),
        (CODE, "What does this program print, and why does it print just that and nothing else?", "lost_code"),
        (TABLE, "Which fruit is the dearest one, and by how much is it dearer than the others?", "lost_table"),
        (INPUT, "Translate a sentence about a ferry into German and explain each of the cases used.", "lost_input"),
        ('Use "Fernweh" in a sentence of your own.', "Use a word that has no translation in a sentence.", "lost_input"),
        ("翻译成德语：「火车九点钟开。」", "把一个关于火车的句子翻译成德语，并解释每个格。", "lost_input"),
        ('Put `X` for `x` in: "Xaver exits."', 'Put `X` for `x` in "xaver exits." and count every one.', "lost_input"),
        (ASKED, HARDER + " Consider much else." * 40, "length"),
        (ASKED, "Give me three tips for sleeping better!", "near_duplicate"),
        (ASKED, "Tips, please?", "length"),
    ],
)  # fmt: skip
def test_each_gate(parent: str, child: str, reason: str | None) -> None:
    assert elimination(parent, child, (), UP) == reason


def test_the_language_of_a_short_parent_is_taken_from_what_is_known_of_it() -> None:
    german = "Gib mir bitte eine Antwort auf die folgende Frage und erkläre, wie du zu dem Ergebnis kommst."
    assert elimination("Sort: 3, 1, 2", german, (), DOWN, "en-GB") == "language_changed"
    assert elimination("Sort: 3, 1, 2", german, (), DOWN, "de") is None


def test_what_a_direction_allows() -> None:
    assert elimination(CODE, "What is 2 + 3 in Python?", (), DOWN) is None
    assert elimination(INPUT, 'Translate into German: "Good evening to all of you."', (), ACROSS) is None
    assert elimination(ASKED, HARDER, [HARDER + "!"], UP) == "near_duplicate"
    asks = "Solve 6 * 7 and show the steps. Give the result in this form:\nAnswer: NUMBER"
    assert elimination("Solve 6 * 7.", asks, (), UP) is None


def test_data_may_be_longer_than_words_of_its_own() -> None:
    table = "".join(f"\n| {n} | {n * n} | night {n} |" for n in range(50))
    asked = "Give me three tips for sleeping better that fit these nights, and say which night supports each of them."
    assert elimination(ASKED, f"{asked}{table}", (), BY_NAME["input"]) is None
    assert elimination(ASKED, f"{asked}{table}", (), UP) == "length"
    assert elimination(ASKED, f"{asked}{' Think of noise, light and food.' * 15}", (), BY_NAME["input"]) == "length"


async def test_what_is_kept_knows_where_it_comes_from(tmp_path: Path) -> None:
    async with troupe(tmp_path, eve=under(HARDER)) as cast:
        parent = instruction(ASKED, reference="42", verifier={"kind": "numeric"}, system="Be kind.", skill="advice")
        found = await evolve(parent, UP, cast.agent("eve", role="evolver"), PROMPTS, round=2, seed=SEED)
    child = found.child
    assert child is not None
    assert (child.text, child.system, child.skill) == (HARDER, "Be kind.", "advice")
    assert (child.reference, child.verifier) == (None, None), "it asks for something else"
    lineage = child.lineage
    assert (lineage.parent, lineage.operation, lineage.round, lineage.model) == (parent.id, "constraint", 2, "eve")
    assert lineage.prompt in PROMPTS.texts()
    assert [producer.model for producer in child.producers] == ["eve"]
    (row,) = found.rows
    assert isinstance(row, Evolution)
    assert (row.outcome, row.child, row.attempt) == ("kept", child.id, 1)


async def test_a_fault_is_told_and_tried_again_and_then_the_parent_stands(tmp_path: Path) -> None:
    async with troupe(tmp_path, eve=under("Answer: sleep more."), ned=[under("Answer: no."), under(HARDER)]) as cast:
        parent = instruction(ASKED)
        lost = await evolve(parent, UP, cast.agent("eve"), PROMPTS, round=1, seed=SEED, tries=3)
        won = await evolve(parent, UP, cast.agent("ned"), PROMPTS, round=1, seed=SEED)
        first, second = (messages[-1].text for messages in cast.models.asked("ned"))
    assert lost.child is None
    assert [row.outcome for row in lost.rows if isinstance(row, Evolution)] == ["answered"] * 3
    assert won.child is not None
    assert "it gave an answer" in second
    assert "it gave an answer" not in first


async def test_no_gain_and_answers_that_say_nothing(tmp_path: Path) -> None:
    scripts = {
        "eve": under(HARDER),
        "equal": "[[equal]]",
        "different": "[[different]]",
        "sorry": "Sorry!",
        "fine": "Ok",
    }
    async with troupe(tmp_path, **scripts) as cast:
        outcomes = []
        for checker, responder in (("equal", "fine"), ("different", "sorry"), ("different", "fine")):
            found = await evolve(
                instruction(ASKED),
                UP,
                cast.agent("eve"),
                PROMPTS,
                round=1,
                seed=SEED,
                tries=1,
                checkers=[cast.agent(checker)],
                responder=cast.agent(responder),
            )
            outcomes += [row.outcome for row in found.rows if isinstance(row, Evolution)]
    assert outcomes == ["no_information_gain", "refused_answer", "kept"]


@pytest.mark.parametrize(
    ("said", "outcome", "checks"),
    [
        (["equal", "different", "different"], "kept", (True, False, False)),
        (["different", "equal", "equal"], "no_information_gain", (False, True, True)),
        (["equal", "equal"], "no_information_gain", (True, True)),
        (["different", "different"], "kept", (False, False)),
    ],
)
async def test_most_of_the_readings_decide_in_both_orders(
    tmp_path: Path, said: list[str], outcome: str, checks: tuple[bool, ...]
) -> None:
    async with troupe(tmp_path, eve=under(HARDER), ned=[f"[[{word}]]" for word in said]) as cast:
        (row,) = (
            await evolve(
                instruction(ASKED),
                UP,
                cast.agent("eve"),
                PROMPTS,
                round=1,
                seed=SEED,
                tries=1,
                checkers=[cast.agent("ned")] * 3,
            )
        ).rows
        asked = [messages[-1].text for messages in cast.models.asked("ned")]
        calls = {use for step, use in cast.uses().items() if "/check/" in step}
    assert isinstance(row, Evolution)
    assert (row.outcome, row.checks) == (outcome, checks)
    first = [text.index(HARDER) < text.index(f"{ASKED}\n") for text in asked]
    assert all(one != other for one, other in pairwise(first))
    assert len(calls) == len(said), "the same order again is another draw"


async def test_a_later_round_does_not_get_the_same_reply_again(tmp_path: Path) -> None:
    async with troupe(tmp_path, eve=[under("Answer: no."), under("Answer: no!"), under(HARDER)]) as cast:
        for earlier in (0, 2):
            found = await evolve(
                instruction(ASKED), UP, cast.agent("eve"), PROMPTS, round=1 + earlier, seed=SEED, earlier=earlier
            )
    assert found.child is not None
    assert len(cast.models.asks) == 3


async def test_a_reply_that_cannot_be_read_is_a_failure_and_no_instruction(tmp_path: Path) -> None:
    async with troupe(tmp_path, eve="What do you mean?") as cast:
        found = await evolve(instruction(ASKED), UP, cast.agent("eve"), PROMPTS, round=1, seed=SEED)
    assert found.child is None
    assert [row.kind for row in found.rows if isinstance(row, Failure)] == ["parse_failed"]


async def test_a_method_of_the_users_is_an_operation_in_a_fence(tmp_path: Path) -> None:
    method = user_method("Add a condition. {{ not.a.template }}")
    async with troupe(tmp_path, eve=under(HARDER)) as cast:
        found = await evolve(instruction(ASKED), method, cast.agent("eve"), PROMPTS, round=1, seed=SEED)
        ((message,),) = cast.models.asked("eve")
    assert found.child is not None
    assert "{{ not.a.template }}\n<<<end of method" in message.text


def test_operations_are_chosen_as_often_as_they_weigh() -> None:
    general = operations_for("general", "up")
    assert [one.name for one in general] == ["constraint", "deepen", "concretise", "reason", "input", "breadth"]
    drawn = Counter(choose_operation(general, {}, SEED, n).name for n in range(6000))
    assert all(900 < drawn[one.name] < 1100 for one in general)
    drawn = Counter(choose_operation(general, {"deepen": 3, "breadth": 1}, SEED, n).name for n in range(4000))
    assert set(drawn) == {"deepen", "breadth"}
    assert 2850 < drawn["deepen"] < 3150
    with pytest.raises(ValueError, match="no operation"):
        choose_operation(general, {"rare": 1}, SEED, 1)


async def test_versions_are_graded_beside_each_other(tmp_path: Path) -> None:
    versions = [instruction(ASKED), instruction(HARDER).model_copy(update={"id": "child"})]

    def grades(messages: object) -> str:
        text = messages[-1].text  # type: ignore[index]
        hard = 1 if text.index(HARDER) < text.index(f"{ASKED}\n") else 2
        return "\n".join(
            f"version {seat} {aspect}: [[{8 if seat == hard else 3}]]"
            for seat in (1, 2)
            for aspect in ("difficulty", "definition", "precision", "integrity")
        )

    async with troupe(tmp_path, judy=grades) as cast:
        ratings = await rate_versions(versions, cast.agent("judy", role="judge"), PROMPTS, seed=SEED)
    assert [(one.rated, one.difficulty, one.beside) for one in ratings] == [
        ("instruction-1", 3.0, 2),
        ("child", 8.0, 2),
    ]
    assert [one.difficulty for one in rated(versions, ratings)] == [3.0, 8.0]


def test_neighbours_are_drawn_only_where_they_are_asked_for() -> None:
    for form in ("general", "code", "math"):
        assert [one.name for one in operations_for(form, "near")] == ["neighbour"]
        assert all(one.name != "neighbour" for way in ("up", "down", "across") for one in operations_for(form, way))


async def test_a_neighbour_may_have_other_data_and_is_no_copy(tmp_path: Path) -> None:
    asked = instruction("Add up the prices in this list: 4, 9 and 13.", reference="26")
    other = "Add up the distances in this list: 12, 31 and 8."
    async with troupe(tmp_path, eve=[under(asked.text), under(other)]) as cast:
        found = await evolve(asked, BY_NAME["neighbour"], cast.agent("eve"), PROMPTS, round=1, seed=SEED)
        assert [row.outcome for row in found.rows] == ["near_duplicate", "kept"]
        assert found.child is not None
        assert (found.child.text, found.child.reference) == (other, None)
        assert "same skill" in cast.models.asked("eve")[0][0].text
        assert "almost the same as an instruction" in cast.models.asked("eve")[1][0].text

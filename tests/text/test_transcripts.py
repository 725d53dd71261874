"""Measures of conversations on small ones that show one trait each."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.text import (
    Turn,
    context_dependence,
    depends,
    farewell_loop,
    language_switches,
    language_told,
    repetition,
    role_flips,
)
from aaa.text.turn_cues import LANGUAGES

GOOD = [
    Turn("user", "My sourdough stays flat."),
    Turn("assistant", "How long do you let it rise, and how warm is the kitchen where it stands?"),
    Turn("user", "Four hours, and it's about 19 degrees."),
    Turn("assistant", "That is short for this temperature. Try eight hours, until it has nearly doubled."),
    Turn("user", "And if I can't wait that long?"),
    Turn("assistant", "Put the bowl in the oven with only the light on."),
]
LONG = "Mix the flour with the water and the salt, then let the dough rest for an hour before you fold it."


def test_a_good_conversation_has_no_fault() -> None:
    assert role_flips(GOOD) == 0
    assert not farewell_loop(GOOD)
    assert repetition(GOOD) < 0.2
    assert language_switches(GOOD) == 0
    assert context_dependence(GOOD) == 1.0


def test_a_user_who_offers_help_and_an_assistant_who_is_helped_are_flips() -> None:
    flipped = [*GOOD, Turn("user", "How can I help you today?"), Turn("assistant", "Thank you for your help!")]
    assert role_flips(flipped) == 2
    assert role_flips([Turn("assistant", "How can I help you today?"), Turn("user", "Thanks for your help!")]) == 0


def test_three_farewells_in_a_row_are_a_loop_and_two_are_not() -> None:
    two = [*GOOD, Turn("user", "Thanks, goodbye!"), Turn("assistant", "You're welcome, take care!")]
    assert not farewell_loop(two)
    assert farewell_loop([*two, Turn("user", "Bye!")])


def test_what_a_speaker_says_twice_is_repetition_and_quoting_the_other_is_not() -> None:
    assert repetition([Turn("user", LONG), Turn("assistant", "Fine."), Turn("user", LONG)]) == 1.0
    assert repetition([Turn("user", LONG), Turn("assistant", LONG)]) == 0.0


def test_requests_that_stand_by_themselves_depend_on_nothing() -> None:
    apart = [
        Turn("user", "Name a river in Peru."),
        Turn("assistant", "Ucayali."),
        Turn("user", "Name a river in Chad."),
    ]
    assert context_dependence(apart) == 0.0
    assert context_dependence(apart[:2]) is None


def by_hand(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (Path(__file__).parent / name).read_text("utf-8").splitlines()]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_later_turns_are_told_from_first_ones_in_each_language(language: str) -> None:
    own = [(turn == "1", said) for code, turn, said in by_hand("later_turns.tsv") if code == language]
    assert len(own) == 16
    assert [said for depending, said in own if depends(said, language) and not depending] == []
    assert len([said for depending, said in own if depending and not depends(said, language)]) <= 1


def test_on_turns_without_known_cues_it_finds_two_in_five_and_accuses_none() -> None:
    rows = by_hand("later_turns_unseen.tsv")
    found = [depending == "1" for language, depending, said in rows if depends(said, language)]
    assert all(found)
    assert len(found) >= 18, "of 45"


def test_of_a_language_without_cues_nothing_is_said() -> None:
    turns = [Turn("user", "Πες μου ένα ποτάμι."), Turn("assistant", "Ο Έβρος."), Turn("user", "Και άλλο ένα;")]
    assert language_told(turns) == "el"
    assert context_dependence(turns, "el") is None


@pytest.mark.parametrize(
    ("language", "flip", "helped", "bye"),
    [
        ("de", "Wie kann ich Ihnen heute helfen?", "Danke für deine Hilfe!", "Danke, auf Wiedersehen!"),
        ("fr", "Comment puis-je vous aider ?", "Merci pour votre aide !", "Merci, au revoir !"),
        ("es", "¿En qué puedo ayudarte?", "¡Gracias por tu ayuda!", "¡Gracias, hasta luego!"),
        ("it", "Come posso aiutarti?", "Grazie per il tuo aiuto!", "Grazie, arrivederci!"),
        ("pt", "Como posso ajudar?", "Obrigado pela tua ajuda!", "Obrigado, até logo!"),
        ("nl", "Hoe kan ik je vandaag helpen?", "Bedankt voor je hulp!", "Bedankt, tot ziens!"),
        ("ru", "Чем я могу вам помочь?", "Спасибо за помощь!", "Спасибо, до свидания!"),
        ("zh", "有什么我可以帮您的吗？", "谢谢你的帮助！", "谢谢，再见！"),
        ("ja", "何かお手伝いできますか？", "手伝ってくれてありがとう！", "ありがとう、さようなら！"),
    ],
)
def test_flips_and_farewells_are_told_in_each_language(language: str, flip: str, helped: str, bye: str) -> None:
    assert role_flips([Turn("user", flip), Turn("assistant", helped)], language) == 2
    assert role_flips([Turn("assistant", flip), Turn("user", helped)], language) == 0
    assert role_flips([Turn("user", "As an AI, I have no taste.")], language) == 1
    assert farewell_loop([Turn("user", bye), Turn("assistant", bye), Turn("user", bye)], language)


def test_another_language_is_noticed() -> None:
    german = Turn("user", "Und wie ist das mit der Hefe, wenn die Küche kalt ist und man nicht so lange warten will?")
    assert language_switches([Turn("user", "What is the best way to store the flour for a year?"), german]) == 1


def test_talk_and_formulas_are_no_other_language() -> None:
    german = [
        Turn("user", "Wie viel ist 17 mal 24?"),
        Turn("assistant", "Schauen wir es uns gemeinsam an. Fang hier an und sag mir, was du bekommst: 17 × 24 = ?"),
    ]
    algebra = [
        Turn("user", "x+y = 4z, x*y = 4z^2, express x-y in z"),
        Turn("assistant", "The answer is that x - y is 0 in z."),
    ]
    assert language_switches(german) == 0
    assert language_switches(algebra) == 0


@given(st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), st.text(max_size=200)), max_size=8))
def test_any_conversation_can_be_measured(turns: list[Turn]) -> None:
    assert 0.0 <= repetition(turns) <= 1.0
    assert 0 <= role_flips(turns) <= len(turns)
    assert isinstance(farewell_loop(turns), bool)
    assert role_flips(turns, "ja") <= len(turns)
    share = context_dependence(turns)
    assert share is None or 0.0 <= share <= 1.0

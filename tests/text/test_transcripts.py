"""Measures of conversations on small ones that show one trait each."""

from hypothesis import given
from hypothesis import strategies as st

from aaa.text import context_dependence, farewell_loop, language_switches, repetition, role_flips

GOOD = [
    ("user", "My sourdough stays flat."),
    ("assistant", "How long do you let it rise, and how warm is the kitchen where it stands?"),
    ("user", "Four hours, and it's about 19 degrees."),
    ("assistant", "That is short for this temperature. Try eight hours, until it has nearly doubled."),
    ("user", "And if I can't wait that long?"),
    ("assistant", "Put the bowl in the oven with only the light on."),
]
LONG = "Mix the flour with the water and the salt, then let the dough rest for an hour before you fold it."


def test_a_good_conversation_has_no_fault() -> None:
    assert role_flips(GOOD) == 0
    assert not farewell_loop(GOOD)
    assert repetition(GOOD) < 0.2
    assert language_switches(GOOD) == 0
    assert context_dependence(GOOD) == 1.0


def test_a_user_who_offers_help_and_an_assistant_who_is_helped_are_flips() -> None:
    flipped = [*GOOD, ("user", "How can I help you today?"), ("assistant", "Thank you for your help!")]
    assert role_flips(flipped) == 2
    assert role_flips([("assistant", "How can I help you today?"), ("user", "Thanks for your help!")]) == 0


def test_three_farewells_in_a_row_are_a_loop_and_two_are_not() -> None:
    two = [*GOOD, ("user", "Thanks, goodbye!"), ("assistant", "You're welcome, take care!")]
    assert not farewell_loop(two)
    assert farewell_loop([*two, ("user", "Bye!")])


def test_what_a_speaker_says_twice_is_repetition_and_quoting_the_other_is_not() -> None:
    assert repetition([("user", LONG), ("assistant", "Fine."), ("user", LONG)]) == 1.0
    assert repetition([("user", LONG), ("assistant", LONG)]) == 0.0


def test_requests_that_stand_by_themselves_depend_on_nothing() -> None:
    apart = [("user", "Name a river in Peru."), ("assistant", "Ucayali."), ("user", "Name a river in Chad.")]
    assert context_dependence(apart) == 0.0
    assert context_dependence(apart[:2]) is None


def test_another_language_is_noticed() -> None:
    german = ("user", "Und wie ist das mit der Hefe, wenn die Küche kalt ist und man nicht so lange warten will?")
    assert language_switches([("user", "What is the best way to store the flour for a year?"), german]) == 1


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant"]), st.text(max_size=200)), max_size=8))
def test_any_conversation_can_be_measured(turns: list[tuple[str, str]]) -> None:
    assert 0.0 <= repetition(turns) <= 1.0
    assert 0 <= role_flips(turns) <= len(turns)
    assert isinstance(farewell_loop(turns), bool)
    share = context_dependence(turns)
    assert share is None or 0.0 <= share <= 1.0

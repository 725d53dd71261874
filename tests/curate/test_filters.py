"""Filters: what each leaves out, with its reason; nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.curate.filters import fault
from aaa.scenario import FilterRule, PromptRow
from aaa.text import language_of, personal_data


def left_out(text: str, *rules: object, **columns: object) -> tuple[str, str] | None:
    row = PromptRow.model_validate({"instruction": text, **columns})
    return fault(row, [FilterRule.model_validate(rule) for rule in rules])


@pytest.mark.parametrize(
    ("text", "rule", "reason"),
    [
        ("Schreibe mir bitte ein Gedicht über den Wald und die Berge.", {"language": ["en"]}, "de"),
        ("Mail me at jane.doe@firm.org about the invoice.", {"pii": "drop"}, "email"),
        ("My key is sk-abcdefghijklmnopqrstuvwx, what now?", {"pii": "drop"}, "key"),
        ("Too short", {"length": {"min": 3}}, "2 words, fewer than 3"),
        ("One word too many here", {"length": {"max": 4}}, "5 words, more than 4"),
        ("I'm sorry, but I can't help with that.", "refusals", "the text declines"),
        ("go on and on and " * 20, "repetition", "of its 5-grams are repeats"),
        ("The caf\u00c3\u00a9 is open", "encoding", "at character 7"),
        ("broken \ufffd text", "encoding", "at character 7"),
    ],
)
def test_a_row_is_left_out_for_a_reason(text: str, rule: object, reason: str) -> None:
    found = left_out(text, rule)
    assert found is not None
    assert reason in found[1]


def test_good_rows_pass_all_filters_and_answers_are_looked_at() -> None:
    rules = [{"language": "en"}, "pii", {"length": {"max": 50}}, "refusals", "repetition", "encoding"]
    assert left_out("Explain how the tides follow from the moon's pull on the sea.", *rules) is None
    assert left_out("2 + 2 = ?", {"language": ["en"]}) is None  # no language is no other one
    declined = left_out("Tell me.", "refusals", meta={"answer": "I cannot help with that."})
    assert declined == ("refusals", "the answer declines")
    assert left_out("A text.", {"language": ["en"]}, language="fr") == ("language", "fr")


def test_a_rule_has_one_key() -> None:
    with pytest.raises(ValueError, match="a filter has one key"):
        FilterRule.model_validate({"pii": "drop", "encoding": "drop"})
    with pytest.raises(ValueError, match="max 2 is below min 3"):
        FilterRule.model_validate({"length": {"min": 3, "max": 2}})


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("IBAN DE89 3704 0044 0532 0130 00 please", {"iban"}),
        ("IBAN DE89 3704 0044 0532 0130 01 please", set()),
        ("card 4111 1111 1111 1111", {"credit_card"}),
        ("card 4111 1111 1111 1112", set()),
        ("server 8.8.8.8 and 192.168.0.1 and version 1.2.3.4.5", {"ip"}),
        ("only 127.0.0.1, 10.0.0.7 and 999.1.1.1", set()),
        ("call +44 20 7946 0958 or (212) 555-0187", {"phone"}),
        ("write to someone@example.com; 3.14159265358979 is pi; 2024-01-31; 1,000,000", set()),
    ],
)
def test_personal_data_by_rules_with_checksums(text: str, kinds: set[str]) -> None:
    assert {kind for kind, _ in personal_data(text)} == kinds


@pytest.mark.parametrize(
    ("text", "language"),
    [("Какая столица Франции?", "ru"), ("法国的首都是哪里？", "zh"), ("フランスの首都はどこ？", "ja"), ("2+2", None)],
)
def test_other_scripts_tell_the_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


@given(st.text(max_size=200))
def test_filters_read_any_text(text: str) -> None:
    list(personal_data(text))
    language_of(text)
    if text.strip():
        left_out(text, "pii", "refusals", "repetition", "encoding", {"length": {"max": 3}}, {"language": ["en"]})

"""Answers in another language than their prompt: told where they can be, and no alarm where they are as asked."""

import pytest

from aaa.text import wrong_language

GERMAN = "Die Antwort ist 408, und das ist nicht schwer zu sehen."
ENGLISH = "The answer is 408, and that is easy to see from the sum."
SPANISH = "El resultado es 408 y para los números es una cuenta del día."


@pytest.mark.parametrize(
    ("asked", "said", "language", "found"),
    [
        ("Wie viel ist 17 mal 24?", ENGLISH, "de", "en"),
        ("What is 17 times 24?", GERMAN, None, "de"),
        ("What is 17 times 24?", GERMAN, "en-GB", "de"),
        ("¿Cuánto es 17 por 24 y para qué sirve?", ENGLISH, "es", "en"),
        ("What is 17 times 24?", "Ответ: четыреста восемь.", None, "CYRILLIC"),
        ("Сколько будет 17 умножить на 24?", ENGLISH, "ru", "en"),
        ("17かける24はいくつですか。", "Ответ: четыреста восемь.", "ja", "CYRILLIC"),
    ],
)
def test_an_answer_in_another_language_is_told(asked: str, said: str, language: str | None, found: str) -> None:
    assert wrong_language([asked], said, language=language) == found


@pytest.mark.parametrize(
    ("asked", "said", "language"),
    [
        ("Wie viel ist 17 mal 24?", GERMAN, "de"),
        ("Translate into German: The sum is easy.", GERMAN, "en"),
        ("Wie sagt man das auf Englisch?", ENGLISH, "de"),
        ("Explain the sum, en español por favor.", SPANISH, "en"),
        ("Summarise this for me:\n\nDie Rechnung ist nicht schwer, und das ist für alle gut.", ENGLISH, None),
        ("Summarise „Die Rechnung ist nicht schwer, und das ist für alle gut.“", ENGLISH, None),
        ("What does Привет mean?", "Привет, дорогой", None),
        ("Write a function that adds.", "```python\ndef los_y_el(una): return una  # el los y es una\n```", "en"),
        ("写一个加法函数。", "def add(a, b):\n    return a + b", "zh"),
        ("日本の首都はどこですか。", "東京都新宿区西新宿", "ja"),
        ("Яка столиця України?", "Столиця України — Київ.", "uk"),
        ("Vad är 17 gånger 24?", "Det är 408, och de är en van met het", "sv"),
        ("Name two films.", "Die Hard and Das Boot", "en"),
        ("What is 2 + 2?", "4", "en"),
        ("What is 2 + 2?", "", None),
        ("Which sign stands for it?", "Ω", None),
        ("((3 + 4) * 2) - 5 =", ENGLISH, None),
    ],
)
def test_what_may_be_right_raises_no_alarm(asked: str, said: str, language: str | None) -> None:
    assert wrong_language([asked], said, language=language) is None


def test_a_system_message_may_ask_for_a_language_and_a_reference_shows_it() -> None:
    assert wrong_language(["Antworte immer auf Englisch.", "Wie viel ist 17 mal 24?"], ENGLISH) is None
    assert wrong_language(["Wie viel ist 17 mal 24?"], ENGLISH, reference="The answer is in the sum") is None
    assert wrong_language(["What is 17 times 24?"], ENGLISH, reference="Die Antwort ist in der Summe") == "en"
    assert wrong_language([], ENGLISH) is None

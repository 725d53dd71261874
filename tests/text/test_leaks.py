"""find_leak: texts that betray how they were written, and hard texts that only look like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaa.text import find_leak

LEAKS = (
    ("What is 17 * 6?", "Thanks for the hint! 17 * 6 = 102."),
    ("What is 17 * 6?", "Thank you for your feedback. The product is 102."),
    ("What is 17 * 6?", "Good catch, I forgot the carry. The product is 102."),
    ("What is 17 * 6?", "You're right, the product is 102."),
    ("What is 17 * 6?", "As you pointed out, the tens digit needs the carry, so we get 102."),
    ("What is 17 * 6?", "I apologize for the error. 17 * 6 = 102."),
    ("What is 17 * 6?", "In my earlier draft the carry was missing; the product is 102."),
    ("What is 17 * 6?", "Corrected: 102"),
    ("What is 17 * 6?", "**Revised answer:** 102"),
    ("What is 17 * 6?", "I previously said 92, which left out the carry. It is 102."),
    ("What is 17 * 6?", "Sorry about my earlier mistake. 102."),
    ("What is 17 * 6?", "Now I see that 6 * 7 is 42 and not 36, so the result is 102."),
    ("What is 17 * 6?", "As the teacher said, split 17 into 10 and 7: 60 + 42 = 102."),
    ("What is 17 * 6?", "Using the hint, 10 * 6 + 7 * 6 = 102."),
    ("What is 17 * 6?", "Following your suggestion, I split the factor: 60 + 42 = 102."),
    ("What is 17 * 6?", "102. This answer has been corrected to include the carry."),
    ("What is 17 * 6?", "My previous answer was wrong: it is 102."),
    ("What is 17 * 6?", "Let me try again: 60 + 42 = 102."),
    ("Explain how tides work.", "Here is the revised version:\n\nTides follow the moon."),
    ("Explain how tides work.", "Tides follow the moon. I have corrected the part about the sun."),
    ("Explain how tides work.", "Here's an improved answer that addresses the critique. Tides follow the moon."),
    ("Explain how tides work.", "Tides follow the moon. As suggested, the sun's share is now mentioned as well."),
    ("Explain how tides work.", "Based on the feedback, I kept this short. Tides follow the moon."),
    ("Explain how tides work.", "The critic noted that the sun matters too. Tides follow moon and sun."),
    ("Explain how tides work.", "Unlike the previous response, this one covers the sun. Tides follow moon and sun."),
    ("Explain how tides work.", "Tides follow the moon.\n\nChanges made:\n- added the sun"),
    ("Explain how tides work.", "Great point about the sun! Tides follow moon and sun."),
    ("Explain how tides work.", "Tides follow the moon and, thanks to your help, I can add: the sun too."),
    ("Explain how tides work.", "I overlooked the sun. Tides follow both."),
    ("Explain how tides work.", "Tides follow the moon (revised)."),
    ("Explain how tides work.", "With the suggested improvements: tides follow the moon."),
    ("Explain how tides work.", "Taking your comments into account, tides follow moon and sun."),
    ("Explain how tides work.", "As we discussed, tides follow the moon."),
    ("Explain how tides work.", "My tutor pointed out that the sun matters. Tides follow both."),
    ("Explain how tides work.", "The error you mentioned is gone. Tides follow the moon."),
    ("Explain how tides work.", "In this updated response I cover the sun too. Tides follow both."),
    ("Explain how tides work.", "Updated version:\nTides follow the moon."),
    ("Sort these: 3, 1, 2", "I was reminded that the list must be ascending: 1, 2, 3"),
    ("Sort these: 3, 1, 2", "Compared to my first attempt, the order is now ascending: 1, 2, 3"),
    ("Sort these: 3, 1, 2", "You told me to check the ends first: 1, 2, 3"),
    ("Write a haiku about rain.", "Thank you for the suggestions. Soft rain on the roof"),
    ("Correct the grammar: he go home", "Thanks for the pointer! He goes home."),
    ("Was ist 17 mal 6?", "Danke für den Hinweis! Das Ergebnis ist 102."),
    ("Was ist 17 mal 6?", "Ich habe den Übertrag korrigiert: 102."),
    ("Was ist 17 mal 6?", "In meiner vorherigen Antwort fehlte der Übertrag. Es sind 102."),
    ("Was ist 17 mal 6?", "Wie Sie vorgeschlagen haben, zerlege ich: 60 + 42 = 102."),
    ("Combien font 17 fois 6 ?", "Merci pour l'indice ! Cela fait 102."),
    ("Combien font 17 fois 6 ?", "J'ai corrigé la retenue : 102."),
    ("Combien font 17 fois 6 ?", "Dans ma réponse précédente, la retenue manquait. 102."),
    ("¿Cuánto es 17 por 6?", "Gracias por la pista. Son 102."),
    ("¿Cuánto es 17 por 6?", "He corregido el acarreo: 102."),
    ("¿Cuánto es 17 por 6?", "Como sugeriste, separo: 60 + 42 = 102."),
)

STAND_ALONE = (
    ("Write a thank-you note for a suggestion.", "Dear Ana, thank you for your suggestion. It made our day easier."),
    ("Write a reply to a customer complaint.", "Dear Mr Lee, thank you for your feedback. We are sorry for the delay."),
    ("Fix the grammar: he go home", "Here is the corrected sentence: He goes home. I've corrected the verb."),
    ("Improve this paragraph: Rain is wet.", "Here's an improved version: Rain leaves everything it touches soaked."),
    (
        "Fix the bug in this function.",
        "I fixed the error in the loop bound; the mistake you mentioned was an off-by-one.",
    ),
    ("How should I handle review comments?", "Read your reviewer's comments twice, then answer each one."),
    ("Am I right that Rome is in Italy?", "You're right: Rome is the capital of Italy."),
    ("I think 7 is prime.", "You are right, 7 is prime."),
    ("Describe a cocktail.", "Gin, lime and the hint of mint that makes it fresh."),
    ("Describe a red wine.", "Dark fruit, with a hint of smoke and hints of vanilla."),
    ("How do I set a placeholder in HTML?", "Use the placeholder attribute; the hint text vanishes as one types."),
    ("What is Git?", "Git keeps every version of a file, so you can go back to an earlier version at any time."),
    ("What was the Declaration's history?", "Jefferson wrote the first draft of the Declaration in June 1776."),
    ("Tell me about Everest.", "The first attempt to climb Everest by a British team came in 1922 and failed."),
    ("Tell me about Python 3.", "Python 3 is a revised version of the language that broke with its past."),
    ("What is heapsort?", "Heapsort is an improved version of selection sort that uses a heap."),
    ("What is a patch?", "A patch is an updated version of a program that fixes known errors."),
    ("Who was Kant?", "Kant wrote the Critique of Pure Reason. His ideas on the critique of judgment came later."),
    (
        "Write a short story about a boy at school.",
        "As the teacher said, the bell rang. I forgot my book and my mistake cost me.",
    ),
    ("Tell a story.", "I was told to wait. Now I see the sea, thought Ben."),
    ("Continue the tale of the fox.", '"Thanks for the hint," said the fox, and ran.'),
    ("What did the owl say?", 'The owl said: "You are right, little one, I overlooked it."'),
    ("How do I write a novel?", "Write a first draft quickly. Then let a friend read it and revise it with care."),
    ("How do I give feedback at work?", "Be specific. Say what worked, and ask whether your suggestions help."),
    ("Give tips for a job interview.", "Thank the interviewer, and follow up by e-mail within a day."),
    ("What is design thinking?", "Build a prototype, test it, and refine it based on the feedback of its users."),
    ("How do sprints work?", "At the end the team looks back; what was learned goes into the next sprint."),
    (
        "What is scientific peer review?",
        "Referees read a paper; the authors answer their comments and send it in again.",
    ),
    ("How do I take medicine safely?", "Follow the advice of your doctor and read the leaflet."),
    ("Pick a hotel in Rome.", "Choose one near a metro stop, and read recent comments by guests first."),
    ("What is an oxford comma?", "As the name suggests, Oxford's press made it known. It comes before the last 'and'."),
    (
        "Why do leaves change colour?",
        "As mentioned in most textbooks, chlorophyll breaks down and other pigments show.",
    ),
    (
        "Prove that the sum of two even numbers is even.",
        "Let a = 2m and b = 2n. As shown above, a + b = 2(m + n) is even.",
    ),
    ("What is 12 / 4?", "Dividing 12 by 4 gives 3. To check, multiply 3 by 4: the result is 12 again, which is right."),
    ("What is the Treaty of Lisbon?", "It amended the earlier treaties and was signed in 2007."),
    ("What is a mulligan?", "In golf it is a second attempt at a stroke, taken without penalty."),
    ("What is a type hint in Python?", "The hint tells tools what a variable holds; Python itself ignores it."),
    ("How do I become left-handed?", "If you are right-handed, train the other hand ten minutes a day."),
    (
        "Write an apology to a friend.",
        "Dear Tom, I apologize for my mistake. I forgot your birthday and feel terrible.",
    ),
    ("Summarise: The critic praised the film.", "The critic liked the film."),
    ("Write a movie review.", "What the critic found dull I found calm. The reviewer says it drags; it doesn't."),
    ("Write a cover letter.", "I have improved sales by a fifth and updated the reporting of my previous employer."),
    (
        "What is a beta?",
        "A beta is an early release; its testers report errors, and these are fixed before the final version.",
    ),
    ("Explain A/B tests.", "Show half of your users the original version and the other half the new one."),
    ("What does errata mean?", "A list of errors in a printed book, with their corrections."),
    ("How do I reset a router?", "Hold the button for ten seconds. If this fails, try again with the power unplugged."),
    ("Schreibe einen Dankesbrief.", "Liebe Eva, danke für deinen Hinweis. Er hat uns sehr geholfen."),
    ("Was ist eine Novelle?", "Eine Novelle ist eine kurze Erzählung. Hinweis: Sie hat meist einen Wendepunkt."),
    ("Qu'est-ce que l'inflation ?", "C'est la hausse des prix. L'indice des prix la mesure, selon la méthode choisie."),
    ("¿Qué es un borrador?", "Es la primera versión de un texto, que después se revisa y se corrige."),
)


def test_at_least_95_percent_of_leaks_are_caught() -> None:
    missed = [text for instruction, text in LEAKS if find_leak(text, instruction) is None]
    assert len(missed) <= 0.05 * len(LEAKS), missed


def test_at_most_5_percent_of_texts_that_stand_alone_are_suspected() -> None:
    found = {text: find_leak(text, instruction) for instruction, text in STAND_ALONE}
    suspected = {text: words for text, words in found.items() if words is not None}
    assert len(suspected) <= 0.05 * len(STAND_ALONE), suspected


def test_the_words_found_are_words_of_the_text() -> None:
    assert find_leak("The sum is 5. Thanks for the hint!") == "Thanks for the hint"


def test_the_instruction_excuses_what_it_brings_up_but_nothing_else() -> None:
    instruction = "Correct the spelling: teh cat"
    assert find_leak("Here is the corrected text: the cat", instruction) is None
    assert find_leak("Here is the corrected text, as you suggested: the cat", instruction) == "as you suggested"


def test_a_phrase_that_the_instruction_quotes_is_excused() -> None:
    text = "In English one would write: good catch, and smile."
    assert find_leak("Good catch, Ben!", "Say it politely: Good catch, Ben!") is None
    assert find_leak(text) is None


@pytest.mark.parametrize("text", ["", " \n", "102", "<<<end>>>", "“unclosed quote. Fine."])
def test_texts_without_a_leak(text: str) -> None:
    assert find_leak(text) is None


@given(st.text(), st.text())
def test_any_text_can_be_read(text: str, instruction: str) -> None:
    found = find_leak(text, instruction)
    assert found is None or found in text

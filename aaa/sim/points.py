"""What a simulated model can say to open tasks: points by topic, sentences for letters and stories, empty phrases."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from aaa.sim.prose import terms_of

Topic = tuple[re.Pattern[str], tuple[str, ...]]


def _topic(words: str, *points: str) -> Topic:
    return re.compile(rf"\b(?:{words})", re.IGNORECASE), points


TOPICS: Final[tuple[Topic, ...]] = (
    _topic(
        r"sleep|insomnia|fall asleep|bedtime",
        "Go to bed and get up at the same hour every day, weekends included.",
        "Put the phone outside the bedroom 45 minutes before you lie down.",
        "Drink the last coffee before 2 in the afternoon.",
        "Cool the bedroom to about 18 degrees and darken the window fully.",
        "If you lie awake for 20 minutes, get up and read something dull on a chair.",
        "Take a walk in daylight before noon, which sets your inner clock.",
    ),
    _topic(
        r"budget|sav(?:e|ing) money|spend|money|expenses",
        "Write down every expense for 30 days before you change anything.",
        "Move a fixed sum to a second account on the day your pay arrives.",
        "Cancel each subscription you have not used in the last 2 months.",
        "Plan 5 dinners on Sunday and shop once, with a list.",
        "Wait 48 hours before any purchase above 50 euros.",
        "Compare your electricity and phone contracts once a year.",
    ),
    _topic(
        r"interview|job application|hiring",
        "Read the job advert line by line and note one example of your work for each demand.",
        "Practise a two-minute account of your last project aloud, three times.",
        "Prepare 3 questions about the team's daily work.",
        "Travel the way there once beforehand, or test the video call the evening before.",
        "When you do not know something, say so and tell how you would find out.",
        "Send a short note of thanks with one concrete point the next morning.",
    ),
    _topic(
        r"plant|garden|balcony|herbs|tomato",
        "Push a finger 2 centimetres into the soil and water only when it is dry there.",
        "Choose pots with a hole and a layer of gravel at the bottom.",
        "Put the pot within one metre of a bright window, but out of the noon sun.",
        "Turn each pot by a quarter every week so that it grows straight.",
        "Feed once a month from April to September, never in winter.",
        "Wipe dust off the leaves with a damp cloth, and look for insects underneath.",
    ),
    _topic(
        r"study|exam|learn|revision|vocabulary|language",
        "Split the material into 25-minute blocks with 5 minutes of break.",
        "Close the book and write down what you remember before you reread anything.",
        "Repeat each topic after 1 day, 3 days and 7 days.",
        "Solve one old exam under real time limits in the last week.",
        "Explain a hard chapter aloud to somebody who knows nothing about it.",
        "Put 10 new words on cards in the morning and sort out those you know at night.",
    ),
    _topic(
        r"run(?:ning)?\b|exercise|fit|marathon|workout|cycling|bike",
        "Start with 3 sessions of 20 minutes a week and keep a rest day between them.",
        "Go slowly enough to speak in full sentences.",
        "Add no more than 10 percent distance from one week to the next.",
        "Replace the shoes after about 700 kilometres.",
        "Lay out your kit the evening before, and fix the hour in your calendar.",
        "Stop for the day when a joint hurts, and see a doctor if it lasts a week.",
    ),
    _topic(
        r"cook|meal|recipe|leftover|kitchen|dinner|food",
        "Cook double portions of rice and beans on Sunday and freeze half.",
        "Taste for salt, then for lemon, before you add another spice.",
        "Keep a list on the fridge of what must be eaten within 2 days.",
        "Roast leftover vegetables at 200 degrees for 25 minutes and fold them into eggs.",
        "Cut everything before you light the stove.",
        "Label each box with the date and use it within 3 months.",
    ),
    _topic(
        r"mov(?:e|ing) (?:house|flat|home|to)|apartment|flat|roommate|flatmate|neighbou?r",
        "Talk to the person in a calm hour, name one incident and say what you would like instead.",
        "Put agreed quiet hours and cleaning days on one sheet that everybody signs.",
        "Photograph meters and walls on the day you get the keys.",
        "Pack one box with tools, bedding and a kettle, and open it first.",
        "Tell the bank, the insurance and your employer the new address 2 weeks ahead.",
        "Ask three firms for a price, and get the chosen one in writing.",
    ),
    _topic(
        r"speech|speaking|presentation|present(?:ing)?\b|audience|stage",
        "Open with one short story instead of an agenda.",
        "Put at most 12 words on a slide.",
        "Rehearse standing up, with a clock, at least 4 times.",
        "Look at one person for a whole sentence, then at another.",
        "Breathe out slowly for 6 seconds before you begin.",
        "End with the single thing that listeners should do tomorrow.",
    ),
    _topic(
        r"travel|trip|pack|holiday|flight|journey",
        "Copy your passport and store the copy apart from the original.",
        "Lay everything out, then leave a third of the clothes at home.",
        "Carry medicine and one change of clothes in your hand luggage.",
        "Check the last bus from the airport before you book a late flight.",
        "Learn 10 words of the language, the numbers first.",
        "Leave the second day empty, so that a delay spoils nothing.",
    ),
    _topic(
        r"phone|screen|social media|distract|focus|concentrat|procrastinat|work from home",
        "Switch off all notifications except calls.",
        "Charge the phone in the hall overnight.",
        "Write the one task that matters on paper before you open the computer.",
        "Work 50 minutes with the door shut, then walk for 10.",
        "Move the apps that tempt you to the last page, or delete them for a week.",
        "Answer mail at 11 and at 4, and at no other hour.",
    ),
    _topic(
        r"friend|argument|conflict|feedback|apolog|colleague|boss|manager|team",
        "Ask for 15 minutes in private instead of raising it in passing.",
        "Describe what you saw and heard before you say what you think of it.",
        "Name the effect it had on your work in one sentence.",
        "Ask how the other person saw it, and repeat the answer in your own words.",
        "Agree on one change and a day on which you will look at it again.",
        "Say sorry for your own share without adding a but.",
    ),
)

EMPTY_PHRASES: Final = (
    "It is important to look at this from all sides.",
    "There are many things that one could say here.",
    "In general, it depends on the situation.",
    "Everybody is different, so results may vary.",
    "At the end of the day, what counts is to try.",
    "One should always look for a good balance.",
    "Various aspects come together in this.",
    "As we all know, this is not always easy.",
    "Many people think about this every day.",
    "All in all, attitude plays a role too.",
)

_ABOUT: Final = (
    "Begin with the {a} and settle one detail of it today.",
    "Write down what you expect of the {a} in 3 lines.",
    "Ask one person who knows the {b} well, and take notes.",
    "Set aside 30 minutes on 2 days a week for the {a}.",
    "Compare 2 ways to handle the {b} before you choose.",
    "After 14 days, look at what changed about the {a}.",
)
_SCENES: Final = (
    "The {a} stood at the edge of the square, and nobody had touched it since March.",
    "On the first morning the {b} was quieter than the 7 clocks in the hall.",
    "Somebody had written a name under the {a} in blue chalk.",
    "By noon, rain drummed on the {b}, and two children ran for the gate.",
    "A woman in a grey coat laid her hand on the {a} and laughed.",
    "In the evening light the {b} looked like something worth keeping.",
)
_LETTERS: Final = (
    "I am writing about the {a}, which reached me on Tuesday.",
    "Could we settle the {b} before Friday at noon?",
    "I have put the 3 open questions about the {a} at the end.",
    "The {b} took longer than planned, and I take the blame for that.",
    "If it suits you, I will call at 10 to go through the {a}.",
    "Thank you for the time you gave to the {b} last week.",
)
_PRAISE: Final = (
    "The {a} fits into one hand and weighs 300 grams.",
    "Made for the {b}, it works in rain and at minus 5 degrees.",
    "One charge of the {a} lasts 9 days.",
    "You set up the {b} in 4 minutes, without a tool.",
    "Every {a} comes with a repair kit and a 5-year promise.",
    "Try the {b} at home for 30 days.",
)
_LETTER: Final = re.compile(r"\b(?:e-?mail|letter|message|note|invitation|reply|apolog|thank)", re.IGNORECASE)
_ADVERT: Final = re.compile(r"\b(?:product|advert|slogan|advertis|review|shop|brand|tagline|app)\b", re.IGNORECASE)
_TALE: Final = re.compile(r"\b(?:story|poem|haiku|scene|tale|describe|opening|limerick|legend)\b", re.IGNORECASE)


@lru_cache(maxsize=1024)
def points_for(task: str) -> tuple[str, ...]:
    """Specific things to say about a task: from its topic, else built around its own words."""
    if not (_LETTER.search(task) or _ADVERT.search(task) or _TALE.search(task)):
        for topic, points in TOPICS:
            if topic.search(task):
                return points
    return _built(task, _frame(task))


def _frame(task: str) -> tuple[str, ...]:
    if _TALE.search(task):
        return _SCENES
    if _LETTER.search(task):
        return _LETTERS
    return _PRAISE if _ADVERT.search(task) else _ABOUT


def _built(task: str, frame: tuple[str, ...]) -> tuple[str, ...]:
    # Sentences want nouns; these endings are seldom theirs.
    terms = [term for term in terms_of(task) if not term.endswith(("ed", "ly", "ing", "st"))] or ["matter"]
    return tuple(
        sentence.format(a=terms[i % len(terms)], b=terms[(i + 1) % len(terms)]) for i, sentence in enumerate(frame)
    )

"""Small edits of a quoted passage that a program could do: case, order, replacing, deleting, naming styles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aaa.sim.skills.base import Solution, Working, finished
from aaa.sim.skills.numbers import figures
from aaa.sim.skills.passages import outside, passage, quoted

SKILL = "text_editing"
MAX_PASSAGE = 600
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_ORDINAL = "|".join(_ORDINALS)


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit: what it gives, how it is described, and what hasty editors make of it."""

    result: str
    step: str
    slips: tuple[str, ...]


Rule = tuple[re.Pattern[str], Callable[[str, re.Match[str]], Edit]]


def _drop_char(text: str, at: int) -> str:
    return text[:at] + text[at + 1 :]


def _upper(text: str, _: re.Match[str]) -> Edit:
    return Edit(text.upper(), "Every letter becomes a capital.", (text.title(), text.capitalize(), text))


def _lower(text: str, _: re.Match[str]) -> Edit:
    return Edit(text.lower(), "Every letter becomes small.", (text.capitalize(), text.swapcase(), text))


def _title(text: str, _: re.Match[str]) -> Edit:
    result = " ".join(word[:1].upper() + word[1:] for word in text.split())
    return Edit(result, "The first letter of each word becomes a capital.", (text.capitalize(), text.upper(), text))


def _mirror(text: str, _: re.Match[str]) -> Edit:
    result = text[::-1]
    middle = len(result) // 2
    swapped = result[: middle - 1] + result[middle] + result[middle - 1] + result[middle + 1 :]
    return Edit(
        result,
        f"Read from the back: {'-'.join(result)}",
        (swapped, _drop_char(result, middle), text[-1:] + text[1:-1] + text[:1]),
    )


def _words_backwards(text: str, _: re.Match[str]) -> Edit:
    words = text.split()
    swapped = [*words[-1:], *words[1:-1], *words[:1]]
    missed = words[::-1][: len(words) // 2] + words[::-1][len(words) // 2 + 1 :]
    return Edit(
        " ".join(words[::-1]),
        f"The last word, {words[-1]}, comes first.",
        (" ".join(swapped), " ".join(missed), text[::-1]),
    )


def _without(chars: str, what: str) -> Callable[[str, re.Match[str]], Edit]:
    def edit(text: str, _: re.Match[str]) -> Edit:
        gone = [i for i, char in enumerate(text) if char.lower() in chars]
        result = "".join(char for i, char in enumerate(text) if i not in set(gone))
        kept = [i for i in gone if i != gone[-1]] if gone else []
        overlooked = "".join(char for i, char in enumerate(text) if i not in set(kept))
        first = "".join(char for i, char in enumerate(text) if i not in set(gone[1:]))
        return Edit(
            result,
            f"Leaving out {what}: {', '.join(text[i] for i in gone)}",
            (overlooked, first, _drop_char(result, 0)),
        )

    return edit


def _joined(separator: str) -> Callable[[str, re.Match[str]], Edit]:
    def edit(text: str, _: re.Match[str]) -> Edit:
        words = re.findall(r"\w+", text.lower())
        other = "-" if separator == "_" else "_"
        slips = ("".join(words), other.join(words), separator.join([*words[:-2], "".join(words[-2:])]))
        return Edit(separator.join(words), f"Small letters, parted by {separator!r}.", slips)

    return edit


def _camel(text: str, _: re.Match[str]) -> Edit:
    words = re.findall(r"\w+", text.lower())
    pascal = "".join(word.capitalize() for word in words)
    result = words[0] + "".join(word.capitalize() for word in words[1:])
    return Edit(
        result,
        "The first word small, each further one with a capital, no spaces.",
        (pascal, "".join(words), "_".join(words)),
    )


def _acronym(text: str, _: re.Match[str]) -> Edit:
    initials = [word[0].upper() for word in re.findall(r"\w+", text)]
    result = "".join(initials)
    slips = (result[:-1], "".join([*initials[:-1], *text.split()[-1][:2].upper()]), result[::-1])
    return Edit(result, f"The initials are {', '.join(initials)}.", slips)


def _unique_words(text: str, _: re.Match[str]) -> Edit:
    words = text.split()
    result = list(dict.fromkeys(words))
    last = list(dict.fromkeys(words[::-1]))[::-1]
    single = [word for word in words if words.count(word) == 1]
    slips = (" ".join(last), " ".join(single), " ".join([*result, words[-1]]))
    return Edit(" ".join(result), "Each word stays where it comes first.", slips)


def _swap_ends(text: str, _: re.Match[str]) -> Edit:
    words = text.split()
    result = [words[-1], *words[1:-1], words[0]]
    slips = (" ".join([words[-1], *words[:-1]]), " ".join(words[::-1]), " ".join([*words[1:], words[0]]))
    return Edit(" ".join(result), f"{words[0]} and {words[-1]} change places.", slips)


def _delete_word(text: str, match: re.Match[str]) -> Edit:
    words = text.split()
    at = _ORDINALS[match[1]] - 1 if match[1] != "last" else len(words) - 1
    if at >= len(words):
        raise ValueError("no such word")

    def drop(index: int) -> str:
        return " ".join(words[:index] + words[index + 1 :])

    slips = tuple(drop(i) for i in (at + 1, at - 1) if 0 <= i < len(words))
    return Edit(drop(at), f"That word is {words[at]!r}.", slips)


def _every_second(text: str, _: re.Match[str]) -> Edit:
    words = text.split()
    slips = (" ".join(words[1::2]), " ".join(words[::3]), " ".join(words[:-1:2][:-1]))
    return Edit(" ".join(words[::2]), "Words number 1, 3, 5 and so on stay.", slips)


def _hyphenated(text: str, _: re.Match[str]) -> Edit:
    result = text.replace(" ", "-")
    return Edit(
        result,
        "Each space becomes a hyphen.",
        (text.replace(" ", "-", 1), text.replace(" ", "_"), text.replace(" ", "")),
    )


def _repeated(text: str, match: re.Match[str]) -> Edit:
    times = int(match[1])
    if not 1 < times <= 20:
        raise ValueError("not a sensible number of times")
    between = "-" if "hyphen" in match.string else ", " if "comma" in match.string else " "

    def tell(count: int) -> str:
        return between.join([text] * count)

    return Edit(tell(times), f"{text}, {times} times.", (tell(times + 1), tell(times - 1), "".join([text] * times)))


def _rule(pattern: str, edit: Callable[[str, re.Match[str]], Edit]) -> Rule:
    return re.compile(pattern), edit


RULES: tuple[Rule, ...] = (
    _rule(r"\bsnake[_ ]?case\b", _joined("_")),
    _rule(r"\bkebab[- ]?case\b", _joined("-")),
    _rule(r"\bcamel ?case\b", _camel),
    _rule(r"\bacronym\b|\binitials\b", _acronym),
    _rule(r"\b(?:swap|exchange)\b.*\bfirst\b.*\blast\b", _swap_ends),
    _rule(r"\brepeat\b.*?\b(\d+) times\b", _repeated),
    _rule(r"\bspaces?\b.*\bhyphens?\b", _hyphenated),
    _rule(r"\bevery (?:second|other) word\b", _every_second),
    _rule(rf"\b(?:remove|delete|drop|leave out|strike)\b.*?\b({_ORDINAL}|last) word\b", _delete_word),
    _rule(
        r"\b(?:remove|delete|drop|leave out|strip)\b.*\b(?:repeated|duplicate|double)\w* words?\b"
        r"|\beach word only once\b",
        _unique_words,
    ),
    _rule(r"\b(?:remove|delete|drop|leave out|strip)\b.*\bvowels?\b", _without("aeiou", "the vowels")),
    _rule(r"\b(?:remove|delete|drop|leave out|strip)\b.*\bdigits?\b", _without("0123456789", "the digits")),
    _rule(r"\b(?:first letter of (?:each|every) word|title case)\b", _title),
    _rule(r"\b(?:upper-?case|upper case|capital letters|capitals)\b", _upper),
    _rule(r"\b(?:lower-?case|lower case|small letters)\b", _lower),
    _rule(
        r"\b(?:words? (?:of|in)\b.*\b(?:reverse|opposite)|reverse the (?:order of the )?words?(?! _))\b",
        _words_backwards,
    ),
    _rule(r"\b(?:reverse|backwards?|back to front|mirror)\b", _mirror),
)
_REPLACE = re.compile(r"\b(?:replace|change|swap|exchange)\b[^_]*_ (?:with|by|to|for|into) _")


def solve(text: str) -> Solution | None:
    """The solution of a task to edit a quoted passage."""
    task = " ".join(figures(outside(text)).lower().split())
    parts = quoted(text)
    if not any(len(part) <= MAX_PASSAGE for part in parts) and passage(text) is None:
        return None
    try:
        edit = _replace(task, parts) or _by_rule(task, text)
    except (ValueError, IndexError):
        return None  # the passage lacks what the task speaks of
    if edit is None or not edit.result.strip():
        return None
    right = Working(edit.result, (edit.step,))
    slips = [Working(slip, (edit.step,)) for slip in edit.slips if slip.strip()]
    return finished(SKILL, right, slips, difficulty=2 + len(edit.result) / 10)


def _by_rule(task: str, text: str) -> Edit | None:
    about = passage(text)
    if about is None or len(about) > MAX_PASSAGE:
        return None
    for pattern, edit in RULES:
        if match := pattern.search(task):
            return edit(about, match)
    return None


def _replace(task: str, parts: Sequence[str]) -> Edit | None:
    """Replace one quoted word by another in a third quoted passage, whichever comes first."""
    match = _REPLACE.search(task)
    if match is None or len(parts) != 3:
        return None
    before = task[: match.start()].count("_")
    old, new = parts[before : before + 2]
    if before > 1:
        return None
    (text,) = [*parts[:before], *parts[before + 2 :]]
    whole = re.compile(rf"\b{re.escape(old)}\b")
    if not whole.search(text):
        return None
    result = whole.sub(lambda _: new, text)
    slips = (whole.sub(lambda _: new, text, count=1), whole.sub("", text).replace("  ", " ").strip(), text)
    return Edit(result, f"{old!r} occurs {len(whole.findall(text))} times.", slips)

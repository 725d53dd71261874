"""Which option of a multiple choice an answer names."""

from __future__ import annotations

import re
from string import ascii_uppercase

from aaa.types import Instruction
from aaa.verify.normal import normal

_LETTER = re.compile(r"\W*([A-Za-z])(?:\W*$|\s*[).:,;\]]|\s+[-–—(]|\s+(?:because|since|as)\b)")
_NAMED = re.compile(r"\b(?:option|choice|letter|answer|opción|réponse|antwort)\s+\(?([A-Z])\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[(\[]([A-Z])[)\]]")


def options_of(instruction: Instruction) -> dict[str, str]:
    """The options by letter: `meta["choices"]`, a list in order or a mapping from letters; empty where unknown."""
    match instruction.meta.get("choices"):
        case list(choices):
            return {letter: str(choice) for letter, choice in zip(ascii_uppercase, choices, strict=False)}
        case dict(choices):
            return {letter.strip().upper(): str(choice) for letter, choice in choices.items()}
        case _:
            return {}


def chosen_option(final: str, options: dict[str, str]) -> str | None:
    """The letter that a final answer names, by itself or by the text of its option; None where it names none.

    Without known options any letter is one. The last option named counts.
    """
    said = normal(final)
    by_text = [letter for letter, option in options.items() if normal(option) == said]
    if len(by_text) == 1:
        return by_text[0]
    letters = [match.group(1) for match in (_LETTER.match(final),) if match]
    letters = letters or _NAMED.findall(final) or _IN_BRACKETS.findall(final)
    named = [letter.upper() for letter in letters if not options or letter.upper() in options]
    if named:
        return named[-1]
    contained = {letter: text for letter, option in options.items() if _holds(said, text := normal(option))}
    whole = [a for a, text in contained.items() if not any(a != b and _holds(o, text) for b, o in contained.items())]
    return whole[0] if len(whole) == 1 else None


def _holds(text: str, words: str) -> bool:
    """Whether `words` occur in `text` as whole words."""
    return f" {words} " in f" {text} "

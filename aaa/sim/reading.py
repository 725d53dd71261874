"""What a simulated model is asked for, read from the messages alone.

Method prompts are recognised by what any model would go by: the labels of their fenced parts, and the form in which
they want the reply. Nothing else is looked at, so a prompt of somebody's own works as long as it keeps to that form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aaa.sim.requests import (
    Alone,
    Analysing,
    Bettering,
    ByMethod,
    Checking,
    Choosing,
    Comparison,
    Concluding,
    Conferring,
    Critiquing,
    Evolving,
    Grading,
    Hinting,
    Learning,
    Matching,
    Ordering,
    Plain,
    Proposing,
    RatingVersions,
    Request,
    Retrying,
    Revising,
    Rewriting,
    Serving,
    Stepping,
    Tagging,
    Task,
    Unreadable,
    Wanting,
)
from aaa.types import Message


@dataclass(frozen=True)
class Reading:
    """A request, and how often its reply could not be read so far."""

    request: Request
    asked_again: int = 0


_OPENED = re.compile(r"<<<(?P<label>[^<>\n]+?) (?P<fence>[^\s<>]+)>>>")
_TURN = re.compile(r"(system|user|assistant|tool) turn \d+")
_AGAIN = re.compile(r"\bcould not read your (?:reply|answer)\b", re.IGNORECASE)
_SCALE = re.compile(r"\bfrom (-?\d+)\b.*?\bto (-?\d+)\b", re.DOTALL)
_GRADE = re.compile(r"\bgrade\b.*\b(?:double brackets|JSON object)\b", re.IGNORECASE | re.DOTALL)
_JSON = re.compile(r"\bJSON object\b")
_TIE = re.compile(r"\[\[tie\]\]|\"tie\"")
_ASPECT = re.compile(r"^- (.+?)\s*$", re.MULTILINE)
_RESPECTS = re.compile(r"\bin these respects:\n((?:\s*- .+\n)+)")
_RESPECT = re.compile(r"\bin one respect: (\w+)")
_NUMBERED = re.compile(r"(answer|step|case|version|instruction) (\d+)")
_CHOICE = re.compile(r'^"(\w+)",[^\n]*\bone of:\n((?:- .+\n?)+)', re.MULTILINE)
_OPTION = re.compile(r"^- ([\w-]+): (.+)$", re.MULTILINE)
_KEY = re.compile(r'^"(\w+)"[,:]', re.MULTILINE)
_VERSION_GRADE = re.compile(r"^version \d+ (.+?): \[\[", re.MULTILINE)
_BRAND_NEW = re.compile(r"\bbrand-new\b", re.IGNORECASE)
_NEIGHBOUR = re.compile(r"\bsame skill\b", re.IGNORECASE)
_EASIER = re.compile(r"\b(?:easier|simpler)\b", re.IGNORECASE)
_SAID = re.compile(r"(.+) said (\d+)")
_PART = re.compile(r"^In the team: (.+)\. You are (.+)\.$", re.MULTILINE)
_NEXT = re.compile(r"\bspeaks next\? Possible: (.+?)\. ")
_TEACHER = re.compile(r"\b(?:teacher|tutor|teach|mentor)\b", re.IGNORECASE)
_STUDENT = re.compile(r"\b(?:student|pupil|learner)\b", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]{2}|\d")


def read(messages: Sequence[Message]) -> Reading:
    """What the messages ask for."""
    turns = [message for message in messages if message.role in ("user", "assistant")]
    again = 0
    while len(turns) > 2 and turns[-1].role == "user" and _AGAIN.search(turns[-1].text):
        turns, again = turns[:-2], again + 1
    if not turns or turns[-1].role != "user":
        return Reading(Unreadable(), again)
    asked, parts = _unfenced(turns[0].text)
    if not parts:
        return Reading(_conversation(messages, turns), again)
    method = _method(asked, parts, turns)
    return Reading(method or Unreadable(), again)


def _unfenced(text: str) -> tuple[str, dict[str, str]]:
    """The text outside of fences, and what stands between them by label.

    A fence opens with a line `<<<label marker>>>` and closes with the next line `<<<end of label marker>>>`.
    """
    lines = text.split("\n")
    closing: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if line.startswith("<<<end of "):
            closing.setdefault(line.rstrip(), []).append(at)
    outside, parts, at = [], {}, 0
    while at < len(lines):
        opened = _OPENED.fullmatch(lines[at].rstrip())
        ends = closing.get(f"<<<end of {opened['label']} {opened['fence']}>>>", []) if opened else []
        end = next((end for end in ends if end > at), None)
        if opened and end is not None:
            parts[opened["label"]] = "\n".join(lines[at + 1 : end])
            at = end
        else:
            outside.append(lines[at])
        at += 1
    return "\n".join(outside), parts


def _conversation(messages: Sequence[Message], turns: Sequence[Message]) -> Request:
    heard = tuple(message.text for message in turns if message.role == "user")
    if not _LETTER.search(heard[-1]):
        return Unreadable()
    persona = " ".join(message.text for message in messages if message.role == "system")
    teaching = bool(_TEACHER.search(persona) and _STUDENT.search(persona))
    return Plain(Task(heard), tuple(m.text for m in turns if m.role == "assistant"), teaching)


def _method(asked: str, parts: Mapping[str, str], turns: Sequence[Message]) -> Request | None:
    """The request of a method prompt: `asked` is its own text, `parts` what stands between fences."""
    if "method" in parts and (request := _about_a_method(asked, parts)) is not None:
        return request
    if "tool" in parts and "arguments" in parts:
        true = (line.removeprefix("- ") for line in parts.get("facts", "").splitlines() if line.strip())
        return Serving(parts["arguments"], tuple(true))
    if "version 1" in parts:
        return _about_versions(asked, parts)
    if "training prompt" in parts and "benchmark prompt" in parts and "[[same]]" in asked:
        return Matching(parts["training prompt"], parts["benchmark prompt"])
    if "instruction 1" in parts and "JSON object" in asked:
        choices = {key: dict(_OPTION.findall(lines)) for key, lines in _CHOICE.findall(asked)}
        return Tagging(_numbered("instruction", parts), choices, tuple(_KEY.findall(asked)))
    task = _task(parts)
    if task is None:
        return None
    if (shared := _about_a_team(asked, task, parts)) is not None:
        return shared
    if "[[instruction]]" in asked:
        return Evolving(task, _direction(asked))
    if "answer 1" in parts and "answer 2" in parts:
        return _about_several_answers(asked, task, parts)
    if "step 1" in parts and "first wrong step" in asked:
        return Stepping(task, _numbered("step", parts), parts.get("reference"), _JSON.search(asked) is not None)
    if "attempt" in parts:
        return _about_an_attempt(asked, task, parts)
    if "answer" in parts:
        return _about_one_answer(asked, task, parts)
    if "[[END]]" in asked:
        facts = tuple(line.removeprefix("- ") for line in parts.get("facts", "").splitlines() if line.strip())
        said = tuple(turn.text for turn in turns if turn.role == "assistant")
        return Wanting(task, facts, tuple(turn.text for turn in turns[1:] if turn.role == "user"), said)
    if "[[DONE]]" in asked:
        said = tuple(turn.text for turn in turns if turn.role == "assistant")
        heard = tuple(turn.text for turn in turns[1:] if turn.role == "user")
        return Learning(task, heard, said)
    return None


def _about_a_method(asked: str, parts: Mapping[str, str]) -> Request | None:
    method, task = parts["method"], _task(parts)
    if task is not None and "[[instruction]]" in asked:
        return ByMethod(task, method)
    if "issues" in parts and "[[method]]" in asked:
        return Proposing(method, parts["issues"])
    if "case 1" in parts and "[issue]" in asked:
        return Analysing(method, _numbered("case", parts))
    return None


def _about_a_team(asked: str, task: Task, parts: Mapping[str, str]) -> Request | None:
    labels = ((int(match[2]), match[1], text) for label, text in parts.items() if (match := _SAID.fullmatch(label)))
    said = tuple((speaker, text) for _, speaker, text in sorted(labels))
    if (part := _PART.search(asked)) and "[[DONE]]" in asked:
        return Conferring(task, part[2], tuple(part[1].split(", ")), said)
    if possible := _NEXT.search(asked):
        return Choosing(tuple(possible[1].split(", ")), said)
    return Concluding(task, said) if said and "Write only that answer" in asked else None


def _about_versions(asked: str, parts: Mapping[str, str]) -> Request | None:
    versions = _numbered("version", parts)
    if "[[equal]]" in asked and len(versions) == 2:
        return Checking(*versions)
    aspects = tuple(dict.fromkeys(_VERSION_GRADE.findall(asked)))
    return RatingVersions(versions, aspects) if aspects else None


def _direction(asked: str) -> str:
    if _BRAND_NEW.search(asked):
        return "across"
    if _NEIGHBOUR.search(asked):
        return "near"
    return "down" if _EASIER.search(asked) else "up"


def _about_several_answers(asked: str, task: Task, parts: Mapping[str, str]) -> Request | None:
    answers, reference = _numbered("answer", parts), parts.get("reference")
    structured = _JSON.search(asked) is not None
    if "best first" in asked:
        return Ordering(task, answers, reference, structured)
    if _TIE.search(asked):
        return Comparison(task, answers[0], answers[1], reference, structured=structured)
    if (scale := _SCALE.search(asked)) and _GRADE.search(asked) and int(scale[1]) < int(scale[2]):
        return Comparison(task, answers[0], answers[1], reference, (int(scale[1]), int(scale[2])), structured)
    return None


def _numbered(name: str, parts: Mapping[str, str]) -> tuple[str, ...]:
    """The parts `name 1`, `name 2` and so on, in the order of their numbers."""
    found = [(int(match[2]), parts[match[0]]) for label in parts if (match := _NUMBERED.fullmatch(label))]
    return tuple(text for number, text in sorted(found) if parts.get(f"{name} {number}") == text)


def _about_one_answer(asked: str, task: Task, parts: Mapping[str, str]) -> Request | None:
    answer = parts["answer"]
    if "suggestions" in parts:
        return Revising(task, answer, parts["suggestions"])
    if (scale := _SCALE.search(asked)) and _GRADE.search(asked):
        low, high = int(scale[1]), int(scale[2])
        if low >= high:
            return None
        respects = _RESPECTS.search(asked)
        aspects = tuple(_ASPECT.findall(respects[1])) if respects else ()
        structured = _JSON.search(asked) is not None
        return Grading(task, answer, low, high, parts.get("reference"), aspects, structured)
    if "[[rewritten]]" in asked and (respect := _RESPECT.search(asked)):
        return Bettering(task, answer, respect[1].lower())
    if "nothing to improve" in asked:
        return Critiquing(task, answer)
    if "without any such reference" in asked:
        return Rewriting(task, answer)
    if "[[alone]]" in asked:
        return Alone(task, answer)
    return None


def _about_an_attempt(asked: str, task: Task, parts: Mapping[str, str]) -> Request | None:
    attempt = parts["attempt"]
    if "teacher" in parts:
        return Retrying(task, attempt, parts["teacher"])
    if "[[RIGHT]]" in asked:
        correct = "one hint" not in asked
        return Hinting(task, attempt, parts.get("reference"), parts.get("earlier hints", ""), correct)
    return None


def _task(parts: Mapping[str, str]) -> Task | None:
    if "instruction" in parts:
        return Task((parts["instruction"],))
    turns = tuple(text for label, text in parts.items() if (turn := _TURN.fullmatch(label)) and turn[1] == "user")
    return Task(turns) if turns else None

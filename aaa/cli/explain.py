"""The story of one item, as `aaa select --explain` tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

from aaa.cli.output import plain

if TYPE_CHECKING:
    from aaa.session.explaining import Story
    from aaa.types import Answer, Rejection, Sample, StepVerdict, StepVote, Verdict

SHOWN = 120
"""Characters of a text that the story shows (ours); `aaa show ID` shows a row whole."""


def document(story: Story) -> dict[str, Any]:
    """The story for machines: whole rows, but for the journal."""
    record = story.record
    answers = [_about(story, answer) for answer in record.answers]
    return {
        "instruction": record.instruction.model_dump(mode="json"),
        "answers": answers,
        "verdicts": [verdict.model_dump(mode="json") for verdict in record.verdicts],
        "step_verdicts": [verdict.model_dump(mode="json") for verdict in record.step_verdicts],
        "set_aside": [row.model_dump(mode="json") for row in story.set_aside],
        "failures": [row.model_dump(mode="json") for row in story.failures],
        "taken": [{"kind": type(row).__name__, **row.model_dump(mode="json")} for row in story.taken],
        "left_out": [row.model_dump(mode="json") for row in story.left_out],
    }


def _about(story: Story, answer: Answer) -> dict[str, Any]:
    return {**answer.model_dump(mode="json"), "grade": story.record.grades.get(answer.id)}


def report(story: Story) -> Iterator[Text]:
    """Prompt, answers, matches, then what each selection made of them."""
    instruction = story.record.instruction
    yield plain(f"{instruction.source_id} ({instruction.id}): {_line(instruction.text)}", "bold")
    yield from (plain(f"  {line}") for line in _before(story))
    record = story.record
    yield from _part("Answers", [_answer(story, answer) for answer in record.answers])
    yield from _part("Matches", [_match(story, verdict) for verdict in record.verdicts])
    yield from _part("Steps", [line for verdict in record.step_verdicts for line in _steps(story, verdict)])
    yield from _part("Taken", [_taken(row) for row in story.taken])
    yield from _part("Left out", [_left_out(row) for row in story.left_out])


def _part(title: str, lines: Sequence[str]) -> Iterator[Text]:
    """Lines under their title; neither where there is nothing to tell."""
    if lines:
        yield plain(title, "bold")
        yield from (plain(f"  {line}") for line in lines)


def _before(story: Story) -> Iterator[str]:
    """Where the prompt comes from, and what stopped it."""
    made = story.record.instruction.lineage
    if made.parent is not None:
        yield f"made from {made.parent} by {made.model or 'nobody named'}: {made.operation}, round {made.round}"
    for aside in story.set_aside:
        yield f"set aside by stage {aside.stage}: {aside.reason} {aside.detail}"
    for failure in story.failures:
        yield f"failed: {failure.model or failure.role}: {failure.kind}: {_line(failure.message)}"


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 3]}..."


def _answer(story: Story, answer: Answer) -> str:
    """`answer-1 of bee: plain, grade 8.50, checked right, refused: The text ...`."""
    facts: list[str] = [answer.context]
    if answer.id in story.record.grades:
        facts.append(f"grade {story.record.grades[answer.id]:.2f}")
    if answer.check is not None:
        facts.append(f"checked {'right' if answer.check.passed else 'wrong'}")
    facts += ["refused"] * answer.refused + ["cut off"] * (answer.finish_reason == "length")
    if answer.stands_alone is False:
        facts.append(f"does not stand alone ({answer.leak})" if answer.leak else "does not stand alone")
    mark = "> " if answer.id == story.answer else ""
    return f"{mark}{answer.id} of {answer.member}: {', '.join(facts)}: {_line(answer.text)}"


def _match(story: Story, verdict: Verdict) -> str:
    """`verdict-1: answer-1 against answer-2: win of answer-1 by 2 (panel judges-x; bee answer-1, cat tie)`."""
    won = f" of {verdict.winner} by {verdict.margin:g}" if verdict.winner is not None else ""
    votes = "; " + ", ".join(f"{vote.judge} {vote.choice}" for vote in verdict.votes) if verdict.votes else ""
    by = verdict.escalated or verdict.panel if verdict.decided_by == "panel" else "verifier"
    return f"{verdict.id}: {verdict.left} against {verdict.right}: {verdict.outcome}{won} ({by}{votes})"


def _steps(story: Story, verdict: StepVerdict) -> Iterator[str]:
    """`steps-1 of answer-1: step 2 of 3 is the first wrong one (judges-x; bee 2, cat none)`, then the steps."""
    found = verdict.outcome.replace("_", " ")
    if verdict.outcome == "decided":
        number = None if verdict.first_wrong is None else verdict.first_wrong + 1
        found = f"step {number} of {len(verdict.steps)} is the first wrong one" if number else "all steps are right"
    passed = "" if verdict.passed is None else f"; checked {'right' if verdict.passed else 'wrong'}"
    first = f"; before them {_votes(verdict.first_votes)}" if verdict.escalated else ""
    by = f"{verdict.escalated or verdict.panel}; {_votes(verdict.votes) or 'nobody was asked'}{first}{passed}"
    yield f"{verdict.id} of {verdict.answer}: {found} ({by})"
    if story.answer == verdict.answer:
        text = story.record.by_id[verdict.answer].text
        for number, (start, end) in enumerate(verdict.steps):
            yield f"  {'x' if number == verdict.first_wrong else ' '} {number + 1}. {_line(text[start:end])}"


def _votes(votes: Iterable[StepVote]) -> str:
    """`bee 2, cat none`."""
    return ", ".join(f"{v.judge} {'none' if v.first_wrong is None else v.first_wrong + 1}" for v in votes)


def _taken(row: Sample) -> str:
    names = ("answer", "chosen_answer", "rejected_answer")
    rows = " over ".join(str(getattr(row, name)) for name in names if hasattr(row, name))
    margin = f", margin {row.margin:g}" if hasattr(row, "margin") else ""
    label = f", label {row.label}" if hasattr(row, "label") else ""
    label += f", labels {', '.join(map(str, row.labels))}" if hasattr(row, "labels") else ""
    return f"selection {row.selection}: {type(row).__name__} {row.id}: {rows}{margin}{label}"


def _left_out(row: Rejection) -> str:
    detail = f" ({row.detail})" if row.detail else ""
    return f"selection {row.selection}: {row.target}: {row.reason}{detail}: {', '.join(row.rows)}"

"""A preference pair with all that led to it: which rows belong together, and how they read."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.store import Store
    from aaa.types import Answer, Game, Judgment, Message, PreferencePair, Score, StepReading, Verdict

Tone = Literal["prompt", "chosen", "rejected", "verdict", "juror"]


@dataclass(frozen=True)
class PairView:
    """A pair and the rows it was made from."""

    pair: PreferencePair
    chosen: Answer | None
    """None where the sides are versions of an instruction."""
    rejected: Answer | None
    verdict: Verdict | None
    judgments: Sequence[Judgment]

    @cached_property
    def sides(self) -> dict[str, str]:
        """What to call what a juror chose."""
        return {self.pair.chosen_answer: "chosen", self.pair.rejected_answer: "rejected"}


@dataclass(frozen=True)
class Section:
    """A piece of a pair to print; `body` may hold words of models."""

    title: str
    body: str
    tone: Tone


CONDITIONS: dict[str, Callable[[PairView], str | None]] = {
    "skill": lambda view: view.pair.skill,
    "language": lambda view: view.pair.language,
    "source_id": lambda view: view.pair.source_id,
    "by": lambda view: view.pair.by,
    "decided_by": lambda view: view.pair.decided_by,
    "chosen_model": lambda view: view.pair.chosen_model,
    "rejected_model": lambda view: view.pair.rejected_model,
    "chosen_context": lambda view: view.pair.chosen_context,
    "rejected_context": lambda view: view.pair.rejected_context,
}
"""What `--where` may ask for."""


def pairs_of(store: Store, session: str, selection: str, where: Iterable[str], limit: int) -> list[PairView]:
    """The first pairs of a selection that meet all conditions `key=value`. Raises `UsageError` for an unknown key."""
    from aaa.types import PreferencePair

    wanted = [_condition(text) for text in where]
    views = (_view(store, pair) for pair in store.rows(PreferencePair, session=session, selection=selection))
    matching = (view for view in views if all(CONDITIONS[key](view) == value for key, value in wanted))
    return list(islice(matching, limit))


def _condition(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise UsageError(f"A condition is written key=value, for example skill=arithmetic; found {text!r}.")
    if key not in CONDITIONS:
        close = difflib.get_close_matches(key, CONDITIONS, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise UsageError(f"--where cannot ask for {key!r}.{hint} It knows: {', '.join(CONDITIONS)}.")
    return key, value


def _view(store: Store, pair: PreferencePair) -> PairView:
    from aaa.types import Answer, Judgment, Verdict

    verdict, judgments = pair.lineage["verdict"], pair.lineage["judgments"]
    assert isinstance(judgments, list)
    rows = (store.get(Judgment, str(id_)) for id_ in judgments)
    return PairView(
        pair,
        store.get(Answer, pair.chosen_answer),
        store.get(Answer, pair.rejected_answer),
        None if verdict is None else store.get(Verdict, str(verdict)),
        [row for row in rows if row is not None],
    )


def document(view: PairView) -> dict[str, Any]:
    """The pair with its rows as JSON."""
    rows = {"pair": view.pair, "chosen": view.chosen, "rejected": view.rejected, "verdict": view.verdict}
    return {
        **{name: None if row is None else row.model_dump(mode="json") for name, row in rows.items()},
        "judgments": [judgment.model_dump(mode="json") for judgment in view.judgments],
    }


def sections(view: PairView) -> Iterator[Section]:
    """Prompt, both sides, what decided, and every juror's words, in the order in which one reads them."""
    pair = view.pair
    yield Section("Prompt", conversation(pair.prompt), "prompt")
    chosen = _side(f"Chosen: {pair.chosen_model}", pair.chosen_context, view.chosen, pair.grade)
    rejected = _side(f"Rejected: {pair.rejected_model}", pair.rejected_context, view.rejected, pair.rejected_grade)
    yield Section(chosen, conversation(pair.chosen), "chosen")
    yield Section(rejected, conversation(pair.rejected), "rejected")
    yield Section("Decision", "\n".join(_decision(view)), "verdict")
    for judgment in sorted(view.judgments, key=_seat):
        yield Section(_reading(view, judgment), judgment.words, "juror")


def _side(name: str, context: str, answer: Answer | None, grade: float | None) -> str:
    """`Chosen: birch · revised · grade 8.33 · checked right: read '42'`."""
    facts = [name, context]
    if grade is not None:
        facts.append(f"grade {grade:.2f}")
    if answer is not None and answer.check is not None:
        found = "no final answer found" if answer.check.extracted is None else f"read {answer.check.extracted!r}"
        facts.append(f"checked {'right' if answer.check.passed else 'wrong'}: {found}")
    return " · ".join(facts)


def _decision(view: PairView) -> Iterator[str]:
    """Who decided, by what margin, and how each juror voted."""
    pair, verdict = view.pair, view.verdict
    if pair.decided_by == "verifier":
        yield "Decided by the verifier: the chosen answer passed its check, the rejected one failed."
    elif pair.decided_by == "score":
        yield f"Decided by the grades: {pair.margin:.2f} points between them."
    elif pair.decided_by == "construction":
        yield "By construction: the rejected answer was not told of the constraint that was added last."
    else:
        yield f"Decided by the panel: the chosen answer leads by {pair.margin:g} votes."
    if verdict is not None and verdict.votes:
        votes = ", ".join(f"{vote.judge} {view.sides.get(vote.choice, vote.choice)}" for vote in verdict.votes)
        measured = "" if verdict.decided_by == "panel" else " (a measurement of the jurors, without weight here)"
        yield f"Votes{measured}: {votes}; quorum {verdict.quorum}."
    if verdict is not None and verdict.stepped_out:
        yield f"Stepped out because of their family: {', '.join(verdict.stepped_out)}."
    if pair.disagree:
        yield "Grades and verdict disagree."


def _seat(judgment: Judgment) -> tuple[bool, str, int, str]:
    """Games first, by juror and number, then scores."""
    reading = judgment.reading
    if reading.kind == "pairwise":
        return False, judgment.judge, reading.number, ""
    return True, judgment.judge, 0, reading.answer


def _reading(view: PairView, judgment: Judgment) -> str:
    """`cedar, game 2 (rejected in the first seat): chosen`."""
    reading: Game | Score | StepReading = judgment.reading
    again = f", asked {judgment.asked} times" if judgment.asked > 1 else ""
    if reading.kind == "pairwise":
        seat = f"game {reading.number} ({view.sides[reading.first]} in the first seat)"
        return f"{judgment.judge}, {seat}{again}: {view.sides.get(reading.winner, reading.winner)}"
    if reading.kind == "stepwise":
        found = "all right" if reading.first_wrong is None else f"step {reading.first_wrong + 1} is the first wrong one"
        return f"{judgment.judge}, {len(reading.steps)} steps of the {view.sides[reading.answer]}{again}: {found}"
    return f"{judgment.judge}, grade of the {view.sides[reading.answer]}{again}: {reading.score:g} of {reading.high:g}"


def conversation(messages: Sequence[Message]) -> str:
    """Messages as text; a single one without its role."""
    if len(messages) == 1:
        return _said(messages[0])
    return "\n\n".join(f"{message.role}: {_said(message)}" for message in messages)


def _said(message: Message) -> str:
    parts = [] if isinstance(message.content, str) else message.content
    images = [f"[image: {part.image_url.url[:60]}]" for part in parts if part.type == "image_url"]
    calls = [f"[calls {call.name}({call.arguments})]" for call in message.tool_calls]
    return "\n".join(text for text in (message.text, *images, *calls) if text)

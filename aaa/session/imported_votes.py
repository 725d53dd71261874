"""Votes on pairs of whole conversations, as MT-Bench and Chatbot Arena publish them (arXiv 2306.05685)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aaa.curate import ItemRecord, Origin, Selected, select
from aaa.export import read_json
from aaa.scenario import PairRule, Selection
from aaa.session.foreign import MT_BENCH, Messages, Row, Unreadable, messages, parted
from aaa.session.imported import PANEL, imported_answer, imported_episode
from aaa.session.polling import polled_judgment, polled_verdict
from aaa.session.selections import IMPORTED
from aaa.types import Answer, Game, Instruction, Judgment, Place, SessionRecord, Verdict, row_id, said

CATEGORIES = ("writing", "roleplay", "reasoning", "math", "coding", "extraction", "stem", "humanities")
"""Of MT-Bench's questions, ten each from number 81 on (FastChat, data/mt_bench/question.jsonl)."""
WINNERS = {"model_a": 0, "model_b": 1, "tie": None, "tie (inconsistent)": None, "tie (bothbad)": None}
TAKEN_AS = Selection(pairs=PairRule(min_margin=0.0), refusals="allow")
"""Pairs of the selection `imported`: every match that more votes decided one way than the other."""


@dataclass(frozen=True)
class PolledVote:
    """A row: who answered what, and which answer one judge liked better."""

    item: str
    prompt: Messages
    sides: tuple[tuple[str, Messages], tuple[str, Messages]]
    winner: int | None
    judge: str
    skill: str | None
    language: str | None


def read_votes(path: Path) -> Iterator[tuple[str, PolledVote | Unreadable]]:
    """Every row with its place, or why it cannot be read. Raises `UsageError` for what is no file of rows."""
    for place, row in read_json(path):
        try:
            yield place, _vote(row)
        except Unreadable as error:
            yield place, error
        except (KeyError, TypeError, ValueError, AttributeError, ValidationError) as error:
            detail = f"the key {error} is missing" if isinstance(error, KeyError) else str(error).replace("\n", " ")
            yield place, Unreadable("unreadable", f"no row of {MT_BENCH}: {detail[:200]}")


def _vote(row: Row) -> PolledVote:
    turn, question = int(row.get("turn") or 1), row["question_id"]
    both = [messages(row[f"conversation_{side}"])[: 2 * turn] for side in "ab"]
    (prompt, one), (other_prompt, other) = map(parted, both)
    if prompt != other_prompt or _asked(one) != _asked(other):
        raise Unreadable("prompts_differ", "the user does not say the same on both sides")
    if not one or not other or one[-1].role != "assistant" or other[-1].role != "assistant":
        raise Unreadable("last_turn", f"turn {turn} of a conversation does not end with the assistant")
    if row["winner"] not in WINNERS:
        raise Unreadable("winner", f"{row['winner']!r}; possible are: {', '.join(WINNERS)}")
    judge = row.get("judge") or "human"
    return PolledVote(
        item=str(question) if turn == 1 else f"{question}/{turn}",
        prompt=prompt,
        sides=((str(row["model_a"]), one), (str(row["model_b"]), other)),
        winner=WINNERS[row["winner"]],
        judge=judge if isinstance(judge, str) else "-".join(map(str, judge)),
        skill=row.get("category") or _category(question),
        language=None,
    )


def _asked(side: Messages) -> list[str]:
    return [message.text for message in side if message.role == "user"]


def _category(question: Any) -> str | None:
    known = isinstance(question, int) and 81 <= question < 81 + 10 * len(CATEGORIES)
    return CATEGORIES[(question - 81) // 10] if known else None


@dataclass
class PolledItem:
    """All votes on one prompt; texts that several rows share are kept once."""

    instruction: Instruction
    terms: str
    answers: dict[tuple[str, Messages], Answer] = field(default_factory=dict)
    judgments: list[Judgment] = field(default_factory=list)
    games: dict[str, dict[str, Game]] = field(default_factory=dict)
    """By match and judge."""

    @classmethod
    def begin(cls, session: str, vote: PolledVote, terms: str) -> PolledItem:
        """The item of its first vote."""
        lead = vote.prompt[0].text if vote.prompt[0].role == "system" else None
        return cls(
            Instruction(
                id=row_id("instruction", session, vote.item),
                session=session,
                source_id=vote.item,
                system=lead or None,
                messages=vote.prompt[1:] if lead else vote.prompt,
                skill=vote.skill,
                language=vote.language,
            ),
            terms,
        )

    @property
    def place(self) -> Place:
        return Place.of(self.instruction.session, IMPORTED, self.instruction.id)

    def add(self, vote: PolledVote) -> Unreadable | None:
        """Take a vote in; why it cannot be, where it cannot."""
        if vote.prompt != self.instruction.prompt:
            return Unreadable("prompts_differ", f"another row says something else under the id {vote.item}")
        first, second = (self._answer(vote, *side) for side in vote.sides)
        if said(first.messages) == said(second.messages):
            return Unreadable("equal_text", "both sides have equal text")
        cast: Mapping[str, Game] = self.games.get(self.place.row("match", *sorted((first.id, second.id))), {})
        number = 1 + sum(name == vote.judge or name.startswith(f"{vote.judge}~") for name in cast)
        judgment = polled_judgment(self.place, PANEL, vote.judge, vote.judge, (first, second), vote.winner, number)
        assert isinstance(judgment.reading, Game)
        self.judgments.append(judgment)
        name = vote.judge if number == 1 else f"{vote.judge}~{number}"
        self.games.setdefault(judgment.reading.match, {})[name] = judgment.reading
        return None

    def _answer(self, vote: PolledVote, member: str, side: Messages) -> Answer:
        key = (member, side)
        if key not in self.answers:
            number = 1 + sum(other == member for other, _ in self.answers)
            name = member if number == 1 else f"{member}~{number}"
            made = imported_answer(self.place, name, side, prompt=vote.prompt, member=member, terms=self.terms)
            # A later turn is voted on with what came before it: it is no dialogue of the session's own.
            self.answers[key] = made.model_copy(update={"context": "plain"})
        return self.answers[key]

    def rows(self) -> Iterator[SessionRecord]:
        """The item as rows of the store."""
        answers = sorted(self.answers.values(), key=lambda answer: answer.id)
        yield self.instruction
        yield imported_episode(self.place, answers)
        yield from answers
        yield from self.judgments
        yield from self.verdicts()

    def verdicts(self) -> list[Verdict]:
        """What the votes come to, match by match."""
        return [polled_verdict(self.place, PANEL, games) for _, games in sorted(self.games.items())]

    def selected(self) -> list[Selected]:
        """The pairs of the selection `imported`, and which matches the votes left open."""
        answers = sorted(self.answers.values(), key=lambda answer: answer.id)
        record = ItemRecord(self.instruction, answers, self.judgments, self.verdicts())
        return select(Origin(self.instruction.session, IMPORTED, TAKEN_AS, {}), record)

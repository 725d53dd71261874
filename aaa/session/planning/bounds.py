"""The most calls that a stage can make for one item: every reply unreadable once, every conversation to its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import assert_never

from aaa.agents import CALLS_AT_ONCE
from aaa.curate.decontamination import NEIGHBOURS
from aaa.judge import READERS
from aaa.llm.embedding import ROLE
from aaa.scenario import (
    AUTHOR,
    AnswerStage,
    BattleStage,
    ChatStage,
    ChooseStage,
    ComparingStage,
    ConverseStage,
    CritiqueStage,
    DecontaminateStage,
    DedupStage,
    EvolveAnswerStage,
    EvolveStage,
    FilterStage,
    GapsStage,
    GradeStage,
    LessonStage,
    MatchStage,
    ReplayStage,
    SampleStage,
    Scenario,
    SelfTeachStage,
    SliceStage,
    Stage,
    StandAlone,
    StepsStage,
    TagStage,
    TeamStage,
    TrainStage,
)
from aaa.types import Params

ASKED = 2
"""Times that a reply which a program must read is asked for."""
REPLAYED_TURNS = 16
"""Assistant's turns that a conversation of the prompts is taken to have at most (ours)."""
GAMES = 2
"""Games of a juror in a match, one for each seat order."""


@dataclass(frozen=True)
class Bound:
    """At most `calls` for an item, of any of `models` (all of them together)."""

    role: str
    group: str
    """Group of the cast whose card they play by."""
    models: tuple[str, ...]
    calls: int
    quoted: int
    """Replies that one prompt quotes at most."""
    params: Params = field(default_factory=Params)
    """Those of the stage, where it sets them for this role."""


def bounds(scenario: Scenario) -> dict[str, list[Bound]]:
    """Bounds by stage. Attempts that fail and are tried again are not among them: the budget counts them all."""
    so_far = _SoFar(scenario)
    found: dict[str, list[Bound]] = {}
    for stage in scenario.stages:
        items = so_far.items
        found[stage.name] = [replace(bound, calls=bound.calls * items) for bound in so_far.bounds(stage)]
    return found


@dataclass
class _SoFar:
    """The texts that an item has at most, as the stages go by."""

    scenario: Scenario
    members: str = ""
    items: int = 1
    """Instructions that one prompt may have become."""
    plain: Counter[str] = field(default_factory=Counter)
    """Plain answers by author."""
    revised: int = 0
    hinted: int = 0
    evolved: int = 0
    dialogues: int = 0
    longest: int = 1
    """Replies in the longest answer."""

    def bounds(self, stage: Stage) -> Iterator[Bound]:
        match stage:
            case AnswerStage():
                yield from self._answer(stage)
            case ChatStage():
                yield from self._chat(stage)
            case GradeStage() | StepsStage():
                texts = {"plain": self.plain.total(), "hinted": self.hinted, "revised": self.revised}
                texts |= {"evolved": self.evolved, "dialogue": self.dialogues}
                judged = sum(texts[context] for context in stage.contexts)
                for group in filter(None, (stage.judges, stage.escalate)):
                    yield from self._jury(group, judged * ASKED, self.longest + 1)
            case BattleStage():
                yield from self._juries(stage, self._pairs(stage))
            case CritiqueStage():
                yield from self._critique(stage)
            case EvolveStage():
                yield from self._evolve(stage)
            case EvolveAnswerStage():
                yield from self._evolve_answer(stage)
            case ConverseStage():
                yield from self._converse(stage)
            case ReplayStage():
                yield from self._replay(stage)
            case TeamStage():
                yield from self._team(stage)
            case LessonStage():
                yield from self._lesson(stage)
            case SelfTeachStage():
                yield from self._self_teach(stage)
            case DedupStage() | DecontaminateStage():
                yield from self._comparing(stage)
            case TagStage():
                for tagger in self._group(stage.by):
                    yield Bound("tagger", stage.by, (tagger,), ASKED, 1, stage.params)
            case FilterStage() | SampleStage() | SliceStage() | ChooseStage():
                pass  # they call no model
            case MatchStage() | GapsStage() | TrainStage():
                pass  # nor do these
            case _:
                assert_never(stage)

    def _comparing(self, stage: DedupStage | DecontaminateStage) -> Iterator[Bound]:
        """Vectors of all turns of a prompt, and questions about those of a benchmark that lie close to it. (The vectors
        of the benchmark itself, made once, are not among them.)"""
        if stage.embedding in self.scenario.models and stage.method not in ("exact", "minhash", "ngram"):
            texts = 1 if isinstance(stage, DedupStage) else 1 + REPLAYED_TURNS
            yield Bound(ROLE, "", (stage.embedding,), texts, 0)
        if isinstance(stage, DecontaminateStage) and stage.judge is not None and stage.method != "ngram":
            asked = NEIGHBOURS * (1 + REPLAYED_TURNS) * ASKED
            yield Bound("judge", stage.judge, self._group(stage.judge), asked, 1)

    def _answer(self, stage: AnswerStage) -> Iterator[Bound]:
        self.members = self.members or stage.models
        self.plain.update({f"{stage.name}/given/{number}": 1 for number in range(stage.given)})
        for model in self._group(stage.models):
            self.plain[model] += 1
            yield from self._with_tools(stage, Bound("member", stage.models, (model,), 1, 0, stage.params))

    def _with_tools(self, stage: AnswerStage | SelfTeachStage, answers: Bound) -> Iterator[Bound]:
        """Each answer may be taken up again after its tools were called, and quotes what they said."""
        rounds = stage.tool_rounds
        said = rounds * (1 + CALLS_AT_ONCE)
        self.longest = max(self.longest, 1 + said)
        yield replace(answers, calls=answers.calls * (1 + rounds), quoted=answers.quoted + said)
        if stage.tools_by is not None and rounds:
            calls = answers.calls * rounds * CALLS_AT_ONCE
            yield Bound("tool", stage.tools_by, self._group(stage.tools_by)[:1], calls, said)

    def _chat(self, stage: ChatStage) -> Iterator[Bound]:
        replies = stage.turns - 1  # the first turn is the instruction
        self.dialogues += 1
        self.longest = max(self.longest, replies)
        teacher, student = self._group(stage.teacher), self._group(stage.student)
        yield Bound("teacher", stage.teacher, teacher, (replies + 1) // 2, replies, stage.params)
        yield Bound("student", stage.student, student, replies // 2, replies, stage.params)

    def _critique(self, stage: CritiqueStage) -> Iterator[Bound]:
        target = self.scenario.target
        authors = {target: self.plain[target]} if stage.of == "target" and target is not None else dict(self.plain)
        rounds = sum(authors.values()) * stage.revise
        self.revised += rounds
        critics = min(stage.critics, len(self._group(stage.by)))
        yield Bound("critic", stage.by, self._group(stage.by), rounds * critics * ASKED, 2)
        # Each revision may have to be written again, to stand alone; it quotes its draft and what each critic said.
        if stage.reviser != AUTHOR:
            revisers = self._group(stage.reviser)
            yield Bound("reviser", stage.reviser, revisers, rounds * 2, critics + 1, stage.params)
        else:
            for author, drafts in authors.items():
                revisions = drafts * stage.revise * 2
                yield Bound("member", self.members, (author,), revisions, critics + 1, stage.params)
        yield from self._readers(stage, rounds)
        yield from self._juries(stage, rounds)

    def _readers(self, stage: StandAlone, texts: int) -> Iterator[Bound]:
        """A text is read, and where it was written again, once more; another reads where the first gives no verdict."""
        if stage.stand_alone == "judge":
            group = self._group(stage.judges)
            yield Bound("reader", stage.judges, group, texts * 2 * min(READERS, len(group)) * ASKED, 1)

    def _evolve(self, stage: EvolveStage) -> Iterator[Bound]:
        ways = 2 if stage.direction in ("auto", "both") else 1
        attempts = ways * stage.rounds * stage.tries
        self.items *= 1 + ways * stage.rounds
        by = self._group(stage.by)
        yield Bound("evolver", stage.by, by, attempts * ASKED, 2, stage.params)
        if stage.checks:
            yield Bound("checker", stage.by, by, attempts * stage.checks * ASKED, 2, stage.params)
        if stage.answers:
            yield Bound("responder", stage.by, by, attempts, 1, stage.params)
        if stage.rate is not None:
            yield from self._jury(stage.rate, ASKED, ways * stage.rounds + 1)

    def _evolve_answer(self, stage: EvolveAnswerStage) -> Iterator[Bound]:
        target = self.scenario.target
        answers = self.plain[target] if stage.of == "target" and target is not None else self.plain.total()
        attempts = answers * stage.rounds * len(stage.aims)
        self.evolved += attempts
        # Each may have to be asked for again, and then written again, to stand alone.
        yield Bound("rewriter", stage.by, self._group(stage.by), attempts * (ASKED + 1), 2, stage.params)
        yield from self._readers(stage, attempts)
        yield from self._juries(stage, attempts)

    def _converse(self, stage: ConverseStage) -> Iterator[Bound]:
        helpers = self._group(stage.assistant)
        people = tuple(dict.fromkeys(name for group in stage.person for name in self._group(group)))
        self.dialogues += len(helpers)
        self.longest = max(self.longest, stage.turns)
        for helper in helpers:
            yield Bound("member", stage.assistant, (helper,), stage.turns // 2, stage.turns, stage.params)
        yield Bound("person", stage.person[0], people, len(helpers) * stage.turns // 2, stage.turns, stage.params)

    def _replay(self, stage: ReplayStage) -> Iterator[Bound]:
        for helper in self._group(stage.models):
            self.dialogues += 1
            yield Bound("member", stage.models, (helper,), REPLAYED_TURNS, REPLAYED_TURNS, stage.params)

    def _team(self, stage: TeamStage) -> Iterator[Bound]:
        self.revised += 1
        turns = (stage.turns + 1) // 2  # nobody speaks twice in a row
        for group in stage.members:  # the last speaker also writes the answer, and perhaps once more, to stand alone
            yield Bound("member", group, self._group(group), turns + 2, stage.turns, stage.params)
        choices = 0 if len(stage.members) == 2 else stage.turns - 1
        moderators = self._group(stage.moderator)
        yield Bound("moderator", stage.moderator, moderators, (choices + 1) * ASKED, stage.turns, stage.params)
        yield from self._readers(stage, 1)

    def _lesson(self, stage: LessonStage) -> Iterator[Bound]:
        self.hinted += 1
        self.dialogues += 1
        self.longest = max(self.longest, 2 * stage.turns + 1)
        teacher, student = self._group(stage.teacher), self._group(stage.student)
        # Each may have to answer by itself first; each new attempt may have to be written again, to stand alone.
        yield Bound("teacher", stage.teacher, teacher, stage.turns * ASKED + 1, stage.turns + 1, stage.params)
        yield Bound("student", stage.student, student, stage.turns * 2 + 1, 2, stage.params)
        yield from self._readers(stage, stage.turns)
        yield from self._juries(stage, 2)

    def _self_teach(self, stage: SelfTeachStage) -> Iterator[Bound]:
        for student in self._group(stage.student):
            self.plain[student] += stage.draws
            drawn = Bound("student", stage.student, (student,), stage.draws, 0, stage.params)
            yield from self._with_tools(stage, drawn)
            yield from self._juries(stage, stage.draws - 1)

    def _juries(self, stage: ComparingStage, matches: int) -> Iterator[Bound]:
        """Both panels, should every match be escalated."""
        games = matches * (1 if stage.orders == "one" else GAMES)
        for group in filter(None, (stage.judges, stage.escalate)):
            yield from self._jury(group, games * ASKED, 3)

    def _jury(self, group: str, calls: int, quoted: int) -> Iterator[Bound]:
        for juror in self._group(group):
            yield Bound("judge", group, (juror,), calls, quoted)

    def _pairs(self, stage: BattleStage) -> int:
        authors = list(self.plain.elements())
        target = self.scenario.target
        if stage.against != "target" or target is None:
            return len(authors) * (len(authors) - 1) // 2
        return sum(target in pair for pair in combinations(authors, 2))

    def _group(self, name: str) -> tuple[str, ...]:
        return self.scenario.cast[name].models

"""The stages a scenario can name, with their parameters. In YAML a stage is `- kind` or `- kind: {parameters}`."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from aaa.types import AnswerAim, OperationName, Params, Value


def _one_or_more(value: Any) -> Any:
    """`skill: arithmetic` means `skill: [arithmetic]`."""
    return [value] if isinstance(value, str) else value


OneOrMore = Annotated[
    tuple[str, ...],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
"""A list of words; a single word stands for a list of one."""


class Where(Value):
    """Which instructions a stage takes: all that meet every condition."""

    skill: OneOrMore = ()
    language: OneOrMore = ()
    slice: OneOrMore = ()
    """Parts of a progressive schedule, such as `D1`."""
    min_difficulty: float | None = None
    max_difficulty: float | None = None
    chosen: str | None = None
    """Only what this `choose` stage chose."""
    share: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    """This share of them, chosen by hash priority: a larger share keeps the smaller one's."""

    @model_validator(mode="after")
    def _not_empty(self) -> Where:
        low, high = self.min_difficulty, self.max_difficulty
        if low is not None and high is not None and low > high:
            raise ValueError(f"min_difficulty {low} is above max_difficulty {high}")
        return self


class StageBase(Value):
    """What all stages share."""

    branches: ClassVar[bool] = False
    """Whether it may make instructions, or set the one it works on aside."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    where: Where = Where()
    params: Params = Params()
    """Parameters of the models that speak in this stage (not of the judges)."""
    mode: Literal["live", "batch"] = "live"
    """`batch`: calls wait for the provider's batch API, at half the price and up to a day for each step."""


class JudgedStage(StageBase):
    """A stage in which a panel judges."""

    judges: str = "judges"
    """A group of the cast."""
    reference: Literal["show", "hide"] = "hide"
    """Whether judges see the reference of an item that has one."""
    escalate: str | None = None
    """A group of the cast that decides where the judges leave it open: no winner, or one by a single vote; grades that
    lie apart."""


class Procedure(Value):
    """How a panel compares two answers."""

    verdict: Literal["choice", "scores"] = "choice"
    """A juror names the better answer, or grades both in one prompt and the better grade wins."""
    tie_within: Annotated[float, Field(ge=0.0, le=9.0)] = 0.0
    """scores: grades that differ by no more than this (on a scale from 1 to 10) are a tie."""
    orders: Literal["both", "adaptive", "one"] = "both"
    """Seat orders for each juror; `adaptive` plays the second unless all jurors chose the same answer in the first, and
    some of them saw it first and others second."""
    waves: bool = False
    """Ask the jurors a few at a time, in an order drawn by seed, until further votes could not change the outcome."""

    @model_validator(mode="after")
    def _fitting(self) -> Procedure:
        if self.waves and self.orders == "adaptive":
            raise ValueError("`waves` and `orders: adaptive` each decide by the first votes whether to go on: take one")
        if self.tie_within and self.verdict != "scores":
            raise ValueError("`tie_within` compares grades: it needs `verdict: scores`")
        return self


class ComparingStage(JudgedStage, Procedure):
    """A stage in which a panel compares answers."""

    measure_jurors: Annotated[float, Field(ge=0.0, le=1.0)] = 1.0
    """Share of the verified items on which the panel votes too, although the verifier decides."""


class AnswerStage(StageBase):
    """Each model answers the instruction; all get byte-equal messages."""

    kind: Literal["answer"] = "answer"
    models: str = "members"
    """A group of the cast."""


class ChatStage(StageBase):
    """A student asks and tries, a teacher corrects and guides; on the instructions that `where` takes."""

    kind: Literal["chat"] = "chat"
    student: str = "students"
    teacher: str = "teachers"
    """Groups of the cast; where a group has several models, the pair is drawn for each item by seed."""
    turns: Annotated[int, Field(ge=2, le=40)] = 6
    """Messages at most, both speakers counted."""
    mode: Literal["live"] = "live"
    """A conversation goes back and forth: no batch can hold it."""


class ConverseStage(StageBase):
    """A simulated person talks to an assistant about what the instruction wants, and reveals it step by step."""

    kind: Literal["converse"] = "converse"
    person: OneOrMore = ("users",)
    """Groups of the cast; one of them is drawn for each item by seed, and one of its models."""
    assistant: str = "members"
    """A group of the cast; each of its models holds a conversation of its own."""
    turns: Annotated[int, Field(ge=2, le=40)] = 8
    """Messages at most, both speakers counted."""
    mode: Literal["live"] = "live"
    """A conversation goes back and forth: no batch can hold it."""


class ReplayStage(StageBase):
    """Each assistant's turn of a conversation that the prompts bring is spoken anew (distillation turn by turn)."""

    kind: Literal["replay"] = "replay"
    models: str = "members"
    """A group of the cast; each of its models speaks all turns."""
    mode: Literal["live"] = "live"
    """A conversation goes back and forth: no batch can hold it."""


class GradeStage(JudgedStage):
    """A panel scores each answer by itself."""

    kind: Literal["grade"] = "grade"
    scale: tuple[int, int] = (1, 10)
    aspects: dict[Annotated[str, Field(pattern=r"^[a-z][a-z _-]{0,39}$")], Annotated[float, Field(gt=0.0)]] = Field(
        default_factory=dict
    )
    """Respects in which an answer is graded in one prompt, with their weights; the grade is the weighted mean."""
    turn: Annotated[int, Field(ge=1)] | None = None
    """Grade this assistant turn of a conversation by itself, those before it as its context; default: all of it."""
    escalate_over: Annotated[float, Field(ge=0.0)] = 2.0
    """With `escalate`: grades of one answer that lie further apart than this give way to those of that group."""
    contexts: tuple[Literal["plain", "hinted", "revised", "evolved", "dialogue"], ...] = (
        "plain",
        "hinted",
        "revised",
        "evolved",
        "dialogue",
    )

    @model_validator(mode="after")
    def _rising(self) -> GradeStage:
        if self.scale[0] >= self.scale[1]:
            raise ValueError(f"scale {list(self.scale)} must rise")
        return self


class BattleStage(ComparingStage):
    """A panel compares the members' plain answers in pairs, blind, in both orders."""

    kind: Literal["battle"] = "battle"
    against: Literal["target", "all", "designed"] = "all"
    """Pairs of the target with every other member, all pairs, or those that the `match` stage before it designed."""


class CritiqueStage(ComparingStage):
    """Critics suggest improvements, the author revises, and the panel compares the revision with the draft."""

    kind: Literal["critique"] = "critique"
    by: str = "critics"
    """A group of the cast; one critic is drawn for each answer by seed, never the author where there is another."""
    revise: Annotated[int, Field(ge=1, le=5)] = 1
    """Rounds; each revises the winner so far, and a round that does not win is the last."""
    of: Literal["all", "target", "losers"] = "all"
    """Which plain answers: all, the target's, or those that won no battle."""
    mode: Literal["live"] = "live"
    """Critic, author and judges wait for each other: no batch can hold them."""


class LessonStage(ComparingStage):
    """A student tries, a teacher hints and at last corrects, and the panel compares what came of it."""

    kind: Literal["lesson"] = "lesson"
    student: str = "students"
    teacher: str = "teachers"
    """Groups of the cast; without gaps to follow, the pair is drawn for each item by seed."""
    turns: Annotated[int, Field(ge=1, le=10)] = 3
    """Times at most that the teacher speaks and the student tries again; of several, the last time it corrects."""
    gaps: Literal["auto", "off"] = "auto"
    """`auto`: where a `gaps` stage came before, its leaders teach and its budget says which items are taught."""
    mode: Literal["live"] = "live"
    """Teacher, student and judges wait for each other: no batch can hold them."""


ChooseBy = Literal["loss_rate", "margin", "panel_disagreement", "draws"]


class ChooseStage(StageBase):
    """Chooses the prompts that promise to teach most; a later stage takes them by `where: {chosen: NAME}`."""

    kind: Literal["choose"] = "choose"
    by: ChooseBy = "loss_rate"
    """`loss_rate`: matches that the target lost; `margin`: decided by few votes; `panel_disagreement`: jurors at odds;
    `draws`: answers of one model that come to different results. What jurors judged by the seat order is left out."""
    share: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """Share of the prompts that there are, at most."""
    size: Annotated[int, Field(ge=1)] | None = None
    """Number of prompts, at most."""
    mode: Literal["live"] = "live"
    """It makes no call."""


class SelfTeachStage(ComparingStage):
    """A model answers several times; where its answers differ, the best is found: on-policy pairs, and samples."""

    kind: Literal["self_teach"] = "self_teach"
    student: str = "students"
    """A group of the cast; each of its models teaches itself."""
    draws: Annotated[int, Field(ge=2, le=16)] = 4
    measure_jurors: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0
    """Share of the verified items on which the panel votes too, although the verifier decides."""
    mode: Literal["live"] = "live"
    """Each match waits for the one before: no batch can hold them."""


class EvolveStage(StageBase):
    """A model makes each instruction harder, simpler or new, round by round (Evol-Instruct); what is kept flows on."""

    branches: ClassVar[bool] = True

    kind: Literal["evolve"] = "evolve"
    by: str = "members"
    """A group of the cast; one evolver is drawn for each round of an instruction by seed."""
    rounds: Annotated[int, Field(ge=1, le=10)] = 4
    """Rounds in each direction; a rewriting that is dropped leaves its parent for the next."""
    operations: Literal["equal"] | dict[OperationName, Annotated[float, Field(gt=0.0)]] = "equal"
    """How the operation of a round is drawn: all of the form alike, or only these by weight."""
    form: Literal["auto", "general", "code", "math"] = "auto"
    """The family of operations; `auto` goes by the instruction's skill."""
    direction: Literal["auto", "up", "down", "both"] = "auto"
    """Harder, simpler, or a chain of each; `auto` is both for math, where weak students gain much by it, else up."""
    keep: Literal["all", "last"] = "all"
    """`all`: the instruction and every version flow on; `last`: only the last version of each direction, if any."""
    method: str | None = None
    """File with a method of your own, relative to the scenario, in place of the operations; it makes harder."""
    tries: Annotated[int, Field(ge=1, le=5)] = 2
    """Attempts of a round; each is told what was wrong with the one before."""
    check: bool = True
    """Whether a model of the group, another one where there is one, checks that something was gained."""
    answers: bool = False
    """Whether a model of the group answers each version, and those are dropped that it declines or says nothing to."""
    rate: str | None = None
    """A group of the cast that grades difficulty and quality of all versions beside each other; not who evolved."""
    mode: Literal["live"] = "live"
    """Rounds wait for each other: no batch can hold them."""

    @model_validator(mode="after")
    def _fitting(self) -> EvolveStage:
        if self.method is not None and self.operations != "equal":
            raise ValueError("`method` takes the place of `operations`: give one of them")
        if self.method is not None and self.direction in ("down", "both"):
            raise ValueError("a `method` makes instructions harder: leave `direction` at `up`")
        return self


AIMS: tuple[AnswerAim, ...] = ("correctness", "logic", "depth", "affinity", "brevity")


class EvolveAnswerStage(ComparingStage):
    """A model rewrites answers aim by aim; each rewriting has to win against the answer that stands (Evol-Answer)."""

    kind: Literal["evolve_answer"] = "evolve_answer"
    by: str = "members"
    """A group of the cast; one rewriter is drawn for each answer by seed, never the author where there is another."""
    aims: Annotated[tuple[AnswerAim, ...], Field(min_length=1)] = AIMS
    """What answers are bettered in, in this order."""
    rounds: Annotated[int, Field(ge=1, le=10)] = 2
    """Times that all aims have their turn at most; a round without change is the last."""
    max_growth: Annotated[float, Field(ge=0.1, le=10.0)] = 1.5
    """Words of a rewriting over those of the answer it began with, at most; 60 words are always allowed."""
    of: Literal["all", "target", "winners"] = "all"
    """Which answers: all that stand (a revision that won in place of its draft), the target's, or those that lost no
    battle."""
    mode: Literal["live"] = "live"
    """Rewriter and judges wait for each other: no batch can hold them."""

    @model_validator(mode="after")
    def _each_once(self) -> EvolveAnswerStage:
        if len(set(self.aims)) < len(self.aims):
            raise ValueError("`aims` names one twice; `rounds` says how often all of them have their turn")
        return self


DedupMethod = Literal["exact", "minhash", "embedding"]
NgramRule = Literal["tulu-3", "gpt-3", "datatrove", "gpt-4", "apertus"]


class DedupStage(StageBase):
    """Keeps one prompt of each cluster of duplicates (docs/decontamination.md) and sets the others aside."""

    kind: Literal["dedup"] = "dedup"
    method: DedupMethod = "minhash"
    threshold: Annotated[float, Field(gt=0.0, le=1.0)] = 0.9
    """embedding: cosine from which two prompts are duplicates."""
    embedding: Literal["wordllama", "hashed-ngrams"] = "hashed-ngrams"
    mode: Literal["live"] = "live"
    """It makes no call."""


class DecontaminateStage(StageBase):
    """Sets prompts aside that ask what a benchmark asks (docs/decontamination.md)."""

    branches: ClassVar[bool] = True
    kind: Literal["decontaminate"] = "decontaminate"
    against: Annotated[OneOrMore, Field(min_length=1)]
    """JSON Lines files or patterns, found as those of `prompts.from` are."""
    method: Literal["ngram", "semantic", "both"] = "both"
    rule: NgramRule = "tulu-3"
    embedding: Literal["wordllama", "hashed-ngrams"] = "hashed-ngrams"
    threshold: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """Cosine of the semantic pass; default: the calibrated one."""
    mode: Literal["live"] = "live"
    """It makes no call."""


class MatchStage(StageBase):
    """Designs a round of comparisons for the `battle` that follows: waits for all prompts, calls no model.

    The pairs are those expected to tell most, skills share them evenly, and no models are left unconnected.
    """

    kind: Literal["match"] = "match"
    budget: Annotated[int, Field(ge=1)]
    """Comparisons in this round, over all prompts."""
    mode: Literal["live"] = "live"


class GapsStage(StageBase):
    """Finds who provably leads and trails on which skill: waits for all prompts, calls no model.

    Later stages find its decision: ratings by skill, gaps, who teaches whom, and each skill's share of a budget.
    """

    kind: Literal["gaps"] = "gaps"
    intervals: Literal["all", "each"] = "all"
    """Whether 95 % hold for all gaps together, so that hardly a session names one that is not there, or for each."""
    min_points: Annotated[float, Field(ge=0.0)] = 0.0
    """Points of rating (400 stand for ten wins to one loss) below which a gap is not acted on."""
    bootstrap: Annotated[int, Field(ge=50)] = 200
    """Resamples of prompts behind the intervals."""
    floor: Annotated[float, Field(ge=0.0, le=1.0)] = 0.25
    """What each skill gets of a budget at least, as a part of an even share."""
    cap: Annotated[float, Field(gt=0.0, le=1.0)] = 0.5
    """What a skill gets at most, as a part of the whole."""
    keep: Annotated[int, Field(ge=1)] | None = None
    """Prompts that go on to later stages and into selections, at most; the others are set aside."""
    by: Literal["gaps", "random"] = "gaps"
    """Whether `keep` spends on skills by their gaps, or draws prompts at random (to compare with)."""
    mode: Literal["live"] = "live"


class TrainStage(StageBase):
    """Models learn from what the session selects so far; later stages meet their new revisions."""

    model_config = ConfigDict(populate_by_name=True)

    kind: Literal["train"] = "train"
    trainer: Annotated[Literal["sim"], Field(alias="with")] = "sim"
    """`sim`: simulated models learn by a declared rule (see docs/co-teaching.md)."""
    models: OneOrMore = ()
    """Who learns; default: the target, or without one all who answer."""
    selection: str = "main"
    """Whose SFT samples they learn from; nobody learns from its own words."""
    rate: Annotated[float, Field(ge=0.0, le=1.0)] = 0.05
    """Share of what is left to the ceiling that one right sample teaches; 0: nobody learns."""
    ceiling: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.97
    """Level beyond which nobody learns."""
    mode: Literal["live"] = "live"


Stage = Annotated[
    AnswerStage
    | ChatStage
    | GradeStage
    | BattleStage
    | CritiqueStage
    | EvolveStage
    | EvolveAnswerStage
    | ConverseStage
    | ReplayStage
    | LessonStage
    | ChooseStage
    | SelfTeachStage
    | DedupStage
    | DecontaminateStage
    | MatchStage
    | GapsStage
    | TrainStage,
    Field(discriminator="kind"),
]
STAGE_KINDS = (
    "answer",
    "chat",
    "grade",
    "battle",
    "critique",
    "evolve",
    "evolve_answer",
    "converse",
    "replay",
    "lesson",
    "choose",
    "self_teach",
    "dedup",
    "decontaminate",
    "match",
    "gaps",
    "train",
)


def parse_stage(raw: Any) -> Any:
    """The inner form `{"kind": ..., ...}` of a stage as YAML writes it; anything else is returned as it is."""
    if isinstance(raw, str):
        return {"kind": raw}
    if isinstance(raw, dict) and len(raw) == 1:
        kind, parameters = next(iter(raw.items()))
        if kind != "kind" and (parameters is None or isinstance(parameters, dict)):
            return {**(parameters or {}), "kind": kind}
    return raw

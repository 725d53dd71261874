"""What a user writes: the scenario as pydantic models. Unknown keys are refused; `aaa schema` prints its schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from aaa.scenario.filtering import FilterRule
from aaa.scenario.one_or_more import OneOrMore
from aaa.scenario.sampling import Sampling
from aaa.scenario.selections import PairRule, Selection, SftRule
from aaa.scenario.stages import Stage, parse_stage
from aaa.types import Model, Sandbox, TermsProfile, Value

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
OwnFamily = Literal["balanced", "exclude", "allow"]
Gate = Annotated[str, Field(pattern=r"^\s*(<|<=|>|>=)\s*-?(\d+(\.\d*)?|\.\d+)\s*$")]
"""A bound: `< 0.2`, `<= 0.2`, `> 0.8`, `>= 0.8`."""


class CastGroup(Value):
    """A named group of the cast: models that play one role by one card."""

    models: Annotated[tuple[str, ...], Field(min_length=1)]
    """Names of models under `models:`."""
    card: str | None = None
    """Name of an agent card, or a path to one."""
    quorum: Annotated[int, Field(ge=1)] | None = None
    """Judges only: votes that must be readable; default: more than half of the group."""
    own_family: OwnFamily = "balanced"
    """Judges only: whether jurors may judge texts of their own family."""
    structured: bool = False
    """Judges and taggers: ask for JSON by a schema, which the models' servers must support."""
    reliability: dict[str, Annotated[float, Field(gt=0.5, lt=1.0)]] = Field(default_factory=dict)
    """Judges only: how often each juror is right where it chooses a side, as `aaa audit` measures it; votes then count
    by its log-odds. Without it all count alike."""

    @model_validator(mode="after")
    def _all_or_none(self) -> CastGroup:
        if self.reliability and set(self.reliability) != set(self.models):
            odd = ", ".join(sorted(set(self.reliability) ^ set(self.models)))
            raise ValueError(f"`reliability` is to hold a number for each model of the group and no other; see {odd}")
        return self


class Prompts(Value):
    """Where the instructions come from."""

    model_config = ConfigDict(populate_by_name=True)

    patterns: Annotated[OneOrMore, Field(alias="from", min_length=1)]
    """Files, folders or patterns (JSONL, JSON, CSV, TSV, Parquet, Arrow, text), relative to the working folder, the
    scenario's folder, or the bundled data; `hf:owner/name:split` for a data set; `session:NAME` for a session."""
    fields: dict[str, str] = Field(default_factory=dict)
    """Which column holds what, where columns have other names, such as `{instruction: question, reference: answer}`; a
    dot leads into a column (`turns.0`). Other columns go into `meta`."""
    faults: Literal["refuse", "set_aside"] = "refuse"
    """What a row that is no prompt does: stop before anything is paid for (right for files of your own), or be counted
    and left out with its reason (right for those of others)."""
    max_characters: Annotated[int, Field(ge=1)] | None = None
    """Longest prompt, all its messages together."""
    filter: tuple[FilterRule, ...] = ()
    """What is left out before the sample is drawn, such as `[{language: [en]}, pii, {length: {max: 500}}, refusals,
    repetition, encoding]`."""
    db: str = "data/aaa.db"
    """The store that earlier sessions are in."""
    sample: Sampling | None = None
    slices: Annotated[int, Field(ge=1, le=99)] | None = None
    """Parts `D1`, `D2`, ... that the prompts are dealt to in turn, for stages with `where: {slice: D1}` or for
    `aaa run --slice`."""
    only: Annotated[str, Field(pattern=r"^D[1-9][0-9]?$")] | None = None
    """Work on this slice only; set by `aaa run --slice`."""

    @model_validator(mode="after")
    def _one_of_them(self) -> Prompts:
        if self.sample is not None and self.sample.weights_from == "gaps":
            raise ValueError("`weights_from: gaps` is for a `sample` stage; here it is a `session:NAME` or a file")
        if self.only is not None and (self.slices is None or int(self.only[1:]) > self.slices):
            there = "none: set `slices`" if self.slices is None else f"D1 to D{self.slices}"
            raise ValueError(f"there is no slice {self.only}; there are {there}")
        return self


Duration = Annotated[str, Field(pattern=r"^([0-9]+(\.[0-9]+)?[dhms])+$")]
"""A time such as `8h`, `90m` or `1h30m`."""
_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}


def _seconds(duration: Duration) -> float:
    return sum(float(part[:-1]) * _SECONDS[part[-1]] for part in re.findall(r"[^dhms]+[dhms]", duration))


class Allowance(Value):
    """What may be spent; without a limit it is counted only."""

    usd: Annotated[float, Field(ge=0.0)] | None = None
    calls: Annotated[int, Field(ge=0)] | None = None
    tokens: Annotated[int, Field(ge=0)] | None = None


class Budget(Allowance):
    """What the session may spend, all runs of it together, and how long one run may take."""

    wall: Duration | None = None
    """Time that one run may take, such as `8h`, `90m` or `1h30m`: then it ends cleanly, and the next goes on."""
    models: dict[Name, Allowance] = Field(default_factory=dict)
    """What single models may spend, by name, within the whole."""
    cast: dict[Name, Allowance] = Field(default_factory=dict)
    """What the calls of single groups of the cast may spend, such as `judges`, within the whole."""

    @property
    def seconds(self) -> float | None:
        """The time that one run may take."""
        return None if self.wall is None else _seconds(self.wall)

    def of_model(self, name: str) -> Allowance:
        """What a model may spend."""
        return self.models.get(name, _UNLIMITED)

    def of_group(self, name: str) -> Allowance:
        """What a group of the cast may spend."""
        return self.cast.get(name, _UNLIMITED)

    def counts(self, model: str, group: str) -> bool:
        """Whether calls or tokens of a model or a group are limited, so that free ones count too."""
        limits = (self, self.of_model(model), self.of_group(group))
        return any(one.calls is not None or one.tokens is not None for one in limits)


_UNLIMITED = Allowance()


class FailurePolicy(Value):
    """How long a model that is down is waited for, and what failed work means for the exit code."""

    tolerate: Annotated[float, Field(ge=0.0, le=1.0)] = 0.02
    """Share of episodes that may fail before the exit code is 1."""
    patience: Duration = "30m"
    """How long calls wait for a model that answered before and has stopped to; after it they fail at once, until it is
    back. `0s` waits for none."""

    @property
    def patience_seconds(self) -> float:
        """The same in seconds."""
        return _seconds(self.patience)


ExportFormat = Literal[
    "trl-preference",
    "trl-preference-implicit",
    "trl-sft",
    "trl-prompt-completion",
    "trl-prompt-only",
    "trl-unpaired",
    "trl-stepwise",
    "openai-sft",
    "openai-preference",
    "sharegpt",
    "vicuna",
    "llamafactory-alpaca",
    "llamafactory-sharegpt",
    "llamafactory-ranking",
    "llamafactory-kto",
    "axolotl-chat",
    "axolotl-dpo",
    "ultrafeedback",
    "parquet-preference",
    "parquet-sft",
    "hf-preference",
    "hf-sft",
]
"""Names of the formats (`aaa.export.FORMATS`)."""


class Export(Value):
    """A file, or a folder, to write at the end of a run."""

    selection: str = "main"
    format: ExportFormat
    to: str
    reasoning: Literal["drop", "inline"] = "drop"
    """`inline` puts what a model thought before its answer, as `<think>...</think>`."""
    redact: bool = False
    """Put placeholders in the place of e-mail addresses, telephone and account numbers, and keys."""
    slice: str | None = None
    """Only rows of this part of a progressive schedule."""
    test_share: Annotated[float, Field(ge=0.0, lt=1.0)] = 0.05
    """Share of the prompts for the split `test` of folders, where no stage has said which."""
    terms: str = "any"
    """Profile that says which terms it lets pass, see `profiles`."""
    card: bool = False
    """Write `README.md` and `manifest.json` beside a file; a folder has them always."""


class Evaluation(Value):
    """What the student is to be evaluated on."""

    prompts: Annotated[OneOrMore, Field(min_length=1)]
    """JSON Lines files or patterns, found as those of `prompts.from` are. What asks the same never becomes training
    data: it is set aside at the beginning, and after every stage that makes prompts."""


class Scenario(Value):
    """A scenario, as merged from its files and settings."""

    name: Name
    description: str = ""
    seed: int = 0
    models: Annotated[dict[Name, Model], Field(min_length=1)]
    target: str | None = None
    """The model to be improved; without it every member is a target in turn."""
    cast: dict[Name, CastGroup]
    prompts: Prompts
    evaluation: Evaluation | None = None
    templates: dict[str, str] = Field(default_factory=dict)
    """Method prompts replaced by files of your own: name to path."""
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    select: dict[Name, Selection] = Field(default_factory=lambda: {"main": Selection(pairs=PairRule(), sft=SftRule())})
    budget: Budget = Budget()
    failures: FailurePolicy = FailurePolicy()
    gates: dict[str, Gate] = Field(default_factory=dict)
    """What the judging must reach before anything is exported: a figure of `aaa audit` to a bound such as `< 0.2`."""
    export: tuple[Export, ...] = ()
    profiles: dict[Name, TermsProfile] = Field(default_factory=dict)
    """Profiles of terms for exports, beside AAA's own: name to what the terms of a row must say."""
    episodes_at_once: Annotated[int, Field(ge=1, le=4096)] = 64
    sandbox: Sandbox = Sandbox()
    """Whether answers may be run as programs."""
    allow_simulated_mix: bool = False
    """Whether one session may hold text of simulated and of real models."""

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """Give each model its name, and each stage its label."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if "models" in data:
            data["models"] = named(data["models"])
        if isinstance(data.get("stages"), list):
            data["stages"] = list(_labelled(data["stages"]))
        return data


def named(models: Any) -> Any:
    """Models, each with its key as its name."""
    if not isinstance(models, dict):
        return models
    return {key: {"name": key, **value} if isinstance(value, dict) else value for key, value in models.items()}


def _labelled(stages: list[Any]) -> Iterator[Any]:
    """Stages in their inner form; the second `battle` without a name of its own is `battle-2`."""
    seen: dict[str, int] = {}
    for raw in stages:
        stage = parse_stage(raw)
        if isinstance(stage, dict) and "kind" in stage and "name" not in stage:
            kind = str(stage["kind"])
            seen[kind] = seen.get(kind, 0) + 1
            stage = {**stage, "name": kind if seen[kind] == 1 else f"{kind}-{seen[kind]}"}
        yield stage

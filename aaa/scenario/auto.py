"""Files for `aaa evolve --auto`: who evolves, answers and optimises, and how long, apart from any scenario."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from aaa.errors import ScenarioError
from aaa.scenario.one_or_more import OneOrMore
from aaa.scenario.problems import Problem, report, suggest, validation_problems
from aaa.scenario.schema import Budget, Name, named
from aaa.scenario.tree import plain
from aaa.scenario.yaml_reader import read_yaml
from aaa.types import Model, Value

_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
Names = Annotated[OneOrMore, Field(min_length=1)]


class AutoFile(Value):
    """How an evolving method is to be optimised."""

    name: Name
    """Name of the session; default: the name of the file."""
    models: Annotated[dict[Name, Model], Field(min_length=1)]
    evolvers: Names
    """Models that evolve by the methods; for each instruction one is drawn by seed, the same for every method."""
    responders: OneOrMore = ()
    """Models that answer what was evolved, drawn alike; default: the evolvers."""
    optimisers: Names
    """Models that name issues and write methods, in turn."""
    method: str | None = None
    """File with the method to begin with, relative to this one; default: AAA's own."""
    steps: Annotated[int, Field(ge=1, le=50)] = 5
    """Steps at most. The paper saw quality fall beyond about 12 (arXiv 2406.00770)."""
    candidates: Annotated[int, Field(ge=1, le=20)] = 5
    """Methods that are written at each step."""
    minibatch: Annotated[int, Field(ge=2, le=50)] = 10
    """Instructions of the optimisation set whose evolution the optimiser sees at each step."""
    dev: Annotated[int, Field(ge=8)] = 100
    """Instructions on which methods are compared; none of them is in the optimisation set."""
    level: Annotated[float, Field(gt=0.0, le=0.5)] = 0.05
    """Chance, over the whole run, that a method is accepted which is no better."""
    patience: Annotated[int, Field(ge=1)] = 2
    """Steps in a row without a better method after which it ends."""
    templates: dict[str, str] = Field(default_factory=dict)
    """Method prompts replaced by files of your own: name to path."""
    budget: Budget = Budget()
    seed: int = 0
    episodes_at_once: Annotated[int, Field(ge=1, le=4096)] = 64
    """Instructions under way at the same time, at most."""

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """Give each model its name."""
        return {**data, "models": named(data["models"])} if isinstance(data, dict) and "models" in data else data

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """The models by what they do."""
        responders = self.responders or self.evolvers
        return {"evolvers": self.evolvers, "responders": responders, "optimisers": self.optimisers}


def load_auto(path: Path) -> AutoFile:
    """The settings of a file. Raises `ScenarioError` with all problems, each with file and line."""
    root = read_yaml(path)
    content = plain(root)
    assert isinstance(content, dict)
    try:
        auto = AutoFile.model_validate({"name": _NO_NAME.sub("-", path.stem).strip("-._") or "auto", **content})
    except ValidationError as error:
        raise report(validation_problems(error, root, AutoFile.model_json_schema()), root) from error
    problems = [
        Problem((group, index), f"`{group}` names the model {name!r}, which does not exist{suggest(name, auto.models)}")
        for group in auto.groups
        for index, name in enumerate(getattr(auto, group))
        if name not in auto.models
    ]
    if problems:
        raise report(problems, root)
    return auto


def load_method(path: Path) -> str:
    """The text of a method file. Raises `ScenarioError` where it cannot be read or is empty."""
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"the method file {str(path)!r} cannot be read: {error}") from error
    if not text:
        raise ScenarioError(f"the method file {str(path)!r} is empty: write how instructions are to be made harder")
    return text

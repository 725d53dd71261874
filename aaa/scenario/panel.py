"""Panel files: jurors for `aaa judge`, apart from any scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from aaa.errors import ScenarioError
from aaa.scenario.problems import Problem, report, suggest, validation_problems
from aaa.scenario.schema import Budget, CastGroup, Name, named
from aaa.scenario.stages import Procedure
from aaa.scenario.tree import Node, plain
from aaa.scenario.yaml_reader import read_yaml
from aaa.types import Model, Value

_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


class PanelFile(Value):
    """A panel: models, and one group of judges made of them."""

    name: Name
    """What selections call it; default: the name of the file."""
    models: dict[Name, Model] = Field(default_factory=dict)
    """Jurors; with a session, the models of its scenario are known too."""
    cast: Annotated[dict[Name, CastGroup], Field(min_length=1, max_length=1)]
    """One group, such as `judges`."""
    procedure: Procedure = Procedure()
    """How it compares: `verdict`, `tie_within`, `orders`, `waves`."""
    reference: Literal["show", "hide"] | None = None
    """Whether it sees the reference of an item that has one; default: in a file of pairs."""
    templates: dict[str, str] = Field(default_factory=dict)
    """Method prompts replaced by files of your own: name to path."""
    budget: Budget = Budget()
    """What one run of the panel may spend."""
    seed: int = 0
    """Seats of a file of pairs follow from it; a session has its own."""

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """Give each model its name."""
        return {**data, "models": named(data["models"])} if isinstance(data, dict) and "models" in data else data

    @property
    def group(self) -> CastGroup:
        """The group of judges."""
        return next(iter(self.cast.values()))


def load_panel(path: Path) -> PanelFile:
    """The panel of a file. Raises `ScenarioError` with all problems, each with file and line."""
    root = read_yaml(path)
    content = plain(root)
    assert isinstance(content, dict)
    try:
        panel = PanelFile.model_validate({"name": _NO_NAME.sub("-", path.stem).strip("-._") or "panel", **content})
    except ValidationError as error:
        raise report(validation_problems(error, root, PanelFile.model_json_schema()), root) from error
    _refuse_quorum(panel, root)
    return panel


def check_jurors(panel: PanelFile, known: Mapping[str, Model], file: Path) -> None:
    """Raise `ScenarioError` for a juror, or a fallback of one, that is no model of `known`."""
    jurors = panel.group.models
    for name in (*jurors, *(other for juror in jurors if juror in known for other in known[juror].fallbacks)):
        if name not in known:
            message = f"panel {panel.name!r} names the model {name!r}, which does not exist{suggest(name, known)}"
            raise ScenarioError(message, file=file)


def _refuse_quorum(panel: PanelFile, root: Node) -> None:
    (name, group), jurors = next(iter(panel.cast.items())), panel.group.models
    path = ("cast", name, "models")
    problems = []
    if len(set(jurors)) < len(jurors):
        problems.append(Problem(path, f"group {name!r} names a model twice"))
    if group.quorum is not None and group.quorum > len(jurors):
        message = f"group {name!r} of {len(jurors)} can never reach its quorum of {group.quorum}"
        problems.append(Problem(path, message))
    if problems:
        raise report(problems, root)

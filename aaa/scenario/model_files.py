"""Files that only name models, for commands on plain files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from aaa.errors import ScenarioError
from aaa.scenario.problems import report, validation_problems
from aaa.scenario.schema import Budget, Name, named
from aaa.scenario.tree import plain
from aaa.scenario.yaml_reader import read_yaml
from aaa.types import Model, Value


class ModelsFile(Value):
    """Models, and what they may spend together."""

    models: Annotated[dict[Name, Model], Field(min_length=1)]
    budget: Budget = Budget()

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: Any) -> Any:
        """Give each model its name."""
        return {**data, "models": named(data["models"])} if isinstance(data, dict) and "models" in data else data


def load_models(path: Path) -> ModelsFile:
    """The models of a file. Raises `ScenarioError` with all problems, each with file and line."""
    root = read_yaml(path)
    try:
        return ModelsFile.model_validate(plain(root))
    except ValidationError as error:
        raise report(validation_problems(error, root, ModelsFile.model_json_schema()), root) from error


def models_of(words: str) -> ModelsFile:
    """The models of a file, or those that litellm's strings name, such as `openai/gpt-4o-mini,sim/maple`.

    The name and the family of such a model are the last part of its string. Raises `ScenarioError`.
    """
    if Path(words).suffix in (".yaml", ".yml"):
        return load_models(Path(words))
    models: dict[str, dict[str, str]] = {}
    for word in filter(None, (word.strip() for word in words.split(","))):
        short = word.rpartition("/")[2].replace(":", "-")
        if short in models:
            raise ScenarioError(f"two models would be called {short!r}: name them in a file, under `models`")
        models[short] = {"model": word, "family": short}
    try:
        return ModelsFile.model_validate({"models": models})
    except ValidationError as error:
        wrong = "; ".join(one["msg"] for one in error.errors(include_url=False))
        raise ScenarioError(
            f"{words!r} names no models ({wrong}): write strings such as `openai/gpt-4o-mini`, with commas between "
            "them, or name a YAML file with `models`"
        ) from error

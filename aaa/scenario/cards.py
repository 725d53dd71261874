"""Agent cards: YAML files named by a scenario, by name (`judge`) or by path (`cards/strict-judge.yaml`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from aaa.errors import ScenarioError
from aaa.scenario.bundled import bundled_root, candidates, roots
from aaa.scenario.problems import report, suggest, validation_problems
from aaa.scenario.tree import plain
from aaa.scenario.yaml_reader import read_yaml
from aaa.types import AgentCard


def load_card(ref: str, *, near: Sequence[Path] = ()) -> AgentCard:
    """The card that `ref` names; a card without a `name` is named after its file.

    Raises `ScenarioError` if there is none, or if it is no card.
    """
    path = find_card(ref, near=near)
    root = read_yaml(path)
    data = plain(root)
    assert isinstance(data, dict)
    try:
        return AgentCard.model_validate({"name": path.stem, **data})
    except ValidationError as error:
        raise report(validation_problems(error, root, AgentCard.model_json_schema()), root) from error


def find_card(ref: str, *, near: Sequence[Path] = ()) -> Path:
    """The file of a card: near the scenario, in the working folder's `agents/`, or among AAA's own.

    Raises `ScenarioError` that says where it looked and which cards there are.
    """
    is_path = ref.endswith((".yaml", ".yml")) or "/" in ref
    places = candidates(ref, near) if is_path else _places_of_name(ref, near)
    for place in places:
        if place.is_file():
            return place
    known = {path.stem for folder in roots(near) for path in (folder / "agents").glob("*.yaml")}
    looked = ", ".join(map(str, places))
    raise ScenarioError(f"there is no agent card {ref!r}{suggest(ref, known)}. Looked for: {looked}")


def _places_of_name(name: str, near: Sequence[Path]) -> list[Path]:
    file = f"{name}.yaml"
    beside = [place for folder in near for place in (folder / file, folder / "agents" / file)]
    return list(dict.fromkeys([*beside, Path.cwd() / "agents" / file, bundled_root() / "agents" / file]))

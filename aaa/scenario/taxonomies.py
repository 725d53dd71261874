"""Taxonomies: the values that an attribute of prompts may have, with what taggers are told and rules look for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, ValidationError, model_validator

from aaa.errors import ScenarioError
from aaa.scenario.bundled import candidates, roots
from aaa.scenario.problems import report, suggest, validation_problems
from aaa.scenario.tree import plain
from aaa.scenario.yaml_reader import read_yaml
from aaa.types import Value

FOLDER: Final = Path("data") / "taxonomies"
SKILLS: Final = "aaa"
"""The taxonomy of skills, where none is named."""
TASKS: Final = "tasks"
SAFETY: Final = "safety"

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Words = Annotated[str, Field(min_length=1)]


class Entry(Value):
    """One value of an attribute."""

    meaning: Annotated[Words, Field(alias="is")]
    """What a tagger is told of it."""
    cues: tuple[Words, ...] = ()
    """Words and phrases of English texts, in any case; a final `*` stands for any ending, one between words for one to
    three words."""
    marks: tuple[Words, ...] = ()
    """Pieces of text in any language, to the letter."""


class Taxonomy(Value):
    """The values of an attribute, in the order in which a tagger is shown them."""

    name: Name
    title: str
    source: str
    """Who drew it up."""
    otherwise: str | None = None
    """What rules call an English text in which they find nothing; without it they say nothing of it."""
    entries: dict[Name, Entry]
    """Two or more."""

    @model_validator(mode="after")
    def _whole(self) -> Taxonomy:
        if len(self.entries) < 2:
            raise ValueError("`entries` must hold two or more, or there is nothing to choose from")
        if self.otherwise is not None and self.otherwise not in self.entries:
            raise ValueError(
                f"`otherwise` names {self.otherwise!r}, which is no entry{suggest(self.otherwise, self.entries)}"
            )
        return self

    @property
    def meanings(self) -> dict[str, str]:
        """What a tagger is told, by name."""
        return {name: entry.meaning for name, entry in self.entries.items()}


def load_taxonomy(ref: str, *, near: Sequence[Path] = ()) -> Taxonomy:
    """The taxonomy of this name (in `data/taxonomies/`, the working folder's first) or in this file.

    Raises `ScenarioError` that says where it looked and which there are, or what is wrong in the file and where.
    """
    is_path = ref.endswith((".yaml", ".yml"))
    places = candidates(ref, near) if is_path else candidates(FOLDER / f"{ref}.yaml", near)
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        known = {found.stem for folder in roots(near) for found in (folder / FOLDER).glob("*.yaml")}
        looked = ", ".join(map(str, places))
        raise ScenarioError(f"there is no taxonomy {ref!r}{suggest(ref, known)}. Looked for: {looked}")
    root = read_yaml(path)
    data = plain(root)
    if not isinstance(data, dict):
        raise ScenarioError("must be a mapping with `title`, `source` and `entries`", file=path)
    try:
        return Taxonomy.model_validate({"name": path.stem, **data})
    except ValidationError as error:
        raise report(validation_problems(error, root, Taxonomy.model_json_schema()), root) from error

"""The form in which a tagger replies: JSON by the number of the instruction, read strictly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aaa.curate.attributes import Labels, Taxonomies

JsonSchema = dict[str, Any]
MOST_TAGS: Final = 6
LONGEST_TAG: Final = 60
"""Characters (ours): more is a sentence and no tag."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class TagForm:
    """Labels for instructions 1 to `size`, chosen from these taxonomies."""

    taxonomies: Taxonomies
    size: int

    @property
    def choices(self) -> dict[str, list[str]]:
        """What can be chosen, by key."""
        chosen = {"skill": self.taxonomies.skills, "task": self.taxonomies.tasks, "safety": self.taxonomies.safety}
        return {key: list(found.entries) for key, found in chosen.items() if found is not None}

    @property
    def wanted(self) -> str:
        """The form in words, for asking again."""
        names = ", ".join(json.dumps(key) for key in self._keys)
        numbers = '"1"' if self.size == 1 else f'"1" to "{self.size}"'
        return (
            f"Reply with one JSON object and nothing else: under each of the keys {numbers} an object with the keys "
            f"{names}, with values from the lists that were given."
        )

    @property
    def response_format(self) -> JsonSchema:
        """In OpenAI's form, for servers that keep to a schema."""
        one = _object(
            {key: {"type": "string", "enum": options} for key, options in self.choices.items()}
            | {"difficulty": {"type": "integer"}, "language": {"type": "string"}}
            | {"tags": {"type": "array", "items": {"type": "string"}}}
        )
        schema = _object({str(number): one for number in range(1, self.size + 1)})
        return {"type": "json_schema", "json_schema": {"name": "labels", "strict": True, "schema": schema}}

    def read(self, words: str) -> dict[int, Labels] | None:
        """The labels of all instructions; None where those of one are missing or cannot be read."""
        found = self.partly(words)
        return found if len(found) == self.size else None

    def partly(self, words: str) -> dict[int, Labels]:
        """The labels that can be read, by the number of the instruction."""
        said = _object_in(words)
        read = {number: self._labels(said.get(str(number))) for number in range(1, self.size + 1)}
        return {number: labels for number, labels in read.items() if labels is not None}

    @property
    def _keys(self) -> tuple[str, ...]:
        return (*self.choices, "difficulty", "language", "tags")

    def _labels(self, said: Any) -> Labels | None:
        """One instruction's; None for anything but exactly what was asked for."""
        if not isinstance(said, dict) or set(said) != set(self._keys):
            return None
        chosen = {key: _one_of(said[key], options) for key, options in self.choices.items()}
        difficulty, language, tags = said["difficulty"], said["language"], _tags(said["tags"])
        whole = isinstance(difficulty, int) and not isinstance(difficulty, bool) and 1 <= difficulty <= 10
        known = isinstance(language, str) and _LANGUAGE.fullmatch(language.strip().lower()) is not None
        if not (whole and known and tags and all(chosen.values())):
            return None
        return Labels(**chosen, difficulty=float(difficulty), language=language.strip().lower(), tags=tags)


def _one_of(said: Any, options: Iterable[str]) -> str | None:
    """The option, whatever its case and whether it is written with spaces or `_`."""
    if not isinstance(said, str):
        return None
    known = {_plain(option): option for option in options}
    return known.get(_plain(said))


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().casefold())


def _tags(said: Any) -> tuple[str, ...]:
    """The tags; empty where any of them is none."""
    if not isinstance(said, list) or not 1 <= len(said) <= MOST_TAGS:
        return ()
    tags = tuple(tag.strip() for tag in said if isinstance(tag, str) and 0 < len(tag.strip()) <= LONGEST_TAG)
    return tuple(dict.fromkeys(tags)) if len(tags) == len(said) else ()


def _object(properties: Mapping[str, JsonSchema]) -> JsonSchema:
    """An object with exactly these properties, as strict servers want it."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _object_in(words: str) -> dict[str, Any]:
    """The JSON object of a reply, also within a block; empty where there is none, or one that names a key twice."""
    try:
        said = json.loads(words[words.find("{") : words.rfind("}") + 1], object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)

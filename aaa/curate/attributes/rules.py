"""What rules say of a prompt: as much as its words show, and nothing where they do not."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.curate.attributes.cues import Cues, ends
from aaa.curate.attributes.difficulty import looks_hard
from aaa.curate.attributes.labels import Labels
from aaa.scenario import Taxonomy
from aaa.text import identified, script_of, words
from aaa.types import Message


@dataclass(frozen=True)
class Taxonomies:
    """The values that the attributes of prompts may have; no `skills` where tags stand in their place."""

    skills: Taxonomy | None
    tasks: Taxonomy
    safety: Taxonomy


class Rules:
    """Rules by these taxonomies."""

    def __init__(self, taxonomies: Taxonomies) -> None:
        self._skills = None if taxonomies.skills is None else Cues(taxonomies.skills)
        self._tasks, self._safety = Cues(taxonomies.tasks), Cues(taxonomies.safety)

    def labels(self, messages: tuple[Message, ...]) -> Labels:
        """Skill, task and safety class go by the last turn of the user; difficulty and language by all that is said.

        English words are no evidence in another language: there only marks such as code are.
        """
        whole = "\n".join(message.text for message in messages)
        asked = next((message.text for message in reversed(messages) if message.role == "user"), whole)
        language = identified(whole)
        english = language == "en" or (language is None and script_of(whole) in ("LATIN", None))
        asked = ends(asked)
        found = words(asked) if english else None
        return Labels(
            skill=None if self._skills is None else self._skills.value(asked, found),
            difficulty=looks_hard(messages),
            language=language,
            task=self._tasks.value(asked, found),
            safety=self._safety.value(asked, found),
        )

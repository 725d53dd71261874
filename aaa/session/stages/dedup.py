"""Stage `dedup`: one prompt, or answer, of each cluster of duplicates goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aaa.curate.dedup import Dedup, Entry, deduplicate
from aaa.scenario import DedupStage
from aaa.session.embedder import Embedder
from aaa.session.item import Item
from aaa.session.stages.base import Crowd, RunningBarrier, decided, set_aside
from aaa.text import words
from aaa.types import Place, SessionRecord, content_hash

DUPLICATE = "duplicate"
"""Why prompts and answers are set aside here; the detail is what was kept in their place."""


@dataclass(frozen=True)
class RunningDedup(RunningBarrier):
    """See `DedupStage`."""

    spec: DedupStage
    embedder: Embedder

    @property
    def fingerprint(self) -> str:
        parameters = self.spec.model_dump(mode="json", exclude={"where", "name", "mode", "embedding"})
        return content_hash([parameters, self.embedder.definition if self.spec.method == "embedding" else None])

    @property
    def sources(self) -> Mapping[str, str]:
        return self.embedder.sources if self.spec.method == "embedding" else {}

    async def decide(self, crowd: Crowd, place: Place) -> list[SessionRecord]:
        """What was kept in place of others, by id of these."""
        spec, owners = self.spec, dict[str, str]()
        entries: list[Entry] = []
        for item in crowd:
            for entry in _answers(item) if spec.of == "answers" else [_prompt(item)]:
                owners[entry.id] = item.instruction.id
                if len(words(entry.text)) >= spec.min_words:
                    entries.append(entry)
        vectors = None
        if spec.method == "embedding":
            places = [Place.of(place.session, place.stage, owners[entry.id]) for entry in entries]
            vectors = await self.embedder([entry.text for entry in entries], places)
        done = deduplicate(entries, Dedup(method=spec.method, threshold=spec.threshold), vectors)
        gone = {entries[at].id: entries[best].id for at, best in done.removed.items()}
        inputs = content_hash([[entry.id, entry.text, entry.grade] for entry in entries])
        rows = [
            set_aside(place, owners[id_], DUPLICATE, kept, kept, answer=id_ if spec.of == "answers" else "")
            for id_, kept in gone.items()
        ]
        return [decided(place, inputs, dict(sorted(gone.items()))), *rows]


def _prompt(item: Item) -> Entry:
    """The prompt, graded by the best mean score that an answer to it has got so far."""
    grades = item.record().grades
    text = "\n".join(message.text for message in item.instruction.prompt)
    return Entry(item.instruction.id, text, max(grades.values(), default=None))


def _answers(item: Item) -> list[Entry]:
    """All answers but conversations, each graded by its mean score so far."""
    grades = item.record().grades
    return [Entry(one.id, one.text, grades.get(one.id)) for one in item.answers() if one.context != "dialogue"]

"""Stage `dedup`: one prompt of each cluster of duplicates goes on."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.curate.dedup import Dedup, Entry, deduplicate
from aaa.llm.embedding import local_embedding
from aaa.scenario import DedupStage
from aaa.session.item import Item
from aaa.session.stages.base import Crowd, RunningBarrier, decided, set_aside
from aaa.types import Place, SessionRecord, content_hash


@dataclass(frozen=True)
class RunningDedup(RunningBarrier):
    """See `DedupStage`."""

    spec: DedupStage

    @property
    def fingerprint(self) -> str:
        return content_hash(self.spec.model_dump(mode="json", exclude={"where", "name", "mode"}))

    async def decide(self, crowd: Crowd, place: Place) -> list[SessionRecord]:
        """The prompts kept in place of others, by id, each with these."""
        spec = self.spec
        embed = local_embedding(spec.embedding) if spec.method == "embedding" else None
        entries = [_entry(item) for item in crowd]
        done = deduplicate(entries, Dedup(method=spec.method, threshold=spec.threshold), embed)
        gone = {entries[at].id: entries[best].id for at, best in done.removed.items()}
        inputs = content_hash([[entry.id, entry.text, entry.grade] for entry in entries])
        rows = [set_aside(place, id_, "duplicate", kept) for id_, kept in gone.items()]
        return [decided(place, inputs, dict(sorted(gone.items()))), *rows]


def _entry(item: Item) -> Entry:
    """The prompt, graded by the best mean score that an answer to it has got so far."""
    grades = item.record().grades
    text = "\n".join(message.text for message in item.instruction.prompt)
    return Entry(item.instruction.id, text, max(grades.values(), default=None))

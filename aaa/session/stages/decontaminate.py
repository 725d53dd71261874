"""Stage `decontaminate`: prompts that a benchmark asks too go no further."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from aaa.agents import failure_row
from aaa.curate.decontamination import (
    Benchmark,
    Decontamination,
    Flagged,
    Suspect,
    by_words,
    held_out,
    suspects,
    threshold_of,
)
from aaa.errors import WorkError
from aaa.judge import same_task
from aaa.llm.embedding import ROLE
from aaa.scenario import DecontaminateStage, Prompts, prompt_files, read_benchmark
from aaa.session.cast import draw
from aaa.session.embedder import Embedder
from aaa.session.item import Item
from aaa.session.stages.base import UNDECIDED, Kit, RunningStage, fingerprint, set_aside
from aaa.types import EVERYTHING, Place, SessionRecord, SetAside, content_hash

CONTAMINATED = "contaminated"
"""Why prompts are set aside here; the detail names the method."""


@dataclass(frozen=True)
class RunningDecontaminate(RunningStage):
    """See `DecontaminateStage`; files are looked for near the scenario too."""

    spec: DecontaminateStage
    kit: Kit
    embedder: Embedder
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _prepared: list[Benchmark] = field(default_factory=list)
    """The benchmark with its vectors, once they are there."""

    @property
    def fingerprint(self) -> str:
        compared = None if self.spec.method == "ngram" else self.embedder.definition
        judged = None
        if self.spec.judge is not None:
            judged = fingerprint(self.kit, self.spec, [self.spec.judge], ["same_task", "ask_again"])
        return content_hash([self._settings.model_dump(mode="json"), list(self._texts), compared, judged])

    @property
    def sources(self) -> Mapping[str, str]:
        against = {f"benchmark {', '.join(self.spec.against)}": content_hash(list(self._texts))}
        return against if self.spec.method == "ngram" else {**against, **self.embedder.sources}

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        said = [message.text for message in item.instruction.messages if message.role == "user"]
        # Each turn too: whoever learns from a conversation learns the answers to all of them.
        texts = list(dict.fromkeys(["\n".join(said), *said]))
        if found := by_words(texts, self._by_words):
            return [self._aside(place, item, found[0])]
        if self.spec.method == "ngram":
            return []
        try:
            benchmark = await self._benchmark()
            vectors = await self.embedder(texts, [place] * len(texts))
        except WorkError as error:
            return self._undecided(item, place, error, step="text", role=ROLE, model=self.embedder.name)
        if self.spec.judge is not None:
            return await self._judged(item, place, texts, suspects(texts, benchmark, vectors, {}))
        return [self._aside(place, item, one) for one in held_out(texts, benchmark, vectors)[:1]]

    def broken_off(self, item: Item, place: Place) -> list[SessionRecord]:
        return [set_aside(place, item.instruction.id, UNDECIDED)]

    async def _judged(
        self, item: Item, place: Place, texts: Sequence[str], close: Mapping[int, Sequence[Suspect]]
    ) -> list[SessionRecord]:
        """Ask about each pair of texts, the closest first, until one is the same task."""
        kit, group = self.kit, str(self.spec.judge)
        jurors = kit.cast.agents(group, "judge", place, item.instruction, self.spec.params)
        juror = draw(jurors, kit.seed, "same_task", item.instruction.source_id)
        pairs = [(suspect, at) for at, found in close.items() for suspect in found]
        for suspect, at in sorted(pairs, key=lambda pair: (-pair[0].cosine, pair[1], pair[0].match)):
            step, other = f"{at}/{suspect.match}", self._texts[suspect.match]
            try:
                reading = await same_task(texts[at], other, juror, kit.prompts, seed=kit.seed, step=step)
            except WorkError as error:
                return self._undecided(item, place, error, step=step, role="judge", model=juror.name)
            if reading.value:
                found = Flagged(at, suspect.match, f"judge {juror.name}", suspect.cosine)
                return [self._aside(place, item, found)]
        return []

    def _aside(self, place: Place, item: Item, found: Flagged) -> SetAside:
        match, _ = self._rows[found.match]
        return set_aside(place, item.instruction.id, CONTAMINATED, found.method, match, found.score)

    def _undecided(self, item: Item, place: Place, error: WorkError, **where: str) -> list[SessionRecord]:
        return [failure_row(error, place, **where), set_aside(place, item.instruction.id, UNDECIDED, where["model"])]

    async def _benchmark(self) -> Benchmark:
        """The benchmark with its vectors, made once."""
        async with self._lock:
            if not self._prepared:
                place = Place.of(self.kit.cast.resolved.session, self.spec.name, EVERYTHING)
                vectors = await self.embedder(self._texts, [place] * len(self._texts))
                self._prepared.append(Benchmark(self._texts, self._settings, vectors))
            return self._prepared[0]

    @cached_property
    def _by_words(self) -> Benchmark:
        return Benchmark(self._texts, self._settings)

    @cached_property
    def _settings(self) -> Decontamination:
        keys = self.spec.model_dump(include={"method", "rule"})
        threshold = self.spec.threshold or threshold_of(self.embedder.name, judged=self.spec.judge is not None)
        return Decontamination.model_validate(keys | ({} if threshold is None else {"threshold": threshold}))

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return tuple(text for _, text in self._rows)

    @cached_property
    def _rows(self) -> tuple[tuple[str, str], ...]:
        """Ids and texts of the benchmark. Raises `UsageError` for a file that cannot be read or a row without text."""
        files = prompt_files(Prompts.model_validate({"from": self.spec.against}), near=self.kit.cast.resolved.folder)
        return tuple(row for file in files for row in read_benchmark(file))

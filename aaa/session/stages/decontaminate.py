"""Stage `decontaminate`: prompts that a benchmark asks too go no further."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aaa.curate.decontamination import Benchmark, Decontamination, held_out
from aaa.llm.embedding import default_embedding
from aaa.scenario import DecontaminateStage, Prompts, Scenario, Stage, prompt_files, read_benchmark
from aaa.session.item import Item
from aaa.session.stages.base import RunningStage, set_aside
from aaa.types import Place, SessionRecord, content_hash

HELD_OUT = "held-out"


@dataclass(frozen=True)
class RunningDecontaminate(RunningStage):
    """See `DecontaminateStage`; files are looked for near `folder` too."""

    spec: DecontaminateStage
    folder: Path

    @property
    def fingerprint(self) -> str:
        benchmark = self._benchmark
        return content_hash([benchmark.settings.model_dump(mode="json"), list(benchmark.texts)])

    async def run(self, item: Item, place: Place) -> list[SessionRecord]:
        said = [message.text for message in item.instruction.messages if message.role == "user"]
        # Each turn too: whoever learns from a conversation learns the answers to all of them.
        found = held_out(list(dict.fromkeys(["\n".join(said), *said])), self._benchmark)
        if not found:
            return []
        return [set_aside(place, item.instruction.id, "contaminated", f"{found[0].method} {found[0].score:g}")]

    @cached_property
    def _benchmark(self) -> Benchmark:
        """Raises `UsageError` where a file cannot be read, or one of its rows holds no text."""
        files = prompt_files(Prompts.model_validate({"from": self.spec.against}), near=self.folder)
        texts = tuple(text for file in files for _, text in read_benchmark(file))
        keys = {"method", "rule", "embedding", "threshold"}
        return Benchmark(texts, Decontamination.model_validate(self.spec.model_dump(include=keys)))


def kept_out(scenario: Scenario) -> Iterator[Stage]:
    """The stages of a scenario; where it has evaluation prompts, these are kept out first, and of what stages make."""
    number = 0
    for spec in (None, *scenario.stages):
        if spec is not None:
            yield spec
        if scenario.evaluation is not None and (spec is None or spec.branches):
            number += 1
            yield DecontaminateStage.model_validate(
                {
                    "name": HELD_OUT if number == 1 else f"{HELD_OUT}-{number}",
                    "against": scenario.evaluation.prompts,
                    "embedding": default_embedding(),
                }
            )

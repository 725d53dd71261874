"""Evaluation prompts are kept out of every scenario that has them: by stages `decontaminate` that it does not write."""

from __future__ import annotations

from collections.abc import Iterator

from aaa.scenario import DecontaminateStage, Scenario, Stage

HELD_OUT = "held-out"


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
                }
            )

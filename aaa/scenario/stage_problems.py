"""What single stages of a scenario name that is not there, or cannot be used there."""

from __future__ import annotations

from collections.abc import Iterator

from aaa.scenario.problems import Problem, unknown
from aaa.scenario.schema import Scenario
from aaa.scenario.stages import AnswerStage, DecontaminateStage, DedupStage, EvolveStage, Stage, TrainStage

EMBEDDINGS = ("auto", "wordllama", "hashed-ngrams")
"""Embeddings that are no models of the scenario."""
Path = tuple[str | int, ...]


def own_problems(scenario: Scenario, stage: Stage, path: Path) -> Iterator[Problem]:
    """Problems of a stage at `path`, beside those that all stages may have."""
    if isinstance(stage, TrainStage):
        yield from _train_problems(scenario, stage, path)
    if isinstance(stage, DedupStage | DecontaminateStage):
        yield from _embedding_problems(scenario, stage, path)
    if isinstance(stage, EvolveStage) and (message := _no_rater(scenario, stage)):
        yield Problem((*path, "rate"), message)


def _embedding_problems(
    scenario: Scenario, stage: DedupStage | DecontaminateStage, path: tuple[str | int, ...]
) -> Iterator[Problem]:
    if stage.embedding in EMBEDDINGS:
        return
    if stage.embedding not in scenario.models:
        known = (*EMBEDDINGS, *scenario.models)
        yield unknown((*path, "embedding"), f"stage {stage.name!r}", "embedding", stage.embedding, known)
    elif isinstance(stage, DecontaminateStage) and stage.threshold is None and stage.method != "ngram":
        message = (
            f"stage {stage.name!r} compares by the model {stage.embedding!r}, for which no threshold was calibrated: "
            "say with `threshold` from which cosine on it is to look at two texts"
        )
        yield Problem((*path, "embedding"), message)


def _train_problems(scenario: Scenario, stage: TrainStage, path: tuple[str | int, ...]) -> Iterator[Problem]:
    selection = scenario.select.get(stage.selection)
    if selection is None:
        yield unknown((*path, "selection"), f"stage {stage.name!r}", "selection", stage.selection, scenario.select)
    elif selection.sft is None:
        message = f"stage {stage.name!r} learns from SFT samples, and selection {stage.selection!r} makes none"
        yield Problem((*path, "selection"), message)
    answering = {
        name
        for other in scenario.stages
        if isinstance(other, AnswerStage) and other.models in scenario.cast
        for name in scenario.cast[other.models].models
    }
    students = stage.models or (sorted(answering) if scenario.target is None else (scenario.target,))
    for name in students:
        if name not in scenario.models:
            yield unknown((*path, "models"), f"stage {stage.name!r}", "model", name, scenario.models)
        elif not scenario.models[name].simulated:
            message = (
                f"stage {stage.name!r} (`with: sim`) trains simulated models only, and {name!r} is real: leave the "
                f"stage out, train on what is exported, and go on with the new checkpoint in the next slice of "
                f"the prompts, `aaa run ... --slice 2 --set models.{name}.revision=NAME`"
            )
            yield Problem((*path, "models"), message)


def _no_rater(scenario: Scenario, stage: EvolveStage) -> str | None:
    """What is wrong where nobody could rate but who evolved."""
    by, rate = scenario.cast.get(stage.by), scenario.cast.get(stage.rate or "")
    if by is None or rate is None or set(rate.models) - set(by.models):
        return None
    return f"stage {stage.name!r}: all of group {stage.rate!r} evolve, and nobody rates what he made: add another model"

"""What must be there before the first call is paid: keys, and prices where a budget in USD counts them."""

from __future__ import annotations

from collections.abc import Iterator

from aaa.errors import UsageError
from aaa.llm import places, unit_price
from aaa.scenario import DecontaminateStage, DedupStage, groups_of
from aaa.session.resolved import Resolved
from aaa.session.validation import validate
from aaa.types import Model


def refuse_unready(resolved: Resolved) -> None:
    """Raise `UsageError` for a scenario that cannot work, lacks a key, or has a budget in USD that cannot be kept."""
    missing = validate(resolved).missing_keys
    if missing:
        lines = ", ".join(f"{name} needs {key}" for name, key in missing.items())
        raise UsageError(
            f"API keys are missing: {lines}. Set them in the environment or in `.env`, or try `--rehearse`."
        )
    if (fault := unpriced(resolved)) is not None:
        raise UsageError(fault)


def unpriced(resolved: Resolved) -> str | None:
    """Why a budget in USD cannot be kept: prices that nobody knows; None where it can, or there is none."""
    names = {f"{model.name} ({model.model})": None for model in _counted(resolved) if unit_price(model) is None}
    if not names:
        return None
    return (
        f"The budget is in USD, but the price of these models is unknown: {', '.join(names)}. Give it in the scenario: "
        "`price: {input: 0.15, output: 0.60}` in USD per million tokens, or `price: free`."
    )


def _counted(resolved: Resolved) -> Iterator[Model]:
    """The models, each as it is reached at its places, whose calls a budget in USD counts."""
    budget = resolved.scenario.budget
    for group, member in dict.fromkeys(_asked(resolved)):
        for name in (member, *resolved.models[member].fallbacks):
            limits = (budget.usd, budget.of_model(name).usd, budget.of_group(group).usd)
            if any(limit is not None for limit in limits):
                yield from places(resolved.models[name])


def _asked(resolved: Resolved) -> Iterator[tuple[str, str]]:
    """Group and name of each model that a stage asks; one that only makes vectors is of no group."""
    for stage in resolved.scenario.stages:
        for group in groups_of(stage).values():
            yield from ((group, name) for name in resolved.scenario.cast[group].models)
        if isinstance(stage, DedupStage | DecontaminateStage) and stage.embedding in resolved.models:
            yield "", stage.embedding

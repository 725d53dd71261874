"""Models that a session taught: what its decisions put in the place of the scenario's."""

from __future__ import annotations

from aaa.types import Decision, Model


def models_of(decision: Decision | None) -> dict[str, Model]:
    """The new revisions that a decision made, by name; none where it made no models."""
    models = decision.value.get("models") if decision is not None and isinstance(decision.value, dict) else None
    if not isinstance(models, dict):
        return {}
    return {name: Model.model_validate(model) for name, model in models.items()}

"""What changed since a session was begun, and what that would cost again (DESIGN.md 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from aaa import __version__
from aaa.errors import SessionChangedError
from aaa.session.resolve import Resolved
from aaa.session.stages import RunningBarrier, RunningStage
from aaa.store import Store
from aaa.types import Call, CallUse, Episode, Session

FREE = frozenset(
    {
        "description",
        "prompts",
        "select",
        "gates",
        "budget",
        "failures",
        "export",
        "profiles",
        "episodes_at_once",
    }
)
FREE_OF_MODEL = frozenset(
    {
        "license",
        "api_key_env",
        "rpm",
        "tpm",
        "input_tpm",
        "output_tpm",
        "concurrency",
        "timeout",
        "price",
        "context",
        "route",
        "deployments",
    }
)
FREE_OF_STAGE = frozenset({"mode"})


def session_row(
    resolved: Resolved, stages: Sequence[RunningStage | RunningBarrier], before: Session | None = None
) -> Session:
    """The row that keeps what the session is made of; panels that judged it before and selections of `aaa select` stay.
    Keys are no part of a scenario, so none is stored."""
    scenario = resolved.scenario.model_dump(mode="json")
    scenario["models"] = {name: model.model_dump(mode="json") for name, model in resolved.models.items()}
    return Session(
        id=resolved.session,
        scenario=scenario,
        cards={name: None if card is None else card.model_dump(mode="json") for name, card in resolved.cards.items()},
        prompts=resolved.prompts.texts(),
        stages={stage.spec.name: stage.fingerprint for stage in stages},
        panels={} if before is None else before.panels,
        selections={} if before is None else before.selections,
        version=__version__,
        simulated=resolved.simulated,
    )


def changes(old: Session, new: Session) -> list[str]:
    """Differences that need the user's word, one line each."""
    return sorted(
        [
            *_differences("", _binding(old.scenario), _binding(new.scenario)),
            *_differences("cards", old.cards, new.cards),
            *(["method prompts"] if set(old.prompts) != set(new.prompts) else []),
        ]
    )


def refuse_changes(store: Store, old: Session, new: Session, lines: list[str]) -> None:
    """Raise `SessionChangedError` with what changed and what it would cost again, if anything did."""
    if not lines:
        return
    again = _done_again(store, old, new)
    shown = "\n".join(f"  - {line}" for line in lines)
    raise SessionChangedError(
        f"Session {new.id!r} was begun with another scenario. What differs:\n{shown}\n"
        f"Going on would do {again.episodes} finished episodes again, at most {again.calls} paid calls "
        f"(${again.usd:.4f} so far; unchanged calls are replayed for free).\n"
        "Use `--accept-changes` to go on, or `--session NAME` to begin another session."
    )


@dataclass(frozen=True)
class _Again:
    episodes: int
    calls: int
    usd: float


def _done_again(store: Store, old: Session, new: Session) -> _Again:
    """Episodes of the first changed stage and of all after it, and the paid calls in them."""
    names = list(old.stages)
    first = next((i for i, name in enumerate(names) if new.stages.get(name) != old.stages[name]), len(names))
    affected = {episode.id for name in names[first:] for episode in store.rows(Episode, session=old.id, stage=name)}
    paid = [use.call for use in store.rows(CallUse, session=old.id) if use.paid and use.episode in affected]
    calls = [call for key in paid if (call := store.get(Call, key)) is not None]
    return _Again(len(affected), len(calls), sum(call.usd or 0.0 for call in calls))


def _binding(scenario: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The part of a scenario that results depend on."""
    kept = {key: value for key, value in scenario.items() if key not in FREE}
    models = kept["models"]
    assert isinstance(models, dict)
    kept["models"] = {name: _binding_model(model) for name, model in models.items()}
    stages = kept["stages"]
    assert isinstance(stages, list)
    kept["stages"] = [_without(stage, FREE_OF_STAGE) for stage in stages]
    return kept


def _binding_model(model: JsonValue) -> JsonValue:
    assert isinstance(model, dict)
    free = FREE_OF_MODEL | ({"api_base"} if model.get("identity") else set())
    return _without(model, free)


def _without(value: JsonValue, keys: frozenset[str]) -> JsonValue:
    assert isinstance(value, dict)
    return {key: kept for key, kept in value.items() if key not in keys}


def _differences(path: str, old: JsonValue, new: JsonValue) -> Iterator[str]:
    """Paths at which two JSON values differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(set(old) | set(new)):
            yield from _differences(f"{path}.{key}" if path else key, old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{path}.{index}", before, after)
    elif old != new:
        yield f"{path}: {_short(old)} -> {_short(new)}"


def _short(value: JsonValue) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."

"""What changed since a session was begun (DESIGN.md 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from aaa import __version__
from aaa.errors import SessionChangedError
from aaa.prompts import PromptSet
from aaa.session.redone import done_again
from aaa.session.resolved import Resolved
from aaa.session.stages import RunningBarrier, RunningStage
from aaa.store import Store
from aaa.types import Session

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
SHOWN, LEAD = 60, 15
"""Characters of a value that are shown, and how many of them stand before the first that differs (ours)."""


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
        sources={stage.spec.name: dict(read) for stage in stages if (read := stage.sources)},
        panels={} if before is None else before.panels,
        selections={} if before is None else before.selections,
        version=__version__,
        simulated=resolved.simulated,
    )


def refuse_changes(store: Store, new: Session, prompts: PromptSet, edited: Sequence[str] = ()) -> None:
    """Raise `SessionChangedError` with what changed and what it would do again, where that needs the user's word.

    `edited` are the source ids of prompts whose text differs.
    """
    old = store.get(Session, new.id)
    if old is None:
        return
    lines = changes(old, new, prompts)
    if edited:
        were = "prompt was" if len(edited) == 1 else "prompts were"
        more = ", ..." if len(edited) > 5 else ""
        lines.append(f"{len(edited)} {were} edited: {', '.join(edited[:5])}{more}")
    if lines:
        shown = "\n".join(f"  - {line}" for line in lines)
        raise SessionChangedError(
            f"Session {new.id!r} was begun with something else. What differs:\n{shown}\n"
            f"{done_again(store, old, new, edited).told()}\n"
            "To go on, run it with `--accept-changes`; `--session NAME` begins another session."
        )


def changes(old: Session, new: Session, prompts: PromptSet) -> list[str]:
    """Differences that results depend on, one line each."""
    lines = [
        *_differences("", _binding(old.scenario), _binding(new.scenario)),
        *_order(old.scenario, new.scenario),
        *_differences("cards", old.cards, new.cards),
    ]
    other = [name for name in new.stages if old.stages.get(name, new.stages[name]) != new.stages[name]]
    if other:
        lines += edited_sources(old, new)
        lines += [f"method prompt {name!r}" for name in prompts.names if prompts.hash_of(name) not in old.prompts]
    if other and not lines:
        lines = [
            f"stages.{name}: what it reads, or how it works (AAA {old.version}, now {new.version})" for name in other
        ]
    return sorted(lines)


def edited_sources(old: Session, new: Session) -> list[str]:
    """What stages read that says something else now, one line each."""
    return [
        f"stages.{stage}: {what} says something else"
        for stage, sources in new.sources.items()
        for what, said in sources.items()
        if old.sources.get(stage, {}).get(what, said) != said
    ]


def _binding(scenario: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The part of a scenario that results depend on."""
    kept = {key: value for key, value in scenario.items() if key not in FREE}
    models = kept["models"]
    assert isinstance(models, dict)
    kept["models"] = {name: _binding_model(model) for name, model in models.items()}
    kept["stages"] = {name: _without(stage, FREE_OF_STAGE) for name, stage in _stages(scenario).items()}
    return kept


def _stages(scenario: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    stages = scenario["stages"]
    assert isinstance(stages, list)
    return {str(stage["name"]): stage for stage in stages if isinstance(stage, dict)}


def _order(old: Mapping[str, JsonValue], new: Mapping[str, JsonValue]) -> Iterator[str]:
    """Whether the stages that both have follow each other in another way."""
    before, after = _stages(old), _stages(new)
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield f"stages: their order is {', '.join(after)}"


def _binding_model(model: JsonValue) -> JsonValue:
    assert isinstance(model, dict)
    free = FREE_OF_MODEL | ({"api_base"} if model.get("identity") else set())
    # That of a simulated model is a hash of its profile, which is shown itself.
    return _without(model, free | ({"identity"} if model.get("sim") else set()))


def _without(value: JsonValue, keys: frozenset[str]) -> JsonValue:
    assert isinstance(value, dict)
    return {key: kept for key, kept in value.items() if key not in keys}


def _differences(path: str, old: JsonValue, new: JsonValue) -> Iterator[str]:
    """Paths at which two JSON values differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(set(old) | set(new)):
            below = f"{path}.{key}" if path else key
            if key in old and key in new:
                yield from _differences(below, old[key], new[key])
            else:
                yield f"{below} is {'new' if key in new else 'gone'}"
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{path}.{index}", before, after)
    elif old != new:
        before, after = _shown(repr(old), repr(new))
        yield f"{path}: {before} -> {after}"


def _shown(old: str, new: str) -> tuple[str, str]:
    """Both values, long ones only where they begin to differ."""
    pairs = enumerate(zip(old, new, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
    begin = max(0, same - LEAD) if max(len(old), len(new)) > SHOWN else 0
    return _cut(old, begin), _cut(new, begin)


def _cut(text: str, begin: int) -> str:
    rest = text[begin:]
    return ("..." if begin else "") + (rest if len(rest) <= SHOWN else rest[: SHOWN - 3] + "...")

"""Whether the names in a scenario name something, and whether its stages can follow each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from aaa.scenario.problems import Problem, report, unknown
from aaa.scenario.schema import Scenario
from aaa.scenario.stage_problems import own_problems
from aaa.scenario.stages import (
    AnswerStage,
    BattleStage,
    ChatStage,
    ChooseStage,
    ConverseStage,
    CritiqueStage,
    DecontaminateStage,
    EvolveAnswerStage,
    EvolveStage,
    GapsStage,
    GradeStage,
    JudgedStage,
    LessonStage,
    MatchStage,
    ReplayStage,
    SampleStage,
    SelfTeachStage,
    SliceStage,
    Stage,
    StepsStage,
    TagStage,
    TeamStage,
    ToolUse,
)
from aaa.scenario.teaching_graph import teaching_problems
from aaa.scenario.terms import PROFILES, profiles
from aaa.types import AgentCard, CardRole, Model

ROLES: Mapping[str, tuple[CardRole, ...]] = {
    "judges": ("judge",),
    "escalate": ("judge",),
    "rate": ("judge",),
    "student": ("student", "user"),
    "teacher": ("teacher",),
    "person": ("user",),
    "judge": ("judge",),
}
"""Roles that a group's card may have, by the parameter of a stage that names the group."""
ROLES_BY: Mapping[str, tuple[CardRole, ...]] = {"critique": ("critic",), "tag": ("tagger",)}
"""The same for the parameter `by`, by kind of stage: who rewrites answers does so without a persona."""
_WHY = {("team", "judges"): "judges, who read its answers unless `stand_alone: rules`"}
"""What a group is for, by kind of stage and parameter, where users may wonder."""
AUTHOR = "author"
"""In the place of a group: who wrote the answer."""


def check_references(scenario: Scenario, cards: Mapping[str, AgentCard | None]) -> None:
    """Raise `ScenarioError` with all that is wrong; `cards` holds the card of each group of the cast."""
    problems = [*find_problems(scenario), *_card_problems(scenario, cards)]
    if problems:
        raise report(problems)


def find_problems(scenario: Scenario) -> list[Problem]:
    """All problems that can be seen without reading a card."""
    return [*_name_problems(scenario), *_stage_problems(scenario), *_export_problems(scenario)]


def groups_of(stage: Stage) -> dict[str, str]:
    """Groups of the cast that a stage names, by the parameter that names them."""
    names = {"judges": stage.judges} if isinstance(stage, JudgedStage) else {}
    if isinstance(stage, JudgedStage) and stage.escalate is not None:
        names["escalate"] = stage.escalate
    if isinstance(stage, ToolUse) and stage.tools_by is not None:
        names["tools_by"] = stage.tools_by
    match stage:
        case AnswerStage() | ReplayStage():
            names["models"] = stage.models
        case ChatStage() | LessonStage():
            names |= {"student": stage.student, "teacher": stage.teacher}
        case EvolveStage():
            names |= {"by": stage.by, **({"rate": stage.rate} if stage.rate else {})}
        case CritiqueStage():
            names |= {"by": stage.by, **({} if stage.reviser == AUTHOR else {"reviser": stage.reviser})}
        case EvolveAnswerStage() | TagStage():
            names["by"] = stage.by
        case ConverseStage():
            names |= {f"person.{at}": name for at, name in enumerate(stage.person)} | {"assistant": stage.assistant}
        case TeamStage():
            names |= {f"members.{at}": name for at, name in enumerate(stage.members)} | {"moderator": stage.moderator}
            names |= {"judges": stage.judges} if stage.stand_alone == "judge" else {}
        case SelfTeachStage():
            names["student"] = stage.student
        case DecontaminateStage() if stage.judge is not None:
            names["judge"] = stage.judge
    return names


def _name_problems(scenario: Scenario) -> Iterator[Problem]:
    for key, model in scenario.models.items():
        if model.name != key:
            yield Problem(("models", key, "name"), f"model {key!r} is named by its key; remove `name: {model.name}`")
        yield from _pool_problems(key, model)
        yield from _chain_problems(key, model, scenario.models)
    for name in scenario.budget.models:
        if name not in scenario.models:
            yield unknown(("budget", "models", name), "the budget", "model", name, scenario.models)
    for name in scenario.budget.cast:
        if name not in scenario.cast:
            yield unknown(("budget", "cast", name), "the budget", "group", name, scenario.cast)
    for name, group in scenario.cast.items():
        path = ("cast", name, "models")
        for index, model_name in enumerate(group.models):
            if model_name not in scenario.models:
                yield unknown((*path, index), f"group {name!r}", "model", model_name, scenario.models)
        if len(set(group.models)) < len(group.models):
            yield Problem(path, f"group {name!r} names a model twice")
        if group.quorum is not None and group.quorum > len(group.models):
            message = f"group {name!r} of {len(group.models)} can never reach its quorum of {group.quorum}"
            yield Problem(("cast", name, "quorum"), message)
    if scenario.target is not None:
        yield from _target_problems(scenario, scenario.target)


def _pool_problems(key: str, model: Model) -> Iterator[Problem]:
    """What is wrong with a model's deployments."""
    if not model.deployments:
        return
    path = ("models", key, "deployments")
    if model.simulated:
        yield Problem(path, f"model {key!r} is simulated: it is in no place, so it cannot be in several")
    elif model.identity is None:
        message = f"model {key!r} has several places; say with `identity:` what they all serve, such as `qwen2.5-7b@1`"
        yield Problem(path, message)
    for name in ("api_base", "api_key_env"):
        if getattr(model, name) is not None:
            yield Problem(("models", key, name), f"model {key!r} has `deployments`; give each of them its `{name}`")
    at = [(one.model or model.model, one.api_base, one.api_key_env) for one in model.deployments]
    if len(set(at)) < len(at):
        yield Problem(path, f"model {key!r} names a deployment twice")


def _chain_problems(key: str, model: Model, models: Mapping[str, Model]) -> Iterator[Problem]:
    """What is wrong with a model's fallbacks."""
    path = ("models", key, "fallbacks")
    for index, name in enumerate(model.fallbacks):
        if name not in models:
            yield unknown((*path, index), f"model {key!r} (fallbacks)", "model", name, models)
        elif models[name].simulated != model.simulated:
            message = f"model {key!r} falls back on {name!r}, and one of them is simulated: rows would mix up the two"
            yield Problem((*path, index), message)
    if key in model.fallbacks or len(set(model.fallbacks)) < len(model.fallbacks):
        yield Problem(path, f"model {key!r} falls back on a model twice, or on itself")


def _target_problems(scenario: Scenario, target: str) -> Iterator[Problem]:
    if target not in scenario.models:
        yield unknown(("target",), "target", "model", target, scenario.models)
        return
    learners = [
        name
        for stage in scenario.stages
        for use, name in groups_of(stage).items()
        if use in ("models", "student", "assistant")
    ]
    groups = [scenario.cast[name] for name in learners if name in scenario.cast]
    if groups and not any(target in group.models for group in groups):
        message = f"target {target!r} is in none of the groups that answer or learn: {', '.join(sorted(set(learners)))}"
        yield Problem(("target",), message)


def _stage_problems(scenario: Scenario) -> Iterator[Problem]:
    names: set[str] = set()
    answering: set[str] = set()
    kinds: set[str] = set()
    choosing: set[str] = set()
    for index, stage in enumerate(scenario.stages):
        path = ("stages", index, stage.kind)
        if stage.name in names:
            yield Problem((*path, "name"), f"two stages have the name {stage.name!r}")
        if isinstance(stage, JudgedStage) and stage.escalate == stage.judges:
            yield Problem((*path, "escalate"), f"stage {stage.name!r} would ask the same panel twice: name another")
        for use, group in groups_of(stage).items():
            if group not in scenario.cast:
                asker = f"stage {stage.name!r} ({_WHY.get((stage.kind, use), use)})"
                yield unknown((*path, *use.split(".")), asker, "group of the cast", group, scenario.cast)
        yield from own_problems(scenario, stage, path)
        if isinstance(stage, GapsStage) and stage.teaching != "auto":
            yield from teaching_problems(scenario, index, stage.teaching)
        if message := _out_of_order(stage, kinds, answering):
            yield Problem(path, f"stage {stage.name!r} {message}")
        if (wanted := stage.where.chosen) is not None and wanted not in choosing:
            place = (*path, "where", "chosen")
            yield unknown(place, f"stage {stage.name!r}", "`choose` stage", wanted, choosing)
        if isinstance(stage, ChooseStage):
            choosing.add(stage.name)
        names.add(stage.name)
        kinds.add(stage.kind)
        if isinstance(stage, AnswerStage) and stage.models in scenario.cast:
            answering.update(scenario.cast[stage.models].models)


def _out_of_order(stage: Stage, earlier: Collection[str], answering: set[str]) -> str | None:
    """What a stage lacks that earlier stages should have made."""
    match stage:
        case BattleStage() | CritiqueStage() | EvolveAnswerStage() if "answer" not in earlier:
            return "needs an `answer` stage before it"
        case MatchStage() if "answer" not in earlier:
            return "needs an `answer` stage before it"
        case BattleStage(against="designed") if "match" not in earlier:
            return "plays designed pairs, so it needs a `match` stage before it"
        case GapsStage(teaching="auto") if "battle" not in earlier:
            return "finds gaps between models: it needs a `battle` stage before it, or who teaches whom (`teaching`)"
        case SampleStage(weights_from="gaps") | SliceStage(schedule="gap", gaps_from="gaps") if "gaps" not in earlier:
            return "follows gaps, so it needs a `gaps` stage before it, or a session or file to take them from"
        case BattleStage() if len(answering) == 1:
            return f"needs answers of two models, but only {min(answering)!r} answers"
        case GradeStage() if "answer" not in earlier and not {"chat", "converse", "replay", "team"} & set(earlier):
            return "has nothing to grade: it needs an `answer`, `chat`, `team` or `converse` stage before it"
        case StepsStage() if not {"answer", "team", "lesson", "self_teach"} & set(earlier):
            return "has nothing to read: it needs an `answer`, `team`, `lesson` or `self_teach` stage before it"
        case ChooseStage(by="draws") if not {"answer", "self_teach"} & set(earlier):
            return "compares answers of one model, so it needs a `self_teach` stage before it"
        case ChooseStage() if stage.by != "draws" and "battle" not in earlier:
            return f"goes by {stage.by}, so it needs a `battle` stage before it"
        case CritiqueStage(of="losers") if "battle" not in earlier:
            return "takes the losers, so it needs a `battle` stage before it"
        case EvolveAnswerStage(of="winners") if "battle" not in earlier:
            return "takes the winners, so it needs a `battle` stage before it"
    return None


_PAIRS, _SAMPLES, _LABELS = ("pairs", "instructions"), ("sft",), ("labels", "pairs")
_MADE_OF: Mapping[str, tuple[str, ...]] = {
    "trl-preference": _PAIRS,
    "trl-preference-implicit": _PAIRS,
    "trl-prompt-only": ("sft", "pairs", "labels"),
    "trl-unpaired": _LABELS,
    "trl-stepwise": ("steps",),
    "openai-preference": _PAIRS,
    "llamafactory-ranking": _PAIRS,
    "llamafactory-kto": _LABELS,
    "axolotl-dpo": _PAIRS,
    "ultrafeedback": _PAIRS,
    "parquet-preference": _PAIRS,
    "hf-preference": _PAIRS,
}
"""Rules of a selection of which one must be there for a format; any other format is made from samples."""


def _export_problems(scenario: Scenario) -> Iterator[Problem]:
    files: set[str] = set()
    for name in scenario.profiles:
        if name in PROFILES:
            yield Problem(("profiles", name), f"the profile {name!r} is one of AAA's own: choose another name")
    for index, export in enumerate(scenario.export):
        path = ("export", index)
        rules = _MADE_OF.get(export.format, _SAMPLES)
        selection = scenario.select.get(export.selection)
        if selection is None:
            yield unknown((*path, "selection"), "export", "selection", export.selection, scenario.select)
        elif all(getattr(selection, rule) is None for rule in rules):
            either = " or ".join(f"`{rule}: {{}}`" for rule in rules)
            message = f"selection {export.selection!r} makes no rows for {export.format}; give it {either}"
            yield Problem((*path, "format"), message)
        if export.terms not in profiles(scenario.profiles):
            yield unknown((*path, "terms"), "export", "profile", export.terms, profiles(scenario.profiles))
        if export.to in files:
            yield Problem((*path, "to"), f"two exports write {export.to!r}")
        files.add(export.to)


def _card_problems(scenario: Scenario, cards: Mapping[str, AgentCard | None]) -> Iterator[Problem]:
    for index, stage in enumerate(scenario.stages):
        for use, group in groups_of(stage).items():
            card = cards.get(group)
            fitting = ROLES_BY.get(stage.kind) if use == "by" else ROLES.get(use)
            if card is not None and fitting is not None and card.role not in fitting:
                message = (
                    f"stage {stage.name!r} uses group {group!r} as `{use}`, but its card {card.name!r} is of role "
                    f"{card.role!r}; it needs: {' or '.join(fitting)}"
                )
                yield Problem(("stages", index, stage.kind, use), message)

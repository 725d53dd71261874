"""What can be known of a scenario before any call: who can judge whom, which keys are missing, what is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from aaa.errors import ScenarioError
from aaa.judge import seat
from aaa.llm import has_batches, missing_key
from aaa.scenario import (
    AUTHOR,
    Admission,
    AnswerStage,
    BattleStage,
    ComparingStage,
    CritiqueStage,
    EvolveAnswerStage,
    EvolveStage,
    GradeStage,
    JudgedStage,
    LessonStage,
    Scenario,
    SelfTeachStage,
    StepsStage,
    TeamStage,
    groups_of,
    load_ledger,
)
from aaa.session.gates import parse_gates
from aaa.session.resolved import Resolved, quorum
from aaa.types import Model


@dataclass(frozen=True)
class Meeting:
    """Two texts that can meet before a panel, and who may judge them."""

    stage: str
    left: str
    right: str
    jurors: tuple[str, ...]
    stepped_out: tuple[str, ...]
    quorum: int

    @property
    def possible(self) -> bool:
        return len(self.jurors) >= self.quorum


@dataclass(frozen=True)
class Validation:
    """The findings; `notes` are worth knowing and stop nothing."""

    meetings: tuple[Meeting, ...]
    missing_keys: dict[str, str]
    """Model to the environment variable that must hold its key."""
    notes: tuple[str, ...]


def validate(resolved: Resolved) -> Validation:
    """Raises `ScenarioError` if a pair of texts, or an answer that is to be read step by step, could never reach its
    panel's quorum, or a stage asks for batches that a model does not have; `UsageError` for a gate on a figure that
    there is not."""
    _refuse_batches(resolved)
    _refuse_unread(resolved)
    parse_gates(resolved.scenario.gates)
    meetings = tuple(dict.fromkeys(_meetings(resolved)))
    stuck = [m for m in meetings if not m.possible]
    if stuck:
        lines = "\n".join(
            f"  - stage {m.stage!r}: {m.left} against {m.right}: {len(m.jurors)} eligible "
            f"({', '.join(m.jurors) or 'nobody'}), quorum {m.quorum}; of their own family: {', '.join(m.stepped_out)}"
            for m in stuck
        )
        raise ScenarioError(
            f"{len(stuck)} pairs can never be decided, since their panels cannot reach the quorum:\n{lines}\n"
            "Add jurors of other families, lower the quorum, or set `own_family: allow` for the group."
        )
    keys = {name: key for name, model in resolved.models.items() if (key := missing_key(model)) is not None}
    return Validation(meetings, keys, tuple(_notes(resolved)))


def _refuse_batches(resolved: Resolved) -> None:
    """Raise for stages in batch mode with models that cannot be asked in batches; simulated ones answer at once."""
    lines = [
        f"  - stage {stage.name!r}: model {model.name!r} ({model.model})"
        for stage in resolved.scenario.stages
        if stage.mode == "batch"
        for group in groups_of(stage).values()
        for model in resolved.group(group)
        if not (model.simulated or has_batches(model))
    ]
    if lines:
        raise ScenarioError(
            "these models cannot be asked in batches:\n"
            + "\n".join(lines)
            + "\nBatches are there for `openai/...`, for `azure/...` with its `api_base`, and "
            "for servers of your own that speak OpenAI's wire (`api_base`), without `route: litellm`. Set "
            "`mode: live` for the stage, or give it other models."
        )


def _refuse_unread(resolved: Resolved) -> None:
    """Raise for `steps` stages whose panels could never reach their quorum on the answers of a model."""
    lines = [
        f"  - stage {stage.name!r}: answers of {author.name}: {len(others)} eligible "
        f"({', '.join(others) or 'nobody'}), quorum {quorum(group.quorum, len(group.models))}"
        for stage in resolved.scenario.stages
        if isinstance(stage, StepsStage)
        for name in filter(None, (stage.judges, stage.escalate))
        if (group := resolved.scenario.cast[name]).own_family == "exclude"
        for author in _authors(resolved)
        for others in [[juror.name for juror in resolved.group(name) if juror.family != author.family]]
        if len(others) < quorum(group.quorum, len(group.models))
    ]
    if lines:
        raise ScenarioError(
            "these answers can never be read step by step, since their panels cannot reach the quorum:\n"
            + "\n".join(lines)
            + "\nAdd jurors of other families, lower the quorum, or set `own_family: balanced` for the group."
        )


def _authors(resolved: Resolved) -> tuple[Model, ...]:
    """Models who write answers by themselves, each once."""
    stages = resolved.scenario.stages
    groups = [stage.models for stage in stages if isinstance(stage, AnswerStage)]
    groups += [stage.student for stage in stages if isinstance(stage, SelfTeachStage)]
    return tuple({model.name: model for group in groups for model in resolved.group(group)}.values())


def _meetings(resolved: Resolved) -> Iterator[Meeting]:
    scenario = resolved.scenario
    members = next((s.models for s in scenario.stages if isinstance(s, AnswerStage)), None)
    texts = [(one.name, one.name, {one.family}) for one in (resolved.group(members) if members else ())]
    for stage in scenario.stages:
        if isinstance(stage, BattleStage) and members:
            for left, right in combinations(resolved.group(members), 2):
                if stage.against == "all" or scenario.target in (None, left.name, right.name):
                    yield from _before(resolved, stage, (left.name, {left.family}), (right.name, {right.family}))
        elif isinstance(stage, CritiqueStage) and members:
            for author in resolved.group(members):
                if stage.of == "target" and scenario.target not in (None, author.name):
                    continue
                for revised, families in _revisions(resolved, stage, author):
                    yield from _before(resolved, stage, (author.name, {author.family}), (revised, families))
                    texts.append((author.name, revised, families))
        elif isinstance(stage, LessonStage):
            for student in resolved.group(stage.student):
                for teacher in _others(resolved.group(stage.teacher), student.name):
                    taught = (f"{student.name} taught by {teacher.name}", {student.family, teacher.family})
                    for rival in (student, teacher):
                        yield from _before(resolved, stage, (rival.name, {rival.family}), taught)
                    texts.append((student.name, *taught))
        elif isinstance(stage, SelfTeachStage):
            for student in resolved.group(stage.student):
                yield from _before(resolved, stage, (student.name, {student.family}), (student.name, {student.family}))
        elif isinstance(stage, EvolveAnswerStage):
            for author_name, text, families in tuple(texts):
                if stage.of == "target" and scenario.target not in (None, author_name):
                    continue
                for rewriter in _others(resolved.group(stage.by), author_name):
                    rewritten = (author_name, f"{text} rewritten by {rewriter.name}", families | {rewriter.family})
                    yield from _before(resolved, stage, (text, families), rewritten[1:])
                    texts.append(rewritten)


def _revisions(resolved: Resolved, stage: CritiqueStage, author: Model) -> Iterator[tuple[str, set[str]]]:
    """What an author's draft may become, with the families of all that shaped it."""
    critics = _others(resolved.group(stage.by), author.name)
    own = stage.reviser == AUTHOR
    for heard in combinations(critics, min(stage.critics, len(critics))):
        for reviser in (author,) if own else _others(resolved.group(stage.reviser), author.name):
            names = " and ".join(critic.name for critic in heard)
            by = "" if own else f" by {reviser.name}"
            families = {author.family, reviser.family, *(critic.family for critic in heard)}
            yield f"{author.name} revised{by} under {names}", families


def _others(group: tuple[Model, ...], author: str) -> tuple[Model, ...]:
    """Those of a group who may work on an author's text: others, where there are any."""
    return tuple(model for model in group if model.name != author) or group


def _before(
    resolved: Resolved, stage: ComparingStage, left: tuple[str, set[str]], right: tuple[str, set[str]]
) -> Iterator[Meeting]:
    """The two texts before each panel of the stage."""
    yield _meeting(resolved, stage.name, stage.judges, left, right)
    if stage.escalate is not None:
        yield _meeting(resolved, f"{stage.name}, escalated", stage.escalate, left, right)


def _meeting(
    resolved: Resolved, stage: str, judges: str, left: tuple[str, set[str]], right: tuple[str, set[str]]
) -> Meeting:
    group = resolved.scenario.cast[judges]
    jurors = [(model.name, model.family) for model in resolved.group(judges)]
    seating = seat(jurors, frozenset(left[1]), frozenset(right[1]), group.own_family, seed=0, match="validate")
    needed = quorum(group.quorum, len(group.models))
    return Meeting(stage, left[0], right[0], tuple(seating.seated), tuple(seating.stepped_out), needed)


def _judges(resolved: Resolved, name: str) -> bool:
    """Whether a model sits on a panel to which families matter."""
    stages = resolved.scenario.stages
    groups = {stage.judges for stage in stages if isinstance(stage, JudgedStage)}
    groups |= {stage.escalate for stage in stages if isinstance(stage, JudgedStage) and stage.escalate is not None}
    panels = (resolved.scenario.cast[group] for group in groups)
    return any(name in panel.models and panel.own_family != "allow" for panel in panels)


def _barred(resolved: Resolved) -> Iterator[str]:
    """Models whose text the exports' profiles of terms keep out."""
    scenario, ledger = resolved.scenario, load_ledger()
    for name in dict.fromkeys(export.terms for export in scenario.export):
        admission = Admission.of(name, scenario.profiles, ledger)
        for model in resolved.models.values():
            if (fault := admission.against([model.license])) is not None:
                yield f"rows with text of model {model.name!r} ({model.license}) stay out of exports: {fault[1]}"


def _notes(resolved: Resolved) -> Iterator[str]:
    for name, model in resolved.models.items():
        if model.api_base is not None and model.identity is None:
            yield (
                f"model {name!r} is known by its address {model.api_base}; give it an `identity:` so that a session "
                "survives a change of port or machine"
            )
        if len({other.family for other in (model, *resolved.fallbacks(model))}) > 1 and _judges(resolved, name):
            yield (
                f"juror {name!r} falls back on another family: what that family says in its place does not count where "
                "it would unbalance a panel (failures `own_family`)"
            )
        if model.license == "unknown":
            yield f"model {name!r} has no `license:`; exported rows will carry `unknown`"
    yield from _barred(resolved)
    for stage in resolved.scenario.stages:
        if isinstance(stage, ComparingStage) and stage.orders == "one":
            yield (
                f"stage {stage.name!r} plays one seat order: what a juror's fondness of a seat decides is not seen "
                "there; `orders: adaptive` costs little more"
            )
    yield from _reader_notes(resolved)
    yield from _selection_notes(resolved.scenario)


def _reader_notes(resolved: Resolved) -> Iterator[str]:
    """Writers whose texts nobody of another family reads."""
    answering = [stage.models for stage in resolved.scenario.stages if isinstance(stage, AnswerStage)][:1]
    for stage in resolved.scenario.stages:
        match stage:
            case LessonStage():
                groups = [stage.student]
            case CritiqueStage():
                groups = answering if stage.reviser == AUTHOR else [stage.reviser]
            case EvolveAnswerStage():
                groups = [stage.by]
            case TeamStage():
                groups = list(stage.members)
            case _:
                continue
        if stage.stand_alone == "rules":
            continue
        families = {juror.family for juror in resolved.group(stage.judges)}
        kin = {one.name for group in groups for one in resolved.group(group) if families <= {one.family}}
        if kin:
            yield (
                f"stage {stage.name!r}: whether texts of {', '.join(sorted(kin))} stand alone is read by their own "
                f"family; add a juror of another one to {stage.judges!r}"
            )


def _selection_notes(scenario: Scenario) -> Iterator[str]:
    """Selections that ask for what no stage makes."""
    graded = any(isinstance(stage, GradeStage) for stage in scenario.stages)
    judging = {stage.judges for stage in scenario.stages if isinstance(stage, JudgedStage)}
    both_graded = any(isinstance(stage, BattleStage) and stage.verdict == "scores" for stage in scenario.stages)
    evolving = [stage for stage in scenario.stages if isinstance(stage, EvolveStage)]
    for name, rule in scenario.select.items():
        if rule.panel is not None and rule.panel not in judging:
            yield f"selection {name!r} stays empty until the panel {rule.panel!r} has judged the session: aaa judge"
        by = {one.by for one in (rule.sft, rule.pairs, rule.labels) if one is not None}
        least = rule.sft is not None and (rule.sft.min_grade or rule.sft.min_lead)
        needs = "score" in by or least or rule.length_control
        if (needs and not graded) or ("arena" in by and not graded and not both_graded):
            how = "a `grade` stage, or for `by: arena` a `battle` with `verdict: scores`"
            yield f"selection {name!r} asks for scores, but no stage gives any; what gives them is {how}"
        if rule.steps is not None and not any(isinstance(stage, StepsStage) for stage in scenario.stages):
            yield f"selection {name!r} takes answers with labelled steps, and no `steps` stage lets a panel read any"
        if rule.instructions is not None and not any(stage.rate for stage in evolving):
            yield f"selection {name!r} pairs versions of instructions, and no `evolve` stage lets judges `rate` them"
        if "construction" in by and not evolving:
            yield f"selection {name!r} pairs answers with and without a constraint, and no `evolve` stage adds one"

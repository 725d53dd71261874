"""A panel at work on what stands already: what judging a session again and judging a file have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from aaa.agents import together
from aaa.errors import UsageError
from aaa.judge import Stepping, compare, find_first_wrong
from aaa.llm import missing_key
from aaa.scenario import BattleStage, Budget, PanelFile
from aaa.session.audit import SessionAudit
from aaa.session.resolved import Resolved
from aaa.session.stages import Kit
from aaa.session.stages.base import comparing_prompts, fingerprint, rows_of
from aaa.session.work import Work
from aaa.store import Store
from aaa.types import Answer, Instruction, Place, SessionRecord, StepVerdict, Verdict

T = TypeVar("T")
STAGE = "pairs"
"""Name of the one stage of a file of pairs."""


@dataclass(frozen=True)
class Judged:
    """What a panel found, in this run and those before."""

    session: str
    panel: str
    work: Work
    verdicts: tuple[Verdict, ...]
    audit: SessionAudit
    step_verdicts: tuple[StepVerdict, ...] = ()


@dataclass(frozen=True)
class Sitting:
    """A panel as it sits: the group of the cast, and a stage that says how it compares."""

    spec: BattleStage

    @classmethod
    def of(cls, group: str, panel: PanelFile, *, shown: bool) -> Sitting:
        """The sitting that a panel file asks for; `shown` says whether references are, where the file does not."""
        reference = panel.reference or ("show" if shown else "hide")
        return cls(BattleStage(name=STAGE, judges=group, reference=reference, **panel.procedure.model_dump()))

    def fingerprint(self, kit: Kit) -> str:
        """Hash of all that its verdicts depend on beside the texts."""
        return fingerprint(kit, self.spec, [self.spec.judges], comparing_prompts(self.spec))

    async def compare(
        self, kit: Kit, instruction: Instruction, pairs: Iterable[tuple[Answer, Answer]], place: Place
    ) -> list[SessionRecord]:
        """The rows of all matches; where a verifier decides, the panel votes too, as a measurement of its jurors."""
        panel = kit.cast.panel(self.spec.judges, place, instruction)
        found = await together(
            compare(
                instruction,
                left,
                right,
                panel,
                kit.prompts,
                seed=kit.seed,
                place=place,
                procedure=self.spec,
                poll_verified=True,
                show_reference=self.spec.reference == "show",
            )
            for left, right in pairs
        )
        return rows_of(found)

    async def read_steps(
        self, kit: Kit, instruction: Instruction, worked: Iterable[tuple[Answer, Stepping]], place: Place
    ) -> list[SessionRecord]:
        """The rows of what the panel finds in worked answers, read step by step."""
        panel = kit.cast.panel(self.spec.judges, place, instruction)
        found = await together(
            find_first_wrong(
                instruction,
                answer,
                panel,
                kit.prompts,
                stepping=stepping,
                seed=kit.seed,
                place=place,
                show_reference=self.spec.reference == "show",
            )
            for answer, stepping in worked
        )
        return rows_of(found)


def within_budget(resolved: Resolved, panel: PanelFile, store: Store) -> Resolved:
    """The panel's own budget on top of what the session has spent already; without one, the session's stays."""
    own = panel.budget
    if own == Budget():
        return resolved
    spent = store.spent(resolved.session)
    already = {"usd": spent.usd, "calls": spent.calls, "tokens": spent.tokens}
    limits = {name: getattr(own, name) for name in already}
    raised = {name: None if limit is None else limit + already[name] for name, limit in limits.items()}
    scenario = resolved.scenario.model_copy(update={"budget": own.model_copy(update=raised)})
    return replace(resolved, scenario=scenario)


def refuse_missing_keys(resolved: Resolved, panel: str) -> None:
    """Raise `UsageError` where a juror has no key."""
    missing = {model.name: key for model in resolved.group(panel) if (key := missing_key(model)) is not None}
    if missing:
        lines = ", ".join(f"{name} needs {key}" for name, key in missing.items())
        raise UsageError(f"API keys are missing: {lines}. Set them in the environment or in `.env`.")

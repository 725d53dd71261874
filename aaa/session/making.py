"""The card of an export, and what it says of how the session was made; free of calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from aaa import __version__
from aaa.export import Exported, Format
from aaa.export.card import card
from aaa.export.composition import Tally
from aaa.export.jsonl import write_text
from aaa.export.manifest import (
    CARD,
    ExportEntry,
    Figure,
    GroupEntry,
    Making,
    Manifest,
    ModelEntry,
    TaughtEdge,
    entries_of,
    home,
    read_manifest,
    refuse_foreign,
    with_entry,
    write_manifest,
)
from aaa.rate import Gaps
from aaa.rate.audit import Audit, sentence
from aaa.scenario import Ledger, Scenario, groups_of
from aaa.session.audit import Audits
from aaa.session.selections import rules_of
from aaa.store import Store
from aaa.types import Decision, Session, StepVerdict, Verdict, content_hash, decision_id


@dataclass(frozen=True)
class Carding:
    """An export that gets a card."""

    form: Format
    folder: Path
    name: str
    before: Manifest | None
    tally: Tally = field(default_factory=Tally)
    """To be told of the rows."""

    @classmethod
    def begin(cls, form: Format, to: Path) -> Carding:
        """Raises, before anything is written, `ExportError` where a card would replace somebody else's README, and
        `UsageError` for a manifest that cannot be read."""
        folder, name = home(form, to)
        refuse_foreign(folder)
        return cls(form, folder, name, read_manifest(folder))

    def finish(self, format_name: str, made: Exported, ledger: Ledger, about: Making) -> None:
        """Write card and manifest for what was exported."""
        composition = self.tally.composition()
        entry = ExportEntry(
            format=format_name,
            kind=self.tally.kind or self.form.kinds[0].__name__,
            rows=made.rows,
            files=entries_of(self.folder, made.files),
            left_out=dict(made.left_out.counts()),
            composition=composition,
            terms=tuple(ledger.of(license_) for license_ in composition.licenses),
            example=self.tally.example,
            made=about,
        )
        manifest = with_entry(self.before, self.folder, self.name, entry)
        write_text(self.folder / CARD, card(manifest))
        write_manifest(self.folder, manifest)


def making(audits: Audits, selection: str, options: dict[str, JsonValue], *, partial: bool) -> Making:
    """Models, cast, stages, judges' figures, outcomes and costs of a session; the address of a server stays out."""
    store, session = audits.store, audits.session
    scenario = Scenario.model_validate(session.scenario)
    rule = rules_of(session, scenario).get(selection)
    spent = store.spent(session.id)
    return Making(
        session=session.id,
        selection=selection,
        description=scenario.description,
        options=options,
        rule={} if rule is None else rule.model_dump(mode="json", exclude_none=True),
        scenario=content_hash(session.scenario),
        version=session.version,
        exported_with=__version__,
        simulated=session.simulated,
        partial=partial,
        models={
            name: ModelEntry(
                model=model.model,
                family=model.family,
                license=model.license,
                identity=model.identity,
                revision=model.revision,
            )
            for name, model in sorted(scenario.models.items())
        },
        cast={name: GroupEntry(models=group.models, card=group.card) for name, group in sorted(scenario.cast.items())},
        stages=tuple(
            f"{stage.name}: {', '.join([stage.kind, *(f'{use} {group}' for use, group in groups_of(stage).items())])}"
            for stage in scenario.stages
        ),
        gates=scenario.gates,
        audit=_figures(audits.of(None if rule is None else rule.panel)),
        teaching=tuple(_taught(store, session)),
        verdicts=store.counts(Verdict, "outcome", session=session.id),
        step_verdicts=store.counts(StepVerdict, "outcome", session=session.id),
        usd=round(spent.usd, 6),
        calls=spent.calls,
        tokens=spent.tokens,
    )


def _taught(store: Store, session: Session) -> Iterator[TaughtEdge]:
    """Who teaches whom by the decision of each stage that found gaps, rounded so that every machine writes the same."""
    for stage in session.stages:
        decision = store.get(Decision, decision_id(session.id, stage))
        value = decision.value if decision is not None and isinstance(decision.value, dict) else {}
        found = Gaps.model_validate(value["found"]) if value.get("found") else None
        edges = value.get("teaching")
        for edge in edges if isinstance(edges, list) else ():
            assert isinstance(edge, list)
            teacher, student, skill = map(str, edge[:3])
            gap = None if found is None else found.between(skill, teacher, student)
            measured = {} if gap is None else {"low": round(gap.low, 1), "high": round(gap.high, 1)}
            points = round(float(str(edge[3])), 1)
            yield TaughtEdge(stage=stage, skill=skill, teacher=teacher, student=student, points=points, **measured)


def _figures(found: Audit) -> dict[str, Figure]:
    """What the games tell of the judges, rounded so that every machine writes the same."""
    return {
        name: Figure(
            value=round(figure.value, 4),
            low=round(figure.low, 4),
            high=round(figure.high, 4),
            n=figure.n,
            words=sentence(name, figure),
        )
        for name, figure in found.figures.items()
        if figure is not None
    }

"""`aaa validate`: what can be known of a scenario before any call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType

from aaa.cli.options import Files, Json, Rehearse, SessionName, Settings
from aaa.cli.output import count, headed, plain, print_json, print_whole, table
from aaa.cli.run import load

if TYPE_CHECKING:
    from aaa.session import Resolved, Validation
    from aaa.session.intake import Intake


def validate(
    files: Files,
    settings: Settings = None,
    session: SessionName = None,
    rehearse: Rehearse = False,
    as_json: Json = False,
) -> None:
    """Check a scenario without a call: prompts, keys, and who may judge whom. Exit code 2 if it cannot work."""
    from aaa.session import validate as check
    from aaa.session.intake import notes, survey
    from aaa.session.ready import unpriced

    resolved = load(files, settings=settings, session=session, rehearse=rehearse)
    findings, intake = check(resolved), survey(resolved)
    prices = [] if (fault := unpriced(resolved)) is None else [f"`aaa run` will refuse it: {fault}"]
    findings = replace(findings, notes=(*prices, *findings.notes, *notes(resolved, intake)))
    if as_json:
        print_json(_document(resolved, findings, intake))
        return
    for part in _report(resolved, findings, intake):
        print_whole(part)


def _document(resolved: Resolved, findings: Validation, intake: Intake) -> dict[str, Any]:
    from aaa.llm import place_name, places

    return {
        "session": resolved.session,
        "simulated": resolved.simulated,
        "prompts": {"read": intake.read, "chosen": len(intake.chosen)},
        "fallbacks": {name: list(model.fallbacks) for name, model in resolved.models.items() if model.fallbacks},
        "deployments": {
            name: [place_name(place) for place in places(model)]
            for name, model in resolved.models.items()
            if model.deployments
        },
        "missing_keys": findings.missing_keys,
        "meetings": [
            {
                "stage": meeting.stage,
                "left": meeting.left,
                "right": meeting.right,
                "jurors": list(meeting.jurors),
                "stepped_out": list(meeting.stepped_out),
                "quorum": meeting.quorum,
            }
            for meeting in findings.meetings
        ],
        "notes": list(findings.notes),
    }


def _report(resolved: Resolved, findings: Validation, intake: Intake) -> Iterator[RenderableType]:
    stages = ", ".join(stage.name for stage in resolved.scenario.stages)
    yield plain(f"Session {resolved.session}: {len(intake.chosen):,} of {count(intake.read, 'prompt')}; {stages}")
    yield ""
    models = table("name", "model", "family", "license", "key")
    for name, model in resolved.models.items():
        key = findings.missing_keys.get(name)
        words = f"MISSING: set {key}" if key else "ready"
        models.add_row(*map(plain, (name, model.model, model.family, model.license, words)))
    yield headed("Models", models, simulated=resolved.simulated)
    yield from map(plain, _served(resolved))
    if findings.meetings:
        yield _meetings(resolved, findings)
    for note in findings.notes:
        yield plain(f"Note: {note}")
    if findings.missing_keys:
        yield plain("The scenario is sound; the keys named above must be set (or in `.env`) before it can run.")
    else:
        yield plain("The scenario is sound.")


def _served(resolved: Resolved) -> Iterator[str]:
    """Who answers where a model gives no service, and where else it is."""
    from aaa.llm import place_name, places

    for name, model in resolved.models.items():
        if model.deployments:
            yield f"{name} is served at {', '.join(map(place_name, places(model)))}"
        if model.fallbacks:
            others = (f"{other.name} ({other.family}, {other.license})" for other in resolved.fallbacks(model))
            yield f"{name} falls back on {', then '.join(others)}"


def _meetings(resolved: Resolved, findings: Validation) -> RenderableType:
    made = table("stage", "left", "right", "jurors who may sit", "step out", "#quorum")
    for meeting in findings.meetings:
        sides = (meeting.stage, meeting.left, meeting.right)
        panel = (", ".join(meeting.jurors), ", ".join(meeting.stepped_out))
        made.add_row(*map(plain, (*sides, *panel)), str(meeting.quorum))
    return headed("Who may judge whom", made, simulated=resolved.simulated)

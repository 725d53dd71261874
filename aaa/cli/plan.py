"""`aaa plan`: what a scenario would take, before it is paid for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aaa.cli.forecast import report
from aaa.cli.interrupt import run_interruptibly
from aaa.cli.options import DEFAULT_DB, Db, Files, Json, SessionName, Settings
from aaa.cli.output import print_json, print_whole, say
from aaa.cli.run import load

if TYPE_CHECKING:
    from aaa.session.planning import Forecast

PROBE_USD = 0.05
"""What a probe may cost if nothing else is said (ours)."""


def plan(
    files: Files,
    settings: Settings = None,
    session: SessionName = None,
    db: Db = DEFAULT_DB,
    probe: Annotated[
        int | None,
        typer.Option("--probe", metavar="N", min=2, help="Pay for N prompts of each stage, and forecast from them."),
    ] = None,
    probe_usd: Annotated[
        float, typer.Option("--probe-usd", metavar="USD", min=0.0, help="What the probe may cost at most.")
    ] = PROBE_USD,
    as_json: Json = False,
) -> None:
    """Forecast calls, tokens, cost and time of a scenario; free, unless `--probe` is given."""
    from aaa.session.planning import PlanOptions
    from aaa.session.planning import plan as forecast

    real = load(files, settings=settings, session=session, rehearse=False)
    twins = load(files, settings=settings, session=session, rehearse=True)

    async def work(stop: asyncio.Event) -> Forecast:
        return await forecast(real, twins, PlanOptions(db=db, probe=probe or 0, probe_usd=probe_usd, stop=stop))

    if not as_json:
        say("Rehearsing with simulated twins ...")
    found = run_interruptibly(work, (lambda _: None) if as_json else say)
    if as_json:
        print_json(_document(found))
        return
    for part in report(found, real):
        print_whole(part)


def _document(forecast: Forecast) -> dict[str, Any]:
    """The forecast with its sums."""
    document = forecast.model_dump(mode="json")
    worst = forecast.worst_total
    return {**document, "total": forecast.total.model_dump(mode="json"), "worst_total": worst.model_dump(mode="json")}

"""`aaa evolve --auto`: a method optimised over a file of prompts, its history, and the file it ends in."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import RenderableType

from aaa.cli.output import complain, count, headed, plain, print_json, print_whole, results, table
from aaa.cli.progress import calls, cost
from aaa.cli.working import worked
from aaa.errors import ExportError

if TYPE_CHECKING:
    from aaa.session.auto import Optimised
    from aaa.session.run import Watch
    from aaa.types import MethodStep


def optimise(
    prompts: Path,
    settings: Path,
    to: Path | None,
    session: str | None,
    db: str,
    *,
    accept_changes: bool,
    as_json: bool,
) -> None:
    """Optimise, print the history, write the method."""
    from aaa.session.auto import optimise_method
    from aaa.session.work import WorkOptions

    def work(stop: asyncio.Event, watch: Watch | None) -> Coroutine[Any, Any, Optimised]:
        options = WorkOptions(db=db, session=session, stop=stop, watch=watch)
        return optimise_method(prompts, settings, options, accept_changes=accept_changes)

    found = worked(work, f"{prompts.name} · optimising a method", quiet=as_json)
    ended = found.work.stopped is None and bool(found.steps)
    if ended and to is not None:
        _write(to, found.method)
    if as_json:
        print_json(document(found))
    else:
        for part in history(found.steps, simulated=found.simulated):
            print_whole(part)
        results().print(plain(f"{calls(found.work.gateway.tally)} · {cost(found.work.gateway.tally)}"), soft_wrap=True)
        if ended and to is not None:
            results().print(plain(f"Wrote the method that stands to {to}"), soft_wrap=True)
    _end(found)


def history(steps: Sequence[MethodStep], *, simulated: bool) -> Iterator[RenderableType]:
    """Each step as a table of the method that stands and its candidates, with what was found and decided."""
    for step in steps:
        current = step.current
        made = table("method", "#failed", "#of", "failures", "#better on", "#worse on", "#p", "")
        made.add_row(
            "standing", str(current.failed), str(current.tried), plain(_faults(current.faults)), "", "", "", ""
        )
        for number, one in enumerate(step.candidates):
            sure = "another is surer" if one.p_value <= step.level else "not beyond noise"
            word = "accepted" if number == step.accepted else sure
            figures = (str(one.better), str(one.worse), f"{one.p_value:.2g}")
            faults = plain(_faults(one.faults))
            made.add_row(f"candidate {number + 1}", str(one.failed), str(one.tried), faults, *figures, word)
        yield headed(f"Step {step.number} (a candidate needs p <= {step.level:.2g})", made, simulated=simulated)
        for issue in step.issues:
            yield plain(f"  {issue.issue}: {issue.words}")
        if not step.issues and step.ended is None:
            yield plain("  no issue was named")
        if step.ended is not None:
            yield plain(f"  the last step: {step.ended}")


def document(found: Optimised) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "session": found.session,
        "complete": found.work.stopped is None and bool(found.steps),
        "method": found.method,
        "accepted": sum(step.accepted is not None for step in found.steps),
        "steps": [step.model_dump(mode="json", exclude={"id", "session", "episode"}) for step in found.steps],
        "calls": {"made": found.work.gateway.tally.made, "replayed": found.work.gateway.tally.replayed},
        "usd": found.work.gateway.tally.usd,
        "simulated": found.simulated,
    }


def _faults(faults: Mapping[Any, int]) -> str:
    return ", ".join(f"{number} {fault}" for fault, number in sorted(faults.items(), key=lambda one: (-one[1], one[0])))


def _write(to: Path, method: str) -> None:
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(f"{method}\n", encoding="utf-8")
    except OSError as error:
        raise ExportError(f"{to} cannot be written: {error}") from error


def _end(found: Optimised) -> None:
    """Exit with the code of what ended the work early, if anything did."""
    if found.work.stopped is not None:
        complain(str(found.work.stopped))
        raise typer.Exit(found.work.stopped.exit_code)
    if not found.steps:
        why = "; ".join(failure.message for failure in found.failures)
        complain(f"{count(len(found.failures), 'failure')}, and no step came to its end: {why}. Run again to go on.")
        raise typer.Exit(1)

"""`aaa evolve PROMPTS --models ...`: prompts evolved by the operations of Evol-Instruct, into files."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from aaa.cli.output import complain, count, headed, plain, print_json, print_whole, results, table
from aaa.cli.progress import calls, cost
from aaa.cli.working import worked
from aaa.errors import ExportError, UsageError

if TYPE_CHECKING:
    from aaa.session.evolve_files import EvolvedFile
    from aaa.session.run import Watch


def evolve_prompts(
    prompts: Path,
    models: str,
    raters: str | None,
    stage: Mapping[str, Any],
    to: Path | None,
    lineage: str | None,
    session: str | None,
    db: str,
    *,
    accept_changes: bool,
    as_json: bool,
) -> None:
    """Evolve, write the files, print the yield of each evolver."""
    from aaa.scenario import models_of
    from aaa.session.evolve_files import EvolveOptions, evolve_file

    _refuse_unknown(lineage)
    evolvers, rating = models_of(models), None if raters is None else models_of(raters)

    options = EvolveOptions(db, evolvers, rating, stage, session, accept_changes)

    def work(stop: asyncio.Event, watch: Watch | None) -> Coroutine[Any, Any, EvolvedFile]:
        return evolve_file(prompts, replace(options, stop=stop, watch=watch))

    found = worked(work, f"{prompts.name} · evolving", quiet=as_json)
    written = _write(found, to, lineage)
    if as_json:
        print_json(_document(found))
    else:
        _print(found, lineage)
        for line in written:
            results().print(plain(line), soft_wrap=True)
    _end(found)


def _refuse_unknown(lineage: str | None) -> None:
    from aaa.graphs import LINEAGE_FORMATS

    if lineage not in (None, "-") and Path(lineage or "").suffix not in LINEAGE_FORMATS:
        raise UsageError(f"--lineage {lineage}: the name must end in {', '.join(LINEAGE_FORMATS)}, or be `-`.")


def _write(found: EvolvedFile, to: Path | None, lineage: str | None) -> list[str]:
    """Write the files that were asked for; say which."""
    from aaa.export import write_jsonl
    from aaa.graphs import LINEAGE_FORMATS, lineage_graph

    said = []
    if to is not None:
        rejected = to.with_name(f"{to.stem}.rejected{to.suffix}")
        write_jsonl(to, found.made)
        write_jsonl(rejected, found.rejected)
        said += [f"Wrote {count(len(found.made), 'instruction')} to {to}"]
        said += [f"Wrote {count(len(found.rejected), 'rejection')} with reasons to {rejected}"]
    if lineage is not None and lineage != "-":
        path = Path(lineage)
        text = LINEAGE_FORMATS[path.suffix](lineage_graph(found.versions))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise ExportError(f"{path} cannot be written: {error}") from error
        said += [f"Wrote the lineage to {path}"]
    return said


def _document(found: EvolvedFile) -> dict[str, Any]:
    """What `--json` prints; calls and USD are those of this run."""
    tally = found.run.gateway.tally
    return {
        "session": found.run.session,
        "complete": found.run.stopped is None,
        "made": len(found.made),
        "yield": {name: {"kept": kept, "tried": tried} for name, (kept, tried) in sorted(_yield(found).items())},
        "reasons": _reasons(found),
        "failed": found.run.progress.failed,
        "calls": {"made": tally.made, "replayed": tally.replayed},
        "usd": tally.usd,
        "simulated": found.simulated,
    }


def _print(found: EvolvedFile, lineage: str | None) -> None:
    from aaa.graphs import lineage_graph, lineage_lines

    made = table("evolver", "#kept", "#attempts", "#yield")
    for name, (kept, tried) in sorted(_yield(found).items()):
        made.add_row(plain(name), str(kept), str(tried), f"{kept / tried:.0%}")
    print_whole(headed(count(len(found.made), "new instruction"), made, simulated=found.simulated))
    for reason, number in _reasons(found).items():
        results().print(plain(f"  {reason}: {number}"))
    if lineage == "-":
        for line in lineage_lines(lineage_graph(found.versions)):
            results().print(plain(line), soft_wrap=True)
    tally = found.run.gateway.tally
    results().print(plain(f"{calls(tally)} · {cost(tally)}"), soft_wrap=True)


def _yield(found: EvolvedFile) -> dict[str, tuple[int, int]]:
    """Kept and tried, by evolver."""
    tried = Counter(one.evolver for one in found.attempts)
    kept = Counter(one.evolver for one in found.attempts if one.outcome == "kept")
    return {name: (kept[name], tried[name]) for name in tried}


def _reasons(found: EvolvedFile) -> dict[str, int]:
    """How often each reason was given, the most frequent first."""
    reasons = Counter(str(row["reason"]) for row in found.rejected)
    return dict(sorted(reasons.items(), key=lambda one: (-one[1], one[0])))


def _end(found: EvolvedFile) -> None:
    """Exit with the code of what ended the work early, or 1 where episodes failed."""
    run = found.run
    if run.stopped is not None:
        complain(str(run.stopped))
        raise typer.Exit(run.stopped.exit_code)
    if run.progress.failed:
        complain(f"{count(run.progress.failed, 'prompt')} failed. Run the same command again to try them again.")
        raise typer.Exit(1)

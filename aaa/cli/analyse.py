"""`aaa analyse`: what a set of prompts is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aaa.cli.analysed import document, show_analysis
from aaa.cli.options import DEFAULT_DB, Db, Json, SessionName
from aaa.cli.output import complain, count, plain, print_json, refuse_suffix, results
from aaa.cli.progress import calls, cost
from aaa.cli.prompt_files import Fields, Source, as_row, kept_rows, prompts_of, write_rows
from aaa.cli.working import worked
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.scenario import Prompts
    from aaa.session.analyse_files import Analysed
    from aaa.session.run import Watch

MODELS = "Who labels prompts: litellm's strings with commas between them, or a YAML file with `models` and `budget`."
SKILLS = "A taxonomy such as aaa or wizardlm-29, a YAML file, or open: the tagger's own tags."
TOLERATED = 0.02
"""Share of prompts without a label above which the exit code is 1, as failed episodes in scenarios."""


Tagger = Annotated[str | None, typer.Option("--tagger", metavar="MODELS", help=MODELS)]
Skills = Annotated[str, typer.Option("--skills", metavar="NAME|FILE|open", help=SKILLS)]
Beside = Annotated[
    int, typer.Option("--beside", metavar="N", min=1, max=32, help="Prompts that share a call of a tagger.")
]
To = Annotated[Path | None, typer.Option("--out", metavar="PATH", help="Write the prompts with labels here.")]
Report = Annotated[Path | None, typer.Option("--report", metavar="FILE", help="Write a page with charts (.html).")]
Weights = Annotated[
    Path | None, typer.Option("--weights", metavar="FILE", help="Write suggested weights for `aaa sample` (.yaml).")
]
By = Annotated[
    str, typer.Option("--by", metavar="LIST", help="What the weights make even: skill, difficulty, language.")
]
Vocabulary = Annotated[
    str | None,
    typer.Option("--vocabulary", metavar="SOURCE", help="Tagged prompts of whose tags diversity is a share."),
]


def analyse(
    source: Source,
    tagger: Tagger = None,
    skills: Skills = "aaa",
    beside: Beside = 8,
    to: To = None,
    report: Report = None,
    weights: Weights = None,
    by: By = "skill",
    vocabulary: Vocabulary = None,
    fields: Fields = None,
    session: SessionName = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Say what prompts are made of: skills, difficulty, languages, lengths, tags; by rules and, where asked, models."""
    from aaa.scenario import models_of
    from aaa.session.analyse_files import AnalyseOptions, analyse_prompts

    steered = _steered(by)
    refuse_suffix(report, ".html")
    refuse_suffix(weights, ".yaml", ".yml")
    prompts, pool = prompts_of(source, fields), None if vocabulary is None else tuple(_tags(vocabulary, fields))
    taggers = None if tagger is None else models_of(tagger)
    options = AnalyseOptions(skills=skills, pool=pool, taggers=taggers, beside=beside, db=db, session=session)

    def work(stop: asyncio.Event, watch: Watch | None) -> Coroutine[Any, Any, Analysed]:
        return analyse_prompts(prompts, replace(options, stop=stop, watch=watch))

    quiet = as_json or options.taggers is None
    found = worked(work, f"{source} · labelling", quiet=quiet)
    written = _write(found, prompts, to, report, weights, steered)
    if as_json:
        print_json(document(found))
    else:
        _show(found, written)
    _end(found)


def _steered(by: str) -> list[str]:
    from aaa.curate.analysis import STEERED

    names = [name.strip() for name in by.split(",") if name.strip()]
    if wrong := [name for name in names if name not in STEERED]:
        raise UsageError(
            f"--by {by}: a sample cannot be steered by {', '.join(wrong)}; possible are {', '.join(STEERED)}."
        )
    return names


def _tags(source: str, fields: list[str] | None) -> Iterator[str]:
    found = dict.fromkeys(tag for row in kept_rows(prompts_of(source, fields), []) for tag in row.tags)
    if not found:
        raise UsageError(
            f"--vocabulary {source}: no row has `tags`. `aaa analyse --tagger ... --out` writes such rows."
        )
    return iter(found)


def _write(
    found: Analysed, prompts: Prompts, to: Path | None, report: Path | None, weights: Path | None, by: list[str]
) -> list[str]:
    """Write the files that were asked for; say which."""
    import yaml

    from aaa.curate.analysis import page_of
    from aaa.export import html, write_text
    from aaa.sim import REHEARSAL

    said = []
    if to is not None:
        write_rows(to, _labelled(found, prompts), list(found.refused))
        said.append(f"Wrote {count(found.analysis.rows, 'prompt')} to {to}")
    if report is not None:
        page = page_of(
            found.analysis,
            f"What {', '.join(prompts.patterns)} is made of",
            warning=REHEARSAL if found.simulated else "",
        )
        write_text(report, html(page))
        said.append(f"Wrote {report}")
    if weights is not None:
        chosen = {name: values for name, values in found.analysis.weights.items() if name in by}
        write_text(weights, yaml.safe_dump(chosen, sort_keys=False, allow_unicode=True))
        said.append(f"Wrote {weights}: aaa sample SOURCE --by {','.join(by)} --target natural --weights {weights}")
    return said


def _show(found: Analysed, written: list[str]) -> None:
    show_analysis(found)
    paid = [] if found.work is None else [f"{calls(found.work.gateway.tally)} · {cost(found.work.gateway.tally)}"]
    for line in (*paid, *written):
        results().print(plain(line), soft_wrap=True)


def _labelled(found: Analysed, prompts: Prompts) -> Iterator[dict[str, Any]]:
    """The rows with what they lacked; `meta.labels_by` says whose word each label is."""
    from aaa.curate.attributes import GIVEN

    for row in kept_rows(prompts, []):
        settled = found.settled[row.source_id]
        labels, by = settled.labels, {name: who for name, who in settled.by.items() if who != GIVEN}
        columns = as_row(row)
        columns |= {name: getattr(labels, name) for name in ("skill", "difficulty", "language") if name in by}
        columns |= {"tags": list(labels.tags)} if "tags" in by else {}
        extra = {name: getattr(labels, name) for name in ("task", "safety") if name in by}
        yield {**columns, "meta": {**row.meta, **extra, "labels_by": by}}


def _end(found: Analysed) -> None:
    """Exit with the code of what ended the work early, or 1 where too much of it failed."""
    work = found.work
    if work is None:
        return
    if work.stopped is not None:
        complain(str(work.stopped))
        raise typer.Exit(work.stopped.exit_code)
    if found.untagged > TOLERATED * found.analysis.rows:
        reasons = ", ".join(f"{number:,} {kind}" for kind, number in sorted(work.progress.failures.items()))
        complain(
            f"{count(found.untagged, 'prompt')} of {found.analysis.rows:,} got no label from a tagger ({reasons}); "
            "rules stand in. The same command tries again what may still work."
        )
        raise typer.Exit(1)

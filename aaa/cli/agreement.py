"""`aaa agreement`: do judges, panels or sources of votes agree?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from aaa.cli.options import DEFAULT_DB, Db, Json
from aaa.cli.output import count, headed, plain, print_json, results, table
from aaa.cli.votes import Coder, Source, read_source
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.rate import Agreement, AgreementRule

FIGURES = {
    "agreement": "raw agreement",
    "agreement_without_ties": "raw agreement without ties",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "krippendorff_alpha": "Krippendorff's alpha",
}


def agreement(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="FILE|SESSION...", help="Two sources of votes on the same items, or one with --coder."),
    ],
    coder: Annotated[
        Coder | None, typer.Option("--coder", help="Who voted: compare the judges, or panels, within one source.")
    ] = None,
    ties: Annotated[Literal["keep", "drop"], typer.Option("--ties", help="Keep ties, or leave them out.")] = "keep",
    inconsistent: Annotated[
        Literal["tie", "drop"],
        typer.Option("--inconsistent", help="Take inconsistent votes for ties, or leave them out."),
    ] = "tie",
    level: Annotated[
        Literal["nominal", "ordinal"],
        typer.Option("--level", help="For Krippendorff's alpha; ordinal puts a tie between the sides."),
    ] = "nominal",
    bootstrap: Annotated[
        int, typer.Option("--bootstrap", metavar="N", min=0, help="Resample prompts N times for 95 % intervals.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the resampling.")] = 0,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Measure how far two sources of votes, or the judges of one, agree beyond chance."""
    from aaa.rate import AgreementRule

    rule = AgreementRule(ties=ties, inconsistent=inconsistent, level=level, bootstrap=bootstrap, seed=seed)
    if len(sources) != (2 if coder is None else 1):
        found = f"{count(len(sources), 'source')}{'' if coder is None else ' with --coder'}"
        raise UsageError(f"Agreement is measured between two sources, or within one with --coder judge; found {found}.")
    read = [read_source(source, db, coder or "panel") for source in sources]
    measured = _measured(read, rule)
    simulated = any(source.simulated for source in read)
    if as_json:
        print_json({**measured.model_dump(mode="json"), "simulated": simulated})
        return
    _print(measured, simulated=simulated)


def _measured(sources: list[Source], rule: AgreementRule) -> Agreement:
    from aaa.rate import agreement_of_coders, agreement_of_sources

    if len(sources) == 1:
        return agreement_of_coders(sources[0].votes, rule)
    return agreement_of_sources(sources[0].votes, sources[1].votes, rule)


def _print(measured: Agreement, *, simulated: bool) -> None:
    values = {
        **{name: getattr(measured, name) for name in FIGURES},
        "agreement_without_ties": measured.agreement_without_ties.value,
    }
    made = table("figure", "#value", "#low", "#high")
    for name, words in FIGURES.items():
        numbers = (values[name], *(measured.intervals.get(name) or (None, None)))
        made.add_row(words, *("-" if number is None else f"{number:.3f}" for number in numbers))
    title = f"Agreement on {count(measured.items, 'item')}"
    results().print(headed(title, made, simulated=simulated))
    pairs = measured.agreement_without_ties.n
    results().print(plain(f"Without ties: {count(pairs, 'pair')} of votes. A dash: not defined for these votes."))

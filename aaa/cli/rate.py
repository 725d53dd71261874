"""`aaa rate`: ratings of models from votes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from aaa.cli.options import DEFAULT_DB, Db, Json
from aaa.cli.output import headed, plain, print_json, results, table
from aaa.cli.votes import of_one_panel, read_source
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.rate import Rated, RatingRule, Ratings

TITLES = {
    "bradley-terry": "Bradley-Terry ratings",
    "elo": "Elo ratings",
    "win-rate": "Mean win rates over opponents",
}


Origin = Annotated[str, typer.Argument(metavar="FILE|SESSION", help="Votes as JSON Lines, or a session and its votes.")]
Method = Annotated[
    Literal["bradley-terry", "elo", "win-rate"],
    typer.Option("--method", help="How to rate; Elo depends on the order of the votes."),
]
Ties = Annotated[
    Literal["half", "drop"],
    typer.Option("--ties", help="Count ties (inconsistent ones too) as half a win each, or not at all."),
]
Scale = Annotated[float, typer.Option("--scale", help="Points between two models of which one wins 10 to 1.")]
Mean = Annotated[float, typer.Option("--mean", help="Mean of the ratings; Elo begins there.")]
By = Annotated[
    Literal["category", "skill"] | None,
    typer.Option("--by", help="Rate by category (or skill, which is the same) as well."),
]
Shrink = Annotated[
    bool,
    typer.Option("--shrink/--no-shrink", help="Draw Bradley-Terry ratings of a category towards the overall ones."),
]
Bootstrap = Annotated[
    int, typer.Option("--bootstrap", metavar="N", min=0, help="Resample prompts N times for 95 % intervals.")
]
Anchor = Annotated[
    str | None, typer.Option("--anchor", metavar="MODEL=RATING", help="Fix one rating in the place of the mean.")
]
Style = Annotated[
    bool, typer.Option("--style", help="Control for length, headers, lists and bold text (Bradley-Terry).")
]
Panel = Annotated[
    str | None, typer.Option("--panel", metavar="NAME", help="Whose verdicts, where several judged a session.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the resampling.")]


def rate(
    source: Origin,
    method: Method = "bradley-terry",
    ties: Ties = "half",
    scale: Scale = 400.0,
    mean: Mean = 1000.0,
    by: By = None,
    shrink: Shrink = True,
    bootstrap: Bootstrap = 0,
    anchor: Anchor = None,
    style: Style = False,
    panel: Panel = None,
    seed: Seed = 0,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Rate models by who beat whom, in a file of votes or in a session."""
    # Threads that share a matrix of a hundred rows mostly wait for each other: one alone is up to five times as fast.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from aaa.rate import RatingRule

    if scale <= 0:
        raise UsageError(f"--scale must be above 0; found {scale:g}.")
    fixed = None if anchor is None else _anchor(anchor)
    rule = RatingRule(
        method=method,
        ties=ties,
        scale=scale,
        mean=mean,
        anchor=fixed,
        by_category=by is not None,
        shrink=shrink,
        bootstrap=bootstrap,
        style=style,
        seed=seed,
    )
    _rate(source, panel, rule, db, as_json=as_json)


def _rate(source: str, panel: str | None, rule: RatingRule, db: str, *, as_json: bool) -> None:
    from aaa.rate import rate as rate_votes

    found = read_source(source, db, "panel")
    ratings = rate_votes(of_one_panel(found, panel), rule)
    if as_json:
        print_json({**ratings.model_dump(mode="json"), "simulated": found.simulated})
        return
    for part in _report(ratings, simulated=found.simulated):
        results().print(part, soft_wrap=isinstance(part, Text))


def _anchor(text: str) -> tuple[str, float]:
    model, _, value = text.rpartition("=")
    try:
        if model:
            return model, float(value)
    except ValueError:
        pass
    raise UsageError(f"--anchor is written MODEL=RATING, for example gpt-4o=1000; found {text!r}.")


def _report(ratings: Ratings, *, simulated: bool) -> Iterator[RenderableType]:
    title = TITLES[ratings.method]
    digits = 3 if ratings.method == "win-rate" else 1
    yield headed(title, _ranking(ratings.models, digits), simulated=simulated)
    for category, models in ratings.by.items():
        yield headed(f"{title}: {category}", _ranking(models, digits), simulated=False)
    if ratings.style:
        made = table("feature", "#logits", "#low", "#high")
        for name, effect in ratings.style.items():
            made.add_row(name, *(_number(value, 3) for value in (effect.value, effect.low, effect.high)))
        yield headed("What one standard deviation of style adds to the odds", made, simulated=False)
    yield from map(plain, ratings.notes)


def _ranking(models: Sequence[Rated], digits: int) -> Table:
    made = table("model", "#rating", "#low", "#high", "#games", "#wins", "#losses", "#ties")
    for row in models:
        numbers = (_number(value, digits) for value in (row.rating, row.low, row.high))
        made.add_row(plain(row.model), *numbers, *(f"{n:,}" for n in (row.games, row.wins, row.losses, row.ties)))
    return made


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"

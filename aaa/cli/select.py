"""`aaa select`: named selections over a session, and why something was taken or left out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import RenderableType
from rich.table import Table

from aaa.cli.explain import document as story_document
from aaa.cli.explain import report as story_report
from aaa.cli.options import DEFAULT_DB, Db, Json
from aaa.cli.output import headed, plain, print_json, print_whole, results, table
from aaa.cli.sessions import find_session
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.curate import Found
    from aaa.scenario import Scenario
    from aaa.store import Store
    from aaa.types import Session

KINDS = {
    "SFT": ("SftSample", "sft"),
    "pairs": ("PreferencePair", "pair"),
    "labels": ("LabelledSample", "label"),
    "steps": ("SteppedSample", "steps"),
}
"""Columns: the type of the rows, and what a rejection calls them."""


def select(
    session: Annotated[str, typer.Argument(metavar="SESSION", help="Name of a session.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Make a selection of this name, by --set or --like.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Its rules, such as pairs.by=score; may be repeated."),
    ] = None,
    like: Annotated[
        str | None, typer.Option("--like", metavar="NAME", help="Begin with the rules of another selection.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Selections of a YAML file, under its key `select`.")
    ] = None,
    remove: Annotated[
        str | None, typer.Option("--remove", metavar="NAME", help="Forget a selection that was made here.")
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="ID", help="The story of a prompt, answer, verdict or row; select nothing."),
    ] = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Make the selections of a session anew, with more of them if asked; costs no call."""
    from aaa.store import Store

    with Store.open(db, create=False) as store:
        row = find_session(store, session)
        if explain is not None:
            _explain(store, row, explain, as_json=as_json)
            return
        found = asyncio.run(_select(store, row, name, settings or [], like, file, remove))
    if as_json:
        print_json({name: document(one) for name, one in found.items()})
        return
    for part in report(found, simulated=row.simulated):
        print_whole(part)


async def _select(
    store: Store,
    row: Session,
    name: str | None,
    settings: list[str],
    like: str | None,
    file: Path | None,
    remove: str | None,
) -> Mapping[str, Found]:
    """Change the session's own selections as asked, then make all anew."""
    from aaa.scenario import Scenario
    from aaa.session import select_all
    from aaa.session.selections import refuse_unjudged

    scenario = Scenario.model_validate(row.scenario)
    with store.lock(row.id):
        own = _changed(row, scenario, name, settings, like, file)
        if own or remove is not None:
            row = row.model_copy(update={"selections": {**row.selections, **own}})
            for new in own:
                refuse_unjudged(row, scenario, new)
            if remove is not None:
                await _forget(store, row, remove)
                row = row.model_copy(update={"selections": _without(row, remove)})
            await store.write(row)
        return await select_all(store, row.id, scenario)


def _changed(
    row: Session, scenario: Scenario, name: str | None, settings: list[str], like: str | None, file: Path | None
) -> dict[str, Any]:
    """New or changed selections by name. Raises `UsageError` for one that the scenario has."""
    from aaa.scenario import load_selections, set_selection
    from aaa.session.selections import IMPORTED, rules_of

    if name is None and (settings or like):
        raise UsageError("--set and --like make a selection: name it with --name.")
    made = {} if file is None else load_selections(file)
    if name is not None:
        known = {**rules_of(row, scenario), **made}
        if like is not None and like not in known:
            raise UsageError(f"Session {row.id!r} has no selection {like!r} to begin with; it has: {', '.join(known)}.")
        base = known.get(like) if like is not None else made.get(name) or known.get(name)
        rules = None if base is None else base.model_dump(mode="json", exclude_defaults=True)
        made[name] = set_selection(name, settings, rules)
    for one in made:
        if one in scenario.select or one == IMPORTED:
            raise UsageError(
                f"Selection {one!r} is {'the import' if one == IMPORTED else 'the scenario'}'s own: choose another "
                f"name, such as `--name {one}-2 --like {one}`."
            )
    return {one: rule.model_dump(mode="json") for one, rule in made.items()}


async def _forget(store: Store, row: Session, name: str) -> None:
    if name not in row.selections:
        known = ", ".join(row.selections) or "none"
        raise UsageError(f"No selection {name!r} was made by `aaa select` in session {row.id!r}; there are: {known}.")
    await store.replace_selection(row.id, name, ())


def _without(row: Session, name: str) -> dict[str, Any]:
    return {other: rule for other, rule in row.selections.items() if other != name}


def _explain(store: Store, row: Session, id_: str, *, as_json: bool) -> None:
    from aaa.session.explaining import explain

    story = explain(store, row, id_)
    if as_json:
        print_json(story_document(story))
        return
    for part in story_report(story):
        results().print(part, soft_wrap=True)


def document(found: Found) -> dict[str, Any]:
    """What a selection came to, for machines."""
    return {
        "taken": {name: found.taken[kind] for name, (kind, _) in KINDS.items()},
        "left_out": {name: dict(sorted(found.left_out[target].items())) for name, (_, target) in KINDS.items()},
        "lengths": {
            when: {"mean_difference": one.mean_difference, "chosen_longer": one.chosen_longer, "pairs": one.pairs}
            for when, one in (("before", found.before), ("after", found.after))
        },
    }


def report(found: Mapping[str, Found], *, simulated: bool) -> Iterator[RenderableType]:
    """What every selection took and left out, and how long the sides of its pairs are."""
    yield headed("Taken, and left out by reason", _counts(found), simulated=simulated)
    if any(one.after.pairs or one.before.pairs for one in found.values()):
        yield headed("Lengths of chosen and rejected, in characters", _lengths(found), simulated=False)


def _counts(found: Mapping[str, Found]) -> Table:
    made = table("", *(f"#{name}" for name in KINDS))
    for name, one in found.items():
        made.add_row(plain(f"selection {name}", "bold"), *(f"{one.taken[kind]:,}" for kind, _ in KINDS.values()))
        reasons = sorted({reason for counts in one.left_out.values() for reason in counts})
        for reason in reasons:
            numbers = (one.left_out[target][reason] for _, target in KINDS.values())
            made.add_row(plain(f"  {reason}"), *(f"{number:,}" if number else "-" for number in numbers))
    return made


def _lengths(found: Mapping[str, Found]) -> Table:
    made = table("", "", "#pairs", "#chosen longer", "#mean difference")
    for name, one in found.items():
        matched = one.before.pairs != one.after.pairs
        for when, lengths in (("before matching", one.before), ("after", one.after)) if matched else (("", one.after),):
            if lengths.chosen_longer is not None and lengths.mean_difference is not None:
                figures = (f"{lengths.pairs:,}", f"{lengths.chosen_longer:.1%}", f"{lengths.mean_difference:+,.1f}")
                made.add_row(plain(f"selection {name}"), plain(when), *figures)
    return made

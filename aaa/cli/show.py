"""`aaa show`: preference pairs with every juror's words, or any row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import RenderableType
from rich.padding import Padding
from rich.rule import Rule

from aaa.cli.options import DEFAULT_DB, Db, Json, Selection
from aaa.cli.output import plain, print_json, printable, results
from aaa.cli.pairs import PairView, Tone, document, pairs_of, sections
from aaa.cli.sessions import select_unfinished
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.store import Store
    from aaa.types import Session

STYLES: dict[Tone, str] = {
    "prompt": "bold",
    "chosen": "bold green",
    "rejected": "bold red",
    "verdict": "bold cyan",
    "juror": "dim",
}


def show(
    name: Annotated[str, typer.Argument(metavar="SESSION|ID", help="A session, or the id of any row.")],
    pairs: Annotated[int, typer.Option("--pairs", min=1, help="How many pairs.")] = 5,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", metavar="KEY=VALUE", help="Only pairs such as skill=arithmetic; may be repeated."),
    ] = None,
    selection: Selection = "main",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Show preference pairs with every juror's words in both orders, or any row by its id."""
    from aaa.store import Store
    from aaa.types import Session

    with Store.open(db, create=False) as store:
        session = store.get(Session, name)
        if session is None:
            print_json(_row(store, name))
            return
        select_unfinished(store, session)
        views = pairs_of(store, name, selection, where or (), pairs)
        if as_json:
            print_json([document(view) for view in views])
        elif not views:
            results().print(plain(_nothing(store, session, selection, where or ())), soft_wrap=True)
        elif markdown:
            results().print(plain("\n".join(_markdown(session, views))), soft_wrap=True)
        else:
            for part in _pages(session, views):
                results().print(part)


def _row(store: Store, key: str) -> dict[str, Any]:
    """The row of this id, whatever it is."""
    from aaa.store.kinds import TABLES
    from aaa.types import Session

    for kind in TABLES:
        row = store.get(kind, key)
        if row is not None:
            return {"kind": kind.__name__, **row.model_dump(mode="json")}
    known = ", ".join(session.id for session in store.rows(Session)) or "none"
    raise UsageError(f"{store.name} holds neither a session nor a row {key!r}. Its sessions: {known}.")


def _nothing(store: Store, session: Session, selection: str, where: Iterable[str]) -> str:
    """Why there is no pair to show; raises `UsageError` for a selection that the session does not have."""
    from aaa.session.selections import selections_of
    from aaa.types import PreferencePair

    selections = selections_of(session)
    if selection not in selections:
        raise UsageError(f"Session {session.id!r} has no selection {selection!r}; it has: {', '.join(selections)}.")
    number = store.count(PreferencePair, session=session.id, selection=selection)
    if number:
        return f"None of the {number:,} pairs of selection {selection} meets {' and '.join(where)}."
    return f"Selection {selection} holds no pairs. `aaa status {session.id}` shows what the session did."


def _heading(number: int, views: list[PairView]) -> str:
    pair = views[number - 1].pair
    return f"Pair {number} of {len(views)} · {pair.skill or 'no skill named'} · {pair.id}"


def _pages(session: Session, views: list[PairView]) -> Iterator[RenderableType]:
    from aaa.sim import REHEARSAL

    if session.simulated:
        yield plain(REHEARSAL, "bold yellow")
    for number, view in enumerate(views, start=1):
        yield Rule(plain(_heading(number, views)), align="left", style="dim")
        for section in sections(view):
            yield plain(section.title, STYLES[section.tone])
            yield Padding(plain(section.body), (0, 0, 1, 2), expand=False)


def _markdown(session: Session, views: list[PairView]) -> Iterator[str]:
    """The same as Markdown; words of models stand in fences that they cannot close."""
    from aaa.sim import REHEARSAL
    from aaa.text import code_fence, escaped

    yield f"# Pairs of session {session.id}\n"
    if session.simulated:
        yield f"> {REHEARSAL}\n"
    for number, view in enumerate(views, start=1):
        yield f"## {_heading(number, views)}\n"
        for section in sections(view):
            fence = code_fence(section.body)
            yield f"### {escaped(printable(section.title))}\n\n{fence}text\n{section.body}\n{fence}\n"

"""`aaa journal`: how large the store is, what the calls in it cost, and how to take something out of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import RenderableType
from rich.text import Text

from aaa.cli.options import DEFAULT_DB, Db, Json
from aaa.cli.output import count, headed, plain, print_json, print_whole, table
from aaa.cli.sessions import find_session
from aaa.errors import UsageError

if TYPE_CHECKING:
    from aaa.store import Store

Action = Literal["prune", "delete", "forget"]


def journal(
    action: Annotated[
        Action | None,
        typer.Argument(
            help="prune: calls that no session uses; delete: a session; forget: one prompt, everywhere.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="The session to delete, or the prompt to forget.", show_default=False),
    ] = None,
    db: Db = DEFAULT_DB,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without a question.")] = False,
    as_json: Json = False,
) -> None:
    """Show the size and cost of the store, or take something out of it."""
    from aaa.store import Store

    _check(action, name, asks=not yes, as_json=as_json)
    with Store.open(db, create=False) as store:
        if action is None:
            document = _document(store)
            _print(document, _report(store, document), as_json)
            return
        question = _question(store, action, name or "")
        if not yes:
            typer.confirm(question, abort=True)
        document, words = asyncio.run(_carry_out(store, action, name or ""))
        store.compact()
        _print(document, [plain(words)], as_json)


def _check(action: Action | None, name: str | None, *, asks: bool, as_json: bool) -> None:
    if action in ("delete", "forget") and name is None:
        what = "a session" if action == "delete" else "a prompt or an instruction"
        raise UsageError(f"`aaa journal {action}` needs the name of {what}.")
    if action == "prune" and name is not None:
        raise UsageError(f"`aaa journal prune` takes no name; found {name!r}.")
    if action is not None and asks and as_json:
        raise UsageError("`--json` asks no questions: give `--yes` too.")


def _print(document: dict[str, Any], parts: Iterator[RenderableType] | list[Text], as_json: bool) -> None:
    if as_json:
        print_json(document)
        return
    for part in parts:
        print_whole(part)


def _document(store: Store) -> dict[str, Any]:
    from aaa.types import Call, Session

    size, costs = store.size(), store.spent_by_model()
    calls = store.counts(Call, "model")
    return {
        "store": store.name,
        "bytes": size.bytes,
        "rows": size.rows,
        "models": [
            {
                "model": model,
                "calls": calls.get(model, 0),
                "attempts": costs[model].calls if model in costs else 0,
                "tokens": costs[model].tokens if model in costs else 0,
                "usd": costs[model].usd if model in costs else 0.0,
            }
            for model in sorted({*calls, *costs})
        ],
        "sessions": {session.id: store.spent(session.id).usd for session in store.rows(Session)},
    }


def _report(store: Store, document: dict[str, Any]) -> Iterator[RenderableType]:
    size = "" if document["bytes"] is None else f": {document['bytes'] / 1e6:,.1f} MB"
    rows = table("table", "#rows")
    for name, number in document["rows"].items():
        rows.add_row(plain(name), f"{number:,}")
    yield headed(f"{store.name}{size}", rows, simulated=False)
    models = table("model", "#calls", "#attempts", "#tokens", "#USD")
    for one in document["models"]:
        numbers = (f"{one[name]:,}" for name in ("calls", "attempts", "tokens"))
        models.add_row(plain(one["model"] or "(no reply yet)"), *numbers, f"{one['usd']:,.4f}")
    yield headed("Calls by model (attempts are kept of calls that cost something)", models, simulated=False)
    sessions = table("session", "#USD")
    for name, usd in document["sessions"].items():
        sessions.add_row(plain(name), f"{usd:,.4f}")
    yield headed("Cost by session", sessions, simulated=False)


def _question(store: Store, action: Action, name: str) -> str:
    match action:
        case "prune":
            return f"Delete all calls in {store.name} that no session uses?"
        case "delete":
            find_session(store, name)
            return f"Delete session {name!r} from {store.name}? Its calls stay until `aaa journal prune`."
        case "forget":
            return f"Delete prompt {name!r} and all that was made of it, in every session of {store.name}?"


async def _carry_out(store: Store, action: Action, name: str) -> tuple[dict[str, Any], str]:
    """Do it; returns what was done, for machines and in words."""
    match action:
        case "prune":
            pruned = await store.prune()
            return {"calls": pruned}, f"Deleted {count(pruned, 'call')} that no session uses."
        case "delete":
            await store.delete_session(name)
            return {
                "session": name
            }, f"Deleted session {name}. `aaa journal prune` deletes the calls that only it used."
        case "forget":
            return await _forget(store, name)


async def _forget(store: Store, name: str) -> tuple[dict[str, Any], str]:
    forgotten = await store.forget(name)
    instructions = [{"session": session, "instruction": id_} for session, id_ in forgotten.instructions]
    document = {"instructions": instructions, "rows": forgotten.rows, "calls": forgotten.calls}
    words = (
        f"Forgot {count(len(instructions), 'instruction')}: {count(forgotten.rows, 'row')} and "
        f"{count(forgotten.calls, 'call')} are gone. Files that were exported, and the files that prompts are read "
        "from, are as they were: make them anew."
    )
    if forgotten.kept_calls:
        words += f" {count(forgotten.kept_calls, 'call')} stayed, since other prompts with the same text use them."
    return {**document, "kept_calls": forgotten.kept_calls}, words

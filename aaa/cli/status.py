"""`aaa status`: where sessions stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import RenderableType

from aaa.cli.forecast import comparison, comparison_document
from aaa.cli.options import DEFAULT_DB, Db, Json
from aaa.cli.output import count, headed, plain, print_json, results, table
from aaa.cli.sessions import find_session
from aaa.cli.summary import conversations, failure_table, set_aside, set_aside_table

if TYPE_CHECKING:
    from aaa.store import Store
    from aaa.types import Session

STATUSES = ("done", "failed", "skipped")
MESSAGE_WIDTH = 400
"""Characters of a failure's message shown (ours); `aaa show ID` shows all of a row."""


NOUNS = {
    "sft_samples": "SFT sample",
    "preference_pairs": "preference pair",
    "labelled_samples": "label",
    "stepped_samples": "stepwise answer",
}
"""What selections made, as it is called."""


def status(
    session: Annotated[
        str | None, typer.Argument(metavar="[SESSION]", help="Name of a session; without it, all.", show_default=False)
    ] = None,
    db: Db = DEFAULT_DB,
    as_json: Json = False,
) -> None:
    """Show sessions: episodes by stage, calls, cost, failures."""
    from aaa.store import Store
    from aaa.types import Session

    with Store.open(db, create=False) as store:
        chosen = list(store.rows(Session)) if session is None else [find_session(store, session)]
        documents = [_document(store, one) for one in chosen]
        if as_json:
            print_json(documents if session is None else documents[0] | _more(store, chosen[0]))
            return
        out = results()
        if session is not None:
            for part in _details(store, chosen[0], documents[0]):
                out.print(part)
            for part in _against_forecast(store, chosen[0]):
                out.print(part)
        elif documents:
            out.print(_overview(documents))
        else:
            out.print(plain(f"{store.name} holds no session yet; `aaa run SCENARIO` begins one."), soft_wrap=True)


def _document(store: Store, session: Session) -> dict[str, Any]:
    """The facts about one session, as `--json` prints them."""
    from aaa.types import CallUse, Episode, Failure, LabelledSample, PreferencePair, SftSample, SteppedSample

    of_session = {"session": session.id}
    stages = {stage: store.counts(Episode, "status", **of_session, stage=stage) for stage in session.stages}
    spent = store.spent(session.id)
    return {
        "session": session.id,
        "complete": session.complete,
        "to_retry": store.count(Episode, **of_session, retry=True),
        "simulated": session.simulated,
        "stages": {stage: {name: counts.get(name, 0) for name in STATUSES} for stage, counts in stages.items()},
        "calls": {
            "made": store.count(CallUse, **of_session, paid=True),
            "replayed": store.count(CallUse, **of_session, paid=False),
            "attempts": spent.calls,
        },
        "tokens": spent.tokens,
        "usd": spent.usd,
        "sft_samples": store.counts(SftSample, "selection", **of_session),
        "preference_pairs": store.counts(PreferencePair, "selection", **of_session),
        "labelled_samples": store.counts(LabelledSample, "selection", **of_session),
        "stepped_samples": store.counts(SteppedSample, "selection", **of_session),
        "set_aside": set_aside(store, session),
        "failures": store.counts(Failure, "kind", **of_session),
    }


def _overview(documents: list[dict[str, Any]]) -> RenderableType:
    made = table("session", "state", "#done", "#failed", "#skipped", "#calls", "#USD", "#SFT", "#pairs")
    for document in documents:
        state, _ = _state(document)
        episodes = [sum(counts[name] for counts in document["stages"].values()) for name in STATUSES]
        rows = [sum(document[name].values()) for name in ("sft_samples", "preference_pairs")]
        made.add_row(
            plain(document["session"]),
            plain(f"{state}, simulated" if document["simulated"] else state),
            *(f"{number:,}" for number in (*episodes, document["calls"]["made"])),
            f"{document['usd']:.4f}",
            *(f"{number:,}" for number in rows),
        )
    return headed("Sessions", made, simulated=any(document["simulated"] for document in documents))


def _details(store: Store, session: Session, document: dict[str, Any]) -> Iterator[RenderableType]:
    state = ": ".join(filter(None, _state(document)))
    made = table("stage", *(f"#{name}" for name in STATUSES))
    for stage, counts in document["stages"].items():
        made.add_row(plain(stage), *(f"{counts[name]:,}" for name in STATUSES))
    yield headed(f"{session.id}: {state}", made, simulated=session.simulated)
    yield plain(_cost(document))
    for name, noun in NOUNS.items():
        for selection, number in document[name].items():
            yield plain(f"{count(number, noun)} in selection {selection}")
    from aaa.session import transcripts_of

    if transcripts := transcripts_of(store, session):
        yield ""
        yield headed("Conversations", conversations(transcripts), simulated=session.simulated)
    if document["set_aside"]:
        yield ""
        yield set_aside_table(document["set_aside"], simulated=session.simulated)
    if document["failures"]:
        yield ""
        yield failure_table(store, session, document["failures"], MESSAGE_WIDTH)


def _state(document: dict[str, Any]) -> tuple[str, str]:
    """Whether anything is left to do, and what does it."""
    if not document["complete"]:
        return "unfinished", "the same `aaa run` goes on"
    if again := document["to_retry"]:
        return f"complete but for {count(again, 'episode')}", "the same `aaa run` tries again what may still work"
    return "complete", ""


def _cost(document: dict[str, Any]) -> str:
    """Calls and what they cost. Simulated ones are free, and no attempts of them are kept."""
    calls = document["calls"]
    made = f"{count(calls['made'], 'call')} made, {calls['replayed']:,} replayed"
    if document["simulated"]:
        return made
    return f"{made} · {count(calls['attempts'], 'attempt')} · {document['tokens']:,} tokens · ${document['usd']:.4f}"


def _against_forecast(store: Store, session: Session) -> Iterator[RenderableType]:
    from aaa.session.planning import actual, kept_forecast

    if (forecast := kept_forecast(store, session.id)) is not None:
        yield ""
        yield comparison(forecast, actual(store, session), simulated=session.simulated)


def _more(store: Store, session: Session) -> dict[str, Any]:
    """What takes longer to find out, and is told of one session only."""
    from aaa.session import transcripts_of
    from aaa.session.planning import actual, kept_forecast

    forecast = kept_forecast(store, session.id)
    return {
        "conversations": {name: found.document() for name, found in sorted(transcripts_of(store, session).items())},
        "forecast": None if forecast is None else comparison_document(forecast, actual(store, session)),
    }

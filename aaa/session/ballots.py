"""Pairs for people to vote on, without a word on who wrote them; and their votes back as judgments of a panel `human`.

Which answer sits where is drawn by hash. The key to the seats stays in the store, as a Decision, never in the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aaa.errors import UsageError
from aaa.export.jsonl import Written, write_text
from aaa.scenario import Scenario
from aaa.session.chosen import select_all
from aaa.session.exporting import find
from aaa.session.polling import polled_judgment, polled_verdict
from aaa.store import Store
from aaa.types import (
    TIE,
    Answer,
    Decision,
    Game,
    Judgment,
    Message,
    Place,
    PreferencePair,
    Session,
    Verdict,
    content_hash,
    panel_stage,
    row_id,
)

HUMAN = "human"
"""The panel of those who vote, as a selection names it."""
COLUMNS = ("ballot", "prompt", "answer_1", "answer_2", "better", "annotator")
CHOICES = {"1": 0, "2": 1, "answer_1": 0, "answer_2": 1, TIE: None}
"""What `better` may hold, and the seat that it means; an empty field is no vote."""
_PANEL = f"{HUMAN}-ballots"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Votes:
    """What came of filled-in ballots."""

    votes: int
    empty: int
    """Ballots without a vote."""
    verdicts: int


async def export_ballots(store: Store, session: str, selection: str, to: Path) -> Written:
    """Write the pairs of a selection as a CSV with the columns `COLUMNS`; the last two are for those who vote.

    Cells that a spreadsheet would take for a formula begin with an apostrophe. Raises `UsageError` for an unknown
    session or selection, or one without pairs.
    """
    find(store, session, selection)
    key: dict[str, list[str]] = {}
    out = io.StringIO()
    table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    table.writerow(COLUMNS)
    for pair in sorted(store.rows(PreferencePair, session=session, selection=selection), key=_ballot):
        if pair.by == "instruction":
            raise UsageError(f"Selection {selection!r} pairs instructions, and ballots are for answers.")
        ballot = _ballot(pair)
        sides = sorted([(pair.chosen_answer, pair.chosen), (pair.rejected_answer, pair.rejected)], key=lambda s: s[0])
        if int(content_hash(["seat", ballot])[:8], 16) % 2:
            sides.reverse()
        key[ballot] = [pair.instruction, *(answer for answer, _ in sides)]
        told = map(_conversation, (pair.prompt, sides[0][1], sides[1][1]))
        table.writerow([ballot, *map(_cell, told), "", ""])
    if not key:
        raise UsageError(f"Selection {selection!r} of session {session!r} has no pairs to vote on.")
    written = write_text(to, out.getvalue().encode("utf-8", "replace").decode())
    await store.write(
        Decision(
            id=_key_id(session, selection),
            session=session,
            name="blind-votes",
            inputs=content_hash(sorted(key)),
            value={**_keys(store, session), **key},
        )
    )
    return Written(to, len(key), written.sha256, written.bytes)


def _ballot(pair: PreferencePair) -> str:
    """The same for both orders of the sides, so that it tells nothing of the outcome."""
    return row_id("ballot", pair.session, *sorted((pair.chosen_answer, pair.rejected_answer)))


def _conversation(messages: tuple[Message, ...]) -> str:
    """Messages as one reads them; a single one without its role."""
    if len(messages) == 1:
        return messages[0].text
    return "\n\n".join(f"[{message.role}]\n{message.text}" for message in messages)


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _key_id(session: str, selection: str) -> str:
    return row_id("decision", session, "ballots", selection)


def _keys(store: Store, session: str) -> dict[str, list[str]]:
    """Instruction and seats by ballot, of all ballots of a session so far."""
    found: dict[str, list[str]] = {}
    for decision in store.rows(Decision, session=session):
        if decision.name == "blind-votes" and isinstance(decision.value, dict):
            found |= {ballot: [*map(str, seats)] for ballot, seats in decision.value.items() if isinstance(seats, list)}
    return found


async def import_ballots(store: Store, path: Path, session: str) -> Votes:
    """Take votes as judgments of the panel `human`, one for each annotator and ballot, and the verdicts they come to.

    Votes of several files add up; a later one of the same annotator takes the earlier one's place. Raises `UsageError`
    for a ballot that this session never gave out, or a vote that is none: nothing is written then.
    """
    row = store.get(Session, session)
    if row is None:
        known = ", ".join(s.id for s in store.rows(Session)) or "none"
        raise UsageError(f"There is no session {session!r} in this store; it holds: {known}.")
    scenario = Scenario.model_validate(row.scenario)
    if HUMAN in scenario.cast:
        raise UsageError(f"Session {session!r} has a group {HUMAN!r} in its cast: votes would be taken for its own.")
    keys = _keys(store, session)
    given = list(_votes(path, keys))
    new = [_judgment(store, session, keys[ballot], annotator, choice) for ballot, annotator, choice in given if choice]
    with store.lock(session):
        await store.write(row.model_copy(update={"panels": {**row.panels, HUMAN: {"models": {}}}}), *new)
        matches = {(one.instruction, one.reading.match) for one in new if isinstance(one.reading, Game)}
        verdicts = [_verdict(store, session, *match) for match in sorted(matches)]
        await store.write(*verdicts)
        await select_all(store, session, scenario)
    return Votes(len(new), len(given) - len(new), len(verdicts))


def _votes(path: Path, keys: dict[str, list[str]]) -> Iterator[tuple[str, str, str]]:
    """Ballot, annotator and choice (empty without a vote) of each line."""
    try:
        table = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} cannot be read as a CSV in UTF-8: {error}.") from error
    missing = {"ballot", "better"} - set(table[0] if table else ())
    if missing:
        raise UsageError(f"{path} lacks the columns {', '.join(sorted(missing))}; ballots have: {', '.join(COLUMNS)}.")
    for number, row in enumerate(table, 2):
        choice = (row["better"] or "").strip().casefold()
        if row["ballot"] not in keys:
            raise UsageError(f"{path}, row {number}: the session gave out no ballot {row['ballot']!r}.")
        if choice and choice not in CHOICES:
            raise UsageError(f"{path}, row {number}: `better` is {choice!r}; possible are 1, 2, tie, or nothing.")
        yield row["ballot"], (row.get("annotator") or "").strip() or HUMAN, choice


def _judgment(store: Store, session: str, key: list[str], annotator: str, choice: str) -> Judgment:
    instruction, first, second = key
    place = Place.of(session, panel_stage(HUMAN), instruction)
    shown = (store.get(Answer, first), store.get(Answer, second))
    if shown[0] is None or shown[1] is None:
        raise UsageError(f"An answer that was voted on is no longer in session {session!r}: {first} or {second}.")
    return polled_judgment(place, _PANEL, annotator, HUMAN, (shown[0], shown[1]), CHOICES[choice])


def _verdict(store: Store, session: str, instruction: str, match: str) -> Verdict:
    """What all votes on a match come to, those of earlier files included."""
    place = Place.of(session, panel_stage(HUMAN), instruction)
    games: dict[str, Game] = {}
    for judgment in store.by_instruction(Judgment, session, instruction):
        if judgment.episode == place.episode and isinstance(judgment.reading, Game) and judgment.reading.match == match:
            games[judgment.judge] = judgment.reading
    return polled_verdict(place, _PANEL, games)

"""Other people's data as a session: to be judged again, audited, selected and exported. Costs no call."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from aaa import __version__
from aaa.curate import Selected
from aaa.errors import UsageError
from aaa.export import LeftOut
from aaa.scenario import Scenario
from aaa.session.chosen import select_all
from aaa.session.foreign import MT_BENCH, Foreign, Unreadable, answers_fault, read_foreign
from aaa.session.imported import ImportedItem
from aaa.session.imported_votes import PolledItem, PolledVote, read_votes
from aaa.session.selections import IMPORTED
from aaa.store import Store
from aaa.types import Decision, Sample, Session, SessionRecord, content_hash, row_id

BATCH = 300
"""Rows of a file in one transaction (ours)."""


@dataclass(frozen=True)
class Imported:
    """What came of a file."""

    session: str
    rows: int
    left_out: LeftOut
    """Rows that could not be read, by their places."""


async def import_file(store: Store, path: Path, format_name: str, session: str, *, terms: str = "unknown") -> Imported:
    """Take a file, or a folder of one of AAA's formats, into a new session.

    Its preferences become verdicts, its grades, labels and votes judgments, all by the panel `imported`; the selection
    `imported` holds the rows as they were (of votes, what most said), the selection `main` what its rules make of them.
    Doing it again changes nothing. Raises `UsageError` for a file that holds no row of the format, and a session of
    this name that is another.
    """
    digest = _digest(path, format_name, terms)
    _refuse_other(store, session, digest)
    taking = _Taking(store, session, terms)
    with store.lock(session):
        row = _session(session, path, terms)
        rows = taking.polled(path) if format_name == MT_BENCH else taking.rows(format_name, path)
        await store.replace_selection(session, IMPORTED, rows)
        if not taking.ids:
            why = "; ".join(taking.left_out.details.values()) or "it is empty"
            raise UsageError(f"{path} holds no row of {format_name} that can be read: {why}.")
        decision = row_id("decision", session, "sample")
        await store.write(
            Decision(id=decision, session=session, name="sample", inputs=digest, value=list(taking.ids)),
            row.model_copy(update={"complete": True}),
        )
        await select_all(store, session, Scenario.model_validate(row.scenario))
    return Imported(session, taking.taken, taking.left_out)


def _digest(path: Path, format_name: str, license_: str) -> str:
    """Hash of all that is read."""
    digest = hashlib.sha256(f"{format_name}\n{license_}\n".encode())
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    try:
        for file in files:
            with file.open("rb") as opened:
                while block := opened.read(1 << 20):
                    digest.update(block)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    return digest.hexdigest()


def _refuse_other(store: Store, session: str, digest: str) -> None:
    if store.get(Session, session) is None:
        return
    sample = store.get(Decision, row_id("decision", session, "sample"))
    if sample is not None and sample.inputs != digest:
        raise UsageError(f"There is a session {session!r} already, of something else: give another `--session NAME`.")


def _session(name: str, path: Path, license_: str) -> Session:
    """An anonymous scenario whose one stage is the import."""
    model = {"model": f"{IMPORTED}/unknown", "family": IMPORTED, "license": license_}
    scenario = Scenario.model_validate(
        {
            "name": name,
            "models": {IMPORTED: model},
            "cast": {"members": {"models": [IMPORTED]}},
            "prompts": {"from": [path.name]},
            "stages": [{"kind": "answer", "name": IMPORTED}],
            # Whatever panel judges the texts again: they were written by nobody in the session.
            "allow_simulated_mix": True,
        }
    )
    return Session(
        id=name,
        scenario=scenario.model_dump(mode="json"),
        cards={"members": None},
        prompts={},
        stages={IMPORTED: ""},
        version=__version__,
        simulated=False,
    )


class _Taking:
    """Rows of a file on their way into the store."""

    def __init__(self, store: Store, session: str, license_: str) -> None:
        self._store, self._session, self._license = store, session, license_
        self.ids: list[str] = []
        self.taken = 0
        """Rows of the file that were read."""
        self.left_out = LeftOut()
        self._seen: dict[str, int] = {}

    async def rows(self, format_name: str, path: Path) -> AsyncIterator[Sample]:
        """Writes instructions, answers and judgments; gives the rows of the selection `imported`."""
        waiting: list[SessionRecord] = []
        for place, found in read_foreign(format_name, path):
            fault = found if isinstance(found, Unreadable) else answers_fault(found)
            if fault is not None or isinstance(found, Unreadable):
                self.left_out.add(place, (fault.reason, fault.detail) if fault else ("unreadable", ""))
                continue
            item = ImportedItem(self._session, found, self._source(found), self._license)
            try:
                rows, sample = list(item.rows()), item.sample()
            except ValueError as error:
                self.left_out.add(place, ("score_range", str(error).replace("\n", " ")[:200]))
                continue
            self.ids.append(item.instruction.id)
            self.taken += 1
            waiting += rows
            if len(waiting) > BATCH:
                await self._store.write(*waiting)
                waiting = []
            yield sample
        await self._store.write(*waiting)

    async def polled(self, path: Path) -> AsyncIterator[Selected]:
        """The same for votes, which are gathered by prompt first: each text of the file is held in memory once."""
        items: dict[str, PolledItem] = {}
        for place, vote in read_votes(path):
            fault: Unreadable | None
            if isinstance(vote, PolledVote):
                item = items.get(vote.item) or PolledItem.begin(self._session, vote, self._license)
                fault = item.add(vote)
                if fault is None:
                    items[vote.item] = item
                    self.taken += 1
            else:
                fault = vote
            if fault is not None:
                self.left_out.add(place, (fault.reason, fault.detail))
        for _, item in sorted(items.items()):
            self.ids.append(item.instruction.id)
            await self._store.write(*item.rows())
            for row in item.selected():
                yield row

    def _source(self, found: Foreign) -> str:
        """The file's own id, else a hash of the text; one that was there before gets a number."""
        said = [
            [m.model_dump(mode="json") for m in side] for side in (found.prompt, *(s.messages for s in found.sides))
        ]
        id_ = found.id or content_hash(said)[:16]
        number = self._seen[id_] = self._seen.get(id_, 0) + 1
        return id_ if number == 1 else f"{id_}~{number}"

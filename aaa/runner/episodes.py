"""One episode: done before and unchanged, or run now and stored in one transaction with all that it made."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aaa.agents import failure_row
from aaa.errors import AaaError, WorkError
from aaa.runner.progress import Progress
from aaa.store import Store, encode
from aaa.types import Episode, EpisodeStatus, Failure, Place, SessionRecord, content_hash

Work = Callable[[], Awaitable[Sequence[SessionRecord]]]


@dataclass(frozen=True)
class Episodes:
    """Runs episodes against one store."""

    store: Store
    progress: Progress
    new: bool = False
    """Whether the session had no episode when this run began: then none is looked for."""

    async def run(
        self, place: Place, fingerprint: str, work: Work, broken_off: Sequence[SessionRecord] = ()
    ) -> Episode:
        """The finished episode; `work` is called only if there is none with this fingerprint, or it may be retried.

        What `work` returns is stored whole or not at all. A `WorkError` it raises, or a fault of ours, becomes a
        Failure row, beside which `broken_off` is stored. Raises `StopError` and `StoreError`; then nothing of this
        episode is stored, and the next run begins it again (with its calls in the journal).
        """
        before = await self._before(place)
        if before is not None and before.fingerprint == fingerprint and not before.retry:
            self._count(before, list(self.store.rows(Failure, session=place.session, episode=place.episode)))
            self.progress.replayed += 1
            return before
        rows = await self._rows(place, work, broken_off)
        failures = [row for row in rows if isinstance(row, Failure)]
        encoded = [encode(row) for row in rows]
        made = [one.body for row, one in zip(rows, encoded, strict=True) if not isinstance(row, Failure)]
        episode = _episode(
            place,
            "failed" if any(_counts(failure) for failure in failures) else "done",
            fingerprint=fingerprint,
            result=content_hash(made),
            retry=any(failure.transient for failure in failures),
        )
        await self.store.finish(episode, encoded, first=before is None)
        self._count(episode, failures)
        return episode

    async def skip(self, place: Place, reason: str) -> None:
        """Record that a stage had nothing to do with this instruction, and drop what an earlier run made there."""
        episode = _episode(place, "skipped", reason=reason)
        before = await self._before(place)
        if before != episode:
            await self.store.finish(episode, (), first=before is None)
        self.progress.skipped += 1
        self.progress.passed_over[place.stage] += 1
        self.progress.expected -= 1

    async def _before(self, place: Place) -> Episode | None:
        """The episode as an earlier run left it."""
        return None if self.new else await self.store.find(Episode, place.episode)

    async def _rows(self, place: Place, work: Work, broken_off: Sequence[SessionRecord]) -> Sequence[SessionRecord]:
        try:
            return sorted(await work(), key=lambda row: row.id)
        except WorkError as error:
            return [failure_row(error, place, step="episode", role="member", model=None), *broken_off]
        except AaaError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours in one item must not cost a night's run: it is a row
            return [_internal(place, error), *broken_off]

    def _count(self, episode: Episode, failures: list[Failure]) -> None:
        if episode.status == "done":
            self.progress.done += 1
        else:
            self.progress.failed += 1
        self.progress.stage[episode.stage] += 1
        self.progress.count_failures(failures)


def _episode(
    place: Place,
    status: EpisodeStatus,
    *,
    fingerprint: str = "",
    result: str = "",
    retry: bool = False,
    reason: str | None = None,
) -> Episode:
    return Episode(
        id=place.episode,
        session=place.session,
        stage=place.stage,
        instruction=place.instruction,
        status=status,
        fingerprint=fingerprint,
        result=result,
        retry=retry,
        reason=reason,
    )


def _counts(failure: Failure) -> bool:
    """A juror's final failure is borne by the panel's quorum; every other failure makes the episode a failed one."""
    return failure.transient or failure.role != "judge"


def _internal(place: Place, error: Exception) -> Failure:
    return Failure(
        id=place.row("failure", "internal"),
        session=place.session,
        episode=place.episode,
        instruction=place.instruction,
        stage=place.stage,
        step="episode",
        role="episode",
        kind="internal",
        message=f"{type(error).__name__}: {error}",
        raw="".join(traceback.format_exception(error))[-4000:],
        transient=True,
    )

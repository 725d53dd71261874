"""One episode: done once, done again when what it depends on changes or a fault may have passed, and never lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from aaa.errors import BudgetError, CallError
from aaa.runner import Episodes, Progress
from aaa.store import Store
from aaa.types import Critique, Episode, Failure, Place, Producer, SessionRecord

PLACE = Place.of("s", "critique", "i")


def critique(step: str) -> Critique:
    return Critique(
        id=PLACE.row("critique", step),
        session="s",
        episode=PLACE.episode,
        instruction="i",
        answer="a",
        critic="c",
        producer=Producer(model="c", family="f", license="mit"),
        suggestions=(),
        words=step,
        prompt="p",
        call="k",
    )


class Work:
    """Something to do, which counts how often it was done."""

    def __init__(self, *rows: SessionRecord, error: Exception | None = None) -> None:
        self.rows, self.error, self.done = rows, error, 0

    async def __call__(self) -> Sequence[SessionRecord]:
        self.done += 1
        if self.error is not None:
            raise self.error
        return self.rows


@pytest.fixture
async def episodes(tmp_path: Path) -> AsyncIterator[Episodes]:
    with Store.open(tmp_path / "aaa.db") as store:
        yield Episodes(store, Progress())


async def test_done_once_and_again_only_under_another_fingerprint(episodes: Episodes) -> None:
    work = Work(critique("one"), critique("two"))
    first = await episodes.run(PLACE, "f1", work)
    assert await episodes.run(PLACE, "f1", work) == first
    assert work.done == 1
    changed = await episodes.run(PLACE, "f2", Work(critique("three")))
    assert changed.result != first.result
    assert [row.words for row in episodes.store.rows(Critique, session="s")] == ["three"], "old rows are gone"
    assert (episodes.progress.done, episodes.progress.replayed) == (3, 1)


@pytest.mark.parametrize(("transient", "times"), [(True, 2), (False, 1)])
async def test_only_what_may_have_passed_is_tried_again(episodes: Episodes, transient: bool, times: int) -> None:
    work = Work(error=CallError("server", "down", transient=transient, raw="<html>"))
    episode = await episodes.run(PLACE, "f", work)
    await episodes.run(PLACE, "f", work)
    assert work.done == times
    assert (episode.status, episode.retry) == ("failed", transient)
    (failure,) = episodes.store.rows(Failure, session="s")
    assert (failure.kind, failure.raw, failure.transient) == ("server", "<html>", transient)


async def test_a_fault_of_ours_costs_one_episode_and_is_told_with_its_traceback(episodes: Episodes) -> None:
    episode = await episodes.run(PLACE, "f", Work(error=ZeroDivisionError("oh")))
    (failure,) = episodes.store.rows(Failure, session="s")
    assert (episode.status, failure.kind, failure.transient) == ("failed", "internal", True)
    assert "ZeroDivisionError: oh" in failure.message
    assert "Traceback" in (failure.raw or "")


async def test_a_stop_stores_nothing(episodes: Episodes) -> None:
    with pytest.raises(BudgetError):
        await episodes.run(PLACE, "f", Work(error=BudgetError("empty")))
    assert episodes.store.get(Episode, PLACE.episode) is None


async def test_a_jurors_final_failure_does_not_fail_the_episode_but_a_passing_one_is_tried_again(
    episodes: Episodes,
) -> None:
    def juror(transient: bool) -> Failure:
        return Failure(
            id=PLACE.row("failure", "game"),
            session="s",
            episode=PLACE.episode,
            instruction="i",
            stage="critique",
            step="game",
            role="judge",
            kind="parse_failed",
            message="",
            transient=transient,
        )

    assert (await episodes.run(PLACE, "f1", Work(critique("one"), juror(False)))).status == "done"
    again = await episodes.run(PLACE, "f2", Work(critique("one"), juror(True)))
    assert (again.status, again.retry) == ("failed", True)


async def test_a_skipped_stage_leaves_no_rows_of_an_earlier_run(episodes: Episodes) -> None:
    await episodes.run(PLACE, "f", Work(critique("one")))
    await episodes.skip(PLACE, "left out")
    assert list(episodes.store.rows(Critique, session="s")) == []
    episode = episodes.store.get(Episode, PLACE.episode)
    assert episode is not None
    assert (episode.status, episode.reason) == ("skipped", "left out")

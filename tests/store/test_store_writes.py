"""Writing: groups, culprits, whole episodes, whole selections, and sessions that are deleted."""

import asyncio
import sqlite3
import threading

import pytest
import store_examples as make

from aaa.errors import StoreError, UsageError
from aaa.store import Store, encode
from aaa.types import (
    Answer,
    Attempt,
    Call,
    Critique,
    Episode,
    Failure,
    Judgment,
    PreferencePair,
    Rejection,
    Session,
    SftSample,
    Verdict,
)


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "writes.db") as store:
        yield store


def by_hand(store, *statements):
    """What somebody does to the file behind AAA's back."""
    with sqlite3.connect(store.name) as db:
        for statement in statements:
            db.execute(statement)
    db.close()


async def finish(store, episode, rows):
    await store.finish(episode, [encode(row) for row in rows])


async def as_one_group(store, *writes):
    """Results of writes that all wait while another process holds the file, so that they are committed together."""
    with sqlite3.connect(store.name, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        first = asyncio.create_task(store.write(make.session("keeps the writer busy")))
        await asyncio.sleep(0.05)
        tasks = [asyncio.create_task(write) for write in writes]
        await asyncio.sleep(0)
        other.execute("COMMIT")
    other.close()
    await first
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_many_writers_at_once(store):
    async def writer(number):
        for turn in range(20):
            answer = make.answer(f"a{number:02}-{turn:02}")
            await store.write(answer)
            assert store.get(Answer, answer.id) == answer, "acknowledged, so to be seen at once"

    await asyncio.gather(*(writer(number) for number in range(64)))
    assert store.count(Answer) == 64 * 20


async def test_writers_on_several_event_loops(store):
    def thread(number):
        asyncio.run(store.write(*(make.answer(f"a{number}-{row}") for row in range(10))))

    threads = [threading.Thread(target=thread, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    await store.write(make.answer("here"))
    for each in threads:
        await asyncio.to_thread(each.join)
    assert store.count(Answer) == 41


async def test_a_bad_row_fails_alone(store):
    too_large = make.attempt("bad", tokens=(2**70, 0))
    jobs = [store.write(make.answer(f"a{number}")) for number in range(50)]
    jobs.insert(25, store.write(make.answer("with the bad one"), too_large))
    results = await as_one_group(store, *jobs)
    assert [type(result) for result in results if result is not None] == [StoreError]
    assert isinstance(results[25], StoreError)
    assert store.count(Answer) == 50
    assert store.count(Attempt) == 0
    await store.write(make.answer("later"))


async def test_the_last_of_several_writes_of_one_row_stays(store):
    await as_one_group(store, *(store.write(make.answer(text=f"version {number}")) for number in range(100)))
    assert store.get(Answer, "a").text == "version 99"
    assert store.count(Answer) == 1


async def test_a_cancelled_writer_leaves_the_others_alone(store):
    tasks = [asyncio.create_task(store.write(make.answer(f"a{number}"))) for number in range(20)]
    await asyncio.sleep(0)
    tasks[7].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[7], asyncio.CancelledError)
    assert results[:7] + results[8:] == [None] * 19
    assert store.count(Answer) >= 19


async def test_closing_commits_what_waits_and_refuses_more(tmp_path):
    store = Store.open(tmp_path / "close.db")
    tasks = [asyncio.create_task(store.write(make.answer(f"a{number}"))) for number in range(20)]
    await asyncio.sleep(0)
    store.close()
    await asyncio.gather(*tasks)
    with pytest.raises(StoreError, match="closed"):
        await store.write(make.answer("late"))
    store.close()
    with Store.open(tmp_path / "close.db") as again:
        assert again.count(Answer) == 20


def test_a_loop_that_ended_does_not_stop_the_writer(store):
    async def leave():
        task = asyncio.ensure_future(store.write(make.answer("left")))
        await asyncio.sleep(0)
        task.cancel()

    for _ in range(20):
        asyncio.run(leave())
    asyncio.run(store.write(make.answer("next")))
    assert store.get(Answer, "next") is not None


async def test_reads_do_not_wait_for_a_writer(store):
    await store.write(make.answer("a1"))
    with sqlite3.connect(store.name, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(store.write(make.answer("a2")))
        await asyncio.sleep(0.05)
        assert [row.id for row in store.rows(Answer)] == ["a1"]
        assert not waiting.done()
        other.execute("COMMIT")
        await waiting
    other.close()
    assert store.count(Answer) == 2


async def test_finish_replaces_all_that_the_episode_made(store):
    first = [make.answer("a1"), make.answer("a2"), make.judgment(), make.verdict(), make.critique(), make.failure()]
    await finish(store, make.episode(status="failed", retry=True), first)
    await store.write(make.answer("of another episode", episode="e2"), make.answer("of another session", session="t"))
    await finish(store, make.episode(), [make.answer("a2", text="new"), make.answer("a3")])
    assert [row.id for row in store.rows(Answer, session="s", episode="e")] == ["a2", "a3"]
    assert store.get(Answer, "a2").text == "new"
    assert [store.count(kind) for kind in (Judgment, Verdict, Critique, Failure)] == [0, 0, 0, 0]
    assert store.count(Answer) == 4
    assert store.get(Episode, "e").status == "done"


async def test_finish_is_all_or_nothing(store):
    await finish(store, make.episode(status="failed"), [make.answer("old"), make.failure()])
    by_hand(
        store,
        "CREATE TRIGGER bad BEFORE INSERT ON verdicts WHEN new.panel = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    others = [
        finish(store, make.episode(f"e{number}"), [make.answer(f"n{number}", episode=f"e{number}")])
        for number in range(10)
    ]
    bad = finish(store, make.episode(), [make.answer("new"), make.verdict(panel="bad")])
    results = await as_one_group(store, *others[:5], bad, *others[5:])
    assert isinstance(results.pop(5), StoreError)
    assert results == [None] * 10
    assert [row.id for row in store.rows(Answer, episode="e")] == ["old"]
    assert store.get(Episode, "e").status == "failed"
    assert store.count(Failure) == 1
    assert store.count(Episode) == 11


async def test_a_write_before_a_finish_of_the_same_episode_is_replaced_even_in_one_group(store):
    await as_one_group(
        store,
        store.write(make.answer("before")),
        finish(store, make.episode(), [make.answer("made")]),
        store.write(make.answer("after")),
    )
    assert [row.id for row in store.rows(Answer)] == ["after", "made"]


async def test_replace_selection(store):
    await store.write(make.pair("of another", selection="strict"), make.pair("of t", session="t"))
    first = [make.pair("p0"), make.sft("x0"), make.rejection("n0")]
    await store.replace_selection("s", "main", first)
    await store.replace_selection("s", "main", first)
    assert [store.count(kind, session="s", selection="main") for kind in (PreferencePair, SftSample, Rejection)] == [
        1
    ] * 3

    async def made():
        for number in range(1203):
            await asyncio.sleep(0)
            yield make.pair(f"p{number:04}", text="half \ud83d") if number % 2 else make.rejection(f"n{number:04}")

    await store.replace_selection("s", "main", made())
    assert store.count(PreferencePair, session="s", selection="main") == 601
    assert store.count(Rejection, selection="main") == 602
    assert store.count(SftSample) == 0
    assert store.get(PreferencePair, "p0001") == make.pair("p0001", text="half \ud83d")
    assert {row.id for row in store.rows(PreferencePair)} >= {"of another", "of t"}
    await store.replace_selection("s", "main", [])
    assert store.count(PreferencePair) == 2


async def test_a_selection_that_breaks_off_changes_nothing(store):
    await store.replace_selection("s", "main", [make.pair("old")])

    def broken():
        yield from (make.pair(f"p{number}") for number in range(700))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.replace_selection("s", "main", broken())
    assert [row.id for row in store.rows(PreferencePair)] == ["old"]


async def test_rows_of_a_selection_may_read_and_write_while_they_are_made(store):
    await store.write(*(make.answer(f"a{number}") for number in range(3)))

    async def made():
        for row in store.rows(Answer):
            await store.write(make.failure(f"f-{row.id}"))
            yield make.sft(f"x-{row.id}")

    await asyncio.wait_for(store.replace_selection("s", "main", made()), 10)
    assert store.count(SftSample) == store.count(Failure) == 3


async def test_delete_session(store):
    await store.write(*make.every_type("x"), make.session("t"), make.answer("kept", session="t"))
    await store.write(make.call("shared"), make.use("u-s", call="shared"), make.use("u-t", "t", call="shared"))
    await store.delete_session("s")
    size = store.size().rows
    assert {name: number for name, number in size.items() if number} == {
        "sessions": 1,
        "answers": 1,
        "call_uses": 1,
        "calls": 3,
    }
    await store.delete_session("t", prune=True)
    assert set(store.size().rows.values()) == {0}


async def test_prune_keeps_calls_that_others_use(store):
    await store.write(make.session("s"), make.session("t"), make.call("shared"), make.call("own"))
    await store.write(make.use("u1", call="own"), make.use("u2", call="shared"), make.use("u3", "t", call="shared"))
    await store.delete_session("s", prune=True)
    assert [row.id for row in store.rows(Call)] == ["shared"]
    assert [row.id for row in store.rows(Session)] == ["t"]


async def test_delete_session_that_is_not_there_or_in_use(store):
    await store.write(make.session("mine"))
    with pytest.raises(UsageError, match=r"'yours'.*mine"):
        await store.delete_session("yours")
    with store.lock("mine"), pytest.raises(UsageError, match="in use"):
        await store.delete_session("mine")
    assert store.count(Session) == 1

"""The journal over a store, as the call layer uses it."""

import asyncio
import sqlite3

import pytest
import store_examples as make
from sqlalchemy import Engine, event

from aaa.errors import StoreError
from aaa.store import Store, StoreJournal
from aaa.types import Attempt, CallUse, Spent


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "journal.db") as store:
        yield store


async def test_a_call_is_found_after_its_commit(store):
    journal = StoreJournal(store)
    assert await journal.find("k") is None
    await journal.reserve(make.attempt(state="reserved"))
    assert await journal.find("k") is None
    await journal.commit(make.call(), make.use(), [make.attempt()])
    assert await journal.find("k") == make.call()
    assert store.count(CallUse, call="k", paid=True) == 1


async def test_what_was_reserved_counts_until_it_is_settled(store):
    journal = StoreJournal(store)
    assert store.spent("s") == Spent(usd=0.0, calls=0, tokens=0)
    await journal.reserve(make.attempt("t1", state="reserved", usd=2.0, tokens=(100, 50)))
    await journal.reserve(make.attempt("t2", state="reserved", usd=1.0, tokens=(10, 5)))
    await journal.reserve(make.attempt("t3", session="t", state="reserved", usd=8.0))
    assert store.spent("s") == Spent(usd=3.0, calls=2, tokens=165)
    await journal.settle(make.attempt("t1", usd=0.25, tokens=(20, 10)))
    assert store.spent("s") == Spent(usd=1.25, calls=2, tokens=45)
    assert await journal.spent("s") == {"gpt": Spent(usd=1.25, calls=2, tokens=45)}
    assert store.counts(Attempt, "state", session="s") == {"reserved": 1, "settled": 1}


async def test_attempts_of_calls_that_came_to_no_end(store):
    journal = StoreJournal(store)
    await journal.reserve(make.attempt("t1", call="lost", state="reserved"))
    await journal.settle(make.attempt("t2", call="lost"))
    await journal.reserve(make.attempt("t3", call="ended", state="reserved"))
    await journal.commit(make.call("ended"), make.use(call="ended"), [make.attempt("t3", call="ended")])
    await journal.reserve(make.attempt("t4", session="t", call="of another session"))
    assert await journal.unfinished("s") == {"lost": 2}


async def test_a_replay_does_not_unpay_the_use_that_paid(store):
    journal = StoreJournal(store)
    await journal.commit(make.call(), make.use("u"), [make.attempt()])
    await journal.used(make.use("u", paid=False))
    await journal.used(make.use("v", paid=False))
    assert {use.id: use.paid for use in store.rows(CallUse)} == {"u": True, "v": False}


async def test_a_use_follows_its_request_when_that_changes(store):
    journal = StoreJournal(store)
    await journal.commit(make.call("k1"), make.use("u", call="k1"), [])
    await journal.used(make.use("u", call="k2", paid=False))
    assert store.get(CallUse, "u") == make.use("u", call="k2", paid=False)


async def test_calls_asked_for_at_once_are_found_by_one_query(store):
    journal = StoreJournal(store)
    for key in ("a", "b", "c"):
        await journal.commit(make.call(key), make.use(f"u-{key}", call=key), [])
    queries: list[str] = []

    def note(*given):
        queries.append(given[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        found = await asyncio.gather(*(journal.find(key) for key in ("b", "missing", "a", "b")))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert found == [make.call("b"), None, make.call("a"), make.call("b")]
    assert len(queries) == 1
    assert await journal.find("c") == make.call("c")


async def test_a_look_up_that_fails_fails_for_all_who_wait_and_for_nobody_after(store, tmp_path):
    journal = StoreJournal(store)
    await journal.commit(make.call(), make.use(), [])
    with sqlite3.connect(tmp_path / "journal.db") as other:
        other.execute("ALTER TABLE calls RENAME TO lost")
    waiting = [asyncio.ensure_future(journal.find(key)) for key in ("k", "other", "k")]
    await asyncio.sleep(0)
    waiting[2].cancel()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(error) for error in found] == [StoreError, StoreError, asyncio.CancelledError]
    with sqlite3.connect(tmp_path / "journal.db") as other:
        other.execute("ALTER TABLE lost RENAME TO calls")
    assert await journal.find("k") == make.call()

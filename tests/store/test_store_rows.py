"""What goes in comes out: every type, odd texts, and the questions that rows are asked."""

import asyncio
import json
import sqlite3

import pytest
import store_examples as make
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlmodel import Session as Db
from sqlmodel import create_engine, select

from aaa.errors import StoreError
from aaa.store import Store, queries
from aaa.store.kinds import TABLES
from aaa.store.tables import PreferencePairs
from aaa.types import Answer, Attempt, Call, Failure, Instruction, Message, PreferencePair, Session, SessionRecord

ANY_TEXT = st.text(st.characters(exclude_categories=()))


def spelt_as_pairs(text):
    """Two halves of a surrogate pair side by side are, in JSON, the character that they spell."""
    return json.loads(json.dumps(text))


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "rows.db") as store:
        yield store


@pytest.fixture(scope="module")
def odd_store(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("odd") / "odd.db") as store:
        yield store


@given(text=ANY_TEXT.map(spelt_as_pairs))
@example(text='half a pair \ud83d and NUL \0, quote " and \\ud800, é, 漢, 😀')
@example(text="")
def test_every_type_comes_back_equal_whatever_its_text(odd_store, text):
    rows = make.every_type(text)
    asyncio.run(odd_store.write(*rows))
    assert {type(row) for row in rows} == set(TABLES)
    for row in rows:
        assert odd_store.get(type(row), row.id) == row


def test_columns_are_fields_of_the_type():
    for kind, table in TABLES.items():
        assert {column.name for column in table.c} - {"body"} <= set(kind.model_fields), table.name


async def test_columns_with_odd_text_can_be_asked_for(store):
    await store.write(make.instruction("i1", text="half \ud83d\0"), make.instruction("i2", text="whole"))
    assert [row.id for row in store.rows(Instruction, skill="half \ud83d\0")] == ["i1"]


async def test_readable_in_sqlite_without_aaa(store, tmp_path):
    await store.write(make.pair("p1", text="caf\u00e9 漢"), make.pair("p2", text="other", margin=3.0))
    await store.write(make.pair("p3", selection="odd", text="half \ud83d"))
    with sqlite3.connect(tmp_path / "rows.db") as db:
        found = db.execute(
            "SELECT json_extract(body, '$.chosen[0].content'), margin, body LIKE '%café 漢%' FROM preference_pairs "
            "WHERE session = 's' AND selection = 'main' AND decided_by = 'panel' ORDER BY margin"
        ).fetchall()
        assert found == [("café 漢 better", 2.0, 1), ("other better", 3.0, 0)]
        assert db.execute("SELECT count(*) FROM preference_pairs WHERE json_valid(body)").fetchone() == (3,)
    db.close()


async def test_readable_through_sqlmodel(store, tmp_path):
    await store.write(make.pair("p1"), make.pair("p2", margin=3.0))
    engine = create_engine(f"sqlite:///{tmp_path / 'rows.db'}")
    with Db(engine) as db:
        found = db.exec(select(PreferencePairs).where(PreferencePairs.margin > 2)).one()
        assert PreferencePair.model_validate_json(found.body) == make.pair("p2", margin=3.0)
    engine.dispose()


async def test_call_bodies_are_packed(store, tmp_path):
    await store.write(make.call(text="the same words again " * 200))
    with sqlite3.connect(tmp_path / "rows.db") as db:
        (size,) = db.execute("SELECT length(body) FROM calls").fetchone()
    db.close()
    assert size < 1000


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
async def test_numbers_that_json_lacks_are_refused(store, number):
    with pytest.raises(StoreError, match="'t'"):
        await store.write(make.answer(), make.attempt().model_copy(update={"usd": number}))
    assert store.count(Answer) == store.count(Attempt) == 0


async def test_writing_again_replaces(store):
    await store.write(make.answer(text="first"))
    await store.write(make.answer(text="second"), make.answer(text="third", context="revised"))
    assert store.count(Answer) == 1
    assert store.get(Answer, "a").text == "third"
    assert store.counts(Answer, "context") == {"revised": 1}


async def test_rows_are_streamed_in_order_and_filtered(store):
    keys = [f"a{number:04}" for number in range(1203)]
    await store.write(*(make.answer(key, instruction="even" if int(key[1:]) % 2 == 0 else "odd") for key in keys[::-1]))
    await store.write(make.answer("other", session="t"))
    assert [row.id for row in store.rows(Answer, session="s")] == keys
    assert [row.id for row in store.rows(Answer, session="s", instruction="odd")] == keys[1::2]
    assert [row.id for row in store.by_instruction(Answer, "s", "even")] == keys[::2]
    assert store.count(Answer, session="s", instruction="odd") == 601
    assert store.counts(Answer, "instruction", session="s") == {"even": 602, "odd": 601}


@pytest.mark.parametrize("listed", [50_000, 400])
async def test_rows_are_ordered_by_another_column_then_by_id(store, monkeypatch, listed):
    monkeypatch.setattr("aaa.store.store._LISTED", listed)
    pairs = [make.pair(f"p{number:04}", margin=1.0 + number % 3) for number in range(1100)]
    await store.write(*pairs)
    found = [(row.margin, row.id) for row in store.rows(PreferencePair, order="margin")]
    assert found == sorted((row.margin, row.id) for row in pairs)


async def test_rows_that_are_deleted_while_others_are_read_are_passed_over(store):
    await store.write(*(make.pair(f"p{number:04}") for number in range(1203)))
    rows = store.rows(PreferencePair)
    first = next(rows)
    await store.replace_selection("s", first.selection, [])
    assert len([first, *rows]) == 500


async def test_missing_values_can_be_asked_for(store):
    await store.write(make.failure("f1"), make.failure("f2").model_copy(update={"model": "gpt"}))
    assert [row.id for row in store.rows(Failure, model=None)] == ["f1"]
    assert store.counts(Failure, "model") == {"": 1, "gpt": 1}


async def test_questions_that_make_no_sense_are_refused(store):
    with pytest.raises(TypeError, match=r"'colour'.*member"):
        store.count(Answer, colour="red")
    with pytest.raises(TypeError, match="'body'"):
        store.count(Answer, body="{}")
    with pytest.raises(TypeError, match="'skill'"):
        list(store.rows(PreferencePair, order="skill"))
    with pytest.raises(TypeError, match=r"Message.*PreferencePair"):
        store.get(Message, "m")


async def test_missing_rows(store):
    assert store.get(Session, "s") is None
    assert list(store.rows(Session)) == []
    assert store.counts(Answer, "member") == {}
    await store.write()


async def test_a_body_that_is_no_row_is_named(store, tmp_path):
    await store.write(make.attempt())
    with sqlite3.connect(tmp_path / "rows.db") as db:
        db.execute("""UPDATE attempts SET body = '{"id": "t", "colour": "red"}'""")
    db.close()
    with pytest.raises(StoreError, match=r"attempts cannot be read .session: Field required.*colour"):
        store.get(Attempt, "t")


async def test_packed_bodies_that_are_damaged_are_a_store_error(store, tmp_path):
    await store.write(make.call())
    with sqlite3.connect(tmp_path / "rows.db") as db:
        db.execute("UPDATE calls SET body = x'00ff00ff'")
    db.close()
    with pytest.raises(StoreError, match="damaged"):
        store.get(Call, "k")


async def test_questions_about_one_item_do_not_walk_the_session(store, tmp_path):
    await store.write(make.answer())
    with sqlite3.connect(tmp_path / "rows.db") as db:
        for column in ("episode", "instruction"):
            query = f"SELECT id, body FROM answers WHERE session = ? AND {column} = ? ORDER BY id LIMIT 500"
            plan = db.execute(f"EXPLAIN QUERY PLAN {query}", ("s", "x")).fetchall()
            assert f"(session=? AND {column}=?)" in plan[0][-1]
            assert len(plan) == 1, "sorts"
    db.close()


async def test_ids_of_a_session_are_listed_without_its_rows(store, tmp_path):
    await store.write(*make.every_type("x"))
    with sqlite3.connect(tmp_path / "rows.db") as db:
        for table in (table for kind, table in TABLES.items() if issubclass(kind, SessionRecord)):
            query = f"SELECT id FROM {table.name} WHERE session = ? ORDER BY id LIMIT 50000"
            plan = db.execute(f"EXPLAIN QUERY PLAN {query}", ("s",)).fetchall()
            assert f"SEARCH {table.name} USING COVERING INDEX" in plan[0][-1]
    db.close()


async def test_a_question_about_several_items_does_not_walk_the_session(store, tmp_path):
    await store.write(make.answer())
    asked = queries.bodies_of_instructions(TABLES[Answer]).params(session="s", instructions=["x", "y"])
    query = asked.compile(dialect=sqlite_dialect(), compile_kwargs={"literal_binds": True})
    with sqlite3.connect(tmp_path / "rows.db") as db:
        plan = db.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
    db.close()
    assert "(session=? AND instruction=?)" in plan[0][-1]
    assert len(plan) == 1, "sorts"


async def test_size(store):
    await store.write(*make.every_type("x"))
    size = store.size()
    assert size.bytes > 0
    assert size.rows["judgments"] == 3
    assert set(size.rows) == {table.name for table in TABLES.values()}

"""Taking out of a store what nobody needs, or nobody shall have."""

from __future__ import annotations

from pathlib import Path

import pytest
import store_examples as make

from aaa.errors import UsageError
from aaa.store import Store
from aaa.types import Answer, Attempt, Call, CallUse, Instruction, Lineage, Place, Spent

SECRET = "the vault opens at nine"


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "upkeep.db") as store:
        yield store


def worked_on(session, source, text):
    """An instruction with an episode, an answer, a call, and a call that was made in an episode that never ended."""
    id_ = f"{session}-{source}"
    place, cut = Place.of(session, "answer", id_), Place.of(session, "battle", id_)
    episode = make.episode(place.episode, session).model_copy(update={"instruction": id_, "stage": "answer"})
    uses = [make.use(f"u-{key}-{id_}", session, call=f"k-{key}-{id_}") for key in ("done", "cut")]
    return [
        make.instruction(id_, session, text).model_copy(update={"source_id": source}),
        episode,
        make.answer(f"a-{id_}", session, place.episode, id_, text),
        make.sft(f"x-{id_}", session, text=text).model_copy(update={"instruction": id_}),
        uses[0].model_copy(update={"episode": place.episode}),
        uses[1].model_copy(update={"episode": cut.episode}),
        make.call(f"k-done-{id_}", text),
        make.call(f"k-cut-{id_}", text),
        make.attempt(f"t-{id_}", session, call=f"k-done-{id_}"),
    ]


def session(name):
    return make.session(name).model_copy(update={"stages": {"answer": "f", "battle": "f"}})


async def test_prune_deletes_what_no_session_uses(store):
    await store.write(session("s"), make.call("used"), make.use(call="used"), make.call("lost"), make.call("left"))
    assert await store.prune() == 2
    assert [call.id for call in store.rows(Call)] == ["used"]
    assert await store.prune() == 0


async def test_nothing_is_pruned_while_a_session_is_at_work(store):
    await store.write(session("s"), make.call("new"))
    with store.lock("s"), pytest.raises(UsageError, match="in use"):
        await store.prune()
    assert store.count(Call) == 1


async def test_forget_takes_one_prompt_out_of_every_session(store):
    await store.write(session("s"), session("t"))
    for name in ("s", "t"):
        await store.write(*worked_on(name, "secret", SECRET), *worked_on(name, "other", "harmless"))
    forgotten = await store.forget("secret")
    assert sorted(forgotten.instructions) == [("s", "s-secret"), ("t", "t-secret")]
    assert (forgotten.rows, forgotten.calls, forgotten.kept_calls) == (2 * 6, 4, 0)
    assert {row.source_id for row in store.rows(Instruction)} == {"other"}
    assert {row.instruction for row in store.rows(Answer)} == {"s-other", "t-other"}
    assert not any("secret" in call.id for call in store.rows(Call))
    assert store.count(CallUse) == 4
    assert store.count(Attempt) == 4, "what was spent is still counted"
    with pytest.raises(UsageError, match="no prompt 'secret'"):
        await store.forget("secret")


async def test_forget_one_instruction_only_and_what_was_made_of_it(store):
    await store.write(session("s"), session("t"))
    for name in ("s", "t"):
        await store.write(*worked_on(name, "secret", SECRET))
    child = make.instruction("s-child", "s").model_copy(
        update={"source_id": "c", "lineage": Lineage(parent="s-secret")}
    )
    grandchild = child.model_copy(update={"id": "s-grandchild", "lineage": Lineage(parent="s-child")})
    await store.write(child, grandchild)
    forgotten = await store.forget("s-secret")
    assert {id_ for _, id_ in forgotten.instructions} == {"s-secret", "s-child", "s-grandchild"}
    assert [row.id for row in store.rows(Instruction)] == ["t-secret"]


async def test_calls_that_others_use_stay_and_are_counted(store):
    await store.write(session("s"), *worked_on("s", "secret", SECRET))
    await store.write(make.use("elsewhere", call="k-done-s-secret"))
    forgotten = await store.forget("secret")
    assert (forgotten.calls, forgotten.kept_calls) == (1, 1)
    assert [call.id for call in store.rows(Call)] == ["k-done-s-secret"]


async def test_nothing_is_forgotten_of_a_session_at_work(store):
    await store.write(session("s"), *worked_on("s", "secret", SECRET))
    with store.lock("s"), pytest.raises(UsageError, match="in use"):
        await store.forget("secret")
    assert store.count(Instruction) == 1


async def test_after_compact_the_text_is_in_no_byte_of_the_file(store):
    await store.write(session("s"), *worked_on("s", "secret", SECRET), *worked_on("s", "other", "harmless"))
    files = [Path(store.name), Path(f"{store.name}-wal")]

    def bytes_of_all():
        return b"".join(file.read_bytes() for file in files if file.exists())

    assert SECRET.encode() in bytes_of_all()
    await store.forget("secret")
    assert SECRET.encode() in bytes_of_all(), "else compacting would show nothing"
    store.compact()
    assert SECRET.encode() not in bytes_of_all()
    assert b"harmless" in bytes_of_all()
    await store.write(make.session("still works"))


async def test_cost_by_model(store):
    await store.write(make.call("k1"), make.call("k2").model_copy(update={"model": "other"}))
    await store.write(make.attempt("t1", call="k1", usd=0.5), make.attempt("t2", "t", call="k1", usd=0.25))
    await store.write(make.attempt("t3", call="k2", usd=None), make.attempt("t4", call="unfinished", usd=1.0))
    assert store.spent_by_model() == {
        "": Spent(usd=1.0, calls=1, tokens=15),
        "openai/gpt-4o-mini": Spent(usd=0.75, calls=2, tokens=30),
        "other": Spent(usd=0.0, calls=1, tokens=15),
    }

"""Agents alone, their failures, and replies that a program must read."""

from pathlib import Path

import pytest
from scripted import PLACE, troupe

from aaa.agents import ask_until_read, failure_row, reply_of
from aaa.errors import CallError, ParseError, TemplateError, WorkError
from aaa.prompts import PromptSet
from aaa.types import Call, ImagePart, ImageUrl, Message, TextPart, assistant, system, user


async def test_a_question_goes_out_as_it_is(tmp_path: Path) -> None:
    question = [
        system("Be terse."),
        user("Hi", name="ann"),
        assistant("Hello."),
        Message(
            role="user",
            content=(TextPart(text="And this?"), ImagePart(image_url=ImageUrl(url="https://example.org/a.png"))),
        ),
    ]
    async with troupe(tmp_path, m="A cat.") as cast:
        agent = cast.agent("m", persona="You are a persona.")
        call = await agent.ask(question, step="answer/m")
        assert reply_of(call).text == "A cat."
        assert cast.models.asked("m") == [tuple(question)]
        assert cast.uses() == {"answer/m": call.id}


async def test_nothing_is_kept_between_questions(tmp_path: Path) -> None:
    async with troupe(tmp_path, m="ok") as cast:
        agent = cast.agent("m")
        for text in ("one", "two"):
            await agent.ask([user(text)], step=text)
        assert cast.models.asked("m") == [(user("one"),), (user("two"),)]


async def test_a_persona_stands_first_and_shares_the_system_message(tmp_path: Path) -> None:
    async with troupe(tmp_path, m="ok") as cast:
        agent = cast.agent("m", persona="You like {{ skill }}.", facts={"skill": "dates"})
        await agent.ask([user("one")], step="1", in_persona=True)
        await agent.ask([system("Be terse."), user("one")], step="2", in_persona=True)
        bare = cast.agent("m")
        await bare.ask([user("bare")], step="3", in_persona=True)
        assert cast.models.asked("m") == [
            (system("You like dates."), user("one")),
            (system("You like dates.\n\nBe terse."), user("one")),
            (user("bare"),),
        ]
        with pytest.raises(TemplateError, match="skill"):
            await cast.agent("m", persona="You like {{ skill }}.").ask([user("x")], step="4", in_persona=True)


async def test_draws_tools_and_formats_are_part_of_the_request(tmp_path: Path) -> None:
    tool = {"type": "function", "function": {"name": "add", "parameters": {}}}
    async with troupe(tmp_path, m="ok") as cast:
        agent = cast.agent("m")
        calls = {(await agent.ask([user("x")], step=f"draw-{n}", draw=n)).id for n in (0, 1, 0)}
        assert len(calls) == len(cast.models.asks) == 2
        await agent.ask([user("x")], step="rest", tools=[tool], response_format={"type": "json_object"})
        assert cast.models.asks[-1].tools == (tool,)
        assert cast.models.asks[-1].response_format == {"type": "json_object"}


PROMPTS = PromptSet.load()


def one_or_two(words: str) -> int | None:
    return {"1": 1, "2": 2}.get(words.strip()[-1:])


async def test_a_reply_that_cannot_be_read_is_asked_for_once_more_in_another_way(tmp_path: Path) -> None:
    async with troupe(tmp_path, m=["hm", "it is 2"]) as cast:
        agent = cast.agent("m", role="judge", persona="P")
        reading = await ask_until_read(agent, "1 or 2?", one_or_two, PROMPTS, wanted="The number, please.", step="s")
        assert (reading.value, reading.asked, reading.words) == (2, 2, "it is 2")
        again = PROMPTS.render("ask_again", wanted="The number, please.").text
        assert cast.models.asked("m")[1] == (system("P"), user("1 or 2?"), assistant("hm"), user(again))
        assert cast.uses()["s/again"] == reading.call.id


async def test_a_second_unreadable_reply_is_an_error_and_no_third_is_asked_for(tmp_path: Path) -> None:
    async with troupe(tmp_path, m="hm") as cast:
        with pytest.raises(ParseError, match=r"'m' was asked twice as judge.*The number") as error:
            await ask_until_read(
                cast.agent("m", role="judge"), "?", one_or_two, PROMPTS, wanted="The number.", step="s"
            )
        assert len(cast.models.asks) == 2
        row = failure_row(error.value, PLACE, step="s", role="judge", model="x")
        assert (row.kind, row.raw, row.model, row.transient) == ("parse_failed", "hm", "m", False)
        assert row.call == cast.uses()["s/again"]


async def test_a_reply_that_only_repeats_the_form_is_not_read(tmp_path: Path) -> None:
    async with troupe(tmp_path, m=["Question?\nSay 1 or 2", "1"]) as cast:
        reading = await ask_until_read(
            cast.agent("m"), "Question?\nSay 1 or 2", one_or_two, PROMPTS, wanted="Which?", step="s"
        )
        assert (reading.value, reading.asked) == (1, 2)


def test_failures_keep_what_is_known() -> None:
    error = CallError("rate_limited", "slow down", transient=True, model="m", raw="429", call="key")
    row = failure_row(error, PLACE, step="answer/m", role="member", model=None)
    assert (row.kind, row.message, row.raw, row.model, row.call) == ("rate_limited", "slow down", "429", "m", "key")
    assert row.transient
    assert row.id == PLACE.row("failure", "answer/m")
    assert (row.session, row.episode, row.stage) == (PLACE.session, PLACE.episode, PLACE.stage)
    other = failure_row(WorkError("odd"), PLACE, step="s", role="member", model="m")
    assert (other.kind, other.model, other.transient) == ("internal", "m", False)


def test_a_call_without_a_reply_is_a_fault_of_the_asker() -> None:
    with pytest.raises(TypeError, match="no reply"):
        reply_of(Call(id="key", model="m", request={}))

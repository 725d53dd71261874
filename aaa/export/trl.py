"""TRL's dataset types, conversational but for stepwise supervision (docs of TRL 1.x, "Dataset formats and types").

`chosen` and `rejected` of an explicit preference hold only what follows the prompt; in the implicit form TRL cuts the
prompt off by comparing both sides, which goes wrong where the answers begin alike inside one message list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from aaa.export.entry import (
    LABELLED,
    PAIRS,
    PROMPTS,
    SFT,
    STEPPED,
    Entry,
    Fault,
    Kinds,
    Row,
    Unfit,
    labelled,
    origin,
    terms,
)
from aaa.export.form import Format
from aaa.export.messages import apart, columns, whole, words
from aaa.export.rules import conversation, differ, flag, system_first, texts
from aaa.types import PreferencePair, SftSample, SteppedSample

SOURCE = "TRL documentation, Dataset formats and types (huggingface.co/docs/trl/dataset_formats)"


def _tools(entry: Entry) -> Row:
    """As JSON text, which every version of `datasets` reads alike."""
    return {"tools": json.dumps(list(entry.tools), ensure_ascii=False) if entry.tools else None}


def _about_pair(pair: PreferencePair) -> Row:
    return {
        "margin": pair.margin,
        "grade": pair.grade,
        "rejected_grade": pair.rejected_grade,
        "by": pair.by,
        "decided_by": pair.decided_by,
        "disagree": pair.disagree,
        "chosen_model": pair.chosen_model,
        "rejected_model": pair.rejected_model,
    }


def _about_sample(sample: SftSample) -> Row:
    return {"grade": sample.grade, "verified": sample.verified, "by": sample.by, "context": sample.context}


def preference(entry: Entry) -> Iterator[Row]:
    """Explicit: the prompt apart."""
    pair = entry.sample
    assert isinstance(pair, PreferencePair)
    yield {
        "prompt": columns(pair.prompt),
        "chosen": columns(pair.chosen),
        "rejected": columns(pair.rejected),
        **_tools(entry),
        **origin(pair),
        **_about_pair(pair),
        **terms(pair),
    }


def _implicit(entry: Entry) -> Iterator[Row]:
    """Both sides as whole conversations."""
    pair = entry.sample
    assert isinstance(pair, PreferencePair)
    yield {
        "chosen": columns((*pair.prompt, *pair.chosen)),
        "rejected": columns((*pair.prompt, *pair.rejected)),
        **_tools(entry),
        **origin(pair),
        **_about_pair(pair),
        **terms(pair),
    }


def language_modelling(entry: Entry) -> Iterator[Row]:
    """One conversation, of which all is to be learnt."""
    sample = entry.sample
    assert isinstance(sample, SftSample)
    messages = columns(whole(sample))
    yield {"messages": messages, **_tools(entry), **origin(sample), **_about_sample(sample), **terms(sample)}


def _prompt_completion(entry: Entry) -> Iterator[Row]:
    sample = entry.sample
    assert isinstance(sample, SftSample)
    yield {
        "prompt": columns((*sample.prompt, *sample.completion[: sample.unlearnt])),
        "completion": columns(sample.completion[sample.unlearnt :]),
        **_tools(entry),
        **origin(sample),
        **_about_sample(sample),
        **terms(sample),
    }


def _prompt_only(entry: Entry) -> Iterator[Row]:
    """The prompt, under the id of its instruction."""
    sample = entry.sample
    about = {**origin(sample), "id": sample.instruction}
    yield {"prompt": columns(sample.prompt), **_tools(entry), **about, "simulated": sample.simulated}


def _unpaired(entry: Entry) -> Iterator[Row]:
    for completion, label in labelled(entry):
        yield {
            "prompt": columns(entry.sample.prompt),
            "completion": columns(completion),
            "label": label,
            **_tools(entry),
            **origin(entry.sample),
            **terms(entry.sample),
        }


def _stepwise(entry: Entry) -> Iterator[Row]:
    """There is no conversational form: the prompt must be one user message, under a system message perhaps."""
    sample = entry.sample
    assert isinstance(sample, SteppedSample)
    system, turns = apart(sample.prompt)
    if len(turns) != 1:
        raise Unfit("several_turns", "the format has no conversations")
    if system is not None:
        raise Unfit("system_turn", "the format has no system message")
    yield {
        "prompt": words(turns[0]),
        "completions": list(sample.steps),
        "labels": list(sample.labels),
        **origin(sample),
        **{name: getattr(sample, name) for name in ("context", "agreement", "verified")},
        **terms(sample),
    }


def _check_preference(row: Row) -> Iterator[Fault]:
    if isinstance(row.get("prompt"), str):
        yield from texts(row, "prompt", "chosen", "rejected")
    else:
        yield from _check_prompt(row)
        yield from conversation(row.get("chosen"), "chosen", roles=("assistant", "user", "tool"), ends=("assistant",))
        yield from conversation(
            row.get("rejected"), "rejected", roles=("assistant", "user", "tool"), ends=("assistant",)
        )
    yield from differ(row.get("chosen"), row.get("rejected"))


def _check_implicit(row: Row) -> Iterator[Fault]:
    for side in ("chosen", "rejected"):
        yield from conversation(row.get(side), side, ends=("assistant",))
        yield from system_first(row.get(side))
    yield from differ(row.get("chosen"), row.get("rejected"))


def _check_prompt(row: Row) -> Iterator[Fault]:
    if isinstance(row.get("prompt"), str):
        yield from texts(row, "prompt")
        return
    yield from conversation(row.get("prompt"), "prompt", ends=("user", "tool"))
    yield from system_first(row.get("prompt"))


def _check_completion(row: Row) -> Iterator[Fault]:
    yield from _check_prompt(row)
    if isinstance(row.get("prompt"), str):
        yield from texts(row, "completion")
    else:
        yield from conversation(row.get("completion"), "completion", ends=("assistant",))


def _check_unpaired(row: Row) -> Iterator[Fault]:
    yield from _check_completion(row)
    yield from flag(row, "label")


def check_messages(row: Row) -> Iterator[Fault]:
    """A conversation that ends with the assistant."""
    yield from conversation(row.get("messages"), "messages", ends=("assistant",))
    yield from system_first(row.get("messages"))


def _check_stepwise(row: Row) -> Iterator[Fault]:
    yield from texts(row, "prompt")
    steps, labels = row.get("completions"), row.get("labels")
    if not isinstance(steps, list) or not steps or not all(isinstance(step, str) for step in steps):
        yield "column", "`completions` must be a list of texts"
    elif not all(step.strip() for step in steps):
        yield "empty", "a step of `completions` is empty"
    elif not isinstance(labels, list) or [type(label) for label in labels] != [bool] * len(steps):
        yield "labels", "`labels` must be true or false for each step"


def _format(
    kinds: Kinds, shape: Callable[[Entry], Iterable[Row]], check: Callable[[Row], Iterable[Fault]], *messages: str
) -> Format:
    tools = kinds is not STEPPED
    return Format(kinds, shape, check, SOURCE, origin=True, messages=messages, optional=("tools",), tools=tools)


FORMATS: dict[str, Format] = {
    "trl-preference": _format(PAIRS, preference, _check_preference, "prompt", "chosen", "rejected"),
    "trl-preference-implicit": _format(PAIRS, _implicit, _check_implicit, "chosen", "rejected"),
    "trl-sft": _format(SFT, language_modelling, check_messages, "messages"),
    "trl-prompt-completion": _format(SFT, _prompt_completion, _check_completion, "prompt", "completion"),
    "trl-prompt-only": Format(
        PROMPTS,
        _prompt_only,
        _check_prompt,
        SOURCE,
        origin=True,
        messages=("prompt",),
        optional=("tools",),
        tools=True,
        once="id",
    ),
    "trl-unpaired": _format(LABELLED, _unpaired, _check_unpaired, "prompt", "completion"),
    "trl-stepwise": _format(STEPPED, _stepwise, _check_stepwise),
}

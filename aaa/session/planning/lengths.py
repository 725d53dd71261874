"""How long replies are and how long they take: measured where there is something to measure, else declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import mean
from typing import Literal

from pydantic import JsonValue

from aaa.llm import identity, located
from aaa.llm.request import IMAGE_TOKENS
from aaa.session.planning.ranges import Range, spread
from aaa.store import Store
from aaa.types import Call, CallUse, Message, Model, Usage

Source = Literal["probe", "journal", "simulated", "prior"]

PRIORS: Mapping[str, Range] = {
    "member": Range(low=60, likely=300, high=800),
    "teacher": Range(low=60, likely=200, high=500),
    "person": Range(low=10, likely=30, high=90),
    "student": Range(low=40, likely=120, high=300),
    "judge": Range(low=50, likely=130, high=300),
    "critic": Range(low=30, likely=150, high=400),
    "reader": Range(low=5, likely=30, high=90),
    "tagger": Range(low=50, likely=80, high=140),
    "rewriter": Range(low=30, likely=350, high=900),
}
"""Completion tokens of a reply by role, 10 % to 90 % (ours): what the bundled prompts ask for, of a model that does not
reason at length. A reasoning model may need many times as much."""
OTHER_ROLE = "member"

TEXT_DENSITY = Range(low=3.0, likely=4.0, high=5.0)
"""Bytes of UTF-8 in a token (ours): about 4 in English prose, less in code and other languages."""
MESSAGE_BYTES = 24
"""Ours: bytes that a chat template adds to a message."""
FIRST_TOKEN_SECONDS, TOKENS_PER_SECOND = 0.7, 50.0
"""Ours: a hosted model of middling size."""

LEAST = 5
"""Calls from which a length is believed (ours)."""
MOST = 2000
"""Calls of one model that are read from a journal (ours): journal keys are hashes, so the first are a random sample."""


@dataclass(frozen=True)
class Lengths:
    """Replies of one model in one role."""

    completion: Range
    """Tokens that are paid for, reasoning included: mean, 10 % and 90 % points."""
    visible: float
    """Share of them that others get to read."""
    seconds: float
    source: Source

    def at_most(self, max_tokens: int) -> Lengths:
        return Lengths(self.completion.at_most(max_tokens), self.visible, self.seconds, self.source)

    @property
    def heard(self) -> Range:
        """Tokens that a reply adds to a prompt which quotes it."""
        return self.completion * self.visible


@dataclass(frozen=True)
class Measured:
    """What calls have shown, by model and role."""

    source: Source
    lengths: Mapping[tuple[str, str], Lengths]
    densities: Mapping[str, Range]
    """Bytes in a prompt token, by model."""


@dataclass(frozen=True)
class Expected:
    """Lengths to reckon with: the first of `measured` that knows a model and role, else what is declared."""

    measured: tuple[Measured, ...] = ()

    def reply(self, model: str, role: str) -> Lengths:
        found = (m.lengths[model, role] for m in self.measured if (model, role) in m.lengths)
        return next(found, None) or declared(role)

    def density(self, model: str) -> Range:
        """Bytes in a prompt token."""
        return next((m.densities[model] for m in self.measured if model in m.densities), TEXT_DENSITY)

    def prompt(self, model: str, size: int, quoted: Iterable[tuple[str, str]]) -> Range:
        """Tokens of a prompt: `size` bytes, and replies of these models in these roles."""
        density = self.density(model)
        tokens = Range(low=size / density.high, likely=size / density.likely, high=size / density.low)
        for writer, role in quoted:
            tokens += self.reply(writer, role).heard
        return tokens


def declared(role: str) -> Lengths:
    """The prior of a role."""
    completion = PRIORS.get(role, PRIORS[OTHER_ROLE])
    return Lengths(completion, 1.0, _seconds(completion), "prior")


def measure(source: Source, calls: Iterable[tuple[str, str, Call]]) -> Measured:
    """What (model, role, call) show; replies whose server counted no tokens show nothing."""
    replies: dict[tuple[str, str], list[tuple[Usage, float]]] = {}
    prompts: dict[str, list[float]] = {}
    for model, role, call in calls:
        usage = call.reply.usage if call.reply is not None else None
        if usage is None:
            continue
        replies.setdefault((model, role), []).append((usage, call.seconds))
        if usage.prompt_tokens:
            prompts.setdefault(model, []).append(request_bytes(call.request) / usage.prompt_tokens)
    return Measured(
        source,
        {key: _lengths(source, seen) for key, seen in replies.items() if len(seen) >= LEAST},
        {model: spread(seen) for model, seen in prompts.items() if len(seen) >= LEAST},
    )


def in_journal(store: Store, models: Mapping[str, Model]) -> Measured:
    """What the journal knows of these models, from whatever session."""
    return measure("journal", _read(store, models))


def messages_of(request: Mapping[str, JsonValue]) -> list[Message]:
    """The messages of a canonical request."""
    messages = request["messages"]
    assert isinstance(messages, list)
    return [Message.model_validate(message) for message in messages]


def request_bytes(request: Mapping[str, JsonValue]) -> int:
    """Bytes of a request's texts, with what a chat template adds; images and tools at what they may come to."""
    messages = messages_of(request)
    texts = [message.text for message in messages] + [call.arguments for m in messages for call in m.tool_calls]
    texts += [str(request[name]) for name in ("tools", "response_format") if request.get(name)]
    parts = [part for message in messages if not isinstance(message.content, str) for part in message.content]
    images = sum(part.type == "image_url" for part in parts) * IMAGE_TOKENS
    return size_of(texts) + MESSAGE_BYTES * len(messages) + int(images * TEXT_DENSITY.likely)


def size_of(texts: Iterable[str]) -> int:
    """Bytes of UTF-8."""
    return sum(len(text.encode(errors="surrogatepass")) for text in texts)


def _read(store: Store, models: Mapping[str, Model]) -> Iterator[tuple[str, str, Call]]:
    for name, model in models.items():
        for number, call in enumerate(store.rows(Call, model=identity(located(model)), simulated=model.simulated)):
            if number == MOST:
                break
            use = next(store.rows(CallUse, call=call.id), None)
            if use is not None:
                yield name, use.role, call


def _lengths(source: Source, seen: list[tuple[Usage, float]]) -> Lengths:
    completions = [float(usage.completion_tokens) for usage, _ in seen]
    hidden, total = sum(usage.reasoning_tokens for usage, _ in seen), sum(completions)
    completion = spread(completions)
    waits = [seconds for _, seconds in seen if seconds > 0.0]  # calls in batches have none of their own
    seconds = mean(waits) if waits else _seconds(completion)
    return Lengths(completion, 1.0 - hidden / total if total else 1.0, seconds, source)


def _seconds(completion: Range) -> float:
    """How long a reply takes if nothing else is known."""
    return FIRST_TOKEN_SECONDS + completion.likely / TOKENS_PER_SECOND

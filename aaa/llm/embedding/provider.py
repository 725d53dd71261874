"""Vectors by a model of a provider, through the call layer: journalled text by text, within budget and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from aaa.errors import UsageError
from aaa.llm.embedding.vectors import decoded_vector
from aaa.llm.port import Ask, Asker, Use
from aaa.llm.together import together
from aaa.text import Vectors, unit
from aaa.types import Call, Model, Params, content_hash, user

AT_ONCE = 512
"""Texts that are asked for at the same time (ours)."""
ROLE = "embedding"


async def embed_by_model(texts: Sequence[str], model: Model, asker: Asker, uses: Sequence[Use]) -> Vectors:
    """Vectors of length 1, one for each text; zeros for a text without a character, which nobody is asked for.

    `uses` say what each is for. Equal texts are asked for once. Raises `CallError`, `StopError`, and `UsageError` where
    vectors that lie in the journal have another length than new ones.
    """
    first = {text: use for text, use in reversed(list(zip(texts, uses, strict=True))) if text.strip()}
    wanted = [text for text in dict.fromkeys(texts) if text in first]
    found: dict[str, Call] = {}
    for begin in range(0, len(wanted), AT_ONCE):
        part = wanted[begin : begin + AT_ONCE]
        found |= zip(part, await together(asker.ask(_ask(text, model, first[text])) for text in part), strict=True)
    vectors = {text: decoded_vector(_kept(call)) for text, call in found.items()}
    if len({len(vector) for vector in vectors.values()}) > 1:
        raise UsageError(
            f"Model {model.name!r} ({model.model}) gives vectors of another length than those in the journal: name its "
            "`revision`, so that the old ones are not taken for its own."
        )
    empty = np.zeros(len(next(iter(vectors.values()))) if vectors else 1, dtype=np.float32)
    return unit(np.array([vectors.get(text, empty) for text in texts], dtype=np.float32).reshape(len(texts), -1))


def _ask(text: str, model: Model, use: Use) -> Ask:
    step = f"{use.step}/{content_hash(text)[:16]}"
    params = Params(extra_body=model.params.extra_body)
    return Ask(model, (user(text),), params, replace(use, step=step, role=ROLE), embedding=True)


def _kept(call: Call) -> str:
    assert call.reply is not None, call.id
    assert call.reply.embedding is not None, call.id
    return call.reply.embedding

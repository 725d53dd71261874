"""Vectors as replies: read from a response of OpenAI's embeddings API, made for simulated models, kept as text."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aaa.llm.faults import fault
from aaa.llm.port import Ask
from aaa.text import hashed_ngrams
from aaa.types import Model, Reply, Usage

Vector = NDArray[np.float32]
SIMULATED = 256
"""Numbers of a simulated model's vectors (ours)."""


def read_vectors(data: Any, asks: Sequence[Ask]) -> list[Reply]:
    """The vectors in a decoded response, in the order of what was asked; its tokens are shared out by size.

    Raises `CallError`: `malformed` where it does not hold one vector of numbers for each text.
    """
    model = asks[0].model
    rows = data.get("data") if isinstance(data, dict) else None
    found = {row.get("index", at): row.get("embedding") for at, row in enumerate(rows or ()) if isinstance(row, dict)}
    vectors = [_vector(found.get(at), model, data) for at in range(len(asks))]
    if len(rows or ()) != len(asks) or len({len(vector) for vector in vectors}) != 1:
        said = f"{len(rows or ())} vectors for {len(asks)} texts, or of different lengths"
        raise fault("malformed", model, said, body=str(data)[:2000], paid=True)
    served = data.get("model") if isinstance(data.get("model"), str) else None
    return [
        Reply(text="", embedding=encoded(vector), usage=usage, answered_by=model.name, served_model=served)
        for vector, usage in zip(vectors, _shared(data.get("usage"), asks), strict=True)
    ]


def simulated_vector(ask: Ask) -> Reply:
    """What a simulated model makes of a text: its hashed character n-grams, which see spelling only."""
    text = ask.messages[0].text
    vector = hashed_ngrams([text], SIMULATED)[0]
    usage = Usage(prompt_tokens=len(text) // 4 + 1, completion_tokens=0)
    return Reply(text="", embedding=encoded(vector), usage=usage, answered_by=ask.model.name)


def encoded(vector: Vector) -> str:
    """A vector as the journal keeps it."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()


def decoded_vector(text: str) -> Vector:
    """The vector that `encoded` made."""
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float32)


def _vector(value: Any, model: Model, data: Any) -> Vector:
    try:
        made = decoded_vector(value) if isinstance(value, str) else np.asarray(value, dtype=np.float32)
    except (TypeError, ValueError, binascii.Error):
        made = np.empty(0, dtype=np.float32)
    if made.ndim != 1 or not len(made) or not np.isfinite(made).all():
        raise fault("malformed", model, "no vector of numbers for a text", body=str(data)[:2000], paid=True)
    return made


def _shared(raw: Any, asks: Sequence[Ask]) -> list[Usage | None]:
    """Tokens of each text: those of the whole request, shared out by bytes; None where the server counted none."""
    total = raw.get("prompt_tokens", raw.get("total_tokens")) if isinstance(raw, dict) else None
    if not isinstance(total, int) or isinstance(total, bool) or total < 0:
        return [None] * len(asks)
    sizes = np.cumsum([len(ask.messages[0].text.encode(errors="surrogatepass")) + 1 for ask in asks])
    ends = [int(total * size / sizes[-1]) for size in sizes]
    return [
        Usage(prompt_tokens=end - begin, completion_tokens=0) for begin, end in zip([0, *ends[:-1]], ends, strict=True)
    ]

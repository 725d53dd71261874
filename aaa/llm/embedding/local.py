"""Embeddings without a provider: nothing is downloaded, nothing leaves the machine."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from aaa.errors import MissingExtraError, UsageError
from aaa.text import Vectors, hashed_ngrams, unit

HASHED: Final = "hashed-ngrams"
"""Character n-grams, hashed: they see spelling, not meaning."""
LOCAL: Final = "wordllama"
"""Mean of static token embeddings of 256 numbers, drawn from Llama's (wordllama, MIT): they see words that are alike in
meaning, not their order."""
AUTO: Final = "auto"
"""Stands for the small model where it is installed, else for hashed n-grams."""
BATCH: Final = 256
"""Texts tokenised at once (ours)."""

Embed = Callable[[Sequence[str]], Vectors]
"""Texts to vectors of length 1, in the same order."""


def default_embedding() -> str:
    """The embedding that is used where nobody names one: the small model where it is installed."""
    return HASHED if importlib.util.find_spec(LOCAL) is None else LOCAL


def local_embedding(name: str) -> Embed:
    """The embedding of this name. Raises `MissingExtraError`, or `UsageError` for a name that is none."""
    if name == HASHED:
        return hashed_ngrams
    if name != LOCAL:
        raise UsageError(f"There is no local embedding {name!r}; there are {LOCAL} and {HASHED}.")
    return _static


def _static(texts: Sequence[str]) -> Vectors:
    tokenizer, weights = _wordllama()
    means = np.zeros((len(texts), weights.shape[1]), dtype=np.float32)
    for begin in range(0, len(texts), BATCH):
        batch = [text.encode(errors="replace").decode() for text in texts[begin : begin + BATCH]]
        for at, encoded in enumerate(tokenizer.encode_batch_fast(batch, add_special_tokens=False), begin):
            if encoded.ids:
                means[at] = weights[np.minimum(encoded.ids, len(weights) - 1)].mean(axis=0)
    return unit(means)


@cache
def _wordllama() -> tuple[Any, Any]:
    """Tokenizer and weights from wordllama's own files.

    Its class is not asked: 0.4.0 looks for the tokenizer in a folder that its wheel does not have, and would download.
    """
    spec = importlib.util.find_spec(LOCAL)
    if spec is None or spec.origin is None:
        raise MissingExtraError(f"Embedding {LOCAL!r}", "embeddings")
    tokenizers: Any = importlib.import_module("tokenizers")
    safetensors: Any = importlib.import_module("safetensors.numpy")
    folder = Path(spec.origin).parent
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    weights = safetensors.load_file(str(folder / "weights" / "l2_supercat_256.safetensors"))["embedding.weight"]
    return tokenizer, weights.astype(np.float32)

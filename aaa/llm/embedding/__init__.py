"""Embeddings: texts as vectors, by a small model that is on board, by hashed n-grams, or by a model of a provider."""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.llm.embedding.local import AUTO, HASHED, LOCAL, Embed, default_embedding, local_embedding
    from aaa.llm.embedding.provider import ROLE, embed_by_model
    from aaa.llm.embedding.vectors import read_vectors, simulated_vector
else:
    __getattr__ = late(__name__, __file__)

__all__ = [
    "AUTO",
    "HASHED",
    "LOCAL",
    "ROLE",
    "Embed",
    "default_embedding",
    "embed_by_model",
    "local_embedding",
    "read_vectors",
    "simulated_vector",
]

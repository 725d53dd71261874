"""Embeddings: texts as vectors, by a small model that is on board, by hashed n-grams, or by a model of a provider."""

from aaa.llm.embedding.local import HASHED, LOCAL, Embed, default_embedding, local_embedding

__all__ = ["HASHED", "LOCAL", "Embed", "default_embedding", "local_embedding"]

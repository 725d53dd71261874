"""What a stage compares texts by: the small model on board, hashed n-grams, or a model of the scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from aaa.llm import Use, identity
from aaa.llm.embedding import AUTO, HASHED, LOCAL, ROLE, default_embedding, embed_by_model, local_embedding
from aaa.session.cast import Cast
from aaa.text import Vectors
from aaa.types import Model, Place, content_hash


@dataclass(frozen=True)
class Embedder:
    """Embeds texts under the name that a stage gives: `auto`, `wordllama`, `hashed-ngrams`, or a model."""

    cast: Cast
    asked: str

    @cached_property
    def name(self) -> str:
        """What `auto` stands for here, else the name itself."""
        return default_embedding() if self.asked == AUTO else self.asked

    @property
    def definition(self) -> JsonValue:
        """What its vectors depend on."""
        if (model := self._model) is None:
            return self.name
        return [identity(model), model.revision, model.params.extra_body]

    @property
    def sources(self) -> Mapping[str, str]:
        """What the scenario leaves open, for stages that embed."""
        return {"embedding 'auto'": content_hash(self.definition)} if self.asked == AUTO else {}

    async def __call__(self, texts: Sequence[str], places: Sequence[Place]) -> Vectors:
        """Vectors of length 1; `places` say which episode each text is embedded for.

        Raises `MissingExtraError`, and what calls raise.
        """
        if self._model is None:
            return local_embedding(self.name)(texts)
        uses = [Use(place.session, place.episode, "text", ROLE) for place in places]
        return await embed_by_model(texts, self._model, self.cast.asker, uses)

    @property
    def _model(self) -> Model | None:
        return None if self.name in (LOCAL, HASHED) else self.cast.resolved.models[self.name]

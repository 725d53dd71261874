"""Filters as a scenario writes them: a list of rules, each with one key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from aaa.scenario.one_or_more import OneOrMore
from aaa.types import Value


class LengthRule(Value):
    """Words that a prompt may have."""

    min: Annotated[int, Field(ge=0)] = 1
    max: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _rising(self) -> LengthRule:
        if self.max is not None and self.max < self.min:
            raise ValueError(f"length: max {self.max} is below min {self.min}")
        return self


class FilterRule(Value):
    """One rule; a bare word such as `refusals` means `refusals: drop`."""

    language: OneOrMore | None = None
    """Languages to keep (ISO 639-1): as the row says, else as its words show; a text in no language that is known is
    kept."""
    pii: Literal["drop"] | None = None
    """Rows with mail addresses, telephone, card and bank account numbers, internet addresses, or keys."""
    length: LengthRule | None = None
    refusals: Literal["drop"] | None = None
    """Rows whose answer (`meta.answer`) or text declines to help."""
    repetition: Annotated[float, Field(gt=0.0, le=1.0)] | None = None
    """Share of word 5-grams that are repeats, at most; 0.3 is usual."""
    encoding: Literal["drop"] | None = None
    """Rows with traces of wrong decoding, replacement or control characters."""

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        """`repetition` alone has its usual bound; a key without a value, as stored scenarios have, is none."""
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return {data: 0.3 if data == "repetition" else "drop"} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _one(self) -> FilterRule:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"a filter has one key: {', '.join(type(self).model_fields)}")
        return self

    @property
    def name(self) -> str:
        """The key."""
        return next(iter(self.model_fields_set))

"""Personas: the templates of agent cards."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Template

from aaa.prompts.sandbox import check_template, environment, fill
from aaa.types import AgentCard


def render_persona(card: AgentCard, **values: str) -> str | None:
    """The persona of a card, or None where it has none. `values` win over the card's own variables.

    Raises `TemplateError` if the template is faulty, lacks a value, or reads what is private.
    """
    if not card.persona.strip():
        return None
    return _rendered(card.persona, f"persona of card {card.name!r}", tuple({**card.variables, **values}.items()))


@lru_cache(maxsize=256)
def _rendered(text: str, name: str, values: tuple[tuple[str, str], ...]) -> str | None:
    """A session has few skills and languages, and every juror of every episode needs its persona."""
    return fill(_compiled(text, name), dict(values), name=name).strip() or None


@lru_cache(maxsize=256)
def _compiled(text: str, name: str) -> Template:
    """Compiling takes a millisecond."""
    check_template(text, name=name)
    return environment().from_string(text)

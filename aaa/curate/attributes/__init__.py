"""Attributes of prompts: what rows say of themselves, what rules read off them, and what a tagger says."""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.curate.attributes.labels import (
        ATTRIBUTES,
        GIVEN,
        RULES,
        Attribute,
        Labels,
        Settled,
        given,
        labelled,
        settle,
        tagged,
    )
    from aaa.curate.attributes.rules import Rules, Taxonomies
else:
    __getattr__ = late(__name__, __file__)

__all__ = [
    "ATTRIBUTES",
    "GIVEN",
    "RULES",
    "Attribute",
    "Labels",
    "Rules",
    "Settled",
    "Taxonomies",
    "given",
    "labelled",
    "settle",
    "tagged",
]

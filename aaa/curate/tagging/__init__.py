"""Taggers: models that say what kind of instruction each of several is."""

from aaa.curate.tagging.form import TagForm
from aaa.curate.tagging.tagger import PROMPT, SHOWN, shown, tag

__all__ = ["PROMPT", "SHOWN", "TagForm", "shown", "tag"]

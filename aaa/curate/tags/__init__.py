"""Open tags: one vocabulary for what taggers wrote, and what it says of a set of prompts."""

from aaa.curate.tags.measures import TagFigures, tag_figures
from aaa.curate.tags.normalise import TagRule, Vocabulary, spelled, vocabulary

__all__ = ["TagFigures", "TagRule", "Vocabulary", "spelled", "tag_figures", "vocabulary"]

"""Open tags: one vocabulary for what taggers wrote, and what it says of a set of prompts."""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.curate.tags.measures import TagFigures, tag_figures
    from aaa.curate.tags.normalise import TagRule, Vocabulary, vocabulary
    from aaa.curate.tags.spelling import spelled
else:
    __getattr__ = late(__name__, __file__)

__all__ = ["TagFigures", "TagRule", "Vocabulary", "spelled", "tag_figures", "vocabulary"]

"""Measures and checks of plain text: no models, no files, nothing learned."""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.text.answering import wrong_language
    from aaa.text.fences import fence, neutralise
    from aaa.text.identify import identified
    from aaa.text.languages import language_changed, language_of, script_of
    from aaa.text.leaks import find_leak
    from aaa.text.markdown import code_fence, escaped
    from aaa.text.ngrams import (
        Hashes,
        Vectors,
        WordHasher,
        flat,
        hashed_ngrams,
        ngram_hashes,
        normalised,
        unit,
        word_ngrams,
    )
    from aaa.text.orders import orders_judge
    from aaa.text.personal import PersonalData, personal_data
    from aaa.text.redaction import redact
    from aaa.text.refusals import is_refusal
    from aaa.text.similarity import rouge_l
    from aaa.text.steps import Span, StepUnit, split_steps
    from aaa.text.styles import style, words
    from aaa.text.transcripts import (
        Turn,
        context_dependence,
        depends,
        farewell_loop,
        language_switches,
        language_told,
        repetition,
        role_flips,
    )
    from aaa.text.vectors import close_pairs, nearest
else:
    __getattr__ = late(__name__, __file__)

__all__ = [
    "Hashes",
    "PersonalData",
    "Span",
    "StepUnit",
    "Turn",
    "Vectors",
    "WordHasher",
    "close_pairs",
    "code_fence",
    "context_dependence",
    "depends",
    "escaped",
    "farewell_loop",
    "fence",
    "find_leak",
    "flat",
    "hashed_ngrams",
    "identified",
    "is_refusal",
    "language_changed",
    "language_of",
    "language_switches",
    "language_told",
    "nearest",
    "neutralise",
    "ngram_hashes",
    "normalised",
    "orders_judge",
    "personal_data",
    "redact",
    "repetition",
    "role_flips",
    "rouge_l",
    "script_of",
    "split_steps",
    "style",
    "unit",
    "word_ngrams",
    "words",
    "wrong_language",
]

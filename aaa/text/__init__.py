"""Measures and checks of plain text: no models, no files, nothing learned."""

from aaa.text.fences import fence, neutralise
from aaa.text.leaks import find_leak
from aaa.text.orders import orders_judge
from aaa.text.refusals import is_refusal
from aaa.text.similarity import rouge_l
from aaa.text.styles import style, words

__all__ = [
    "fence",
    "find_leak",
    "is_refusal",
    "neutralise",
    "orders_judge",
    "rouge_l",
    "style",
    "words",
]

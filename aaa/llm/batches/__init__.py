"""Provider batches: calls that may wait for a day are gathered, sent together, and paid at half price."""

from aaa.llm.batches.api import has_batches
from aaa.llm.batches.batches import Batches
from aaa.llm.batches.carrier import Carrier
from aaa.llm.batches.policy import BatchPolicy

__all__ = ["BatchPolicy", "Batches", "Carrier", "has_batches"]

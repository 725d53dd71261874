"""Deduplication: which texts are alike, and the best of each cluster."""

from aaa.curate.dedup.clusters import Deduplicated, Entry, keep_best
from aaa.curate.dedup.methods import Dedup, deduplicate
from aaa.curate.dedup.minhash import MinHash, near_pairs

__all__ = ["Dedup", "Deduplicated", "Entry", "MinHash", "deduplicate", "keep_best", "near_pairs"]

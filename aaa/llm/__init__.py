"""Calls of models: one journal, one retry layer, limits that wait, a budget that holds, and a route to every model."""

from aaa.llm.batches import BatchPolicy, has_batches
from aaa.llm.endpoints import located, missing_key, places
from aaa.llm.facts import Known, known
from aaa.llm.gateway import Gateway
from aaa.llm.keys import read_env
from aaa.llm.limits import Limits
from aaa.llm.outages import Fate, Outage, OutagePolicy
from aaa.llm.pools import place_name
from aaa.llm.port import Ask, Asker, Fallback, Journal, Route, Routes, Use
from aaa.llm.prices import batch_price, unit_price
from aaa.llm.request import call_key, canonical_request, identity, resolve_params
from aaa.llm.retry import RetryPolicy
from aaa.llm.routes import OpenRoutes, open_routes
from aaa.llm.simulated import SimulatedReply
from aaa.llm.tally import Tally

__all__ = [
    "Ask",
    "Asker",
    "BatchPolicy",
    "Fallback",
    "Fate",
    "Gateway",
    "Journal",
    "Known",
    "Limits",
    "OpenRoutes",
    "Outage",
    "OutagePolicy",
    "RetryPolicy",
    "Route",
    "Routes",
    "SimulatedReply",
    "Tally",
    "Use",
    "batch_price",
    "call_key",
    "canonical_request",
    "has_batches",
    "identity",
    "known",
    "located",
    "missing_key",
    "open_routes",
    "place_name",
    "places",
    "read_env",
    "resolve_params",
    "unit_price",
]

"""Calls of models: one journal, one retry layer, limits that wait, a budget that holds, and a route to every model."""

from aaa.llm.endpoints import missing_key
from aaa.llm.gateway import Gateway, Tally
from aaa.llm.keys import read_env
from aaa.llm.limits import Limits
from aaa.llm.port import Ask, Asker, Journal, Route, Routes, Use
from aaa.llm.prices import unit_price
from aaa.llm.request import call_key, canonical_request, identity, resolve_params
from aaa.llm.retry import RetryPolicy
from aaa.llm.routes import OpenRoutes, open_routes
from aaa.llm.simulated import SimulatedReply

__all__ = [
    "Ask",
    "Asker",
    "Gateway",
    "Journal",
    "Limits",
    "OpenRoutes",
    "RetryPolicy",
    "Route",
    "Routes",
    "SimulatedReply",
    "Tally",
    "Use",
    "call_key",
    "canonical_request",
    "identity",
    "missing_key",
    "open_routes",
    "read_env",
    "resolve_params",
    "unit_price",
]

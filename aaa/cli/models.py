"""`aaa models`: what is known of a scenario's models, and whether they answer."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from aaa.cli.options import Files, Json, Settings
from aaa.cli.output import count, headed, plain, print_json, print_whole, table
from aaa.cli.run import load

if TYPE_CHECKING:
    from aaa.llm import Known
    from aaa.session import Resolved
    from aaa.session.ping import Ping
    from aaa.types import Model

LIMITS = {
    "rpm": "rpm",
    "tpm": "tpm",
    "input_tpm": "tpm in",
    "output_tpm": "tpm out",
    "concurrency": "at once",
}
WORDS = 60
"""Characters of a reply that are shown (ours)."""


def models(
    files: Files,
    settings: Settings = None,
    ping: Annotated[
        bool, typer.Option("--ping", help="Try each with one tiny call; it may cost a fraction of a cent.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List a scenario's models: family, context, price, terms, limits, route, key. Exit code 1 if a ping fails."""
    from aaa.llm import known
    from aaa.session.ping import ping as try_all

    resolved = load(files, settings=settings, session=None, rehearse=False)
    facts = {name: known(model) for name, model in resolved.models.items()}
    pings = {one.model: one for one in asyncio.run(try_all(resolved))} if ping else {}
    if as_json:
        found = [_document(model, facts[name], pings.get(name)) for name, model in resolved.models.items()]
        print_json({"models": found})
    else:
        for part in _report(resolved, facts, pings):
            print_whole(part)
    sys.exit(0 if all(one.ok for one in pings.values()) else 1)


def _document(model: Model, facts: Known, ping: Ping | None) -> dict[str, Any]:
    described = {
        "name": model.name,
        "model": model.model,
        "family": model.family,
        "license": model.license,
        "context": facts.context,
        "context_source": facts.context_source,
        "price": None if facts.price is None else facts.price.model_dump(exclude_none=True),
        "price_source": facts.price_source,
        "limits": {name: getattr(model, name) for name in LIMITS},
        "deployments": len(model.deployments),
        "fallbacks": list(model.fallbacks),
        "route": facts.route,
        "missing_key": facts.missing_key,
        "simulated": model.simulated,
    }
    if ping is None:
        return described
    answered = {"ok": ping.ok, "seconds": ping.seconds, "served_model": ping.served_model}
    return {**described, "ping": {**answered, "text": ping.text, "usd": ping.usd}}


def _report(resolved: Resolved, facts: Mapping[str, Known], pings: Mapping[str, Ping]) -> Iterator[RenderableType]:
    made = table("name", "model", "family", "license", "#context", "#USD in", "#USD out", "limits", "route", "key")
    for name, model in resolved.models.items():
        made.add_row(*map(plain, _row(model, facts[name])))
    yield headed("Models (prices: list price per million tokens)", made, simulated=resolved.simulated)
    if pings:
        yield _pinged(pings, simulated=resolved.simulated)
        yield from (plain(one.text) for one in pings.values() if not one.ok)
    for name, one in facts.items():
        if one.price is None:
            yield plain(f"Price of {name}: unknown. Give it as models.{name}.price: {{input: 0.15, output: 0.60}}")
        elif one.price_source == "own server":
            yield plain(f"Price of {name}: none per token, since its provider is software that one runs oneself.")
        if resolved.models[name].fallbacks:
            yield plain(f"Fallbacks of {name}: {', '.join(resolved.models[name].fallbacks)}")
        if one.context is None and not resolved.models[name].simulated:
            yield plain(f"Context of {name}: unknown. Give it as models.{name}.context, and `aaa plan` watches it.")


def _row(model: Model, facts: Known) -> tuple[str, ...]:
    key = f"MISSING: set {facts.missing_key}" if facts.missing_key else "ok"
    prices = ("?", "?") if facts.price is None else (f"{facts.price.input:g}", f"{facts.price.output:g}")
    limits = {unit: getattr(model, name) for name, unit in LIMITS.items()}
    places = f" ({count(len(model.deployments), 'place')})" if model.deployments else ""
    return (
        model.name,
        model.model + places,
        model.family,
        model.license,
        "?" if facts.context is None else f"{facts.context:,}",
        *prices,
        ", ".join(f"{value:,} {unit}" for unit, value in limits.items() if value is not None) or "none",
        facts.route,
        key,
    )


def _pinged(pings: Mapping[str, Ping], *, simulated: bool) -> RenderableType:
    made = table("name", "answers", "#seconds", "served by", "words")
    for name, one in pings.items():
        seconds = "" if one.seconds is None else f"{one.seconds:.2f}"
        words = _short(one.text) if one.ok else "see below"
        made.add_row(
            plain(name),
            "yes" if one.ok else Text("NO", "bold red"),
            seconds,
            plain(one.served_model or ""),
            plain(words),
        )
    return headed("Ping", made, simulated=simulated)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WORDS else line[: WORDS - 3] + "..."

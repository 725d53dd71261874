"""The tests' own server that speaks OpenAI's chat wire: real HTTP on 127.0.0.1, with faults on demand.

In process: `async with Loopback(answer=...) as server`. On its own: `python tests/loopback.py --port-file FILE`, which
answers for simulated models by the `model` of the request.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from loopback_batches import BatchDesk

Body = dict[str, Any]
Answer = Callable[[Body], str | Body | web.Response]
"""What to say to a request: visible text, a whole response, or an HTTP response with a status of its own."""


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong instead of an answer.

    `kind` is a status (`429`, `500`, ...), `reset` (the connection breaks), `truncated` (half a body), `garbage` (no
    JSON), `hang` (no answer until the client gives up).
    """

    kind: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = '{"error": {"message": "injected"}}'


class Loopback:
    """A server for one test. `faults` come first, one each; `marked` maps words of a prompt to a fault that stays."""

    def __init__(
        self,
        answer: Answer | None = None,
        *,
        faults: Iterable[Fault] = (),
        marked: dict[str, Fault] | None = None,
        rates: dict[str, float] | None = None,
        latency: float = 0.0,
        gate: asyncio.Event | None = None,
        seed: int = 0,
        forget: bool = False,
    ) -> None:
        self.answer = answer or (lambda body: f"You said: {body['messages'][-1]['content']}")
        self.faults = list(faults)
        self.marked = marked or {}
        self.rates = rates or {}
        self.latency = latency
        self.gate = gate
        """Nothing is answered before it is set."""
        self.forget = forget
        """Keep no requests and count nothing, for measurements."""
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.seen: Counter[str] = Counter()
        """Requests by hash of their body."""
        self.answered: Counter[str] = Counter()
        """The same, of those that were answered well."""
        self.tokens = 0
        """Tokens of all good answers."""
        self.in_flight = self.peak = 0
        self.batches = BatchDesk(self)
        self.port = 0
        self._random = random.Random(seed)
        self._runner: web.AppRunner | None = None

    @property
    def base(self) -> str:
        """What goes into `api_base`."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> Loopback:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/stats", self._stats)
        app.add_routes(self.batches.routes())
        app.router.add_post("/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=4096)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _stats(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "requests": sum(self.seen.values()),
                "distinct": len(self.seen),
                "repeated": sum(self.answered.values()) - len(self.answered),
                "answered": sum(self.answered.values()),
                "tokens": self.tokens,
                "peak": self.peak,
                "seen": self.seen,
            }
        )

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw)
        key = hashlib.sha256(raw).hexdigest()
        if not self.forget:
            self.requests.append(body)
            self.headers.append(dict(request.headers))
            self.paths.append(request.path)
            self.seen[key] += 1
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            if self.gate is not None:
                await self.gate.wait()
            fault = self._fault(raw.decode())
            if fault is not None:
                return await self._fail(request, fault)
            said = self.answer(body)
            self.answered[key] += not self.forget
            if isinstance(said, web.Response):
                return said
            response = completion(said, body) if isinstance(said, str) else said
            self.tokens += (response.get("usage") or {}).get("total_tokens", 0)
            return web.json_response(response)
        finally:
            self.in_flight -= 1

    def answered_line(self, body: Body) -> tuple[int, Body]:
        """Status and body of the answer to a request that came in a batch."""
        said = self.answer(body)
        if isinstance(said, web.Response):
            return said.status, json.loads(said.text or "null")
        return 200, completion(said, body) if isinstance(said, str) else said

    def _fault(self, text: str) -> Fault | None:
        for mark, fault in self.marked.items():
            if mark in text:
                return fault
        if self.faults:
            return self.faults.pop(0)
        draw = self._random.random()
        for kind, rate in self.rates.items():
            draw -= rate
            if draw < 0:
                return Fault(kind, {"Retry-After": "0"} if kind == "429" else {})
        return None

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.kind == "reset":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault.kind == "hang":
            await asyncio.sleep(3600)
        if fault.kind == "truncated":
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            await response.prepare(request)
            await response.write(b'{"choices": [{"mess')
            assert request.transport is not None
            request.transport.close()
            return response
        if fault.kind == "garbage":
            return web.Response(text="<html>bad gateway</html>", content_type="application/json")
        return web.Response(
            status=int(fault.kind), text=fault.body, headers=fault.headers, content_type="application/json"
        )


def completion(text: str, body: Body, **message: Any) -> Body:
    """A whole response that says `text`, with counts of four characters a token."""
    prompt = sum(len(str(m.get("content") or "")) for m in body["messages"]) // 4 + 1
    words = len(text) // 4 + 1
    return {
        "id": "chatcmpl-loopback",
        "object": "chat.completion",
        "created": 0,
        "model": body.get("model", ""),
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text, **message}}
        ],
        "usage": {"prompt_tokens": prompt, "completion_tokens": words, "total_tokens": prompt + words},
    }


def simulated(body: Body) -> Body:
    """What the simulated model named in the request says; `qwen` stands for `sim/qwen`."""
    from aaa import sim
    from aaa.types import Message, Model, Params

    name = body["model"].rpartition("/")[2]
    model = sim.resolve(Model(name=name, model=f"sim/{name}", family=name))
    messages = [Message.model_validate(message) for message in body["messages"]]
    params = Params.model_validate({key: body[key] for key in body if key in Params.model_fields})
    reply = sim.respond(model, messages, params, tools=body.get("tools") or ())
    calls = [call.to_wire() for call in reply.tool_calls]
    response = completion(reply.text, body, **({"tool_calls": calls} if calls else {}))
    response["choices"][0]["finish_reason"] = reply.finish_reason
    if reply.usage is not None:
        response["usage"] = {
            "prompt_tokens": reply.usage.prompt_tokens,
            "completion_tokens": reply.usage.completion_tokens,
            "total_tokens": reply.usage.prompt_tokens + reply.usage.completion_tokens,
        }
    return response


def fixed(text: str) -> Answer:
    """Always `text`, with the name of the model where it says `{model}`."""
    return lambda body: text.replace("{model}", body.get("model", ""))


def announce(port: int, file: Path) -> None:
    """Write the port whole or not at all: somebody is waiting for the file."""
    part = file.with_suffix(".part")
    part.write_text(str(port))
    part.replace(file)


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is ended; the port is written to a file once it listens."""
    rates = {kind: float(rate) for kind, rate in (spec.split("=") for spec in options.fault)}
    answer: Answer = fixed(options.text) if options.text else simulated
    server = Loopback(
        None if options.echo else answer, rates=rates, latency=options.latency, seed=options.seed, forget=options.forget
    )
    server.port = options.port
    async with server:
        announce(server.port, Path(options.port_file))
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port-file", required=True, help="where to write the port")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--text", help="a fixed answer, in place of simulated models; {model} is who was asked")
    parser.add_argument("--echo", action="store_true", help="answer with the prompt, in place of simulated models")
    parser.add_argument("--fault", action="append", default=[], metavar="KIND=RATE", help="such as 429=0.05")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--forget", action="store_true", help="keep no requests, count nothing")
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()

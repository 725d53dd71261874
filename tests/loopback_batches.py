"""OpenAI's batch API for the tests' own server: files, and batches of them that end as a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from loopback import Loopback

Body = dict[str, Any]


class BatchDesk:
    """Batches of a `Loopback`, whose `answer` answers each of their lines when they end."""

    def __init__(self, server: Loopback) -> None:
        self.files: dict[str, str] = {}
        self.deleted: list[str] = []
        """Ids of files that somebody deleted; their text is kept for the tests."""
        self.batches: dict[str, Body] = {}
        self.offered = True
        """Whether the server has this API at all."""
        self.first_status = "validating"
        """What a new batch is called; Azure writes it with a capital."""
        self.held = False
        """Whether batches stay in progress for now."""
        self.endings: list[str] = []
        """How the next batches end; those after them are completed."""
        self.runs: Callable[[Body], bool] = lambda line: True
        """Whether a batch that does not complete has run this line before its end."""
        self.mangle: Callable[[str], str] = lambda line: line
        """What becomes of a line of results."""
        self.queue: int | None = None
        """Requests that may be enqueued at once: a batch beyond fails, as OpenAI's do."""
        self.errors: list[Body] = []
        """Why batches that fail do so."""
        self.breaks: list[str] = []
        """Paths at which the next requests break off after they were carried out."""
        self.pending = 0
        """How often somebody has to look at an uploaded file until it can be used, as at Azure; 0: at once."""
        self.keys: list[str] = []
        """What came as `Authorization` with each batch."""
        self.unready = 0
        """How often a batch is refused since its file is not there yet."""
        self.looks = 0
        """How often somebody has looked at a batch."""
        self._server = server

    @property
    def lines(self) -> list[list[Body]]:
        """The requests of each batch made, in the order of the batches."""
        return [self._lines(batch) for batch in self.batches.values()]

    def routes(self) -> list[web.RouteDef]:
        """What the server answers under `/v1`, and under `/openai/v1`, where Azure has the same."""
        return [
            route
            for root in ("/v1", "/openai/v1")
            for route in (
                web.post(f"{root}/files", self._upload),
                web.get(f"{root}/files/{{id}}", self._file),
                web.get(f"{root}/files/{{id}}/content", self._content),
                web.delete(f"{root}/files/{{id}}", self._delete),
                web.post(f"{root}/batches", self._create),
                web.get(f"{root}/batches", self._list),
                web.get(f"{root}/batches/{{id}}", self._get),
            )
        ]

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        if not self.offered:
            return web.json_response({"detail": "Not Found"}, status=404)
        form = await request.post()
        assert form["purpose"] == "batch"
        file = form["file"]
        assert isinstance(file, web.FileField)
        id_ = self._store(file.file.read().decode())
        return self._reply(request, {"id": id_, "object": "file", **({"status": "pending"} if self.pending else {})})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self.pending -= 1
        status = "pending" if self.pending else "processed"
        return self._reply(request, {"id": request.match_info["id"], "object": "file", "status": status})

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.keys.append(request.headers.get("Authorization", ""))
        assert not self.pending, "a batch of a file that is not there yet"
        self.unready -= 1
        if body["input_file_id"] not in self.files or self.unready >= 0:
            return web.json_response(
                {"error": {"message": "Cannot find file file-1, or your project does not have access to it."}},
                status=400,
            )
        assert body["endpoint"] == "/v1/chat/completions"
        assert body["completion_window"] == "24h"
        batch = {**body, "id": f"batch_{len(self.batches) + 1}", "object": "batch", "status": self.first_status}
        self.batches[batch["id"]] = batch
        return self._reply(request, batch)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        """Pages of one, the newest first: whoever looks for a batch has to turn them."""
        newest = list(reversed(self.batches.values()))
        ids = [batch["id"] for batch in newest]
        start = ids.index(request.query["after"]) + 1 if "after" in request.query else 0
        return self._reply(request, {"data": newest[start : start + 1], "has_more": start + 1 < len(newest)})

    async def _get(self, request: web.Request) -> web.StreamResponse:
        self.looks += 1
        batch = self.batches.get(request.match_info["id"])
        if batch is None:
            return web.json_response({"error": {"message": "No batch found"}}, status=404)
        self._go_on(batch)
        return self._reply(request, batch)

    async def _content(self, request: web.Request) -> web.StreamResponse:
        response = web.Response(text=self.files[request.match_info["id"]], content_type="application/jsonl")
        return self._broken(request) or response

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        self.deleted.append(request.match_info["id"])
        return self._reply(request, {"id": self.deleted[-1], "deleted": True})

    def _go_on(self, batch: Body) -> None:
        """One step of a batch, each time that somebody looks."""
        if batch["status"] == self.first_status:
            batch["status"] = "in_progress"
            if self.queue is not None and self._enqueued() > self.queue:
                batch["status"] = "failed"
                batch["errors"] = {"data": [{"code": "token_limit_exceeded", "message": "Enqueued token limit"}]}
        elif batch["status"] == "in_progress" and not self.held:
            batch["status"] = self.endings.pop(0) if self.endings else "completed"
            if batch["status"] == "failed":
                batch["errors"] = {"data": self.errors}
            else:
                self._write_results(batch)

    def _write_results(self, batch: Body) -> None:
        good, bad = [], []
        for line in reversed(self._lines(batch)):  # no order is promised
            result: Body = {"id": "x", "custom_id": line["custom_id"], "response": None, "error": None}
            if batch["status"] != "completed" and not self.runs(line):
                code = {"code": f"batch_{batch['status']}", "message": "This request was not executed in time."}
                bad.append(json.dumps({**result, "error": code}))
                continue
            status, body = self._server.answered_line(line["body"])
            kept = good if status == 200 else bad
            kept.append(self.mangle(json.dumps({**result, "response": {"status_code": status, "body": body}})))
        batch["output_file_id"] = self._store("\n".join(good) + "\n") if good else None
        batch["error_file_id"] = self._store("\n".join(bad) + "\n") if bad else None

    def _enqueued(self) -> int:
        return sum(len(self._lines(b)) for b in self.batches.values() if b["status"] == "in_progress")

    def _lines(self, batch: Body) -> list[Body]:
        return [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]

    def _store(self, text: str) -> str:
        name = f"file-{len(self.files) + 1}"
        self.files[name] = text
        return name

    def _reply(self, request: web.Request, body: Body) -> web.StreamResponse:
        return self._broken(request) or web.json_response(body)

    def _broken(self, request: web.Request) -> web.StreamResponse | None:
        if not self.breaks or self.breaks[0] not in request.path:
            return None
        self.breaks.pop(0)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

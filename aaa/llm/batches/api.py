"""The batch API of OpenAI's wire: files, and batches made of them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aaa.errors import CallError
from aaa.llm.batches.bundle import Line
from aaa.llm.endpoints import PROVIDERS, located, provider_of
from aaa.llm.faults import fault, of_response
from aaa.llm.lean import CHAT, LeanRoute, decoded
from aaa.types import Model, canonical_json

MARK = "aaa_batch"
"""Name under which a batch's metadata holds the id of its row."""

PATIENCE = 600.0
"""Seconds that one request may take: files are large (OpenAI's own clients wait as long)."""

ENDED = frozenset({"completed", "expired", "failed", "cancelled"})

UNREADY = frozenset({"pending", "running"})
"""States of a file that no batch can be made of yet (Azure's; OpenAI's is `processed` at once)."""

_PAGE = 100
"""Most batches that one page of the list holds (OpenAI's limit)."""


def has_batches(model: Model) -> bool:
    """Whether a model can be asked in batches: OpenAI's and Azure's can, and so may an OpenAI-like server of the user's
    own."""
    provider = provider_of(model)
    if provider is None or model.route == "litellm" or model.deployments:
        return False
    if provider is PROVIDERS["azure"]:
        return located(model).api_base is not None
    return provider.wire and (provider is PROVIDERS["openai"] or model.api_base is not None)


@dataclass(frozen=True, slots=True)
class Remote:
    """A batch as its provider tells of it."""

    id: str
    status: str
    files: tuple[str, ...]
    """Ids of the files with its replies and its errors, as far as there are any."""
    source: str | None
    """Id of the file with its requests, where it says."""
    errors: str
    """Why it failed as a whole, as JSON."""

    @property
    def ended(self) -> bool:
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class File:
    """A file as its provider tells of it."""

    id: str
    waits: bool
    """Whether no batch can be made of it yet."""


class BatchApi:
    """The batch API of one model's server: single requests, no retry. Everything here raises `CallError`."""

    def __init__(self, lean: LeanRoute, model: Model) -> None:
        self._lean, self._model = lean, model

    async def upload(self, lines: Iterable[Line]) -> File:
        """Store the requests at the provider."""
        import aiohttp  # heavy

        form = aiohttp.FormData()
        form.add_field("purpose", "batch")
        content = b"\n".join(line.data for line in lines)
        form.add_field("file", content, filename="aaa.jsonl", content_type="application/jsonl")
        try:
            made = await self._ask("POST", "/files", form)
        except CallError as error:
            if error.kind == "not_found":
                found = f"{error} Its server may have no batch API; without one use `mode: live`"
                raise fault("not_found", self._model, found, body=error.raw or "") from None
            raise
        return self._file(made)

    async def look_at(self, file: str) -> File:
        """A file as it stands."""
        return self._file(await self._ask("GET", f"/files/{file}"))

    async def create(self, file: str, name: str) -> Remote:
        """Make a batch of an uploaded file; `name` marks it as ours."""
        body = {
            "input_file_id": file,
            "endpoint": f"/v1{CHAT}",
            "completion_window": "24h",
            "metadata": {MARK: name},
        }
        try:
            return self._remote(await self._ask("POST", "/batches", canonical_json(body).encode()))
        except CallError as error:
            if error.kind == "invalid" and "annot find file" in (error.raw or ""):
                # Seen for seconds after the upload (bespokelabsai/curator#116).
                raise fault("server", self._model, "the uploaded file is not there yet", body=error.raw or "") from None
            raise

    async def find(self, name: str) -> Remote | None:
        """The batch with this mark, or None where there is none."""
        page, after = f"/batches?limit={_PAGE}", ""
        while True:
            found = await self._ask("GET", page + after)
            batches = found.get("data") or []
            for batch in batches:
                if isinstance(batch, dict) and (batch.get("metadata") or {}).get(MARK) == name:
                    return self._remote(batch)
            if not found.get("has_more") or not batches:
                return None
            after = f"&after={self._text(batches[-1], 'id')}"

    async def get(self, id_: str) -> Remote:
        """A batch as it stands."""
        return self._remote(await self._ask("GET", f"/batches/{id_}"))

    async def content(self, file: str) -> str:
        """What a file holds."""
        heard = await self._lean.exchange(self._model, "GET", f"/files/{file}/content", seconds=PATIENCE)
        if heard.status != 200:
            raise of_response(self._model, heard)
        return heard.body

    async def discard(self, file: str) -> None:
        """Delete a file at the provider, if that goes: one that stays there harms no work."""
        with suppress(CallError):
            await self._lean.exchange(self._model, "DELETE", f"/files/{file}", seconds=PATIENCE)

    async def _ask(self, method: str, path: str, data: Any = None) -> dict[str, Any]:
        heard = await self._lean.exchange(self._model, method, path, data, seconds=PATIENCE)
        if not 200 <= heard.status < 300:
            raise of_response(self._model, heard)
        found = decoded(heard.body, self._model)
        if not isinstance(found, dict):
            raise fault("malformed", self._model, f"{method} {path} gave no object", body=heard.body)
        return found

    def _file(self, found: dict[str, Any]) -> File:
        return File(self._text(found, "id"), waits=str(found.get("status")).lower() in UNREADY)

    def _remote(self, batch: dict[str, Any]) -> Remote:
        files = (batch.get("output_file_id"), batch.get("error_file_id"))
        source = batch.get("input_file_id")
        return Remote(
            id=self._text(batch, "id"),
            status=self._text(batch, "status").lower(),  # Azure begins with `Validating`
            files=tuple(file for file in files if isinstance(file, str) and file),
            source=source if isinstance(source, str) and source else None,
            errors=canonical_json(batch.get("errors")),
        )

    def _text(self, found: Any, name: str) -> str:
        value = found.get(name) if isinstance(found, dict) else None
        if not isinstance(value, str) or not value:
            raise fault("malformed", self._model, f"a batch or file without {name!r}", body=str(found))
        return value

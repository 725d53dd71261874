"""Fixtures of the call layer's tests: a real store, and an environment without anybody's keys."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from aaa.store import Store, StoreJournal


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "aaa.db") as store:
        yield store


@pytest.fixture
def journal(store: Store) -> StoreJournal:
    return StoreJournal(store)


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if re.search(r"(_KEY|_TOKEN|_API_BASE|_BASE_URL|_proxy|_PROXY)$", name):
            monkeypatch.delenv(name)

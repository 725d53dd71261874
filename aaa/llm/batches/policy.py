"""The numbers of batching."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BatchPolicy:
    """When a batch leaves, and how it is waited for. Times are in seconds, and ours.

    `requests` is OpenAI's limit (API reference, `POST /batches`); `bytes` was its limit before it grew to 200 MB, and
    is that of servers which copied it earlier.
    """

    idle: float = 0.5
    """A batch leaves once nothing else is in flight, and no call has begun or ended for so long."""
    poll: float = 30.0
    """Between two looks at a batch."""
    missed: int = 60
    """Looks in a row that may fail (half an hour) before its calls fail for now; the next run looks again."""
    requests: int = 50_000
    bytes: int = 100_000_000

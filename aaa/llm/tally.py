"""What a run counts while it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from aaa.errors import CallError


@dataclass
class Tally:
    """Live counters of one run."""

    made: int = 0
    """Calls that reached a model and were answered or refused for good."""
    replayed: int = 0
    failed: int = 0
    """Calls that brought no reply, whether final (replayed ones too) or for now."""
    retried: int = 0
    """Attempts that were followed by another."""
    trouble: str = ""
    """What the last of them met, in two words: whom, and the kind of its fault."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0
    """What the attempts of this run cost, as far as prices are known."""
    unpriced: int = 0
    """Calls made whose price is unknown."""

    def tried_again(self, error: CallError) -> None:
        """Count an attempt that is followed by another."""
        self.retried += 1
        self.trouble = f"{error.model}: {error.kind}"

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens of the calls made."""
        return self.prompt_tokens + self.completion_tokens

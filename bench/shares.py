"""Shares with their 95 % intervals (Wilson, 1927)."""

from __future__ import annotations

Z = 1.96


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The interval of a share, within 0..1; all of it where nothing was counted."""
    if not of:
        return 0.0, 1.0
    p = hits / of
    middle, half = p + Z * Z / (2 * of), Z * (p * (1 - p) / of + Z * Z / (4 * of * of)) ** 0.5
    low, high = ((middle + sign * half) / (1 + Z * Z / of) for sign in (-1, 1))
    return max(0.0, low), min(1.0, high)


def share(hits: int, of: int) -> str:
    """A share with its interval, in percent."""
    low, high = wilson(hits, of)
    return f"{hits / of if of else 0.0:.1%} ({low:.0%} to {high:.0%})"

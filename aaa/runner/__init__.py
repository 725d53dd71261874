"""How work is carried out: episodes with resume, many at once, with progress; calls joined to the journal."""

from aaa.runner.episodes import Episodes, Work
from aaa.runner.pool import run_all
from aaa.runner.progress import Progress
from aaa.runner.wiring import open_gateway

__all__ = ["Episodes", "Progress", "Work", "open_gateway", "run_all"]

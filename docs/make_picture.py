"""Makes docs/quickstart.svg, the README's picture, by running the quickstart: `python docs/make_picture.py`."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
import tempfile
import time
from pathlib import Path

from rich.console import Console

from aaa.cli.output import plain
from aaa.cli.progress import frame
from aaa.cli.summary import summary
from aaa.session import REHEARSAL, RunOptions, resolve, run_session

DOCS = Path(__file__).resolve().parent
COMMAND = "aaa run scenarios/quickstart.yaml"
DB = "data/aaa.db"
WIDTH = 96  # columns: the widest table of the quickstart, and a README's page


def main() -> None:
    console = Console(record=True, width=WIDTH, force_terminal=True, color_system="truecolor", file=io.StringIO())
    scenario = DOCS.parent / "scenarios/quickstart.yaml"
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        resolved = resolve([scenario])
        begun = time.monotonic()
        result = asyncio.run(run_session(resolved, RunOptions(db=DB)))
        seconds = time.monotonic() - begun
        stages = [stage.name for stage in resolved.scenario.stages]
        heading = f"{resolved.session} · {REHEARSAL}"
        console.print(plain(f"$ {COMMAND}", "bold"))
        console.print(frame(heading, stages, result.progress, result.gateway.tally, seconds))
        for part in summary(result, DB):
            console.print(part, highlight=False)
    # A fixed id, or every run would change every line; the reader's own font, not one from the network.
    picture = console.export_svg(title=COMMAND, unique_id="quickstart")
    picture = re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    (DOCS / "quickstart.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()

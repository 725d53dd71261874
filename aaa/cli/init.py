"""`aaa init`: a project folder that runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from aaa.cli.output import plain, results


def init(
    folder: Annotated[Path, typer.Argument(help="A new folder, or one in which none of the files is there yet.")],
) -> None:
    """Make a project folder: scenarios, agent cards, sample prompts."""
    from aaa.scenario import init_project

    written = init_project(folder)
    out = results()
    for path in written:
        out.print(plain(path), soft_wrap=True)
    out.print(plain(f"\nNext: cd {folder} && aaa run scenarios/quickstart.yaml"), soft_wrap=True)

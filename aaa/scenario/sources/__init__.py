"""Where prompts come from: files of many forms, data sets, rows in memory; each row is kept or refused for a reason."""

from aaa.scenario.sources.files import SESSION, prompt_files
from aaa.scenario.sources.raw import EXCERPT, Place, RefusedRow, SourceFault
from aaa.scenario.sources.reading import kept, read_memory, read_prompts, read_source

__all__ = [
    "EXCERPT",
    "SESSION",
    "Place",
    "RefusedRow",
    "SourceFault",
    "kept",
    "prompt_files",
    "read_memory",
    "read_prompts",
    "read_source",
]

"""What is chosen: prompts that promise most, and what a selection takes of a session."""

from aaa.curate.active import promise
from aaa.curate.origin import Origin
from aaa.curate.record import ItemRecord
from aaa.curate.select import Selected, select

__all__ = ["ItemRecord", "Origin", "Selected", "promise", "select"]

"""What is chosen from a session: selections."""

from aaa.curate.origin import Origin
from aaa.curate.record import ItemRecord
from aaa.curate.select import Selected, select

__all__ = ["ItemRecord", "Origin", "Selected", "select"]

"""What is chosen from a session: selections."""

from aaa.curate.record import ItemRecord
from aaa.curate.select import Selected, Selector

__all__ = ["ItemRecord", "Selected", "Selector"]

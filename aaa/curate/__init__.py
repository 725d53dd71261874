"""What is chosen: prompts that promise most, and what a selection takes of a session."""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.curate.active import promise
    from aaa.curate.limits import Found, Selected
    from aaa.curate.origin import Origin
    from aaa.curate.record import ItemRecord
    from aaa.curate.selecting import Selecting, select
    from aaa.curate.versions import RatedVersions
else:
    __getattr__ = late(__name__, __file__)

__all__ = ["Found", "ItemRecord", "Origin", "RatedVersions", "Selected", "Selecting", "promise", "select"]

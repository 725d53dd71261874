"""Which prompts to take: shares of cells, weights of rows, similarity to a target, diversity."""

from typing import TYPE_CHECKING

from aaa.late import late

if TYPE_CHECKING:
    from aaa.curate.sampling.cells import ANY, Cell, cell_of
    from aaa.curate.sampling.choosing import Drawn, Entry, choose
    from aaa.curate.sampling.diversity import by_diversity
    from aaa.curate.sampling.drawing import Candidate, by_weight, priority
    from aaa.curate.sampling.likeness import Likeness
    from aaa.curate.sampling.quotas import by_quota
    from aaa.curate.sampling.report import CellReport, SampleReport, effective_size
    from aaa.curate.sampling.targets import importance, target_shares
else:
    __getattr__ = late(__name__, __file__)

__all__ = [
    "ANY",
    "Candidate",
    "Cell",
    "CellReport",
    "Drawn",
    "Entry",
    "Likeness",
    "SampleReport",
    "by_diversity",
    "by_quota",
    "by_weight",
    "cell_of",
    "choose",
    "effective_size",
    "importance",
    "priority",
    "target_shares",
]

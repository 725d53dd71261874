"""Ratings of models and agreement of judges, computed from votes alone: pure functions over files or sessions."""

from aaa.rate.agreement import Agreement, AgreementRule, agreement_of_coders, agreement_of_sources
from aaa.rate.coefficients import Level, cohen_kappa, fleiss_kappa, krippendorff_alpha
from aaa.rate.gaps import Change, Gap, GapRule, Gaps, Standing, changes_of, find_gaps
from aaa.rate.matching import Pairing, next_round
from aaa.rate.rating import Effect, Rated, Ratings, rate
from aaa.rate.rule import Method, RatingRule
from aaa.rate.shares import SpreadRule, quotas, spread
from aaa.rate.table import Ties
from aaa.rate.votes import Vote, VoteOutcome, read_votes

__all__ = [
    "Agreement",
    "AgreementRule",
    "Change",
    "Effect",
    "Gap",
    "GapRule",
    "Gaps",
    "Level",
    "Method",
    "Pairing",
    "Rated",
    "RatingRule",
    "Ratings",
    "SpreadRule",
    "Standing",
    "Ties",
    "Vote",
    "VoteOutcome",
    "agreement_of_coders",
    "agreement_of_sources",
    "changes_of",
    "cohen_kappa",
    "find_gaps",
    "fleiss_kappa",
    "krippendorff_alpha",
    "next_round",
    "quotas",
    "rate",
    "read_votes",
    "spread",
]

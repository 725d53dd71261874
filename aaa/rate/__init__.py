"""Ratings of models and agreement of judges, computed from votes alone: pure functions over files or sessions."""

from aaa.rate.agreement import Agreement, AgreementRule, agreement_of_coders, agreement_of_sources
from aaa.rate.coefficients import Level, cohen_kappa, fleiss_kappa, krippendorff_alpha
from aaa.rate.rating import Effect, Rated, Ratings, rate
from aaa.rate.rule import Method, RatingRule
from aaa.rate.table import Ties
from aaa.rate.votes import Vote, VoteOutcome, read_votes

__all__ = [
    "Agreement",
    "AgreementRule",
    "Effect",
    "Level",
    "Method",
    "Rated",
    "RatingRule",
    "Ratings",
    "Ties",
    "Vote",
    "VoteOutcome",
    "agreement_of_coders",
    "agreement_of_sources",
    "cohen_kappa",
    "fleiss_kappa",
    "krippendorff_alpha",
    "rate",
    "read_votes",
]

"""The optimisation of an evolving method over a file of prompts (Auto Evol-Instruct)."""

from aaa.session.auto.run import Optimised, optimise_method, split, standing

__all__ = ["Optimised", "optimise_method", "split", "standing"]

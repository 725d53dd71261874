"""Code that nobody has read, run in a process that can compute and nothing else."""

from aaa.verify.sandbox.host import Finding, Program, lock_problem, run

__all__ = ["Finding", "Program", "lock_problem", "run"]

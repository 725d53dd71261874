"""Programs that check answers: what an answer finally says, and whether it agrees with the reference."""

from aaa.verify.checks import IN_A_PROCESS, check, checked, require
from aaa.verify.finals import extract_final
from aaa.verify.numbers import extract_number
from aaa.verify.tools import is_bundled, run_tool

__all__ = ["IN_A_PROCESS", "check", "checked", "extract_final", "extract_number", "is_bundled", "require", "run_tool"]

"""The lock, kept by the Linux kernel (5.13 or later): Landlock for files, a seccomp filter for everything else.

Both need no privilege and can never be taken off again. This file is imported by `guest.py` alone, which does not see
the rest of AAA. See landlock(7) and seccomp(2).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Sequence

CALLS: dict[str, tuple[int, frozenset[int]]] = {
    # AUDIT_ARCH_X86_64 of <linux/audit.h>; numbers of <asm/unistd_64.h>
    "x86_64": (
        0xC000003E,
        frozenset(
            (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 28, 32, 33, 35)
            + (36, 37, 38, 39, 44, 45, 60, 63, 72, 79, 89, 96, 97, 98, 99, 100, 102, 104, 107, 108, 110, 115, 131, 186)
            + (201, 202, 204, 217, 218, 219, 228, 229, 230, 231, 232, 233, 257, 262, 267, 269, 270, 271, 273, 281, 290)
            + (291, 292, 293, 318, 324, 332, 334, 439)
        ),
    ),
    # AUDIT_ARCH_AARCH64; numbers of <asm-generic/unistd.h>
    "aarch64": (
        0xC00000B7,
        frozenset(
            (17, 19, 20, 21, 22, 23, 24, 25, 29, 48, 56, 57, 59, 61, 62, 63, 64, 65, 66, 67, 72, 73, 78, 79, 80, 93)
            + (94, 96, 98, 99, 101, 102, 103, 113, 114, 115, 123, 124, 128, 132, 134, 135, 139, 153, 158, 160, 165, 169)
            + (172, 173, 174, 175, 176, 177, 178, 179, 206, 207, 214, 215, 216, 222, 226, 233, 278, 283, 291, 293, 439)
        ),
    ),
}
"""System calls that computing needs, by machine: memory, time, threads, reading files, talking to oneself.

Ours. What is not named does not exist for the process: no sockets, programs, signals, mounts, devices, changed files.
"""
CLONE, SOCKETPAIR = {"x86_64": 56, "aarch64": 220}, {"x86_64": 53, "aarch64": 199}
CLONE_THREAD = 0x10000
SOCKET_KIND, SOCK_STREAM = 0xF, 1
ARCH_OFFSET, NUMBER_OFFSET, ARGUMENTS_OFFSET = 4, 0, 16
"""Places in `struct seccomp_data`; an argument takes eight bytes."""
LOAD, AND, EQUAL, RETURN = 0x20, 0x54, 0x15, 0x06
"""Operations of BPF: load a word, mask it, jump if equal, return."""
KILL, ALLOW, NO_SUCH_CALL = 0x80000000, 0x7FFF0000, 0x00050000 | 38  # ENOSYS: libraries then try an older call
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
"""System calls of Landlock, the same on both machines."""
HANDLED = (1 << 13) - 1
"""Every right over files that the first version of Landlock knows."""
READ = 1 << 2 | 1 << 3
"""To read files, and to list folders."""


def lock_in(folders: Sequence[str]) -> str | None:
    """Lock the process in for good, able to read below `folders` only; what stands in the way, or None."""
    machine = platform.machine()
    if machine not in CALLS or not hasattr(os, "O_PATH"):
        return f"there is no lock for {platform.system()} on {machine}"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return _refused("privileges")
    return _restrict_files(libc, folders) or _restrict_calls(libc, machine)


def _restrict_files(libc: ctypes.CDLL, folders: Sequence[str]) -> str | None:
    attributes = struct.pack("=Q", HANDLED)
    ruleset = libc.syscall(CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return _refused("files (Landlock)")
    for folder in folders:
        place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        refused = libc.syscall(ADD_RULE, ruleset, 1, struct.pack("=Qi", READ, place), 0)
        os.close(place)
        if refused:
            return _refused(f"the folder {folder}")
    if libc.syscall(RESTRICT_SELF, ruleset, 0):
        return _refused("files (Landlock)")
    os.close(ruleset)
    return None


def _restrict_calls(libc: ctypes.CDLL, machine: str) -> str | None:
    program = _program(machine)
    code = ctypes.create_string_buffer(program, len(program))
    filter_ = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_, 0, 0):
        return _refused("system calls (seccomp)")
    return None


def _program(machine: str) -> bytes:
    """The filter: allowed calls by number, two of them by an argument, all others answered with "no such call"."""
    arch, allowed = CALLS[machine]
    steps = [_step(LOAD, ARCH_OFFSET), _step(EQUAL, arch, 1, 0), _step(RETURN, KILL), _step(LOAD, NUMBER_OFFSET)]
    for number in sorted(allowed):
        steps += [_step(EQUAL, number, 0, 1), _step(RETURN, ALLOW)]
    steps += _only_with(CLONE[machine], 0, CLONE_THREAD, CLONE_THREAD)
    steps += _only_with(SOCKETPAIR[machine], 1, SOCKET_KIND, SOCK_STREAM)
    return b"".join([*steps, _step(RETURN, NO_SUCH_CALL)])


def _only_with(number: int, argument: int, mask: int, wanted: int) -> list[bytes]:
    """Allow a call where its argument, masked, is as wanted."""
    return [
        _step(EQUAL, number, 0, 5),
        _step(LOAD, ARGUMENTS_OFFSET + 8 * argument),
        _step(AND, mask),
        _step(EQUAL, wanted, 0, 1),
        _step(RETURN, ALLOW),
        _step(RETURN, NO_SUCH_CALL),
    ]


def _step(operation: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One `struct sock_filter`."""
    return struct.pack("=HBBI", operation, if_true, if_false, operand)


def _refused(what: str) -> str:
    return f"the kernel does not let a process lock away {what}: {os.strerror(ctypes.get_errno())}"

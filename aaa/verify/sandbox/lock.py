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

THREAD = (0x10000, 0x10000)  # CLONE_THREAD: a thread, no process
STREAM = (0xF, 1)  # SOCK_STREAM: the two ends of a pair, which cannot speak to anybody else
READ_ONLY = (0o1103, 0)  # neither O_WRONLY, O_RDWR, O_CREAT nor O_TRUNC
CALLS = {
    # AUDIT_ARCH_X86_64 of <linux/audit.h>; numbers of <asm/unistd_64.h>
    "x86_64": (
        0xC000003E,
        "0-1 3-17 19-25 28 32-33 35-39 44-45 60 63 72 79 89 96-100 102 104 107-108 110 115 131 186 201-202 204 "
        "217-219 228-233 262 267 269-271 273 281 290-293 318 324 332 334 439",
        ((56, 0, THREAD), (53, 1, STREAM), (2, 1, READ_ONLY), (257, 2, READ_ONLY)),  # clone, socketpair, open, openat
    ),
    # AUDIT_ARCH_AARCH64; numbers of <asm-generic/unistd.h>
    "aarch64": (
        0xC00000B7,
        "17 19-25 29 48 57 59 61-67 72-73 78-80 93-94 96 98-99 101-103 113-115 123-124 128 132 134-135 139 153 "
        "158 160 165 169 172-179 206-207 214-216 222 226 233 278 283 291 293 439",
        ((220, 0, THREAD), (199, 1, STREAM), (56, 2, READ_ONLY)),  # clone, socketpair, openat
    ),
}
"""System calls that computing needs, by machine: memory, time, threads, reading files, talking to oneself. Behind them
those that are there only if an argument (by its place, with a mask) has a value.

Ours. What is not named does not exist for the process: no sockets, programs, signals, mounts, devices, changed files.
"""
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
    """The filter: allowed calls by number, some by an argument, all others answered with "no such call"."""
    arch, allowed, conditional = CALLS[machine]
    steps = [_step(LOAD, ARCH_OFFSET), _step(EQUAL, arch, 1, 0), _step(RETURN, KILL), _step(LOAD, NUMBER_OFFSET)]
    for number in _numbers(allowed):
        steps += [_step(EQUAL, number, 0, 1), _step(RETURN, ALLOW)]
    for number, argument, (mask, wanted) in conditional:
        steps += _only_with(number, argument, mask, wanted)
    return b"".join([*steps, _step(RETURN, NO_SUCH_CALL)])


def _numbers(ranges: str) -> list[int]:
    """`3-5 9` is 3, 4, 5 and 9."""
    ends = [(int(first), int(last or first)) for first, _, last in (part.partition("-") for part in ranges.split())]
    return [number for first, last in ends for number in range(first, last + 1)]


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

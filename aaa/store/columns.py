"""What columns hold that is no plain value: bodies, packed or not, and counts."""

import zlib
from typing import Annotated

from sqlalchemy import BigInteger, Dialect, LargeBinary, Text, TypeDecorator
from sqlmodel import Field


def pack(text: str) -> bytes:
    """Text as zlib bytes (level 6): requests repeat method prompts, and shrink to about half (bench/store.py)."""
    return zlib.compress(text.encode())


def unpack(packed: bytes) -> str:
    """The text that was packed; raises `zlib.error` where the bytes were damaged."""
    return zlib.decompress(packed).decode()


class Packed(TypeDecorator[str]):
    """Text that is kept packed, and read as text."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else unpack(value)


Body = Annotated[str, Field(sa_type=Text)]
PackedBody = Annotated[str, Field(sa_type=Packed)]
Count = Annotated[int, Field(sa_type=BigInteger)]

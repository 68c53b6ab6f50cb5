"""Read protobuf's wire format.

In: the bytes of one message, from anywhere.
Out: its fields as ``(number, value)``; a value is an ``int`` (varint) or the raw bytes of the field.
Not here: what a field means (``sentencepiece_model``).

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

__all__ = ["WireError", "as_bytes", "as_float", "as_int", "iter_fields", "read_varint"]

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_VARINT_BITS = 64


class WireError(ValueError):
    """The bytes are not a protobuf message."""


def read_varint(data: bytes, position: int) -> tuple[int, int]:
    r"""Return the varint at a position and the position after it.

    >>> read_varint(b"\x96\x01", 0)
    (150, 2)
    """
    value = 0
    for shift in range(0, _VARINT_BITS + 6, 7):
        if position >= len(data):
            raise WireError("a number is cut off")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & (1 << _VARINT_BITS) - 1, position
    raise WireError("a number is longer than 64 bits")


def iter_fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    r"""Yield every field of a message in file order.

    >>> list(iter_fields(b"\x08\x96\x01\x12\x02hi"))
    [(1, 150), (2, b'hi')]

    Raises:
        WireError: The message is cut off or is no message at all.
    """
    position, end = 0, len(data)
    while position < end:
        # Almost all numbers have one byte; a call for each would double the time for a vocabulary.
        key = data[position]
        position += 1
        if key >= 0x80:
            key, position = read_varint(data, position - 1)
        kind = key & 7
        if kind == _VARINT:
            number, position = read_varint(data, position)
            yield key >> 3, number
            continue
        if kind == _BYTES:
            if position < end and data[position] < 0x80:
                size = data[position]
                position += 1
            else:
                size, position = read_varint(data, position)
        elif kind in (_FIXED32, _FIXED64):
            size = 4 if kind == _FIXED32 else 8
        else:
            raise WireError(f"wire type {kind} is not in use")
        if size > end - position:
            raise WireError("a field is cut off")
        yield key >> 3, data[position : position + size]
        position += size


def as_float(value: int | bytes) -> float:
    """Return a fixed 32-bit field as the number it holds."""
    if not isinstance(value, bytes) or len(value) != 4:
        raise WireError("a number should have 4 bytes")
    return float(struct.unpack("<f", value)[0])


def as_bytes(value: int | bytes) -> bytes:
    """Return a length-delimited field."""
    if not isinstance(value, bytes):
        raise WireError("a field should hold bytes, not a number")
    return value


def as_int(value: int | bytes) -> int:
    """Return a varint field."""
    if not isinstance(value, int):
        raise WireError("a field should hold a number, not bytes")
    return value

"""Find equal digests.

In: digests of the examples of a file, one behind the other.
Out: which of them stood earlier already.
Not here: what was digested (``engines``) or what to say about it (``report``).

A digest has 128 bits: among a billion different lines the chance of one false pair is below 10^-20.
"""

from collections.abc import Iterator
from hashlib import sha1

__all__ = ["DIGEST_BYTES", "NO_DIGEST", "digest", "digests", "find_duplicates"]

DIGEST_BYTES = 16
# Stands for an example that is not compared because it is dropped.
NO_DIGEST = bytes(DIGEST_BYTES)
# Below this a dict is as quick, and numpy need not be imported.
FEW = 20_000


def digest(line: bytes) -> bytes:
    """Return the digest of a line: SHA-1, the quickest here, cut to 16 bytes.

    Nobody gains from a forged pair: it would be reported as information about his own file.
    """
    return sha1(line, usedforsecurity=False).digest()[:DIGEST_BYTES]


def digests(lines: list[bytes]) -> bytes:
    """Return the digests of many lines, one behind the other."""
    return b"".join([sha1(line, usedforsecurity=False).digest()[:DIGEST_BYTES] for line in lines])


def find_duplicates(held: bytes | bytearray) -> Iterator[tuple[int, int]]:
    """Yield ``(index, index of the first equal one)`` for every repeated digest, by index; both from 0."""
    if len(held) <= FEW * DIGEST_BYTES:
        yield from _few(held)
    else:
        yield from _many(held)


def _few(held: bytes | bytearray) -> Iterator[tuple[int, int]]:
    first: dict[bytes, int] = {}
    for index in range(len(held) // DIGEST_BYTES):
        key = bytes(held[index * DIGEST_BYTES : (index + 1) * DIGEST_BYTES])
        earlier = first.setdefault(key, index)
        if earlier != index and key != NO_DIGEST:
            yield index, earlier


def _many(held: bytes | bytearray) -> Iterator[tuple[int, int]]:
    import numpy as np  # a tenth of a second that small files should not pay

    words = np.frombuffer(held, dtype="<u8").reshape(-1, 2)
    # Sorting half of each digest finds the few that can be equal; only those are looked at in full.
    halves = np.sort(words[:, 0])
    twice = np.unique(halves[1:][halves[1:] == halves[:-1]])
    del halves
    candidates = np.flatnonzero(np.isin(words[:, 0], twice) & words.any(axis=1))
    chosen = words[candidates]
    # lexsort is stable, so the first of a run of equal digests is the earliest.
    order = np.lexsort((chosen[:, 1], chosen[:, 0]))
    ranked, places = chosen[order], candidates[order]
    same = np.concatenate(([False], (ranked[1:] == ranked[:-1]).all(axis=1)))[: len(places)]
    firsts = places[~same][np.cumsum(~same) - 1]
    repeated = np.flatnonzero(same)
    by_index = repeated[np.argsort(places[repeated])]
    for rank in by_index.tolist():
        yield int(places[rank]), int(firsts[rank])

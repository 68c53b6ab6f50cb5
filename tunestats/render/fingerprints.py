"""Name findings so that another program knows them again.

In: findings and their spots.
Out: a fingerprint each: the same while the fault is, wherever its line moves, and different for each finding.
Not here: what a baseline accepts (``baseline``).
"""

from collections import Counter

from tunestats.baseline import fingerprint
from tunestats.excerpts import Spot
from tunestats.findings import Finding

__all__ = ["Fingerprints"]


class Fingerprints:
    """Makes fingerprints of findings; equal ones of a run are told apart by counting."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, ...]] = Counter()

    def of(self, path: str, finding: Finding, spot: Spot) -> str:
        """Return the fingerprint of a finding in the file ``path``."""
        from hashlib import sha256  # takes 5 ms, and few formats need it

        key = (path, finding.code, fingerprint(finding.path, spot))
        self._seen[key] += 1
        return sha256("\n".join((*key, str(self._seen[key]))).encode()).hexdigest()[:32]

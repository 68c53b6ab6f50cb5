"""Keep everything that data say out of a report.

In: a ``Report``.
Out: the same with no text from the data in it: file names, codes, numbers and the names of API fields are left.
Not here: excerpts of lines (``excerpts`` asks the settings).

Messages quote data in many places, so none of them is kept: every finding, and every reason why an example is left
out, says its rule's summary. Samples of examples are dropped. Of a path the
steps are kept that are indices or names of fields that the API has; the first other one and all behind it are `…`.
"""

import re
from dataclasses import replace
from functools import cache

from tunestats.findings import Finding, Flaw
from tunestats.formats.vertex import PREFERENCE_EXAMPLE, SFT_EXAMPLE
from tunestats.protojson import MessageType
from tunestats.report import Report
from tunestats.rules import RULES

__all__ = ["mask", "mask_path"]

STEP = re.compile(r"\[[0-9]+\]|\.?([A-Za-z_]+)(?=[.\[]|$)")


def mask(report: Report) -> Report:
    """Return a report that holds nothing that the data say."""
    return replace(
        report,
        findings=tuple(_masked(finding) for finding in report.findings),
        samples=(),
        dropped=tuple(replace(item, flaw=_masked_flaw(item.flaw)) for item in report.dropped),
    )


def mask_path(path: str) -> str:
    """Return the beginning of a path that names fields of the API.

    >>> mask_path("contents[1].role"), mask_path("contents[1].colour[0]"), mask_path('["Jo Doe"]')
    ('contents[1].role', 'contents[1]…', '…')
    """
    end = 0
    while step := STEP.match(path, end):
        if step[1] and step[1] not in _field_names():
            break
        end = step.end()
    return path[:end] + "…" * (end < len(path))


def _masked(finding: Finding) -> Finding:
    masked = _masked_flaw(Flaw(finding.code, finding.path, finding.message))
    return replace(finding, path=masked.path, message=masked.message)


def _masked_flaw(flaw: Flaw) -> Flaw:
    summary = RULES[flaw.code].summary.removesuffix(".")
    return Flaw(flaw.code, mask_path(flaw.path), summary[:1].lower() + summary[1:])


@cache
def _field_names() -> frozenset[str]:
    names: set[str] = set()
    pending: list[MessageType] = [SFT_EXAMPLE, PREFERENCE_EXAMPLE]
    seen: set[int] = set()
    while pending:
        message = pending.pop()
        if id(message) not in seen:
            seen.add(id(message))
            names.update(message.by_key)
            pending.extend(field.type for field in message.fields if isinstance(field.type, MessageType))
    return frozenset(names)

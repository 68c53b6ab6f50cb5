"""Lines are looked at some at a time, and each as if it were alone."""

import json

import pytest

from tests.oracle import EXAMPLES, mutated, seeded
from tunestats.engines.closer_look import LINES_AT_ONCE, look_closely
from tunestats.formats import FORMATS
from tunestats.limits import model_facts
from tunestats.lines import MAX_LINE_BYTES
from tunestats.rules import LINE_TOO_LONG

FACTS = model_facts("")


@pytest.mark.parametrize("format_name", FORMATS)
def test_lines_do_not_know_each_other(format_name: str) -> None:
    random = seeded(9)
    lines = [b" ", b"", b"{", b"{}"]
    for _ in range(5 * LINES_AT_ONCE):
        value = mutated(random.choice(EXAMPLES[format_name]), random, random.choice((0, 1, 2)))
        lines.append(json.dumps(value).encode())
    random.shuffle(lines)
    looks = list(look_closely(lines, FORMATS[format_name], FACTS))
    alone = [next(look_closely([raw], FORMATS[format_name], FACTS)) for raw in lines]
    # repr: a score may be NaN, which no other is equal to.
    assert repr(looks) == repr(alone)
    assert {bool(look.flaws) for look in looks if look} == {True, False}
    assert [raw for raw, look in zip(lines, looks, strict=True) if look is None] == [
        raw for raw in lines if not raw.strip()
    ]


def test_what_is_not_looked_at() -> None:
    assert list(look_closely([], FORMATS["sft"], FACTS)) == []
    whole = b'{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]}]}'
    (look,) = look_closely([whole + b" " * MAX_LINE_BYTES], FORMATS["sft"], FACTS)
    assert look is not None
    assert look.example is None
    assert [flaw.code for flaw in look.flaws] == [LINE_TOO_LONG.code]

"""The rule book says everything, and the file in the repository is the book."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tunestats.render.rule_book import render_rule_book
from tunestats.rules import RULES

Golden = Callable[[Path, str], None]
BOOK = Path(__file__).parents[2] / "RULES.md"


def test_rules_md_is_what_the_command_prints(golden: Golden) -> None:
    golden(BOOK, render_rule_book())


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_a_section_and_a_link_to_it(code: str) -> None:
    book, rule = render_rule_book(), RULES[code]
    assert f"\n### {code} {rule.name}\n" in book
    assert f"| [{code}](#{code.lower()}-{rule.name}) |" in book
    section = book.partition(f"\n### {code} ")[2].partition("\n### ")[0]
    plain = section.replace("\\", "").replace("&lt;", "<")
    for text in (rule.summary, rule.rationale, rule.fix, rule.undecided, rule.server_message):
        assert text.replace("\\", "") in plain
    assert rule.consequence in section


def test_nothing_breaks_out_of_its_place() -> None:
    book = render_rule_book()
    assert len(re.findall("^````", book, re.MULTILINE)) % 2 == 0
    assert max(map(len, book.splitlines())) < 900
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", book)
    rows = [line for line in book.splitlines() if line.startswith("| [")]
    assert len(rows) == len(RULES)
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {7}

"""Tests of ``masking``: whatever the data say, none of it is left."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SHARED
from tunestats import check, stats
from tunestats.excerpts import iter_spots
from tunestats.masking import mask_path
from tunestats.render import RENDERERS, STATISTICS, View
from tunestats.rules import RULES

Write = Callable[..., Path]
PRIVATE = "Zqx"
API_NAME = r"[a-z]+(?:[A-Z][a-z]*|_[a-z]+)*"
PATH = re.compile(rf"(?:\.?{API_NAME}|\[[0-9]+\])*…?")
# Everything that messages quote: keys, roles, texts, types, names, numbers, broken JSON.
LINES = [
    '{"contents":[{"role":"ZqxRole","parts":[{"text":"Hi"}]}]}',
    '{"Zqx key":1,"contents":[{"role":"user","parts":[{"Zqxpart":"Hi"}]}]}',
    '{"contentsZqx":[],"Zqx":1,"Zqx":2}',
    '{"contents":"Zqx"}',
    '["Zqx"]',
    '"Zqx"',
    '{"contents":[{"role":"user","parts":[{"text":"Zqx"}]},]}',
    "{'contents': 'Zqx'}",
    '{"a":"Zqx\\ud800"}',
    '{"a":"Zqx\udcff"}',
    '{"messages":[{"role":"user","content":"Zqx"}]}',
    '{"contents":[{"role":"user","parts":[{"fileData":{"mimeType":"Zqx/a","fileUri":"Zqx"}}]}],"tools":[{"functionDeclarations":[{"name":"Zqx"}]}]}',
    '{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"functionCall":{"name":"Zqx","args":{"Zqx":1,"Zqx":2}}}]}],"labels":{"Zqx":5}}',
    '{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"inlineData":{"mimeType":"image/png","data":"Zqx!"}}]}],"safetySettings":[{"Zqx":{"Zqx":1,"Zqx":1}}]}',
    '{"contents":[{"role":"user","parts":[{"text":"a"}]}],"completions":[{"score":"Zqx","completion":{"role":"Zqx","parts":[]}}]}',
]


@pytest.mark.parametrize("name", RENDERERS)
@pytest.mark.parametrize("format_name", ["sft", "preference"])
def test_nothing_of_the_data_is_shown(name: str, format_name: str, write: Write) -> None:
    path = write("\n".join([*LINES, LINES[0]]))
    seen, hidden = check(path, format=format_name), check(path, format=format_name, no_content=True)
    assert PRIVATE in RENDERERS[name](View(report=seen))
    assert PRIVATE not in RENDERERS[name](View(report=hidden))
    assert all(PRIVATE not in "".join(show(View(report=hidden))) for show in STATISTICS.values())
    assert PRIVATE not in repr(hidden)
    assert hidden.counts == seen.counts
    assert [(item.line, item.code) for item in hidden.findings] == [
        (item.line, item.code) for item in seen.findings
    ]


@pytest.mark.parametrize("format_name", ["sft", "preference"])
def test_a_document_may_say_nothing_of_the_data(format_name: str, write: Write) -> None:
    good = RULES["E301" if format_name == "sft" else "E501"].good
    path = write("\n".join([*LINES, good.replace('"text":"', '"text":"Zqx ')]))
    seen, hidden = (
        stats(path, format=format_name, per_example=True, no_content=hides) for hides in (False, True)
    )
    assert "userDatasetExamples" in seen.to_json()
    assert seen.to_json().count(PRIVATE) > 2
    assert PRIVATE not in hidden.to_json() + repr(hidden.report) + hidden.per_example().write_json()
    assert [item.example for item in hidden.report.dropped] == [item.example for item in seen.report.dropped]


def mutations() -> Iterator[bytes]:
    folders = ("data/mutations", "data/adversarial")
    files = [path for folder in folders for path in sorted((SHARED / folder).rglob("*.jsonl"))]
    for path in files:
        if path.stat().st_size < 1 << 20:
            yield path.read_bytes()


def test_every_word_is_one_of_ours(shared: Path, write: Write) -> None:
    assert shared.is_dir()
    said = {rule.summary.removesuffix(".")[1:] for rule in RULES.values()}
    found: set[str] = set()
    for data in mutations():
        report = check(write(data), no_content=True)
        for finding, spot in iter_spots(report):
            assert finding.message[1:] in said
            assert PATH.fullmatch(finding.path), finding.path
            assert spot == type(spot)(column=spot.column, end_column=spot.end_column)
            found.add(finding.code)
    assert len(found) > 10


@given(
    st.recursive(
        st.text(max_size=6),
        lambda inside: st.dictionaries(st.text(max_size=6), inside, max_size=3),
        max_leaves=6,
    )
)
def test_paths_hold_names_of_the_api_only(value: Any) -> None:
    from tunestats.quoting import member

    path = "contents[0]"
    while isinstance(value, dict) and value:
        key, value = random.Random(0).choice(sorted(value.items(), key=repr))  # noqa: S311  any will do
        path = member(path, key)
    assert PATH.fullmatch(mask_path(path))


@pytest.mark.parametrize(
    ("path", "masked"),
    [
        ("", ""),
        ("contents[1].parts[0].fileData.file_uri", "contents[1].parts[0].fileData.file_uri"),
        ("contents[1].parts[0].functionCall.args.age", "contents[1].parts[0].functionCall.args…"),
        ("Jo", "…"),
        ('labels["Jo Doe"]', "labels…"),
        ('["contents[0]"]', "…"),
        ('labels["a"][0].role', "labels…"),
        ("contentsX[0]", "…"),
        ("contents…", "…"),
    ],
)
def test_mask_path(path: str, masked: str) -> None:
    assert mask_path(path) == masked

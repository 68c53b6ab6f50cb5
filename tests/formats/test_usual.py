"""What is read in one go has no flaw of shape, and is what the full reader reads."""

import copy
import json
from typing import Any

import orjson
import pytest

from tests.oracle import EXAMPLES, broken_bytes, mutated, seeded
from tunestats.findings import Flaws
from tunestats.formats import FORMATS
from tunestats.formats.memory import MAX_BYTES, MAX_VALUE_BYTES, MAX_VALUES, Memory
from tunestats.parsing import parse_line
from tunestats.quotes import quotes_in, quotes_of

BY_FORMAT = pytest.mark.parametrize("format_name", FORMATS)
MUTATED = 10_000
CALL: dict[str, Any] = {"name": "f", "args": {"a": ["b", {"c": 1}]}}
LINE: dict[str, Any] = {
    "contents": [
        {"role": "user", "parts": [{"text": "Hi"}, {"fileData": {"mimeType": "image/png", "fileUri": "gs://b/a"}}]},
        {"role": "model", "parts": [{"functionCall": CALL}]},
        {"parts": [{"functionResponse": {"name": "f", "response": {"r": None}}}]},
        {"role": "model", "parts": [{"text": "Hello"}]},
    ],
    "systemInstruction": {"role": "system", "parts": [{"text": "Be kind."}]},
    "tools": [
        {"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT"}}, {"name": "g"}]},
        {"functionDeclarations": [{"name": "h"}]},
    ],
    "generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_LOW", "temperature": 0.5},
    "labels": {"a": "b"},
}  # fmt: skip
PAIR: dict[str, Any] = {
    "contents": LINE["contents"][:1],
    "completions": [
        {"score": 1.0, "completion": LINE["contents"][1]},
        {"score": 0, "completion": LINE["contents"][3]},
    ],
    "generationConfig": LINE["generationConfig"],
}


def assert_sound(raw: bytes, format_name: str) -> bool:
    """Hold the laws for one line; return whether it is usual."""
    steps = FORMATS[format_name]
    example = steps.read_usual(raw)
    if example is not None:
        flaws = Flaws()
        value = parse_line(raw, flaws)
        assert value is not None
        assert steps.check_shape(value, flaws)
        assert flaws == []
        assert quotes_of(value) == quotes_in(raw)
        # repr: True is 1 and 1.0 to Python.
        assert repr(example) == repr(steps.read(value))
    return example is not None


def written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


@BY_FORMAT
def test_documented_examples(format_name: str) -> None:
    usual = [assert_sound(written(value), format_name) for value in EXAMPLES[format_name]]
    assert sum(usual) > len(usual) / 2


@BY_FORMAT
def test_mutated_examples(format_name: str) -> None:
    random = seeded(8)
    usual = 0
    for _ in range(MUTATED):
        value = mutated(random.choice(EXAMPLES[format_name]), random, random.choice((1, 1, 2, 3)))
        raw = written(value)
        usual += assert_sound(broken_bytes(raw, random) if random.random() < 0.2 else raw, format_name)
    assert MUTATED * 0.1 < usual < MUTATED * 0.9


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place inside a value, as what holds it and its key there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in items for place in [(value, key), *places(item)]]


ODD = [None, "", "x", 0, -1, 2**63, 2**64, 10**30, 10**400, 1.5, 1e300, True, [], {}, [None], {"a": "b"}]


@pytest.mark.parametrize(("value", "format_name"), [(LINE, "sft"), (PAIR, "preference")], ids=FORMATS)
def test_anything_at_any_place(value: Any, format_name: str) -> None:
    for index in range(len(places(value))):
        for odd in ODD:
            changed = copy.deepcopy(value)
            holder, key = places(changed)[index]
            holder[key] = odd
            assert_sound(written(changed), format_name)


@pytest.mark.parametrize("key", ["generation_config", "system_instruction", "x", "completions", "contents"])
@pytest.mark.parametrize("value", ["{}", "null", '{"parts":[{"text":"a"}]}'])
def test_a_key_that_is_not_usual(key: str, value: str) -> None:
    raw = written(LINE)
    for line in (b'{"%s":%s,%s' % (key.encode(), value.encode(), raw[1:]), b'%s,"%s":%s}' % (raw[:-1], key.encode(), value.encode())):  # fmt: skip
        assert not assert_sound(line, "sft")


@pytest.mark.parametrize("index", range(len(places(LINE))))
def test_a_key_that_stands_twice(index: int) -> None:
    value = copy.deepcopy(LINE)
    holder, key = places(value)[index]
    if isinstance(holder, dict):
        holder["again"] = holder[key]
        assert FORMATS["sft"].read_usual(written(value).replace(b'"again"', json.dumps(key).encode())) is None


def test_usual_lines() -> None:
    assert assert_sound(written(PAIR), "preference")
    assert assert_sound(written(LINE), "sft")
    assert assert_sound(orjson.dumps(LINE), "sft")
    for key in LINE:
        rest = {name: item for name, item in LINE.items() if name != key}
        assert assert_sound(written(rest), "sft") is (key != "contents")


@pytest.mark.parametrize("place", ["args", "toolConfig"])
def test_depth(place: str) -> None:
    usual = []
    for levels in range(1, 60):
        value = copy.deepcopy(LINE)
        holder = value["contents"][1]["parts"][0]["functionCall"] if place == "args" else value
        holder[place] = json.loads('{"a":' * levels + "1" + "}" * levels)
        usual.append(assert_sound(written(value), "sft"))
    assert usual == sorted(usual, reverse=True)
    assert usual.count(True) > 40
    for levels in (900, 5_000, 200_000):
        text = json.dumps({"contents": [], place: "x"}).replace('"x"', '{"a":' * levels + "1" + "}" * levels)
        assert FORMATS["sft"].read_usual(text.encode()) is None


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"null", b'{"contents":[]}', b"\xff", b'{"contents":"\xff"}']
)
def test_what_is_no_example(raw: bytes) -> None:
    for steps in FORMATS.values():
        assert steps.read_usual(raw) is None


def test_declarations_that_are_written_alike_are_one() -> None:
    first, second = (FORMATS["sft"].read_usual(written(LINE)) for _ in range(2))
    assert first is not None
    assert second is not None
    assert all(one is other for one, other in zip(first.tools, second.tools, strict=True))
    assert [first.tools[0].remember(len) for _ in range(2)] == [2, 2]


def test_memory_is_bounded() -> None:
    done: list[bytes] = []

    def work(raw: bytes) -> int:
        done.append(raw)
        return len(raw)

    memory = Memory(work)
    for number in range(3 * MAX_VALUES):
        assert memory.of(b"%d" % number) == len(b"%d" % number)
        assert len(memory.known) <= MAX_VALUES
    assert len(done) == 3 * MAX_VALUES
    for number in range(100):
        memory.of(b"%05d" % number * (MAX_VALUE_BYTES // 5))
        assert sum(map(len, memory.known)) <= MAX_BYTES
    memory.of(b"x" * (MAX_VALUE_BYTES + 1))
    assert max(map(len, memory.known)) <= MAX_VALUE_BYTES

"""Judge lines a second time, slowly and by hand, and make the lines to be judged.

In: nothing of the package; the rules are those of the public record (documentation, ProtoJSON).
Out: ``must_be_refused``, examples of every documented shape, and ``mutated`` ones.
Not here: what the package says about them (``test_against_oracle`` and the tests of ``formats``).
"""

import copy
import json
import re
from collections import Counter
from random import Random
from typing import Any

__all__ = ["EXAMPLES", "broken_bytes", "must_be_refused", "mutated", "seeded"]


def seeded(seed: int) -> Random:
    """Return numbers that are the same in every run."""
    return Random(seed)  # noqa: S311  nothing here is secret


# The judge.

DATA = (
    "text",
    "fileData",
    "functionCall",
    "functionResponse",
    "inlineData",
    "executableCode",
    "codeExecutionResult",
)
BESIDE = ("videoMetadata", "mediaResolution", "thought")
LEVELS = tuple(f"MEDIA_RESOLUTION_{name}" for name in ("UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "ULTRA_HIGH"))
TYPES = ("TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT")
EXPORTED = ("toolConfig", "safetySettings", "labels", "model", "cachedContent")
MEDIA_LIMITS = {"image": 30, "audio": 1, "video": 1, "application": 4}
LARGEST_FLOAT, LONGEST_DURATION = 3.4028235677973366e38, 315_576_000_000
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class _Undecided(Exception):  # noqa: N818  it is an answer
    """The public record does not say how such JSON is read."""


def must_be_refused(line: bytes, format_name: str) -> bool | None:
    """Return whether the public record says that a line is refused; None where it does not decide."""
    try:
        value = json.loads(
            line.decode("utf-8"), object_pairs_hook=_without_repetition, parse_constant=_no_constant
        )
    except _Undecided:
        return None
    except RecursionError:
        return None
    except ValueError:
        return True
    judge = _Judge()
    judge.example(value, format_name)
    if judge.refused:
        return True
    return None if judge.undecided or ("\\ud" in json.dumps(value) and _surrogates(value)) else False


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _Undecided
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _surrogates(value: Any) -> bool:
    return re.search("[\ud800-\udfff]", json.dumps(value, ensure_ascii=False)) is not None


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda match: "_" + match[0].lower(), name)


class _Judge:
    """Two answers that any check may give: it must be refused; nobody can say."""

    def __init__(self) -> None:
        self.refused = False
        self.undecided = False
        self.media: Counter[str] = Counter()

    def members(self, value: Any, *names: str) -> list[tuple[str, Any]]:
        """Return the members that are set; a null is unset, an unknown field may pass or not."""
        if type(value) is not dict:
            self.refused = True
            return []
        known = {name: name for name in names} | {_snake(name): name for name in names}
        found = [(known[key], item) for key, item in value.items() if key in known and item is not None]
        if len(found) < len(value) or len({name for name, _ in found}) < len(found):
            self.undecided = True
        return found

    def items(self, value: Any) -> list[Any]:
        if type(value) is not list:
            self.refused = True
            return []
        return value

    def string(self, value: Any) -> str:
        if type(value) is not str:
            self.refused = True
            return ""
        return value

    def example(self, value: Any, format_name: str) -> None:
        members = self.members(
            value, "contents", "systemInstruction", "tools", "generationConfig", "completions", *EXPORTED
        )
        pairs = format_name == "preference"
        names = {name for name, _ in members}
        self.refused |= "contents" not in names or ("completions" in names) is not pairs
        self.undecided |= not names.isdisjoint(EXPORTED)
        for name, item in members:
            if name == "contents":
                self.conversation(item, pairs=pairs, has_tools="tools" in names)
            elif name == "systemInstruction":
                self.content(item, system=True)
            elif name == "tools":
                for tool in self.items(item):
                    self.tool(tool)
            elif name == "generationConfig":
                self.config(item)
            elif name == "completions" and pairs:
                self.completions(item)
        # The service drops what has too many media; whether it counts as refused is a matter of words.
        self.undecided |= any(self.media[kind] > limit for kind, limit in MEDIA_LIMITS.items())

    def conversation(self, value: Any, *, pairs: bool, has_tools: bool) -> None:
        turns = self.items(value)
        self.refused |= not turns
        declared = [self.content(turn, text_only=pairs, has_tools=has_tools) for turn in turns]
        # "For non-multi-turn conversations this field can be left blank or unset."
        if len(turns) <= 2:
            implied = ["user", "model"][: len(turns)]
            roles = [role or implied[place] for place, role in enumerate(declared)]
        else:
            roles = declared
        self.undecided |= "" in roles or not all(role in ("user", "model") for role in roles)
        self.undecided |= roles[:1] == ["model"] or any(
            a == b for a, b in zip(roles, roles[1:], strict=False)
        )
        if declared and declared[-1]:
            self.refused |= declared[-1] == ("model" if pairs else "user")
        elif roles:
            self.undecided |= roles[-1] != ("user" if pairs else "model")

    def content(
        self, value: Any, *, system: bool = False, text_only: bool = False, has_tools: bool = True
    ) -> str:
        """Judge a Content; return its role, empty where it says none."""
        role, has_parts, kinds = "", False, set()
        for name, item in self.members(value, "role", "parts"):
            if name == "role":
                role = self.string(item)
            else:
                has_parts = bool(self.items(item))
                kinds = {self.part(part, text_only=text_only) for part in self.items(item)}
        if system:
            self.undecided |= not has_parts or not kinds <= {"text"} or role not in ("", "system")
            return ""
        self.refused |= not has_parts or role not in ("", "user", "model", "function")
        self.undecided |= not has_tools and "functionCall" in kinds
        if "functionResponse" in kinds:
            self.undecided |= role in ("model", "function") or len(kinds) > 1
            return role or "user"  # Google's samples leave it out here
        self.undecided |= role == "user" and "functionCall" in kinds
        self.undecided |= role != "user" and not kinds <= {"text", "functionCall"}
        return role

    def part(self, value: Any, *, text_only: bool) -> str:
        members = self.members(value, *DATA, *BESIDE)
        held = {name for name, _ in members if name in DATA}
        self.refused |= len(held) > 1 or not members or (text_only and not held <= {"text"})
        self.undecided |= not held or any(name in BESIDE for name, _ in members if "fileData" not in held)
        for name, item in members:
            getattr(self, f"check_{_snake(name)}")(item)
        return held.pop() if held else ""

    def check_text(self, value: Any) -> None:
        text = self.string(value)
        self.undecided |= not text.strip()

    def check_file_data(self, value: Any) -> None:
        members = self.members(value, "mimeType", "fileUri", "displayName")
        needed = {name for name, item in members if name != "displayName" and self.string(item)}
        self.refused |= len(needed) < 2
        for name, item in members:
            if name == "fileUri":
                self.undecided |= re.match(r"gs://[^/]+/.|https?://.", str(item)) is None
            elif name == "mimeType":
                self.media[str(item).partition("/")[0]] += 1
                self.undecided |= re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", str(item)) is None
            else:
                self.string(item)
                self.undecided = True

    def check_function_call(self, value: Any) -> None:
        self.function(value, "args")

    def check_function_response(self, value: Any) -> None:
        self.function(value, "response")
        self.undecided |= type(value) is dict and value.get("response") is None

    def function(self, value: Any, struct: str) -> None:
        members = self.members(value, "name", struct)
        self.undecided |= not any(name == "name" and item for name, item in members)
        for name, item in members:
            if name == "name":
                self.string(item)
            else:
                self.refused |= type(item) is not dict

    def check_inline_data(self, value: Any) -> None:
        self.undecided = True
        for name, item in self.members(value, "mimeType", "data"):
            text = self.string(item)
            self.refused |= name == "data" and re.fullmatch(r"[A-Za-z0-9+/_=-]*", text) is None

    def check_executable_code(self, value: Any) -> None:
        self.refused |= type(value) is not dict
        self.undecided = True

    check_code_execution_result = check_executable_code

    def check_thought(self, value: Any) -> None:
        self.refused |= type(value) is not bool
        self.undecided = True

    def check_video_metadata(self, value: Any) -> None:
        for name, item in self.members(value, "startOffset", "endOffset", "fps"):
            if name == "fps":
                self.refused |= type(item) in (bool, list, dict)
                self.undecided |= type(item) is str
                continue
            match = re.fullmatch(r"-?([0-9]+)(\.[0-9]{1,9})?s", self.string(item))
            self.refused |= match is None or int(match[1]) > LONGEST_DURATION
            self.undecided |= str(item).startswith("-")

    def check_media_resolution(self, value: Any) -> None:
        for _, item in self.members(value, "level"):
            self.enum(item, LEVELS)

    def enum(self, value: Any, names: tuple[str, ...]) -> None:
        if type(value) in (int, float):
            self.undecided = True
        elif type(value) is not str or value.upper() not in names:
            self.refused = True
        else:
            self.undecided |= value not in names

    def config(self, value: Any) -> None:
        for name, item in self.members(value, "mediaResolution", "temperature"):
            if name == "mediaResolution":
                self.enum(item, LEVELS[:4])
            else:
                self.refused |= type(item) in (bool, list, dict)
                self.undecided |= type(item) is str or (type(item) in (int, float) and not 0 <= item <= 2)

    def tool(self, value: Any) -> None:
        for _, declarations in self.members(value, "functionDeclarations"):
            for declaration in self.items(declarations):
                members = self.members(declaration, "name", "description", "parameters")
                self.undecided |= not any(name == "name" and item for name, item in members)
                for name, item in members:
                    if name == "parameters":
                        self.schema(item)
                    else:
                        self.string(item)

    def schema(self, value: Any) -> None:
        for name, item in self.members(
            value,
            "type",
            "description",
            "format",
            "properties",
            "required",
            "enum",
            "items",
            "anyOf",
            "nullable",
            "minimum",
            "maximum",
        ):
            if name == "type":
                self.enum(item, TYPES)
            elif name in ("description", "format"):
                self.string(item)
            elif name in ("items", "anyOf"):
                for schema in [item] if name == "items" else self.items(item):
                    self.schema(schema)
            elif name in ("minimum", "maximum"):
                self.refused |= type(item) in (bool, list, dict)
                self.undecided |= type(item) is str
            elif name == "nullable":
                self.refused |= type(item) is not bool
            elif name in ("required", "enum"):
                for text in self.items(item):
                    self.string(text)
            elif type(item) is dict:
                for schema in item.values():
                    self.schema(schema)
            else:
                self.refused = True

    def completions(self, value: Any) -> None:
        completions = self.items(value)
        self.refused |= len(completions) != 2
        scores = [self.completion(completion) for completion in completions]
        if len(scores) == 2 and scores[0] == scores[1]:
            self.refused |= scores[0] in (0, 1)
            self.undecided = True
        self.undecided |= len(completions) == 2 and _answer(completions[0]) == _answer(completions[1])

    def completion(self, value: Any) -> float | None:
        """Judge a completion; return its score, zero where it is unset, None where it is none."""
        members = self.members(value, "score", "completion")
        self.refused |= all(name != "completion" for name, _ in members)
        score: float | None = 0
        self.undecided |= all(name != "score" for name, _ in members)
        for name, item in members:
            if name == "score":
                score = self.score(item)
            else:
                role = self.content(item, text_only=True)
                self.refused |= role not in ("", "model")
                self.undecided |= role == ""
        return score

    def score(self, value: Any) -> float | None:
        if type(value) is str:
            self.undecided = True
            self.refused |= value not in ("NaN", "Infinity", "-Infinity") and DECIMAL.fullmatch(value) is None
            return None
        if type(value) not in (int, float):
            self.refused = True
            return None
        self.refused |= abs(value) > LARGEST_FLOAT
        self.undecided |= value not in (0, 1)
        return float(value) if abs(value) <= LARGEST_FLOAT else None


def _answer(completion: Any) -> Any:
    return completion.get("completion") if type(completion) is dict else None


# The lines.


def _turn(role: str | None, *parts: Any) -> dict[str, Any]:
    parts = tuple({"text": part} if type(part) is str else part for part in parts)
    return {"parts": list(parts)} if role is None else {"role": role, "parts": list(parts)}


def _pair(contents: list[Any], first: float, second: float, **rest: Any) -> dict[str, Any]:
    return {
        "contents": contents,
        "completions": [
            {"score": first, "completion": _turn("model", "It is nine.")},
            {"score": second, "completion": _turn("model", "No idea", "whatsoever")},
        ],
        **rest,
    }


HI, HELLO = _turn("user", "Hi"), _turn("model", "Hello")
SYSTEM = {"role": "system", "parts": [{"text": "You are a clock."}]}
IMAGE = {"fileData": {"mimeType": "image/png", "fileUri": "gs://bucket/a.png"}}
VIDEO = {
    "fileData": {"mimeType": "video/mp4", "fileUri": "https://example.com/v.mp4"},
    "videoMetadata": {"startOffset": "1s", "endOffset": "12.5s", "fps": 1.0},
}
CALL = {"functionCall": {"name": "now", "args": {"zone": "CET", "days": [1, 2.5, None, True, {"name": "x"}]}}}
RESPONSE = {"functionResponse": {"name": "now", "response": {"hour": 9, "text": ["a", {}]}}}
PARAMETERS = {
    "type": "OBJECT",
    "properties": {
        "zone": {"type": "STRING", "description": "Time zone"},
        "days": {"type": "ARRAY", "items": {"nullable": True}},
        "hours": {"type": "INTEGER", "format": "int32", "minimum": 0, "maximum": 23},
        "style": {"anyOf": [{"type": "STRING", "enum": ["long", "short"]}, {"type": "BOOLEAN"}]},
    },
    "required": ["zone"],
}
TOOLS = [
    {
        "functionDeclarations": [
            {"name": "now", "description": "The time", "parameters": PARAMETERS},
            {"name": "go"},
        ]
    }
]


def _call(name: str, **arguments: Any) -> dict[str, Any]:
    return {"functionCall": {"name": name, "args": arguments}}


def _response(name: str) -> dict[str, Any]:
    return {"functionResponse": {"name": name, "response": {"done": True}}}


def _file(mime: str, uri: str) -> dict[str, Any]:
    return {"fileData": {"mimeType": mime, "fileUri": uri}}


EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "sft": [
        {"contents": [HI, HELLO]},
        {"contents": [HI, HELLO, HI, HELLO]},
        {"systemInstruction": SYSTEM, "contents": [HI, HELLO]},
        {
            "contents": [HI, _turn("model", "Hello", "again")],
            "system_instruction": {"parts": [{"text": "Be kind."}]},
        },
        {"contents": [_turn(None, "Hi"), _turn(None, "Hello")]},
        {"contents": [_turn("user", IMAGE, "What is it?"), HELLO]},
        {
            "contents": [_turn("user", VIDEO), HELLO],
            "generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_LOW", "temperature": 0.5},
        },
        {
            "contents": [
                _turn("user", {**IMAGE, "mediaResolution": {"level": "MEDIA_RESOLUTION_HIGH"}}, "And now?"),
                HELLO,
            ]
        },
        {
            "contents": [
                _turn(
                    "user",
                    {"file_data": {"mime_type": "application/pdf", "file_uri": "gs://b/a.pdf"}},
                    "Read",
                ),
                _turn("model", 'A "quoted" \\ answer\n é 中 \u2028'),
            ]
        },
        {"contents": [HI, _turn("model", CALL)], "tools": TOOLS},
        {
            "contents": [HI, _turn("model", CALL, CALL), _turn(None, RESPONSE, RESPONSE), HELLO],
            "tools": TOOLS,
        },
        {"contents": [HI, _turn("model", "Wait", CALL), _turn("user", RESPONSE), HELLO], "tools": TOOLS},
        {
            "contents": [HI, _turn("model", {"function_call": CALL["functionCall"]})],
            "tools": [{"function_declarations": TOOLS[0]["functionDeclarations"]}],
            "systemInstruction": SYSTEM,
        },
        {
            "contents": [
                HI,
                _turn("model", _call("now", zone="CET", hours=9.0, style="short"), _call("go")),
                _turn("user", _response("now"), _response("go")),
                _turn("model", _call("now", zone="UTC", style=True)),
                _turn(None, _response("now")),
                _turn("model", "It is nine."),
            ],
            "tools": TOOLS,
        },
        {
            "contents": [
                _turn("user", _file("audio/mpeg", "gs://bucket/a.mp3"), "What is said?"),
                _turn("model", "```\nNothing\n```"),
                _turn("user", _file("image/jpeg", "https://example.com/a.jpg?size=9"), "And here?"),
                _turn("model", '{"words": ["none"]}'),
            ]
        },
    ],
    "preference": [
        _pair([HI], 1, 0),
        _pair([HI], 0.0, 1.0),
        _pair([HI, HELLO, HI], 1.0, 0),
        _pair([HI], 0, 1, systemInstruction=SYSTEM),
        _pair([HI], 0, 1, system_instruction={"parts": [{"text": "Be kind."}]}),
        _pair([_turn("user", "One", "Two")], 1, 0.0, generationConfig={"temperature": 1}),
        _pair([_turn(None, "Hi")], 1, 0),
    ],
}
WORDS = (
    "user",
    "model",
    "function",
    "assistant",
    "system",
    "User",
    " model",
    "",
    " ",
    "text",
    "NaN",
    "1",
    "1.0",
    "-Infinity",
)
KEYS = (
    "text",
    "Text",
    "content",
    "role",
    "parts",
    "part",
    "contents",
    "messages",
    "completions",
    "completion",
    "score",
    "systemInstruction",
    "system_instruction",
    "system",
    "fileData",
    "functionCall",
    "inlineData",
    "name",
    "args",
    "response",
    "foo",
    "a b",
    "mime_type",
    "videoMetadata",
    "level",
    "type",
    "thought",
    "tools",
)
NUMBERS = (0, 1, -1, 2, 0.5, 1.0, 0.0, -0.0, 1e39, 2**31 - 1, 3.5, 1e-9)


def mutated(value: Any, random: Random, times: int) -> Any:
    """Return a copy that differs in up to so many places."""
    # Not deepcopy: it would keep equal turns one object.
    root = [json.loads(json.dumps(value))]
    for _ in range(times):
        slots = list(_slots(root))
        holder, key = random.choice(slots)
        random.choice(MUTATIONS)(holder, key, random, slots)
    return root[0] if root else {}


def _slots(holder: Any) -> Any:
    for key in list(holder) if type(holder) is dict else range(len(holder)):
        yield holder, key
        if type(holder[key]) in (dict, list):
            yield from _slots(holder[key])


def _delete(holder: Any, key: Any, _random: Random, slots: list[Any]) -> None:
    if holder is not slots[0][0]:
        del holder[key]


def _rename(holder: Any, key: Any, random: Random, _slots: list[Any]) -> None:
    if type(holder) is dict:
        camel = re.sub("_([a-z])", lambda match: match[1].upper(), key)
        new = random.choice((_snake(key), camel, key.upper(), key + "s", random.choice(KEYS)))
        # In its place, since order must not matter.
        pairs = [(new if name == key else name, item) for name, item in holder.items()]
        holder.clear()
        holder.update(pairs)


def _replace(holder: Any, key: Any, random: Random, _slots: list[Any]) -> None:
    holder[key] = _junk(random, 2)


def _junk(random: Random, depth: int) -> Any:
    kind = random.randrange(8 if depth else 6)
    if kind < 2:
        return random.choice((None, True, False))
    if kind == 2:
        return random.choice(NUMBERS)
    if kind < 6:
        return random.choice((*WORDS, *KEYS))
    inner = [_junk(random, depth - 1) for _ in range(random.randrange(3))]
    return inner if kind == 6 else {random.choice(KEYS): item for item in inner}


def _wrap(holder: Any, key: Any, random: Random, _slots: list[Any]) -> None:
    item = holder[key]
    holder[key] = random.choice(([item], [item, None], {random.choice(KEYS): item}, [], {}))


def _word(holder: Any, key: Any, random: Random, slots: list[Any]) -> None:
    """Put another word where a string stands: a role, a level, a URI."""
    strings = [(where, at) for where, at in slots if type(where[at]) is str] or [(holder, key)]
    where, at = random.choice(strings)
    where[at] = random.choice(
        (*WORDS, *LEVELS[1:3], "90s", "1:30", "gs://b/c", "/home/me.png", "bm90", "a-_b")
    )


def _role(_holder: Any, _key: Any, random: Random, slots: list[Any]) -> None:
    turns = [where for where, at in slots if at == "role"]
    if turns:
        random.choice(turns)["role"] = random.choice(("user", "model", "model", "user", "function", "", None))


def _score(_holder: Any, _key: Any, random: Random, slots: list[Any]) -> None:
    scored = [where for where, at in slots if at == "score"]
    if scored:
        random.choice(scored)["score"] = random.choice(
            (*NUMBERS, 0, 1, "0", "1.0", "abc", "NaN", "1_0", " 1", None, True)
        )


def _move(holder: Any, key: Any, random: Random, slots: list[Any]) -> None:
    """Put what stands in one place into another as well."""
    where, at = random.choice(slots)
    holder[key] = copy.deepcopy(where[at])


def _add(holder: Any, key: Any, random: Random, slots: list[Any]) -> None:
    item = random.choice((None, _junk(random, 1), copy.deepcopy(holder[key])))
    if type(holder) is dict:
        holder[random.choice(KEYS)] = item
    elif holder is not slots[0][0]:
        holder.insert(random.randrange(len(holder) + 1), item)


MUTATIONS = (_delete, _rename, _replace, _wrap, _word, _role, _score, _move, _add)


def broken_bytes(line: bytes, random: Random) -> bytes:
    """Return a line that was cut, or in which bytes were inserted, replaced or repeated."""
    at = random.randrange(len(line))
    piece = random.choice(
        (
            b'"',
            b",",
            b"{",
            b"}",
            b"\\",
            b"'",
            b"NaN",
            b"\x00",
            b"\t",
            b"\xff",
            b"\xe9",
            b" ",
            b"1",
            b"\\u0041",
            b"//",
        )
    )
    how = random.randrange(5)
    if how == 0:
        return line[:at]
    if how == 1:
        return line[:at] + piece + line[at:]
    if how == 2:
        return line[:at] + line[at + 1 :]
    if how == 3:
        return re.sub(rb'"(\w+)":', rb'"\1":null,"\1":', line, count=random.randrange(1, 4))
    # The same line in other bytes: every key begins with an escape.
    return re.sub(rb'"([a-z])(\w+":)', lambda match: rb'"\u%04x%s' % (match[1][0], match[2]), line)

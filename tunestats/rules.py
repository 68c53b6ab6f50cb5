"""List everything that can be said about a line: one row per code.

In: nothing.
Out: ``RULES``, and each row under its own name. Whatever is said about a rule anywhere (``explain``,
the rule list, dropped reasons, tests) is read from its row.
Not here: the code that looks for it (``parsing``, ``formats``, ``checks``).

The first digit is the stage: 1 line and JSON, 2 shape, 3 conversation, 4 media and tools, 5 preference,
6 limits and the file as a whole, 7 the request that creates the job. W is advice. A code is never reused.
"""

from dataclasses import dataclass
from enum import StrEnum

from tunestats.findings import Flaw, Severity

__all__ = ["RULES", "Consequence", "Rule"]

SFT = "sft"
PREFERENCE = "preference"
JOB = "job"
BOTH = (SFT, PREFERENCE)


class Consequence(StrEnum):
    """What the service does with such a line.

    An example under a rule that is not ``ACCEPTED`` is left out of the statistics.
    """

    JOB_FAILS = "the job fails"
    DROPPED = "the example is dropped"
    ACCEPTED = "the example is accepted"
    REQUEST_REFUSED = "the request is refused"
    REQUEST_ACCEPTED = "the request is accepted"


@dataclass(frozen=True, slots=True)
class Rule:
    r"""One row.

    ``bad`` and ``good`` are whole files in the first of ``formats``; ``good`` is empty where no file could be
    one. Bytes that are not UTF-8 stand in them as lone surrogates (``\udcff`` is the byte FF). ``undecided`` says what the public record leaves
    open. ``server_message`` is what the service or its clients print, where that is known. ``facts`` names
    the fields of ``ModelFacts`` that the rule rests on, ``model`` the model for which the two lines are, if
    it is not any. ``bad_in_words`` stands for a bad line that would be too long to write here.
    """

    code: str
    name: str
    severity: Severity
    consequence: Consequence
    summary: str
    rationale: str
    fix: str
    bad: str
    good: str
    formats: tuple[str, ...] = BOTH
    undecided: str = ""
    server_message: str = ""
    facts: tuple[str, ...] = ()
    model: str = ""
    bad_in_words: str = ""

    def at(self, path: str, message: str) -> Flaw:
        """Return a flaw of this rule."""
        return Flaw(self.code, path, message)


def _error(code: str, name: str, **row: object) -> Rule:
    consequence = row.pop("consequence", Consequence.JOB_FAILS)
    return Rule(code, name, Severity.ERROR, consequence, **row)  # type: ignore[arg-type]


def _warning(code: str, name: str, **row: object) -> Rule:
    return Rule(code, name, Severity.WARNING, Consequence.ACCEPTED, **row)  # type: ignore[arg-type]


def _info(code: str, name: str, **row: object) -> Rule:
    return Rule(code, name, Severity.INFO, Consequence.ACCEPTED, **row)  # type: ignore[arg-type]


def _sft(*turns: str, rest: str = "") -> str:
    return '{"contents":[' + ",".join(turns) + "]" + rest + "}"


def _turn(role: str, *parts: str) -> str:
    return f'{{"role":"{role}","parts":[' + ",".join(parts) + "]}"


def _text(text: str) -> str:
    return f'{{"text":"{text}"}}'


def _pair(first: str, second: str) -> str:
    return _sft(HI, rest=f',"completions":[{first},{second}]')


def _completion(score: str, text: str, role: str = "model") -> str:
    return f'{{"score":{score},"completion":{_turn(role, _text(text))}}}'


HI = _turn("user", _text("Hi"))
HELLO = _turn("model", _text("Hello"))
GOOD = _sft(HI, HELLO)
GOOD_PAIR = _pair(_completion("1", "Hello"), _completion("0", "What?"))
IMAGE = '{"fileData":{"mimeType":"image/png","fileUri":"gs://bucket/a.png"}}'
CALL = '{"functionCall":{"name":"now","args":{}}}'
ANSWER = '{"functionResponse":{"name":"now","response":{"hour":9}}}'
TOOLS = ',"tools":[{"functionDeclarations":[{"name":"now"}]}]'
VIDEO = '{"fileData":{"mimeType":"video/mp4","fileUri":"gs://bucket/a.mp4"}}'
ZONE_TOOLS = (
    ',"tools":[{"functionDeclarations":[{"name":"now","parameters":{"type":"OBJECT","properties":{"zone":'
    '{"type":"STRING","enum":["CET","UTC"]},"days":{"type":"INTEGER"}},"required":["zone"]}}]}]'
)


def _call(arguments: str) -> str:
    return _sft(HI, _turn("model", CALL.replace("{}", arguments)), rest=ZONE_TOOLS)


INVALID_JSON = _error(
    "E101",
    "invalid-json",
    summary="The line is not one JSON value.",
    rationale="A JSONL file holds one JSON object on each line. Trailing commas, single quotes, comments, "
    "NaN, raw line breaks inside strings and two objects on a line are not JSON.",
    fix="Write each example with a JSON library, one object a line, without indentation. A last line that breaks off "
    "says that the file was not written or copied to its end.",
    bad=GOOD[:-1] + ",}",
    good=GOOD,
)
INVALID_UTF8 = _error(
    "E102",
    "invalid-utf8",
    summary="The line is not UTF-8.",
    rationale="JSON Lines is UTF-8. Bytes of another encoding, or a character cut in half, cannot be read.",
    fix="Find out the file's encoding and convert it, e.g. `iconv -f cp1252 -t utf-8 in.jsonl > out.jsonl`. Where single "
    "characters are broken, cut texts between characters, not between bytes.",
    bad=_sft(_turn("user", _text("caf\udce9")), HELLO),
    good=_sft(_turn("user", _text("café")), HELLO),
)
NOT_AN_OBJECT = _error(
    "E103",
    "not-an-object",
    summary="The line is JSON, but not an object.",
    rationale="Every line is one example and every example is an object. A JSON array of examples, or an "
    "example that was dumped twice and so became a string, has to be unpacked first.",
    fix="Write one object a line: `jq -c '.[]' in.json > out.jsonl` for an array, `jq -c fromjson` for examples that were "
    "dumped twice; remove anything else.",
    bad=f"[{GOOD}]",
    good=GOOD,
)
TOO_DEEP = _error(
    "E104",
    "nested-too-deep",
    summary="The line is nested deeper than a parser follows.",
    rationale="Protocol buffer parsers stop at 100 nested messages, and JSON parsers at about 1,000 levels.",
    fix="Flatten the value, or pass it as text.",
    bad=_sft(HI, HELLO, rest=',"labels":' + "[" * 1100 + "]" * 1100),
    good=GOOD,
)
DUPLICATE_KEY = _error(
    "E105",
    "duplicate-key",
    summary="An object has the same key twice.",
    rationale="Most parsers keep one of the two values silently, and not all keep the same one; protocol "
    "buffer parsers refuse the object. What you see is perhaps not what is trained on.",
    fix="Remove one of the two, or merge their values.",
    bad='{"contents":[],' + GOOD[1:],
    good=GOOD,
    undecided="Whether the service refuses the line or keeps the last value.",
)
LONE_SURROGATE = _error(
    "E106",
    "lone-surrogate",
    summary="A string escape is half of a surrogate pair.",
    rationale="An escape such as `\\ud83d` stands for a character only together with its other half; alone "
    "it has no UTF-8 form, and a protocol buffer string cannot hold it. Cutting text at a fixed length does this.",
    fix="Cut texts between characters, and write them with a JSON library.",
    bad=_sft(_turn("user", _text("\\ud83d")), HELLO),
    good=_sft(_turn("user", _text("\\ud83d\\ude00")), HELLO),
    undecided="Whether the service refuses the line or replaces the half.",
)
LINE_TOO_LONG = _error(
    "E107",
    "line-too-long",
    summary="The line is longer than tunestats reads.",
    rationale="Lines are held in memory. The service takes files of 1 GB and media of 100 MB, so a line beyond "
    "128 MiB is no example; most often the line breaks were lost.",
    fix="Write one example a line.",
    bad="",
    bad_in_words="a line of more than 128 MiB",
    good=GOOD,
)
NOT_JSON_LINES = _error(
    "E108",
    "not-json-lines",
    summary="The file is something else than JSON Lines.",
    rationale="Archives, tables, pages and pointers end up under names like `train.jsonl`. Nothing in such a file "
    "is an example, so it is named once and not read further.",
    fix="Do what the finding says; tuning data are UTF-8 text with one JSON object on each line.",
    bad="version https://git-lfs.github.com/spec/v1\nsize 12345",
    good=GOOD,
)
WRONG_ENCODING = _error(
    "E109",
    "wrong-encoding",
    summary="The file is UTF-16 or UTF-32.",
    rationale="JSON Lines is UTF-8. Spreadsheets and PowerShell write other encodings unless told otherwise.",
    fix="Convert it, e.g. `iconv -f UTF-16 -t UTF-8 in.jsonl > out.jsonl`.",
    bad="{\0}\0",
    good=GOOD,
)
NOT_ONE_A_LINE = _error(
    "E110",
    "not-one-a-line",
    summary="The file is JSON, but not with one value on each line.",
    rationale="A JSON array, indented objects or lines that end with carriage returns alone hold all examples, "
    "but a reader of lines finds none of them.",
    fix="Rewrite the file with one object a line: `jq -c '.[]'` for an array, `jq -c .` for indented objects, `tr '\\r' "
    "'\\n'` for carriage returns, `tr -d '\\036'` for record separators.",
    bad=f"[\n{GOOD},\n{GOOD}\n]",
    good=GOOD,
)
BYTE_ORDER_MARK = _warning(
    "W101",
    "byte-order-mark",
    summary="The file begins with a byte order mark.",
    rationale="JSON texts must not begin with U+FEFF; a reader may ignore it or refuse the first line.",
    fix="Save as UTF-8 without BOM, e.g. `sed -i '1s/^\\xEF\\xBB\\xBF//' train.jsonl`.",
    bad="\ufeff" + GOOD,
    good=GOOD,
    undecided="Whether the service ignores it or loses the first example.",
)
BLANK_LINE = _warning(
    "W102",
    "blank-line",
    summary="A line between examples is blank.",
    rationale="Readers may skip blank lines or refuse them; indices of examples and numbers of lines differ "
    "from here on. Blank lines at the end of the file are not reported.",
    fix="Remove it, e.g. `sed -i '/^[[:space:]]*$/d' train.jsonl`.",
    bad=f"{GOOD}\n\n{_sft(HI, HELLO, HI, HELLO)}",
    good=f"{GOOD}\n{_sft(HI, HELLO, HI, HELLO)}\n\n",
    undecided="Whether the service skips blank lines.",
)

WRONG_TYPE = _error(
    "E201",
    "wrong-type",
    summary="A value has the wrong type.",
    rationale="Lines are read as protocol buffer JSON: a string field takes a string only, a list field a list, "
    "a message field an object. `null` means unset, and is not allowed inside a list.",
    fix="Give the field the type that the message names; take `null` out of a list.",
    bad=_sft(HI, _turn("model", '{"text":42}')),
    good=_sft(HI, _turn("model", _text("42"))),
)
MISSING_FIELD = _error(
    "E202",
    "missing-field",
    summary="A required field is missing or empty.",
    rationale="`contents` needs at least one turn, every turn at least one part, and a file both its URI and its "
    "type. `null` and an empty list or string count as missing.",
    fix="Fill in the field, or correct its spelling where a misspelt one stands there. Remove a turn or an example of "
    "which nothing is left.",
    bad=_sft(HI, '{"role":"model"}'),
    good=GOOD,
    server_message="Unable to submit request because it must include at least one parts field, which describes "
    "the prompt input.",
)
EMPTY_PART = _error(
    "E203",
    "part-without-data",
    summary="A part holds no data.",
    rationale="A part holds exactly one of `text`, `fileData`, `inlineData`, `functionCall`, `functionResponse` "
    "and a few others; one inside a function response `fileData` or `inlineData`. `null` is as if it were missing.",
    fix="Write what the part holds under the right name, one level inside the part, or remove the part.",
    bad=_sft(HI, _turn("model", "{}")),
    good=GOOD,
)
PART_UNION = _error(
    "E204",
    "several-data-fields",
    summary="A part holds more than one kind of data.",
    rationale="`text`, `fileData`, `functionCall` and the other data fields exclude each other within a part.",
    fix="Split it into several parts.",
    bad=_sft(_turn("user", '{"text":"What is it?",' + IMAGE[1:]), HELLO),
    good=_sft(_turn("user", IMAGE, _text("What is it?")), HELLO),
)
UNKNOWN_ENUM = _error(
    "E205",
    "unknown-enum-value",
    summary="A value is not one of the names that the field takes.",
    rationale="Enum fields take a fixed set of upper-case names.",
    fix="Use one of the names that the message lists.",
    bad=_sft(HI, HELLO, rest=',"generationConfig":{"mediaResolution":"LOW"}'),
    good=_sft(HI, HELLO, rest=',"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}'),
)
INVALID_BASE64 = _error(
    "E206",
    "invalid-base64",
    summary="A bytes field is not base64.",
    rationale="Bytes travel in JSON as base64, standard or URL-safe, with or without padding.",
    fix="Encode the bytes, e.g. `base64.b64encode(data).decode()`; leave out any `data:image/png;base64,` in front.",
    bad=_sft(_turn("user", '{"text":"Hi","thoughtSignature":"not base64!"}'), HELLO),
    good=_sft(_turn("user", '{"text":"Hi","thoughtSignature":"bm90IGJhc2U2NA=="}'), HELLO),
)
INVALID_DURATION = _error(
    "E207",
    "invalid-duration",
    summary="A duration is not written as seconds with an `s`.",
    rationale="Durations travel in JSON as strings such as `12s` or `1.5s`.",
    fix="Write the seconds with an `s` behind, e.g. `90s` for a minute and a half.",
    bad=_sft(_turn("user", VIDEO[:-1] + ',"videoMetadata":{"startOffset":"1:30"}}'), HELLO),
    good=_sft(_turn("user", VIDEO[:-1] + ',"videoMetadata":{"startOffset":"90s"}}'), HELLO),
)
FIELD_TWICE = _error(
    "E208",
    "field-in-two-spellings",
    summary="A field is given in both of its spellings.",
    rationale="`systemInstruction` and `system_instruction` are the same field; protocol buffer parsers refuse "
    "an object that has both.",
    fix="Keep one spelling.",
    bad=_sft(
        HI,
        HELLO,
        rest=',"systemInstruction":{"parts":[{"text":"A"}]},"system_instruction":{"parts":[{"text":"B"}]}',
    ),
    good=_sft(HI, HELLO, rest=',"systemInstruction":{"parts":[{"text":"A"}]}'),
)
FOREIGN_FORMAT = _error(
    "E209",
    "foreign-format",
    summary="The line is an example in the format of another tool or an older model.",
    rationale="Gemini tuning on Vertex AI takes `contents` with `role` and `parts`. Chat exports, AI Studio, "
    "PaLM, alpaca, ShareGPT and DPO files have to be converted.",
    fix="Convert the file; the message names the format and says where its pieces belong.",
    bad='{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}',
    good=GOOD,
)
OTHER_FORMAT = _error(
    "E210",
    "other-format",
    summary="The line is an example of the other tuning method.",
    rationale="A file is either supervised data (the answer is the last turn of `contents`) or preference data "
    "(the answers stand in `completions`), never both.",
    fix="Keep the two kinds in files of their own, or say which it is with `--format`.",
    bad=f"{GOOD}\n{_sft(HI, HELLO, HI, HELLO)}\n{GOOD_PAIR}",
    good=GOOD,
)
UNKNOWN_FIELD = _warning(
    "W201",
    "unknown-field",
    summary="A field is not one that the API knows.",
    rationale="A strict protocol buffer parser refuses the line, a lenient one ignores the field. Either way its "
    "value is not trained on; often it is a misspelt name.",
    fix="Correct the spelling or remove the field.",
    bad=_sft(HI, HELLO, rest=',"difficulty":"hard"'),
    good=GOOD,
    undecided="Whether the service ignores unknown fields.",
)
ADVISED_FIELD = _warning(
    "W202",
    "field-left-out",
    summary="A field that the API calls required is left out where its absence may pass.",
    rationale="A function call, response or declaration without its name, a response without content and a "
    "system instruction without parts teach nothing.",
    fix="Add the field.",
    bad=_sft(HI, _turn("model", '{"functionCall":{"args":{}}}'), rest=TOOLS),
    good=_sft(HI, _turn("model", CALL), rest=TOOLS),
    undecided="Whether the service refuses the line.",
)
DEEP_VALUE = _warning(
    "W203",
    "value-nested-deep",
    summary="A free value is nested deeper than protocol buffer parsers follow.",
    rationale="`args`, `response` and other free values are read as Struct, Value and ListValue messages, two for "
    "every object or list. Parsers stop at 100 nested messages, which is about 47 objects inside `args`.",
    fix="Flatten the value, or pass it as text.",
    formats=(SFT,),
    bad=_sft(HI, _turn("model", CALL.replace("{}", '{"a":' + "[" * 50 + "]" * 50 + "}")), rest=TOOLS),
    good=_sft(HI, _turn("model", CALL.replace("{}", '{"a":' + "[" * 40 + "]" * 40 + "}")), rest=TOOLS),
    undecided="Whether the service's parser counts as Python's does, or has another limit.",
)
UNKNOWN_ENUM_NUMBER = _warning(
    "W204",
    "unknown-enum-number",
    summary="A number stands for a value of an enum that has none of that number.",
    rationale="Enum fields are written by name. Parsers of protocol buffer JSON take a number as well, and keep one "
    "that stands for nothing; what it says is then unset, or nonsense.",
    fix="Write one of the names that the message lists.",
    bad=_sft(HI, HELLO, rest=',"generationConfig":{"mediaResolution":64}'),
    good=_sft(HI, HELLO, rest=',"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}'),
    undecided="Whether the service refuses the line or takes the field as unset.",
)

UNKNOWN_ROLE = _error(
    "E301",
    "unknown-role",
    summary="`role` is not one the service accepts.",
    rationale="Chat exports often say `assistant`; the service says `model`. A system prompt belongs in "
    "`systemInstruction`.",
    fix="Use `user` and `model`.",
    bad=_sft(HI, _turn("assistant", _text("Hello"))),
    good=GOOD,
    server_message="Please use a valid role: user, model.",
)
WRONG_LAST_TURN = _error(
    "E302",
    "wrong-last-turn",
    summary="The conversation ends with the wrong side.",
    rationale="A supervised example ends with the model turn that is learnt; the `contents` of a preference "
    "example end with the user turn that its completions answer.",
    fix="Add the missing turn, or cut the conversation behind the last complete one.",
    bad=_sft(HI, HELLO, HI),
    good=GOOD,
)
MISSING_ROLE = _warning(
    "W301",
    "missing-role",
    summary="A turn does not say whose it is.",
    rationale="The role may be left out where position makes it plain. tunestats takes the last turn of a "
    "supervised example as the model's and lets the others alternate; the service may read it otherwise.",
    fix="Write `user` and `model`.",
    bad=_sft(HI, '{"parts":[{"text":"Hello"}]}'),
    good=GOOD,
    undecided="How the service assigns turns without a role in longer conversations.",
)
CONSECUTIVE_TURNS = _warning(
    "W302",
    "consecutive-turns",
    summary="Two turns of the same side follow each other.",
    rationale="Google's checker of 2024 asked for alternating roles; today's page does not. Inference "
    "takes such turns.",
    fix="Join them into one turn of several parts, or put in the turn between them if one was lost.",
    bad=_sft(HI, HI, HELLO),
    good=GOOD,
    undecided="Whether the service refuses, joins or keeps them.",
)
NO_FIRST_USER_TURN = _warning(
    "W303",
    "starts-with-model",
    summary="The conversation begins with a model turn.",
    rationale="The model would learn to speak without being asked; documented examples begin with a user turn.",
    fix="Put the user's turn in front, or remove the greeting.",
    bad=_sft(HELLO, HI, HELLO),
    good=GOOD,
    undecided="Whether the service accepts it.",
)
EMPTY_TEXT = _warning(
    "W304",
    "empty-text",
    summary="A text is empty or only white space.",
    rationale="An empty answer teaches the model to say nothing; an empty question is most often a lost one.",
    fix="Fill in the text, or remove what is empty: the part, the system instruction, the example.",
    bad=_sft(HI, _turn("model", _text(" "))),
    good=GOOD,
    undecided="Whether the service drops the example.",
)
FUNCTION_ROLE = _warning(
    "W305",
    "function-role",
    summary="A turn has the role `function`.",
    rationale="It is the old name for the turn that carries function responses. Google's samples leave the "
    "role out there; newer models refuse the name.",
    fix="Leave `role` out of the turn, or write `user`.",
    bad=_sft(HI, _turn("model", CALL), _turn("function", ANSWER), HELLO, rest=TOOLS),
    good=_sft(HI, _turn("model", CALL), f'{{"parts":[{ANSWER}]}}', HELLO, rest=TOOLS),
    undecided="Whether tuning accepts the name.",
    server_message="Role 'function' is not supported. Please use a valid role: SYSTEM, SYSTEM_1, USER, ASSISTANT, "
    "DEVELOPER, CONTEXT, USER_CONTEXT, MODEL, USER.",
)
ANSWER_IS_PROMPT = _info(
    "W306",
    "answer-is-prompt",
    summary="An answer is the same as what it answers.",
    rationale="The model would learn to repeat. Two columns may have been mixed up, or the answer got lost. For "
    "tasks such as proofreading it may be what you want.",
    fix="Look at where the answer comes from; remove the example if it is lost.",
    bad=_sft(HI, _turn("model", _text("Hi"))),
    good=GOOD,
)
CUT_ANSWER = _info(
    "W307",
    "cut-answer",
    summary="An answer looks cut off.",
    rationale="A code block that is opened and not closed, or JSON that ends in its middle, is most often the "
    "trace of a token limit when the answer was generated. The model would learn to stop there.",
    fix="Generate the answer again with a higher limit, or remove the example.",
    bad=_sft(HI, _turn("model", _text("```python\\nprint(1)"))),
    good=_sft(HI, _turn("model", _text("```python\\nprint(1)\\n```"))),
)
UNPROMPTED_ANSWER = _info(
    "W308",
    "unprompted-answer",
    summary="The answers are a thousand times as long as the prompt.",
    rationale="Nothing in a prompt of a word says what a text of many pages should be: the model would learn to "
    "recite it. Documents are often brought into the form of examples like this.",
    fix="Ask for the text in the prompt, or make examples of what you want to be answered.",
    bad=_sft(HI, _turn("model", _text("word " * 5_000))),
    good=GOOD,
)
INVISIBLE_ANSWER = _info(
    "W309",
    "invisible-answer",
    summary="Nothing of an answer can be seen.",
    rationale="It holds only zero-width spaces, soft hyphens and the like. To a reader it is empty, to the model it is "
    "a text to learn.",
    fix="Fill in the answer or remove the example.",
    bad=_sft(HI, _turn("model", _text("\\u200b"))),
    good=GOOD,
)
LOST_VALUE = _info(
    "W310",
    "lost-value",
    summary="An answer is what programs write where a value is missing.",
    rationale="Tables write `nan` or `#N/A` into empty cells, JavaScript `undefined` or `[object Object]`; an export makes "
    "it the answer that the model learns.",
    fix="Leave out rows without an answer before the export; keep it if it is the answer.",
    bad=_sft(HI, _turn("model", _text("nan"))),
    good=GOOD,
)

NOT_A_CLOUD_URI = _warning(
    "W401",
    "not-a-cloud-uri",
    summary="A file's URI is not one that the service can read.",
    rationale="The service fetches media from `gs://bucket/object` or from a public http(s) address. A path on your "
    "own machine, a folder, an address behind a login or in a private network, or a name that Cloud Storage does not "
    "allow cannot be read.",
    fix="Upload a file that is elsewhere, e.g. `gcloud storage cp a.png gs://bucket/a.png`, and write its URI as the "
    "message says.",
    formats=(SFT,),
    bad=_sft(_turn("user", IMAGE.replace("gs://bucket/", "/home/me/")), HELLO),
    good=_sft(_turn("user", IMAGE), HELLO),
    undecided="Whether the example is dropped or the job fails.",
)
UNDOCUMENTED_PART = _warning(
    "W402",
    "undocumented-part",
    summary="A part is of a kind that the tuning documentation does not mention.",
    rationale="`inlineData`, `executableCode` and `codeExecutionResult` are in the API, but only text, "
    "`fileData`, `functionCall` and `functionResponse` are documented for tuning data. Nor are parts that are marked "
    "as a `thought`, or files inside a function response.",
    fix="Put an uploaded file into a part of its own, as `fileData`; write text for anything else; leave thoughts out.",
    bad=_sft(_turn("user", '{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}'), HELLO),
    good=_sft(_turn("user", IMAGE), HELLO),
    undecided="Whether the service accepts it.",
)
MEDIA_IN_OUTPUT = _warning(
    "W403",
    "media-in-model-turn",
    summary="A model turn holds media.",
    rationale="The tuned model learns to write text; media belong in the input.",
    fix="Move the file to the user's turn.",
    formats=(SFT,),
    bad=_sft(HI, _turn("model", _text("Here"), IMAGE)),
    good=_sft(_turn("user", IMAGE), HELLO),
    undecided="Whether the service refuses or ignores it.",
)

UNDECLARED_FUNCTION = _warning(
    "W404",
    "undeclared-function",
    summary="A function is called that `tools` does not declare.",
    rationale="The model learns to call what it is offered. A call of an unknown name is most often a misspelt "
    "name or a forgotten declaration.",
    fix="Declare the function in `tools`, or correct the name.",
    formats=(SFT,),
    bad=_sft(HI, _turn("model", CALL)),
    good=_sft(HI, _turn("model", CALL), rest=TOOLS),
    undecided="Whether the service accepts such calls.",
)
UNMATCHED_RESPONSES = _warning(
    "W405",
    "unmatched-responses",
    summary="Function responses do not match the calls of the turn before.",
    rationale="Inference asks for one response for each call, under the same name.",
    fix="Give every call one response, in the turn that follows.",
    formats=(SFT,),
    bad=_sft(HI, _turn("model", CALL, CALL), f'{{"parts":[{ANSWER}]}}', HELLO, rest=TOOLS),
    good=_sft(HI, _turn("model", CALL), f'{{"parts":[{ANSWER}]}}', HELLO, rest=TOOLS),
    undecided="Whether tuning asks for it too.",
    server_message="Please ensure that the number of function response parts is equal to the number of function "
    "call parts of the function call turn.",
)
UNUSUAL_MEDIA_TYPE = _warning(
    "W406",
    "unusual-media-type",
    summary="A file's type is not one that models take.",
    rationale="Models are tuned with images (PNG, JPEG, WebP, HEIC), audio, video and PDF documents, and read plain text. "
    "A type is written like `image/png`.",
    fix="Convert the file, or correct `mimeType`.",
    formats=(SFT,),
    bad=_sft(_turn("user", IMAGE.replace("image/png", "application/zip")), HELLO),
    good=_sft(_turn("user", IMAGE), HELLO),
    undecided="Whether the example is dropped or the job fails.",
)
UNSUPPORTED_MODALITY = _error(
    "E401",
    "unsupported-modality",
    summary="A file is of a kind that the model is not tuned with.",
    rationale="Which of images, audio, video and documents a model can be tuned with is in its documentation. "
    "The model is the one that `--model` names; without it, what all current models take is taken.",
    fix="Leave such examples out, or tune another model.",
    formats=(SFT,),
    bad=_sft(_turn("user", VIDEO), HELLO),
    good=_sft(_turn("user", IMAGE), HELLO),
    server_message="Dataset example 1 of 14 contains an unsupported modality [function call] in the “parts” field, "
    "which is not supported by this model.",
    facts=("modalities",),
    model="gemini-1.5-pro-002",
)
MISPLACED_PART = _warning(
    "W407",
    "part-in-wrong-turn",
    summary="A function is called in a user turn, or answered in a model turn.",
    rationale="The model calls, your program answers. A call in a user turn is not trained on; a response in a "
    "model turn teaches the model to make up results.",
    fix="Give the turn the other role, or split it.",
    formats=(SFT,),
    bad=_sft(_turn("user", _text("Hi"), CALL), HELLO, rest=TOOLS),
    good=_sft(HI, _turn("model", CALL), f'{{"parts":[{ANSWER}]}}', HELLO, rest=TOOLS),
    undecided="Whether the service refuses the line.",
)
MISSING_ARGUMENT = _warning(
    "W408",
    "missing-argument",
    summary="A call leaves out an argument that its declaration requires.",
    rationale="The model learns to call the function as the example does, and your program refuses the call.",
    fix="Add the argument, or take it out of `required`.",
    formats=(SFT,),
    bad=_call('{"days":2}'),
    good=_call('{"zone":"CET","days":2}'),
    undecided="Whether the service compares arguments with declarations at all.",
)
UNKNOWN_ARGUMENT = _warning(
    "W409",
    "unknown-argument",
    summary="A call has an argument that its declaration does not name.",
    rationale="The model learns arguments that it is not offered; most often a name is misspelt.",
    fix="Correct the name, or declare the argument.",
    formats=(SFT,),
    bad=_call('{"zone":"CET","dayz":2}'),
    good=_call('{"zone":"CET","days":2}'),
    undecided="Whether the service compares arguments with declarations at all.",
)
WRONG_ARGUMENT_TYPE = _warning(
    "W410",
    "wrong-argument-type",
    summary="An argument is not of the type that its declaration says.",
    rationale="The model learns to write the number as a string, or the list as a word, and your program refuses "
    "the call.",
    fix="Write the argument as declared, or correct the declaration.",
    formats=(SFT,),
    bad=_call('{"zone":"CET","days":"two"}'),
    good=_call('{"zone":"CET","days":2}'),
    undecided="Whether the service compares arguments with declarations at all.",
)
ARGUMENT_OUT_OF_RANGE = _warning(
    "W411",
    "argument-out-of-range",
    summary="An argument is not among the values that its declaration allows.",
    rationale="`enum`, `minimum`, `maxLength`, `format` and their like say what your program takes.",
    fix="Correct the value or the declaration.",
    formats=(SFT,),
    bad=_call('{"zone":"Mars","days":2}'),
    good=_call('{"zone":"CET","days":2}'),
    undecided="Whether the service compares arguments with declarations at all.",
)
DUPLICATE_FUNCTION = _warning(
    "W412",
    "duplicate-function",
    summary="Two functions of the same name are declared.",
    rationale="A call does not say which of them it means. Inference refuses such a request.",
    fix="Remove one of them, or give it another name.",
    formats=(SFT,),
    bad=_sft(HI, HELLO, rest=TOOLS.replace("}]", '},{"name":"now"}]', 1)),
    good=_sft(HI, HELLO, rest=TOOLS),
    undecided="Whether tuning refuses it too.",
    server_message="Duplicate function declaration found: now",
)
FUNCTION_NAME = _warning(
    "W413",
    "function-name",
    summary="A function has a name that the API does not take.",
    rationale="A name begins with a letter or an underscore; letters, digits, underscores, dots, colons and dashes "
    "follow. Inference refuses others.",
    fix="Rename the function, in its declaration and in every call and response.",
    formats=(SFT,),
    bad=_sft(HI, HELLO, rest=TOOLS.replace("now", "what time")),
    good=_sft(HI, HELLO, rest=TOOLS.replace("now", "what_time")),
    undecided="Whether tuning refuses it too; and whether a name may have 64 characters or 128, as newer pages say.",
    server_message="Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, "
    "0-9), underscores (_), dots (.) or dashes (-), with a maximum length of 64.",
)
SCHEMA_GAP = _warning(
    "W414",
    "schema-gap",
    summary="A schema requires what it does not describe, or its words do not fit its type.",
    rationale="The API asks that `required` names `properties`, that an ARRAY has `items`, that no other type has these "
    "words, and that `parameters` are of the type OBJECT. Inference refuses any other declaration.",
    fix="Describe the property or the items, remove the name from `required`, or correct the type that the message "
    "names.",
    formats=(SFT,),
    bad=_sft(HI, HELLO, rest=ZONE_TOOLS.replace('"required":["zone"]', '"required":["place"]')),
    good=_sft(HI, HELLO, rest=ZONE_TOOLS),
    undecided="Whether tuning refuses it too.",
    server_message="function_declarations[0].parameters.required[0]: property is not defined",
)
MEDIA_TYPE_MISMATCH = _warning(
    "W415",
    "media-type-mismatch",
    summary="A file's type is not that of its name or of its content.",
    rationale="The service reads the file as the type that `mimeType` says. A JPEG that is called PNG is perhaps an "
    "invalid image, which is a reason for dropping an example.",
    fix="Correct `mimeType`, or convert the file.",
    formats=(SFT,),
    bad=_sft(_turn("user", IMAGE.replace("a.png", "a.jpg")), HELLO),
    good=_sft(_turn("user", IMAGE), HELLO),
    undecided="Whether the service looks at the content itself.",
)
LARGE_INLINE_DATA = _warning(
    "W416",
    "large-inline-data",
    summary="A file inside the line is larger than the model takes.",
    rationale="The size of each image, audio file, video and document is limited. A megabyte is taken as 1,048,576 "
    "bytes, so that no file within the limit is named.",
    fix="Make the file smaller.",
    formats=(SFT,),
    bad="",
    bad_in_words="a line with an image of more than 20 MB in `inlineData`",
    good=_sft(_turn("user", IMAGE), HELLO),
    undecided="Whether the example is dropped or the job fails.",
    facts=("media_bytes",),
)
VIDEO_RANGE = _warning(
    "W417",
    "video-range",
    summary="`videoMetadata` chooses a piece that there is not.",
    rationale="A piece of a video begins before it ends, not before 0, and has more than 0 and at most 24 frames a "
    "second. Beside anything but a video it has no meaning.",
    fix="Correct the offsets or the frames a second, or remove `videoMetadata`.",
    formats=(SFT,),
    bad=_sft(_turn("user", VIDEO[:-1] + ',"videoMetadata":{"startOffset":"9s","endOffset":"5s"}}'), HELLO),
    good=_sft(_turn("user", VIDEO[:-1] + ',"videoMetadata":{"startOffset":"5s","endOffset":"9s"}}'), HELLO),
    undecided="Whether the example is dropped or the job fails.",
)
SYSTEM_NOT_TEXT = _warning(
    "W418",
    "system-not-text",
    summary="The system instruction holds something other than text.",
    rationale="The API says that only text should be used there.",
    fix="Move it to the first user turn, or write text.",
    formats=(SFT,),
    bad=_sft(HI, HELLO, rest=f',"systemInstruction":{{"parts":[{IMAGE}]}}'),
    good=_sft(_turn("user", IMAGE), HELLO, rest=',"systemInstruction":{"parts":[{"text":"Look."}]}'),
    undecided="Whether the service refuses or ignores it.",
)
CALL_AS_TEXT = _info(
    "W419",
    "call-as-text",
    summary="An answer is the JSON of a function call, as text.",
    rationale="The example declares functions, but what calls one is a text: the model learns to write the JSON instead "
    "of calling.",
    fix="Write the call as a part: `functionCall` with `name` and `args`.",
    formats=(SFT,),
    bad=_sft(HI, _turn("model", _text(CALL.replace('"', '\\"'))), rest=TOOLS),
    good=_sft(HI, _turn("model", CALL), rest=TOOLS),
)

NOT_A_PAIR = _error(
    "E501",
    "not-a-pair",
    summary="There are not exactly two completions.",
    rationale="Preference tuning takes one preferred and one dispreferred completion for each prompt.",
    fix="Write the answer that is missing; of several, choose a pair, or write several examples with the same prompt.",
    formats=(PREFERENCE,),
    bad=_sft(HI, rest=f',"completions":[{_completion("1", "Hello")}]'),
    good=GOOD_PAIR,
)
SCORE_NOT_BINARY = _error(
    "E502",
    "score-not-zero-or-one",
    summary="A score is neither 0 nor 1.",
    rationale="The only possible scores are zero for the dispreferred and one for the preferred completion.",
    fix="Write 1 for the better completion and 0 for the other.",
    formats=(PREFERENCE,),
    bad=_pair(_completion("0.9", "Hello"), _completion("0", "What?")),
    good=GOOD_PAIR,
    undecided="Whether other numbers are refused or read as an order.",
)
EQUAL_SCORES = _error(
    "E503",
    "equal-scores",
    summary="Both completions have the same score.",
    rationale="One completion has to be preferred; a missing score is zero.",
    fix="Write 1 for the better completion and 0 for the other; remove the example if none is better.",
    formats=(PREFERENCE,),
    bad=_pair(_completion("1", "Hello"), _completion("1", "What?")),
    good=GOOD_PAIR,
)
COMPLETION_ROLE = _error(
    "E504",
    "completion-role",
    summary="A completion is not a model turn.",
    rationale="Completions are answers of the model.",
    fix='Write `"role":"model"` in the completion.',
    formats=(PREFERENCE,),
    bad=_pair(_completion("1", "Hello", "user"), _completion("0", "What?")),
    good=GOOD_PAIR,
)
NOT_TEXT_ONLY = _error(
    "E505",
    "not-text-only",
    summary="A preference example holds something other than text.",
    rationale="Preference tuning does not support media or function calls.",
    fix="Leave such examples out, or use them for supervised tuning.",
    formats=(PREFERENCE,),
    bad=GOOD_PAIR.replace('{"text":"Hi"}', IMAGE),
    good=GOOD_PAIR,
)
MISSING_SCORE = _warning(
    "W501",
    "missing-score",
    summary="A completion has no score.",
    rationale="An unset number is zero, so the completion counts as dispreferred.",
    fix="Write the score.",
    formats=(PREFERENCE,),
    bad=GOOD_PAIR.replace('"score":0,', ""),
    good=GOOD_PAIR,
    undecided="Whether the service takes an unset score as zero.",
)
IDENTICAL_COMPLETIONS = _warning(
    "W502",
    "identical-completions",
    summary="Both completions are the same.",
    rationale="There is nothing to prefer.",
    fix="Remove the example.",
    formats=(PREFERENCE,),
    bad=_pair(_completion("1", "Hello"), _completion("0", "Hello")),
    good=GOOD_PAIR,
    undecided="Whether the service drops the example.",
)
NUMBER_AS_STRING = _warning(
    "W503",
    "score-as-string",
    summary="A score is a number written as a string.",
    rationale="Protocol buffer JSON allows it; not every reader does.",
    fix="Write the number without quotes.",
    formats=(PREFERENCE,),
    bad=_pair(_completion('"1.0"', "Hello"), _completion("0", "What?")),
    good=GOOD_PAIR,
    undecided="Whether the service reads it as a number.",
)
ALIKE_COMPLETIONS = _info(
    "W504",
    "alike-completions",
    summary="The completions differ only in white space.",
    rationale="There is hardly anything to prefer, unless the layout is what matters.",
    fix="Remove the example if the layout does not matter.",
    formats=(PREFERENCE,),
    bad=_pair(_completion("1", "Hello there"), _completion("0", "Hello  there ")),
    good=GOOD_PAIR,
)
TOOLS_IN_PREFERENCE = _warning(
    "W505",
    "tools-in-preference",
    summary="A preference example declares functions.",
    rationale="Preference tuning takes text only; the completions cannot call what is declared.",
    fix="Remove `tools`.",
    formats=(PREFERENCE,),
    bad=GOOD_PAIR[:-1] + TOOLS + "}",
    good=GOOD_PAIR,
    undecided="Whether the service refuses or ignores declarations.",
)

TOO_MANY_TOKENS = _error(
    "E601",
    "too-many-tokens",
    consequence=Consequence.DROPPED,
    summary="The example has more tokens than the model is tuned with.",
    rationale="The service drops an over-long example: it is not billed and not trained on. For preference "
    "data the prompt with the longest completion counts.",
    fix="Shorten or split the example.",
    bad=_sft(_turn("user", _text("word " * 140_000)), HELLO),
    good=GOOD,
    facts=("tokens_per_example",),
)
NO_EXAMPLES = _error(
    "E602",
    "no-examples",
    summary="The file holds no examples.",
    rationale="There is nothing to train on; an export or a download has perhaps failed.",
    fix="Check how the file was made.",
    bad="",
    good=GOOD,
)
TOO_MANY_MEDIA = _error(
    "E603",
    "too-many-media",
    consequence=Consequence.DROPPED,
    summary="The example has more media of a kind than the model takes.",
    rationale="The number of images, audio files, videos and documents in an example is limited; the service "
    "names too many images as a reason for dropping one. Files in the system instruction and inside function responses "
    "count, too.",
    undecided="Whether the service counts those in the system instruction and in responses.",
    fix="Split the example or leave media out.",
    formats=(SFT,),
    bad=_sft(_turn("user", *[IMAGE] * 31), HELLO),
    good=_sft(_turn("user", IMAGE), HELLO),
    facts=("media_per_example",),
)
DUPLICATE_EXAMPLE = _info(
    "W601",
    "duplicate-example",
    summary="The line is the same as an earlier one.",
    rationale="A repeated example counts as often as it stands there, in training and on the bill. That may be "
    "what you want.",
    fix="Remove the repetition if it is not meant.",
    bad=f"{GOOD}\n{GOOD}",
    good=f"{GOOD}\n{_sft(HI, HELLO, HI, HELLO)}",
)

FILE_TOO_LARGE = _error(
    "E604",
    "file-too-large",
    summary="The file is larger than the service takes.",
    rationale="Training files are limited to 1 GB; users have waited for hours until that was said.",
    fix="Leave out examples, e.g. duplicates and very long ones; put files of `inlineData` into a bucket.",
    undecided="Whether 1 GB is 10^9 or 2^30 bytes; the finding comes above the larger of them.",
    bad="",
    bad_in_words="a file of more than 2^30 bytes",
    good=GOOD,
    facts=("bytes_per_file",),
)
TOO_MANY_EXAMPLES = _error(
    "E605",
    "too-many-examples",
    summary="There are more examples than the service takes.",
    rationale="The limit is lower where any of the examples has images, audio, video or documents.",
    fix="Leave out examples, e.g. duplicates.",
    bad="",
    bad_in_words="a file of more than 10,000,000 lines",
    good=GOOD,
    facts=(
        "text_examples",
        "multimodal_examples",
    ),
)
TOO_MANY_DROPPED = _error(
    "E606",
    "too-many-dropped",
    summary="More than a tenth of the examples would be dropped.",
    rationale="Examples over a limit are dropped without a word, but if they are more than a tenth the job fails "
    "before training.",
    fix="Shorten or split the examples that are over a limit; each has a finding of its own.",
    undecided="Whether the tenth, which is documented for video data only, holds for all. It is looked for from 10 "
    "examples on.",
    bad="",
    bad_in_words="100 examples, of which 11 have too many tokens",
    good=GOOD,
    facts=("dropped_share",),
)
NO_SUCH_METHOD = _error(
    "E607",
    "no-such-method",
    summary="The model cannot be tuned with data of this format.",
    rationale="Preference tuning is offered for some models only.",
    fix="Choose another model; `tunestats models` shows what each takes.",
    formats=(PREFERENCE,),
    model="gemini-2.5-pro",
    bad=GOOD_PAIR,
    good="",
    facts=("methods",),
)
VALIDATION_TOO_LARGE = _error(
    "E608",
    "validation-too-large",
    summary="There are more validation examples than the service takes.",
    rationale="The limit is 5,000 examples; more than 1,000 may in addition be at most 30 % of the training "
    "examples. Retired models took 256.",
    fix="Leave examples out of the validation data, or move them to the training data.",
    undecided="Whether dropped examples count, and whether the service refuses or cuts.",
    bad="",
    bad_in_words="two files, one with 6,000 lines of validation data",
    good=GOOD,
    facts=("validation_examples",),
)
VALIDATION_FORMAT = _error(
    "E609",
    "validation-of-other-format",
    summary="Training and validation data are of different formats.",
    rationale="A tuning job has one method: its data sets are both supervised examples or both preference examples.",
    fix="Give each job the validation data of its own method.",
    bad="",
    bad_in_words="two files, one with supervised examples, one with preference examples",
    good=GOOD,
)
NEAR_DUPLICATE = _info(
    "W602",
    "near-duplicate-example",
    summary="The example is an earlier one but for white space, case or the way its JSON is written.",
    rationale="To a model such examples are nearly the same, and each counts in training and on the bill.",
    fix="Keep one of them if the repetition is not meant.",
    bad=f"{GOOD}\n{_sft(HI, _turn('model', _text(' hello')))}",
    good=f"{GOOD}\n{_sft(HI, HELLO, HI, HELLO)}",
)
CONTRADICTION = _info(
    "W603",
    "contradictory-example",
    summary="The prompt stood earlier already, with another answer (in a pair: the opposite choice).",
    rationale="Several good answers to a prompt may be what you want. Labels that contradict each other are not: "
    "the model learns neither.",
    fix="Look at both examples; keep the right one if only one of them is.",
    bad=f"{GOOD}\n{_sft(HI, _turn('model', _text('Go away')))}",
    good=f"{GOOD}\n{_sft(HI, HELLO, HI, HELLO)}",
)

MIXED_RESOLUTIONS = _warning(
    "W604",
    "mixed-media-resolutions",
    summary="Examples with media do not all have the same `mediaResolution`.",
    rationale="It has to be the same on every line of the training and the validation data.",
    fix="Set `generationConfig.mediaResolution` to one value on all lines, or on none.",
    formats=(SFT,),
    undecided="What the service does otherwise.",
    bad=_sft(_turn("user", IMAGE), HELLO)
    + "\n"
    + _sft(
        _turn("user", IMAGE, _text("?")),
        HELLO,
        rest=',"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW"}',
    ),
    good=_sft(_turn("user", IMAGE), HELLO),
)
MIXED_SPELLINGS = _info(
    "W605",
    "mixed-spellings",
    summary="A key is spelt in both of its ways in one file.",
    rationale="`fileData` and `file_data` are the same to the service, but not to every other tool that reads "
    "the file.",
    fix="Spell each key in one way; the API itself says `fileData`.",
    bad=_sft(HI, HELLO, rest=',"systemInstruction":{"parts":[{"text":"Be kind"}]}')
    + "\n"
    + _sft(HI, HELLO, rest=',"system_instruction":{"parts":[{"text":"Be brief"}]}'),
    good=_sft(HI, HELLO, rest=',"system_instruction":{"parts":[{"text":"Be brief"}]}'),
)
VALIDATION_OVERLAP = _warning(
    "W606",
    "validation-overlap",
    summary="The validation example is in the training data, too.",
    rationale="What a model has been trained on says nothing about how it does on what it has not seen: the "
    "validation loss looks better than it is. Examples that differ in white space, case or the way their JSON is "
    "written are taken for the same.",
    fix="Leave it out of one of the two files; `tunestats compare` lists both sides.",
    undecided="Whether the service looks for it.",
    bad="",
    bad_in_words="two files with the same line",
    good=GOOD,
)
VALIDATION_PROMPT_OVERLAP = _warning(
    "W607",
    "validation-prompt-overlap",
    summary="The prompt of the validation example is in the training data, too.",
    rationale="The answer is another one (in a pair: the answers or the choice), but the model knows the question. "
    "With one prompt for many different answers, that may be what you want.",
    fix="Keep all examples of a prompt in the same file.",
    undecided="Whether the service looks for it.",
    bad="",
    bad_in_words="two files with the same prompt and another answer",
    good=GOOD,
)
DOUBTFUL_MODEL = _warning(
    "W608",
    "doubtful-model",
    summary="The model that `--model` names is retired, or not listed as one that can be tuned.",
    rationale="The data are checked against what was known about the model. A retired model cannot be tuned any "
    "more; one that the newest page does not list perhaps cannot.",
    fix="Name a model of today; `tunestats models` shows the status of each. Keep the name to look at a job of the "
    "past.",
    undecided="On which day a model was retired, or whether one that is not listed can be tuned all the same.",
    model="gemini-2.0-flash",
    bad=GOOD,
    good="",
    facts=("status",),
)


def _job(
    rest: str = "", model: str = "gemini-2.5-flash", uri: str = "gs://bucket/train.jsonl", spec: str = ""
) -> str:
    return f'{{"baseModel":"{model}","supervisedTuningSpec":{{"trainingDatasetUri":"{uri}"{spec}}}{rest}}}'


def _job_error(code: str, name: str, bad: str, good: str = "", **row: object) -> Rule:
    row = {"formats": (JOB,), "bad": bad, "good": good or _job(), **row}
    return _error(code, name, consequence=Consequence.REQUEST_REFUSED, **row)


def _job_warning(code: str, name: str, bad: str, good: str = "", **row: object) -> Rule:
    row = {"formats": (JOB,), "bad": bad, "good": good or _job(), **row}
    return Rule(code, name, Severity.WARNING, Consequence.REQUEST_ACCEPTED, **row)  # type: ignore[arg-type]


REQUEST_NOT_JSON = _job_error(
    "E701",
    "request-not-json",
    summary="The request is not one JSON object.",
    rationale="The body of a request to create a tuning job is one JSON object, in UTF-8.",
    fix="Write the request with a JSON library.",
    bad=_job()[:-1] + ",}",
)
REQUEST_TYPE = _job_error(
    "E702",
    "request-wrong-type",
    summary="A value of the request has the wrong type.",
    rationale="The request is protocol buffer JSON: every field has one type. Whole numbers may be written as "
    "strings, as the service does.",
    fix="Write the value as the type that the message names.",
    bad=_job(spec=',"hyperParameters":{"epochCount":"three"}'),
    good=_job(spec=',"hyperParameters":{"epochCount":"3"}'),
)
REQUEST_MISSING = _job_error(
    "E703",
    "request-field-missing",
    summary="A field that the request needs is missing or empty.",
    rationale="The service refuses a request without its required fields and lists all that are missing.",
    fix="Fill in the field, or correct its spelling where a misspelt one stands there.",
    bad='{"baseModel":"gemini-2.5-flash","supervisedTuningSpec":{}}',
    server_message="Evaluation config must have at least one metric and an output config. (Gen AI SDK)",
)
REQUEST_ALTERNATIVES = _job_error(
    "E704",
    "request-alternatives",
    summary="Of fields that exclude each other not exactly one is set.",
    rationale="A job tunes one model, `baseModel` or `preTunedModel`, by one method, `supervisedTuningSpec` or "
    "`preferenceOptimizationSpec`.",
    fix="Set one of the fields that the message names, and only one.",
    bad='{"baseModel":"gemini-2.5-flash"}',
)
REQUEST_UNKNOWN_FIELD = _job_error(
    "E705",
    "request-unknown-field",
    summary="The request has a field that a tuning job does not have.",
    rationale="Unlike in tuning data, an unknown field in a request is refused; most often it is a misspelt name "
    "or stands one level too high or too low.",
    fix="Correct the name, or remove the field.",
    bad=_job(spec=',"hyperParameters":{"epochs":3}'),
    good=_job(spec=',"hyperParameters":{"epochCount":3}'),
    server_message="Invalid JSON payload received. Unknown name … Cannot find field.",
)
REQUEST_UNKNOWN_ENUM = _job_error(
    "E706",
    "request-unknown-value",
    summary="A value of the request is not one of its enum's.",
    rationale="Enums are written by name: an adapter size is `ADAPTER_SIZE_FOUR`, not `FOUR`. A number would stand for "
    "the value of that number, which for the size 4 is 2.",
    fix="Use one of the names that the message lists.",
    bad=_job(spec=',"hyperParameters":{"adapterSize":"FOUR"}'),
    good=_job(spec=',"hyperParameters":{"adapterSize":"ADAPTER_SIZE_FOUR"}'),
)
REQUEST_FIELD_TWICE = _job_error(
    "E707",
    "request-field-twice",
    summary="A field of the request is given twice.",
    rationale="Parsers disagree about which of two equal keys counts, and a field may be spelt in camelCase or "
    "snake_case, but not in both.",
    fix="Keep one of them.",
    bad=_job(rest=',"description":"a","description":"b"'),
    good=_job(rest=',"description":"b"'),
)
DATASET_URI = _job_error(
    "E708",
    "not-a-jsonl-uri",
    summary="A data set is not named as an object of type JSONL in Cloud Storage.",
    rationale="Data sets are read from `gs://bucket/….jsonl`; supervised tuning also takes the resource name of "
    "a multimodal data set. A local path, an https address, another ending or a bucket of a name that no bucket can "
    "have cannot be read.",
    fix="Correct what the message names. A local file is copied by `gcloud storage cp train.jsonl "
    "gs://bucket/train.jsonl`.",
    bad=_job(uri="train.jsonl"),
    undecided="Whether an ending such as `.JSONL` would do.",
    server_message="List of found errors: 1.Field: tuning_job.supervised_tuning_spec.training_dataset_uri; "
    "Message: training_dataset_uri should be a GCS object of type JSONL.",
)
RESOURCE_NAME = _job_error(
    "E709",
    "malformed-name",
    summary="A resource name or path of the request does not have the form that it needs.",
    rationale="Keys, models, endpoints and output folders are named in full, such as "
    "`projects/p/locations/l/keyRings/r/cryptoKeys/k` or `gs://bucket/folder`.",
    fix="Copy the full name, e.g. from `gcloud kms keys list` or the model registry.",
    bad=_job(rest=',"encryptionSpec":{"kmsKeyName":"my-key"}'),
    good=_job(
        rest=',"encryptionSpec":{"kmsKeyName":"projects/p/locations/us-central1/keyRings/r/cryptoKeys/k"}'
    ),
)
VALUE_TOO_LONG = _job_error(
    "E710",
    "name-too-long",
    summary="A name of the request is longer than the service takes.",
    rationale="A display name has at most 128 characters.",
    fix="Shorten it.",
    bad=_job(rest=f',"tunedModelDisplayName":"{"x" * 129}"'),
    good=_job(rest=f',"tunedModelDisplayName":"{"x" * 128}"'),
    undecided="Whether characters are code points; here they are.",
)
INVALID_LABEL = _job_error(
    "E711",
    "invalid-label",
    summary="A label's key or value has a form that labels cannot have.",
    rationale="Keys and values have at most 64 code points, all of them lowercase letters of any script, digits, "
    "`_` or `-`. A key is not empty.",
    fix="Rewrite the label, e.g. `team-a` for `Team A`.",
    bad=_job(rest=',"labels":{"team":"Team A"}'),
    good=_job(rest=',"labels":{"team":"team-a"}'),
)
NUMBER_RANGE = _job_error(
    "E712",
    "number-out-of-range",
    summary="A number of the request makes no sense.",
    rationale="Passes over the data, multipliers and weights are finite and not negative.",
    fix="Write a number in the range that the message names, or leave the field out for the default.",
    bad=_job(spec=',"hyperParameters":{"epochCount":-1}'),
    good=_job(spec=',"hyperParameters":{"epochCount":1}'),
    undecided="What the largest values are.",
)
UNKNOWN_BASE_MODEL = _job_error(
    "E713",
    "unknown-base-model",
    summary="The base model is not one that is known to be tunable.",
    rationale="Models that can be tuned are listed, with source and date, by `tunestats models`.",
    fix="Use a name of that list, alone or as `publishers/google/models/…`.",
    bad=_job(model="gemini-2.5-flsh"),
    undecided="Whether a model younger than the list can be tuned.",
)
UNSUPPORTED_METHOD = _job_error(
    "E714",
    "unsupported-method",
    summary="The model cannot be tuned by this method.",
    rationale="Supervised tuning is for all models of `tunestats models`, preference tuning for some of them.",
    fix="Choose another model or another method.",
    bad='{"baseModel":"gemini-2.5-pro","preferenceOptimizationSpec":{"trainingDatasetUri":"gs://bucket/a.jsonl"}}',
    good='{"baseModel":"gemini-2.5-flash",'
    '"preferenceOptimizationSpec":{"trainingDatasetUri":"gs://bucket/a.jsonl"}}',
)
UNSUPPORTED_ADAPTER = _job_error(
    "E715",
    "unsupported-adapter-size",
    summary="The model is not tuned with an adapter of this size.",
    rationale="The enum has sizes that only some models take; `tunestats models` lists them by model.",
    fix="Use a size that the message names, or leave the field out for the default.",
    bad=_job(spec=',"hyperParameters":{"adapterSize":"ADAPTER_SIZE_THIRTY_TWO"}'),
    good=_job(spec=',"hyperParameters":{"adapterSize":"ADAPTER_SIZE_SIXTEEN"}'),
    server_message="The adapter size is not supported for this base model.",
)
RETIRED_MODEL = _job_error(
    "E716",
    "retired-base-model",
    summary="The base model is retired.",
    rationale="A retired model cannot be called any more, nor tuned. `tunestats models` shows which models are, with "
    "source and date.",
    fix="Tune a model of today.",
    bad=_job(model="gemini-1.5-pro-002"),
    facts=("status",),
    undecided="On which day it was retired, and in which words the service refuses it.",
)
OUTPUT_ONLY = _job_warning(
    "W701",
    "output-only-field",
    summary="The request sets a field that only the service sets.",
    rationale="State, times, results and statistics are written by the service. What a caller sends is at best "
    "ignored; often the request is a copy of a finished job.",
    fix="Remove the field.",
    bad=_job(rest=',"state":"JOB_STATE_PENDING"'),
    undecided="Whether this service ignores it, as Google's API guidelines (AIP-203) demand, or refuses it.",
)
OTHER_MODELS = _job_warning(
    "W702",
    "field-for-other-models",
    summary="The field belongs to other models or methods; it was not checked.",
    rationale="The v1beta1 API and the Gen AI SDK have fields for open models, distillation, reinforcement and "
    "video tuning, which the v1 resource does not have.",
    fix="Remove the field unless you know that the model takes it.",
    bad=_job(spec=',"hyperParameters":{"batchSize":8}'),
    undecided="Whether the service ignores or refuses it for a Gemini model.",
)
UNUSUAL_BETA = _job_warning(
    "W703",
    "unusual-beta",
    summary="`beta` is outside of the range that is recommended.",
    rationale="From 0.01 to 0.5 is recommended. Larger values hold the model closer to what it was.",
    fix="Use a value from 0.01 to 0.5, or leave the field out.",
    bad='{"baseModel":"gemini-2.5-flash","preferenceOptimizationSpec":'
    '{"trainingDatasetUri":"gs://bucket/a.jsonl","hyperParameters":{"beta":2}}}',
    good='{"baseModel":"gemini-2.5-flash","preferenceOptimizationSpec":'
    '{"trainingDatasetUri":"gs://bucket/a.jsonl","hyperParameters":{"beta":0.1}}}',
    undecided="Whether other values are refused.",
)
SAME_DATA = _job_warning(
    "W704",
    "validated-on-training-data",
    summary="Training and validation data are the same file.",
    rationale="Validation on examples that the model has seen says nothing about others.",
    fix="Set examples aside, or leave the validation data out.",
    bad=_job(spec=',"validationDatasetUri":"gs://bucket/train.jsonl"'),
    good=_job(spec=',"validationDatasetUri":"gs://bucket/validation.jsonl"'),
    undecided="Whether the service notices.",
)

SIZE_BY_NUMBER = _job_warning(
    "W705",
    "adapter-size-by-number",
    summary="The adapter size is a number that stands for another size.",
    rationale="In protocol buffer JSON a number stands for the value of the enum with that number: 4 is "
    "`ADAPTER_SIZE_SIXTEEN`, and `ADAPTER_SIZE_FOUR` is 2.",
    fix="Write the name of the size.",
    bad=_job(spec=',"hyperParameters":{"adapterSize":4}'),
    good=_job(spec=',"hyperParameters":{"adapterSize":"ADAPTER_SIZE_FOUR"}'),
    undecided="Whether the number was meant.",
)
UNLISTED_MODEL = _job_warning(
    "W706",
    "unlisted-base-model",
    summary="The base model is not listed as one that can be tuned.",
    rationale="The newest page that lists what can be tuned does not have the model; an older page or another copy "
    "of it has.",
    fix="Tune a model that is listed, or make sure that this one can be tuned still.",
    bad=_job(model="gemini-2.0-flash"),
    facts=("status",),
    undecided="Whether the service tunes it all the same.",
)

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in sorted(
        (value for value in list(globals().values()) if isinstance(value, Rule)),
        key=lambda rule: (rule.code[1:], rule.code),
    )
}

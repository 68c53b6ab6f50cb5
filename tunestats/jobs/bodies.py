"""Read a tuning job, whatever it comes in.

In: a path or JSON text; a dict; a Gen AI SDK object (pydantic); a Vertex AI SDK message (proto-plus, protobuf).
Out: ``Body``: the JSON that would be sent, with flaws that the text itself has.
Not here: what is wrong with the request (``checking``), what an SDK makes of a call (``sdk``).

No SDK is imported: its objects are recognised by what they can do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from tunestats.errors import SettingsError, SourceError
from tunestats.findings import Flaw, Flaws
from tunestats.jobs.places import lines_of_paths
from tunestats.jobs.sdk import is_config, is_request, request_of
from tunestats.parsing import loads, name_repeated_keys
from tunestats.quoting import member
from tunestats.rules import DUPLICATE_KEY, REQUEST_FIELD_TWICE, REQUEST_NOT_JSON, REQUEST_TYPE
from tunestats.source import open_source

__all__ = ["Body", "plain", "read_body", "read_call", "read_text"]

MAX_BODY_BYTES = 1 << 24
# ProtoJSON parsers stop at 100 levels; deeper objects are cut so that nothing recurses without end.
MAX_LEVELS = 200


@dataclass(frozen=True, slots=True)
class Body:
    """What would be sent.

    Attributes:
        name: The file's name, or ``request`` where there is none.
        value: The parsed JSON; None where there is none.
        flaws: What is wrong with the text, or with what stands where JSON should be.
        lines: The line of each JSON path, empty where there is no text.
        bytes: The size of the text, 0 where there is none.
    """

    name: str
    value: Any
    flaws: Flaws = field(default_factory=Flaws)
    lines: Mapping[str, int] = field(default_factory=dict)
    bytes: int = 0


def read_body(source: Any, name: str = "request") -> Body:
    """Return the JSON of a job.

    Args:
        source: A dict; JSON as bytes or as a text that begins with a brace; a path; an object of an SDK.
        name: What to call it, unless it is a file.

    Raises:
        SourceError: The file cannot be read.
        SettingsError: It is nothing of the kind.
    """
    if isinstance(source, bytes):
        return read_text(source, name)
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return read_text(source.encode("utf-8", "surrogatepass"), name)
    if isinstance(source, str | Path):
        return read_text(_read_file(source), str(source))
    flaws = Flaws()
    return Body(name, plain(_from_sdk(source), flaws), flaws)


def read_call(body: Any, base_model: str, training_dataset: Any, config: Any) -> Body:
    """Return the body of a request, made from the Gen AI SDK's arguments if these are what was given.

    Raises:
        SourceError: The file cannot be read.
        SettingsError: Nothing was given, or both.
    """
    is_call = bool(base_model) or training_dataset is not None or config is not None
    if body is None and not is_call:
        raise SettingsError("there is no request to check; give one")
    read = read_body({} if body is None else body)
    if body is not None and not is_call and not is_config(_object(read.value)):
        return read
    if body is not None and (config is not None or is_request(_object(read.value))):
        raise SettingsError(
            "a request says everything itself; give either it or `base_model`, `training_dataset`, `config`"
        )
    read = read if config is None else read_body(config)
    dataset = read_body({} if training_dataset is None else training_dataset)
    flaws = Flaws()
    for flaw in (*read.flaws, *dataset.flaws):
        flaws.append(flaw)
    made = request_of(base_model, _object(dataset.value), _object(read.value))
    return Body("request", made, flaws)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def read_text(raw: bytes, name: str) -> Body:
    """Return the JSON of a text; where it is not JSON, a flaw says so."""
    flaws = Flaws()
    try:
        value = loads(raw)
    except JSONDecodeError as error:
        reason = error.msg.partition(": line ")[0]
        said = f"{reason}, at line {error.lineno}, column {error.colno}"
        flaws.append(REQUEST_NOT_JSON.at("", said))
        return Body(name, None, flaws, {"": error.lineno}, len(raw))
    repeated = Flaws()
    name_repeated_keys(raw, repeated)
    for flaw in repeated:
        rule = REQUEST_FIELD_TWICE if flaw.code == DUPLICATE_KEY.code else REQUEST_NOT_JSON
        flaws.append(Flaw(rule.code, flaw.path, flaw.message))
    # Only now: the parser has refused what is nested without end.
    return Body(name, value, flaws, lines_of_paths(raw.decode("utf-8", "replace")), len(raw))


def _read_file(name: str | Path) -> bytes:
    raw = b""
    with open_source(name).open() as stream:
        while len(raw) <= MAX_BODY_BYTES and (data := stream.read(MAX_BODY_BYTES)):
            raw += data
    if len(raw) > MAX_BODY_BYTES:
        raise SourceError(f"{name}: is larger than {MAX_BODY_BYTES:,} bytes; expected the JSON of one job")
    return raw


def _from_sdk(source: Any) -> Any:
    """Return the fields of an SDK's object, with the API's names; of a mapping, itself."""
    if isinstance(source, Mapping):
        return source
    if hasattr(source, "model_dump"):
        return source.model_dump(by_alias=True, exclude_none=True)
    # proto-plus wraps a protocol buffer message, and its class unwraps it.
    if hasattr(type(source), "pb"):
        source = type(source).pb(source)
    if hasattr(source, "DESCRIPTOR") and hasattr(source, "ListFields"):
        from google.protobuf.json_format import MessageToDict  # whoever has a message has protobuf

        return MessageToDict(source)
    raise SettingsError(
        f"{type(source).__name__} is not a tuning job; expected a path, JSON, a dict, or a TuningJob of an SDK"
    )


def plain(value: Any, flaws: Flaws, path: str = "", level: int = 0) -> Any:
    """Return a value as parsed JSON would be; of what JSON does not have, a flaw says so."""
    if level > MAX_LEVELS:
        flaws.append(REQUEST_NOT_JSON.at(path[:200], f"nested deeper than {MAX_LEVELS} levels"))
        return None
    value = value.value if isinstance(value, Enum) else value
    if isinstance(value, Mapping):
        named = [(str(key), item) for key, item in value.items()]
        return {key: plain(item, flaws, member(path, key), level + 1) for key, item in named}
    if isinstance(value, list | tuple):
        return [plain(item, flaws, f"{path}[{index}]", level + 1) for index, item in enumerate(value)]
    if hasattr(value, "model_dump") or hasattr(type(value), "pb"):
        return plain(_from_sdk(value), flaws, path, level + 1)
    return _plain_scalar(value, flaws, path)


def _plain_scalar(value: Any, flaws: Flaws, path: str) -> Any:
    # A subclass, such as an enum of strings, is not what the checker expects.
    for kind in (bool, str, int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is not None:
        flaws.append(REQUEST_TYPE.at(path, f"a Python {type(value).__name__} stands here; JSON has none"))
    return None

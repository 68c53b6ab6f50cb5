"""Look at answers as a whole: those that repeat their prompt, break off, or are out of all proportion.

In: what was said before an answer, and the answer.
Out: W306 to W310, W419 information.
Not here: single parts (``parts``). Lines on which these rules speak are not plain: ``formats.plain`` says in
its own quick way what may pass, and a test holds that it lets nothing pass on which something is said here.
"""

import json
import re
from collections.abc import Iterable, Sequence

from tunestats.example import MODEL, Example, Message, Part
from tunestats.findings import Flaws
from tunestats.odd_answers import INVISIBLE, LONG_CHARACTERS, LOST
from tunestats.quoting import quoted
from tunestats.rules import (
    ANSWER_IS_PROMPT,
    CALL_AS_TEXT,
    CUT_ANSWER,
    INVISIBLE_ANSWER,
    LOST_VALUE,
    UNPROMPTED_ANSWER,
)

__all__ = ["check_answer_texts", "check_balance", "check_turns"]

FENCE = "```"
FENCES = re.compile(r"^[ \t]*(`{3,}|~{3,})([^\n`]*)$", re.MULTILINE)
# How the JSON of a call begins, that of other tools too.
WRITTEN_CALL = re.compile(r"""^[\s\[]*\{\s*"(functionCall|function_call|tool_calls|tool_use)"\s*:""")
START_CHARACTERS = 200
# Answers are out of proportion if one text is long, and all are this many times as long as the prompt. The
# other way round is usual: a word about a long document.
TIMES = 1_000


def check_turns(example: Example, flaws: Flaws) -> None:
    """Append information about the model turns of a supervised example."""
    before: Message | None = None
    answers = []
    for number, message in enumerate(example.messages):
        # What calls a function says nothing.
        if message is not None and message.role == MODEL and message.parts and message.parts[0].text:
            prompt = before.parts if before is not None and before.role != MODEL else ()
            check_answer_texts(prompt, message.parts, f"contents[{number}]", flaws)
            if example.tools and message.parts[0].text.lstrip().startswith(("{", "[")):
                _check_written_call(message.parts, f"contents[{number}]", flaws)
            answers.append(message)
        before = message
    if answers:
        prompts = [message for message in example.messages if message is not None and message.role != MODEL]
        check_balance(example, prompts, answers, flaws)


def _check_written_call(parts: Sequence[Part], path: str, flaws: Flaws) -> None:
    """Append information if a text is the JSON of a call."""
    for index, part in enumerate(parts):
        found = WRITTEN_CALL.search(part.text[:START_CHARACTERS])
        if found is not None:
            told = f"the text is the JSON of `{found[1]}`; expected a part with `functionCall`"
            flaws.append(CALL_AS_TEXT.at(f"{path}.parts[{index}].text", told))


def check_answer_texts(prompt: Sequence[Part], answer: Sequence[Part], path: str, flaws: Flaws) -> None:
    """Append information about an answer that is its prompt, that breaks off, or that nobody can see."""
    said = _texts(answer)
    if not said:
        return
    whole = "".join([part.text for part in answer])
    if said[0][0] in INVISIBLE and not any(text.strip(INVISIBLE) for text in whole.split()):
        flaws.append(INVISIBLE_ANSWER.at(path, "nothing of the answer can be seen"))
        return
    if whole.strip() in LOST:
        told = f"the answer is {quoted(whole.strip())}, as programs write a value that is missing"
        flaws.append(LOST_VALUE.at(path, told))
    if said == _texts(prompt):
        flaws.append(ANSWER_IS_PROMPT.at(path, "the answer is the same as the prompt"))
    if whole.count(FENCE) % 2 and _is_left_open(whole):
        flaws.append(CUT_ANSWER.at(path, "a code block is opened with three backticks and not closed"))
    elif _breaks_off(whole.strip()):
        flaws.append(CUT_ANSWER.at(path, "the answer begins as JSON and ends before that does"))


def check_balance(
    example: Example, prompts: Iterable[Message], answers: Sequence[Message], flaws: Flaws
) -> None:
    """Append information if the prompt is next to nothing beside the answers.

    Only texts can be compared; an example with anything else is passed over.
    """
    if example.tools or not _may_be_long(answers):
        return
    asked_parts = [*example.system, *[part for message in prompts for part in message.parts]]
    said_parts = [part for message in answers for part in message.parts]
    if any(part.kind != "text" for part in (*asked_parts, *said_parts)):
        return
    asked, said = (_lengths(parts) for parts in (asked_parts, said_parts))
    if max(said) >= LONG_CHARACTERS and sum(said) >= TIMES * sum(asked) > 0:
        told = f"the answer has {sum(said):,} characters, the prompt {sum(asked):,}"
        flaws.append(UNPROMPTED_ANSWER.at("", told))


def _may_be_long(answers: Iterable[Message]) -> bool:
    for message in answers:
        for part in message.parts:
            if len(part.text) >= LONG_CHARACTERS:
                return True
    return False


def _lengths(parts: Sequence[Part]) -> list[int]:
    return [len(part.text.strip()) for part in parts]


def _texts(parts: Sequence[Part]) -> list[str]:
    """Return the texts of parts without white space around them; none if there is anything else or nothing."""
    texts = [part.text.strip() for part in parts]
    return texts if all(texts) else []


def _is_left_open(text: str) -> bool:
    """Tell whether a code block of Markdown is not closed; a fence stands at the beginning of a line."""
    opened = ""
    for fence, rest in FENCES.findall(text):
        if not opened:
            opened = fence
        # Whatever else stands in a block, a fence of the other kind too, is its text.
        elif fence.startswith(opened) and not rest.strip():
            opened = ""
    return bool(opened)


def _breaks_off(text: str) -> bool:
    """Tell whether a text is the beginning of a JSON object or array."""
    if text[:1] not in ("{", "[") or text[-1:] in ("}", "]"):
        return False
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        # The end is named, or the place where a string begins that does not end.
        return error.pos >= len(text) or error.msg.startswith("Unterminated string")
    except RecursionError:
        return False
    return False

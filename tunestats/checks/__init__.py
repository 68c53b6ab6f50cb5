"""Check what an example says.

In: an ``Example`` of which some pieces may have been unreadable, and its ``Counts`` where they are known.
Out: E3xx to E6xx flaws and advice.
Not here: the shape of the JSON (``formats``); where it has spoken, pieces are None and these checks are silent.
"""

from collections.abc import Sequence

from tunestats.checks.answers import check_answer_texts, check_balance, check_turns
from tunestats.checks.conversation import check_conversation
from tunestats.checks.declarations import check_declarations
from tunestats.checks.functions import check_functions
from tunestats.checks.media import check_media_limits
from tunestats.checks.pair import check_completions
from tunestats.checks.parts import check_parts, check_system, check_text, check_thought
from tunestats.example import MODEL, USER, Counts, Example, Part
from tunestats.findings import Flaws
from tunestats.limits import ModelFacts
from tunestats.rules import NOT_TEXT_ONLY, TOO_MANY_TOKENS, TOOLS_IN_PREFERENCE

__all__ = ["check_media_limits", "check_preference", "check_sft", "check_tokens"]


def check_sft(example: Example, flaws: Flaws) -> None:
    """Append what is wrong with a supervised example."""
    check_conversation(example, MODEL, flaws)
    check_declarations(example, flaws)
    check_functions(example, flaws)
    check_system(example.system, flaws)
    for number, message in enumerate(example.messages):
        if message is not None:
            check_parts(message, number, flaws)
    check_turns(example, flaws)


def check_preference(example: Example, flaws: Flaws) -> None:
    """Append what is wrong with a preference example."""
    check_conversation(example, USER, flaws)
    check_completions(example, flaws)
    if example.tools:
        count = len(example.tools)
        declared = "1 function is" if count == 1 else f"{count:,} functions are"
        said = f"{declared} declared; preference tuning takes text only"
        flaws.append(TOOLS_IN_PREFERENCE.at("tools", said))
    _check_text_only(example.system, "systemInstruction", flaws)
    for number, message in enumerate(example.messages):
        if message is not None:
            _check_text_only(message.parts, f"contents[{number}]", flaws)
    for number, completion in enumerate(example.completions):
        if completion is not None and completion.message is not None:
            _check_text_only(completion.message.parts, f"completions[{number}].completion", flaws)
    _check_answers(example, flaws)


def check_tokens(counts: Counts, facts: ModelFacts, flaws: Flaws) -> None:
    """Append a flaw if an example is too long for the model."""
    tokens = counts.limited_tokens
    limit = facts.tokens_per_example
    if tokens > limit:
        flaws.append(TOO_MANY_TOKENS.at("", f"the example has {tokens:,} tokens; the limit is {limit:,}"))


def _check_answers(example: Example, flaws: Flaws) -> None:
    """Append information about the completions that are trained towards."""
    last = example.messages[-1] if example.messages else None
    prompt = last.parts if last is not None else ()
    answers = []
    for number, item in enumerate(example.completions):
        if item is not None and item.message is not None:
            answers.append(item.message)
            if item.score:
                check_answer_texts(prompt, item.message.parts, f"completions[{number}].completion", flaws)
    check_balance(example, [message for message in example.messages if message is not None], answers, flaws)


def _check_text_only(parts: Sequence[Part], path: str, flaws: Flaws) -> None:
    for index, part in enumerate(parts):
        if part.kind == "text":
            check_text(part, path, index, flaws)
        elif part.kind:
            flaws.append(
                NOT_TEXT_ONLY.at(f"{path}.parts[{index}]", f"`{part.key}` stands here; expected text")
            )
        if part.thought:
            check_thought(f"{path}.parts[{index}]", flaws)

"""Recognise examples of other tools and older models by their keys.

In: an object without ``contents``.
Out: the name of the format that it looks like, or None.
Not here: converting it.
"""

from collections.abc import Mapping
from typing import Any

__all__ = ["name_foreign_format"]

# The first row whose keys are all there wins: the more special rows come first.
FOREIGN = (
    ({"request"}, "a batch prediction request; the example stands in `request`"),
    ({"instances"}, "a prediction request"),
    ({"examples"}, "a whole data set in one object; write one example a line"),
    ({"systemInstruction", "messages"}, "Gemini 1.0 messages; expected `contents` with `parts`"),
    ({"input", "preferred_output", "non_preferred_output"}, "OpenAI's preference format"),
    ({"chosen", "rejected"}, "a DPO pair (`chosen`, `rejected`); expected `contents` and `completions`"),
    ({"messages"}, "chat `messages` (OpenAI or Gemini 1.0); expected `contents` with `role` and `parts`"),
    ({"conversations"}, "ShareGPT `conversations`; expected `contents` with `role` and `parts`"),
    ({"input_text", "output_text"}, "the PaLM format (`input_text`, `output_text`)"),
    ({"text_input", "output"}, "the AI Studio format (`text_input`, `output`)"),
    ({"instruction", "output"}, "the alpaca format (`instruction`, `output`)"),
    ({"prompt", "completion"}, "the prompt and completion format"),
    ({"prompt", "response"}, "a prompt and response format"),
    ({"question", "answer"}, "a question and answer format"),
)
FOREIGN_KEYS = frozenset(key for keys, _ in FOREIGN for key in keys)


def name_foreign_format(value: Mapping[str, Any]) -> str | None:
    """Return what an object without ``contents`` is, for a message.

    >>> name_foreign_format({"input_text": "Hi", "output_text": "Hello"})
    'the PaLM format (`input_text`, `output_text`)'
    """
    if FOREIGN_KEYS.isdisjoint(value):
        return None
    return next((name for keys, name in FOREIGN if value.keys() >= keys), None)

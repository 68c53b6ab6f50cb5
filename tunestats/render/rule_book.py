"""Write the rule book: all rules in Markdown.

In: the rules table.
Out: what ``RULES.md`` holds; a test keeps the file true.
Not here: one rule on a terminal (``rules``).
"""

from collections.abc import Iterator

from tunestats.quoting import printable
from tunestats.rules import RULES, Rule

__all__ = ["render_rule_book"]

STAGES = {
    "1": "Lines and JSON",
    "2": "Shape",
    "3": "Conversation",
    "4": "Media and tools",
    "5": "Preference",
    "6": "Limits and the data set",
    "7": "Requests to create a job",
}
OPENING = """# Rules

Everything that tunestats can say about tuning data. `tunestats rules --output-format markdown` makes this page, and
`tunestats explain CODE` shows one rule, with the dated facts about models that it rests on.

**error**: the service refuses the job or drops the example. **warning**: it very likely hurts. **info**: worth
knowing. Where the public record leaves something open, the rule says what.
"""
SHOWN_CHARACTERS = 300


def render_rule_book() -> str:
    """Return the whole book."""
    return "\n".join([OPENING, *_contents(), *_chapters()])


def _contents() -> Iterator[str]:
    yield "| Code | Name | Severity | What happens | Summary |\n| --- | --- | --- | --- | --- |"
    for rule in RULES.values():
        yield (
            f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) | {rule.name} | {rule.severity} "
            f"| {rule.consequence} | {_cell(rule.summary)} |"
        )
    yield ""


def _chapters() -> Iterator[str]:
    stage = ""
    for rule in RULES.values():
        if rule.code[1] != stage:
            stage = rule.code[1]
            yield f"## {STAGES[stage]}\n"
        yield from _section(rule)


def _section(rule: Rule) -> Iterator[str]:
    yield f"### {rule.code} {rule.name}\n"
    yield f"{_prose(rule.summary)} ({rule.severity}; {rule.consequence}; formats: {', '.join(rule.formats)})\n"
    yield f"{_prose(rule.rationale)}\n"
    if rule.undecided:
        yield f"**Not known:** {_prose(rule.undecided)}\n"
    if rule.server_message:
        yield f"**The service says:** {_prose(rule.server_message)}\n"
    yield f"**To fix it:** {_prose(rule.fix)}\n"
    with_model = f" (with `--model {rule.model}`)" if rule.model else ""
    if rule.bad:
        yield f"Bad{with_model}:\n\n{_data(rule.bad)}\n"
    else:
        yield f"Bad: {rule.bad_in_words or 'an empty file'}.\n"
    if rule.good:
        yield f"Good{with_model}:\n\n{_data(rule.good)}\n"


def _prose(text: str) -> str:
    """Return text in which nothing but code spans is markup."""
    return "`".join(
        part if index % 2 else part.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")
        for index, part in enumerate(text.split("`"))
    )


def _cell(text: str) -> str:
    return _prose(text).replace("|", "\\|")


def _data(text: str) -> str:
    lines = [printable(_shortened(line)) for line in text.removesuffix("\n").split("\n")]
    return "\n".join(["````json", *lines, "````"])


def _shortened(line: str) -> str:
    if len(line) <= SHOWN_CHARACTERS:
        return line
    half = SHOWN_CHARACTERS // 2
    return f"{line[:half]}[… {len(line) - 2 * half:,} characters …]{line[-half:]}"

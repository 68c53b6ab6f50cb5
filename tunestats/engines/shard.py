"""Run the pipeline over one shard: lines → examples → flaws and numbers.

In: a shard, its format, the settings.
Out: the ``Accumulator`` of everything the shard holds.
Not here: which shards there are and who runs them (``serial``).

Most lines are plain: they are recognised and never taken apart, or, where tokens are counted, read without
being checked again. All others go through the full checker. A block's quotes are counted once for all its
plain lines; if they do not add up, some key stands twice and every line of the block is checked in full.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tunestats.accumulator import MEDIA_RESOLUTION, Accumulator, BlankLines, ShardTally
from tunestats.candidates import key_rows
from tunestats.engines.batch import TokenBatch
from tunestats.engines.closer_look import DROPPING, LINES_AT_ONCE, SYSTEM_KEYS, Looked, look_closely
from tunestats.example import Example
from tunestats.findings import Flaws, Position
from tunestats.fingerprints import NO_FINGERPRINT, NO_KEY, fingerprint, transcript
from tunestats.formats import FORMATS
from tunestats.formats.plain import Decoded
from tunestats.lines import MAX_LINE_BYTES, Block, is_blank, iter_blocks
from tunestats.quotes import quotes_in
from tunestats.rules import BYTE_ORDER_MARK, RULES, Consequence
from tunestats.settings import Settings
from tunestats.source import Content, Shard
from tunestats.survey import Survey, survey_few, survey_many

if TYPE_CHECKING:
    from tunestats.tokenizers import Tokenizer

__all__ = ["run_shard", "shared_tokenizer"]

BYTE_ORDER_MARK_BYTES = b"\xef\xbb\xbf"
# Importing numpy takes as long as it saves on a file of this size, for each process that imports it.
NUMPY_PAYS_BYTES = 1 << 25
# A closer look at few lines takes longer for each of them, so those of up to so many blocks get it together.
BLOCKS_AT_ONCE = 16
FAILING = frozenset(code for code, rule in RULES.items() if rule.consequence is Consequence.JOB_FAILS)


@cache
def shared_tokenizer(name: str) -> "Tokenizer":
    """Return a tokenizer, loading it once in a process."""
    from tunestats.tokenizers import load_tokenizer  # most checks need none

    return load_tokenizer(name)


def run_shard(shard: Shard, format_name: str, settings: Settings) -> Accumulator:
    """Return what the lines of a shard hold.

    Args:
        shard: Which lines.
        format_name: ``sft`` or ``preference``.
        settings: What the run does.

    Raises:
        SourceError: The content cannot be read to its end.
        VocabularyError: Tokens have to be counted and the vocabulary is missing or damaged.
    """
    run = _ShardRun(shard, format_name, settings)
    with shard.open() as stream:
        run.read(stream)
    return run.accumulator


class _Seen(NamedTuple):
    """What a block holds.

    ``others`` are the lines, by index, that need a closer look. ``keys`` and ``offsets`` are those of all lines,
    ``spelled`` has the first example with each new spelling of a key. If all lines are ``blank`` there is nothing but
    their number. ``block`` and its plain ``examples`` are there if more has to be known of these.
    """

    others: dict[int, bytes]
    keys: list[int]
    offsets: Sequence[int]
    spelled: dict[str, int]
    blank: int = 0
    block: Block | None = None
    examples: Sequence[Any] = ()


class _ShardRun:
    def __init__(self, shard: Shard, format_name: str, settings: Settings) -> None:
        self.shard = shard
        self.settings = settings
        self.facts = settings.facts
        self.format = FORMATS[format_name]
        hidden = {shard.source.index: settings.hidden_codes(shard.source.name)}
        rows = settings.per_example and settings.count_tokens
        self.accumulator = Accumulator(settings.max_findings, per_example=rows, hidden=hidden)
        self.tally = ShardTally()
        self.key = (shard.source.index, shard.start)
        self.accumulator.tallies[self.key] = self.tally
        self.batch = TokenBatch(settings, self.accumulator, self._tokenizer, self._drop_later)
        # What cannot be read again is fingerprinted at once.
        self.fingerprints_all = shard.held is not None
        size = shard.source.size
        few = size is not None and size < NUMPY_PAYS_BYTES * settings.jobs
        self.survey = survey_few if few else survey_many

    def read(self, stream: Content) -> None:
        """Go through the lines of the shard."""
        if self.settings.count_tokens or self.settings.tokenizer:
            # A vocabulary that is missing stops the run before line 1, even if no line turns out to need it.
            self.accumulator.tokenizers.add(shared_tokenizer(self.settings.tokenizer_name).identity)
        waiting: list[_Seen] = []
        for block in iter_blocks(self.shard, stream):
            self.tally.bytes += block.end - block.start
            waiting.append(self._see(self._without_mark(block)))
            # Where examples are dealt with one by one they are too much to wait; the first block shows whether they are.
            at_once = self.settings.count_tokens or self.fingerprints_all or not self.tally.examples
            others = sum(len(seen.others) for seen in waiting)
            if at_once or others >= LINES_AT_ONCE or len(waiting) == BLOCKS_AT_ONCE:
                self._take(waiting)
                waiting = []
        self._take(waiting)
        self.batch.count()

    def _without_mark(self, block: Block) -> Block:
        if block.start:
            return block
        mark = BYTE_ORDER_MARK_BYTES
        if not block.joined.startswith(mark):
            return block
        flaw = BYTE_ORDER_MARK.at("", "the file begins with a byte order mark (EF BB BF)")
        first = block.lines[0].removeprefix(mark)
        self.accumulator.add_flaw(self._position(line=1, example=0 if is_blank(first) else 1), -1, flaw)
        return replace(block, joined=block.joined.removeprefix(mark), start=block.start + len(mark))

    def _see(self, block: Block) -> "_Seen":
        """Return what a block holds at first sight."""
        if len(block.joined) <= MAX_LINE_BYTES and is_blank(block.joined):
            return _Seen({}, [], [], {}, len(block.lines))
        survey = self.survey(block.joined)
        decoded = self._decode(block, survey)
        others = {
            index: block.lines[index] for index, example in enumerate(decoded.examples) if example is None
        }
        seen = _Seen(others, decoded.keys, block.offsets(survey.starts), self._spelled(decoded))
        if self.settings.count_tokens or self.fingerprints_all or not self.tally.examples:
            return seen._replace(block=block, examples=decoded.examples)
        return seen

    def _spelled(self, decoded: Decoded[Any]) -> dict[str, int]:
        """Return which plain example is the first with a spelling of a key that was not seen before."""
        known = self.tally.first_lines
        firsts = {key: decoded.first_with(key) for key in SYSTEM_KEYS if (SYSTEM_KEYS[0], key) not in known}
        return {key: index for key, index in firsts.items() if index is not None}

    def _take(self, waiting: "list[_Seen]") -> None:
        """Take the lines of some blocks, after a closer look at those that are not plain."""
        lines = [raw for seen in waiting for raw in seen.others.values()]
        looks = look_closely(lines, self.format, self.facts)
        for seen in waiting:
            if seen.blank:
                self._skip_blank(seen.blank)
            else:
                self._take_block(seen, {index: next(looks) for index in seen.others})

    def _take_block(self, seen: "_Seen", looks: dict[int, Looked | None]) -> None:
        for key, index in seen.spelled.items():
            self.tally.note(SYSTEM_KEYS[0], key, self.tally.lines + 1 + index)
        self._add_keys(seen, looks)
        start = 0
        for index, look in looks.items():
            self._take_plain(seen, start, index)
            self._take_other(seen.others[index], look)
            start = index + 1
        self._take_plain(seen, start, len(seen.keys))

    def _add_keys(self, seen: "_Seen", looks: dict[int, Looked | None]) -> None:
        """Keep the key and the place of each example; blank lines are none."""
        keys, offsets = seen.keys, seen.offsets
        for index, look in looks.items():
            keys[index] = look.key if look is not None else NO_KEY
        if None in looks.values():
            kept = [index for index in range(len(keys)) if looks.get(index, seen) is not None]
            keys, offsets = [keys[index] for index in kept], [offsets[index] for index in kept]
        if self.tally.examples == 0 and _repeat_often(keys):
            self.fingerprints_all = True
        self.accumulator.keys.add(self.key, key_rows(keys, offsets))

    def _decode(self, block: Block, survey: Survey) -> Decoded[Any]:
        """Return the plain example of each line, None where it needs a closer look."""
        decoded = self.format.plain.decode(block.joined, survey, lambda: block.lines)
        examples = decoded.examples
        if not decoded.quotes:
            # None is plain.
            return decoded
        found = survey.quotes
        if found != decoded.quotes:
            found -= sum(
                quotes_in(raw) for raw, example in zip(block.lines, examples, strict=True) if example is None
            )
            if found != decoded.quotes:
                return decoded._replace(examples=[None] * len(examples))
        # An example has at most as many tokens as bytes; only a longer line may be over the limit.
        limit = min(self.facts.tokens_per_example, MAX_LINE_BYTES)
        if len(block.joined) > limit and survey.longest(block.joined) > limit:
            examples = [
                example if len(raw) <= limit else None
                for raw, example in zip(block.lines, examples, strict=True)
            ]
        return decoded._replace(examples=examples)

    def _take_plain(self, seen: "_Seen", start: int, stop: int) -> None:
        """Take some plain lines of a block, in which nothing is wrong but perhaps their number of tokens."""
        if start == stop:
            return
        self._report_blanks()
        examples = seen.examples[start:stop]
        if self.fingerprints_all and seen.block is not None:
            lines = seen.block.lines[start:stop]
            found = [fingerprint(raw, item.transcript()) for raw, item in zip(lines, examples, strict=True)]
            self.accumulator.fingerprints.add(self.key, b"".join(found))
        first = self._position(self.tally.lines + 1, self.tally.examples + 1)
        self.tally.add_examples(stop - start)
        if self.settings.count_tokens and seen.block is not None:
            end = seen.offsets[stop] if stop < len(seen.offsets) else seen.block.end
            self.batch.add(first, examples, end - seen.offsets[start])

    def _take_other(self, raw: bytes, look: Looked | None) -> None:
        """Take a line that needed a closer look."""
        if look is None:
            self._skip_blank(1)
            return
        self._report_blanks()
        self.tally.add_examples(1)
        for key in look.system_keys:
            self.tally.note(SYSTEM_KEYS[0], key)
        if look.flaws:
            position = self._here()
            self.accumulator.add_flaws(position, look.flaws)
            if not look.flaws.codes.isdisjoint(DROPPING):
                self._drop(position, look.flaws)
        if self.fingerprints_all:
            kept = look.example
            found = fingerprint(raw, transcript(kept)) if kept is not None else NO_FINGERPRINT
            self.accumulator.fingerprints.add(self.key, found)
        if look.example is not None:
            self._keep(look.example, look, len(raw))

    def _keep(self, example: Example, look: Looked, size: int) -> None:
        """Take note of traits that only examples have that are not plain, and count tokens if need be."""
        for part in look.others:
            self.tally.note(part.kind, part.key)
        if look.has_files:
            self.tally.with_media += 1
            self.tally.note(MEDIA_RESOLUTION, example.media_resolution)
        # Texts have at most a token a byte.
        if self.settings.count_tokens or size + look.media_tokens > self.facts.tokens_per_example:
            self.batch.add(self._here(), [example], size)

    def _tokenizer(self) -> "Tokenizer":
        return shared_tokenizer(self.settings.tokenizer_name)

    def _drop_later(self, position: Position, flaws: Flaws) -> None:
        """Drop an example that turns out to be too long, after its line was taken."""
        self.accumulator.add_flaws(position, flaws)
        self._drop(position, flaws)
        self.accumulator.keys.clear(self.key, position.example - 1)

    def _drop(self, position: Position, flaws: Flaws) -> None:
        self.tally.dropped += 1
        self.tally.over_limits += flaws.codes.isdisjoint(FAILING)
        reason = next((flaw for flaw in flaws if flaw.code in DROPPING), None)
        if reason is None:
            rule = RULES[min(DROPPING.intersection(flaws.more))]
            reason = rule.at("", rule.summary)
        self.accumulator.add_dropped(position, reason)

    def _skip_blank(self, count: int) -> None:
        """Remember blank lines until a line that is not blank shows that they are not the file's end."""
        first = self.tally.lines + 1
        self.tally.blanks.add(range(first, first + count), self.settings.max_findings)
        self.tally.lines += count

    def _report_blanks(self) -> None:
        if self.tally.blanks.count:
            self.accumulator.add_blanks(self.shard.source.index, self.shard.start, self.tally.blanks)
            self.tally.blanks = BlankLines()

    def _here(self) -> Position:
        """Return the position of the last line that was counted."""
        return self._position(self.tally.lines, self.tally.examples)

    def _position(self, line: int, example: int) -> Position:
        return Position(self.shard.source.index, self.shard.start, line, example)


def _repeat_often(keys: list[int]) -> bool:
    """Tell whether so many examples have the key of another one that reading these again would cost more."""
    return 2 * len(set(keys)) < len(keys) - keys.count(NO_KEY)

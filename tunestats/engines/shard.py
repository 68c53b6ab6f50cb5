"""Run the pipeline over one shard: lines → examples → flaws and numbers.

In: a shard, its format, the settings.
Out: the ``Accumulator`` of everything the shard holds.
Not here: which shards there are and who runs them (``serial``).

Most lines are plain: they are recognised and never taken apart, or, where tokens are counted, read without
being checked again. All others go through the full checker. A block's quotes are counted once for all its
plain lines; if they do not add up, some key stands twice and every line of the block is checked in full.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from tunestats.accumulator import MEDIA_RESOLUTION, Accumulator, ExampleRow, ShardTally
from tunestats.assumptions import count_as
from tunestats.checks import check_media_limits, check_preference, check_sft, check_tokens
from tunestats.counting import count_characters, count_examples, count_media
from tunestats.distribution import population_variance, sample_variance
from tunestats.errors import CountError
from tunestats.example import Counts, Example
from tunestats.findings import Flaws, Position
from tunestats.fingerprints import NO_FINGERPRINT, fingerprints, transcript
from tunestats.formats import FORMATS
from tunestats.lines import MAX_LINE_BYTES, Block, ends_blank, is_blank, iter_blocks
from tunestats.parsing import name_repeated_keys, parse_line
from tunestats.quotes import quotes_in, quotes_in_many, quotes_of
from tunestats.rules import BLANK_LINE, BYTE_ORDER_MARK, RULES, Consequence
from tunestats.settings import Settings
from tunestats.source import Content, Shard, Source

if TYPE_CHECKING:
    from tunestats.tokenizers import Tokenizer

__all__ = ["Progress", "run_shard", "shared_tokenizer", "tokenizer_for"]

BYTE_ORDER_MARK_BYTES = b"\xef\xbb\xbf"
# Texts are tokenized in batches of about this many bytes of JSON; larger ones only cost memory.
BATCH_BYTES = 1 << 21
# Importing numpy takes as long as it saves on a file of this size.
NUMPY_PAYS_BYTES = 1 << 25
# Loading gigatoken takes as long as it saves on a file of this size; see ``tokenizers.giga``.
GIGATOKEN_PAYS_BYTES = 1 << 28
CHECKS = {"sft": check_sft, "preference": check_preference}
MEDIA = frozenset(("file_data", "inline_data"))
DROPPING = frozenset(code for code, rule in RULES.items() if rule.consequence is not Consequence.ACCEPTED)
FAILING = frozenset(code for code, rule in RULES.items() if rule.consequence is Consequence.JOB_FAILS)
# The one key of plain examples that has two spellings.
SYSTEM_KEYS = ("systemInstruction", "system_instruction")
Progress = Callable[[int], None]


@cache
def shared_tokenizer(name: str) -> "Tokenizer":
    """Return a tokenizer, loading it once in a process."""
    from tunestats.tokenizers import load_tokenizer  # most checks need none

    return load_tokenizer(name)


@cache
def _faster_tokenizer(name: str) -> "Tokenizer":
    from tunestats.tokenizers import faster

    return faster(shared_tokenizer(name))


def tokenizer_for(source: Source, settings: Settings) -> "Tokenizer":
    """Return the tokenizer for a source; it counts the same whatever the source's size."""
    if settings.count_tokens and source.size is not None and source.size >= GIGATOKEN_PAYS_BYTES:
        return _faster_tokenizer(settings.tokenizer_name)
    return shared_tokenizer(settings.tokenizer_name)


def run_shard(
    shard: Shard, format_name: str, settings: Settings, progress: Progress | None = None
) -> Accumulator:
    """Return what the lines of a shard hold.

    Args:
        shard: Which lines.
        format_name: ``sft`` or ``preference``.
        settings: What the run does.
        progress: Called after each block with the number of bytes of content it had.

    Raises:
        SourceError: The content cannot be read to its end.
        VocabularyError: Tokens have to be counted and the vocabulary is missing or damaged.
        CountError: An optional tokenizer counts a text differently.
    """
    run = _ShardRun(shard, format_name, settings)
    with shard.source.open() as stream:
        run.read(stream, progress)
    return run.accumulator


class _ShardRun:
    def __init__(self, shard: Shard, format_name: str, settings: Settings) -> None:
        self.shard = shard
        self.settings = settings
        self.facts = settings.facts
        self.format = FORMATS[format_name]
        self.check = CHECKS[format_name]
        hidden = {shard.source.index: settings.hidden_codes(shard.source.name)}
        self.accumulator = Accumulator(settings.max_findings, per_example=settings.per_example, hidden=hidden)
        self.tally = ShardTally()
        self.key = (shard.source.index, shard.start)
        self.accumulator.tallies[self.key] = self.tally
        self.waiting: list[tuple[Position, Example]] = []
        self.waiting_bytes = 0
        self.blanks = _Blanks()
        size = shard.source.size
        self.count_quotes = quotes_in if size is not None and size < NUMPY_PAYS_BYTES else quotes_in_many

    def read(self, stream: Content, progress: Progress | None) -> None:
        """Go through the lines of the shard."""
        end = 0
        for block in iter_blocks(self.shard, stream):
            end = block.end
            self.tally.bytes += end - block.start
            self._read_block(self._without_mark(block))
            if progress is not None:
                progress(end - block.start)
        self._count_waiting()
        # Blank lines at the end of the file are not reported, and only what follows shows where it ends.
        if self.blanks.count and self.shard.stop is not None:
            stream.seek(max(end, self.shard.stop))
            if not ends_blank(stream):
                self._report_blanks()

    def _without_mark(self, block: Block) -> Block:
        mark = BYTE_ORDER_MARK_BYTES
        if self.tally.lines or self.shard.start or not block.joined.startswith(mark):
            return block
        flaw = BYTE_ORDER_MARK.at("", "the file begins with a byte order mark (EF BB BF)")
        first = block.lines[0].removeprefix(mark)
        self.accumulator.add_flaw(self._position(line=1, example=0 if is_blank(first) else 1), -1, flaw)
        return block._replace(lines=[first, *block.lines[1:]], joined=block.joined.removeprefix(mark))

    def _read_block(self, block: Block) -> None:
        if len(block.joined) <= MAX_LINE_BYTES and is_blank(block.joined):
            self._skip_blank(len(block.lines))
            return
        self._note_spelling(block)
        examples, transcripts = self._decode(block)
        if self.settings.count_tokens or None in examples:
            for raw, example, said in zip(block.lines, examples, transcripts, strict=True):
                self._read_line(raw, example, said)
        else:
            self._take_plain(block.lines, transcripts)

    def _decode(self, block: Block) -> tuple[list[Any], list[str]]:
        """Return the plain example of each line, None where it needs a closer look, and its transcript."""
        examples, transcripts, expected = self.format.plain.decode(block.lines, block.joined)
        found = self.count_quotes(block.joined)
        if found != expected:
            found -= sum(
                quotes_in(raw) for raw, example in zip(block.lines, examples, strict=True) if example is None
            )
            if found != expected:
                return [None] * len(examples), transcripts
        # An example has at most as many tokens as bytes; only a longer line may be over the limit.
        limit = min(self.facts.tokens_per_example, MAX_LINE_BYTES)
        if max(map(len, block.lines)) > limit:
            examples = [
                example if len(raw) <= limit else None
                for raw, example in zip(block.lines, examples, strict=True)
            ]
        return examples, transcripts

    def _note_spelling(self, block: Block) -> None:
        for key in SYSTEM_KEYS:
            if (SYSTEM_KEYS[0], key) not in self.tally.first_lines:
                place = block.joined.find(b'"%s"' % key.encode())
                if place >= 0:
                    line = self.tally.lines + 1 + block.joined.count(b"\n", 0, place)
                    self.tally.note(SYSTEM_KEYS[0], key, line)

    def _note_parts(self, example: Example) -> None:
        """Take note of traits that only examples have that are not plain."""
        others = [part for message in example.messages if message for part in message.parts if part.value]
        for part in others:
            self.tally.note(part.kind, part.key)
        if any(part.kind in MEDIA for part in others):
            self.tally.with_media += 1
            self.tally.note(MEDIA_RESOLUTION, example.media_resolution)

    def _take_plain(self, lines: list[bytes], transcripts: list[str]) -> None:
        """Take plain lines whose tokens need not be counted."""
        self._report_blanks()
        self.accumulator.fingerprints.add(self.key, fingerprints(lines, transcripts))
        self.tally.add_examples(len(lines))

    def _read_line(self, raw: bytes, plain: Any, said: str) -> None:
        """Take one line; ``plain`` is its example, None if it needs a closer look, ``said`` its transcript."""
        if plain is None and len(raw) <= MAX_LINE_BYTES and is_blank(raw):
            self._skip_blank(1)
            return
        self._report_blanks()
        self.tally.add_examples(1)
        if plain is None:
            row = self._check_line(raw)
        else:
            row = fingerprints([raw], [said])
            if self.settings.count_tokens:
                self._wait(plain.read(), len(raw))
        self.accumulator.fingerprints.add(self.key, row)

    def _check_line(self, raw: bytes) -> bytes:
        """Check a line in full; return its fingerprint if the example is kept so far."""
        flaws = Flaws()
        example = self._read_odd(raw, flaws)
        if example is not None:
            self.check(example, flaws)
            check_media_limits(example, self.facts, flaws)
        if flaws:
            position = self._position(self.tally.lines, self.tally.examples)
            self.accumulator.add_flaws(position, flaws)
            if not flaws.codes.isdisjoint(DROPPING):
                self._drop(position, flaws)
                return NO_FINGERPRINT
        if example is not None:
            self._note_parts(example)
        if example is not None and (self.settings.count_tokens or self._may_be_too_long(raw, example)):
            self._wait(example, len(raw))
        return fingerprints([raw], [transcript(example)]) if example is not None else NO_FINGERPRINT

    def _may_be_too_long(self, raw: bytes, example: Example) -> bool:
        """Tell whether an example could be over the token limit: texts have at most a token a byte."""
        media, _ = count_media(example, self.facts)
        return len(raw) + media > self.facts.tokens_per_example

    def _read_odd(self, raw: bytes, flaws: Flaws) -> Example | None:
        """Return the example of a line that is not plain, None if it is none."""
        value = parse_line(raw, flaws)
        if value is None:
            return None
        quotes = quotes_in(raw)
        if self.format.fit(value) != quotes:
            if quotes_of(value) != quotes:
                name_repeated_keys(raw, flaws)
            if not self.format.check_shape(value, flaws):
                return None
        return self.format.read(value)

    def _wait(self, example: Example, size: int) -> None:
        """Keep an example until enough of them are there to be tokenized together."""
        self.waiting.append((self._position(self.tally.lines, self.tally.examples), example))
        self.waiting_bytes += size
        if self.waiting_bytes > BATCH_BYTES:
            self._count_waiting()

    def _count_waiting(self) -> None:
        if not self.waiting:
            return
        examples = [example for _, example in self.waiting]
        try:
            counts = count_as(examples, tokenizer_for(self.shard.source, self.settings), self.settings)
        except CountError as error:
            raise self._name_line(error) from error
        rows = []
        for (position, example), count in zip(self.waiting, counts, strict=True):
            flaws = Flaws()
            check_tokens(count, self.facts, flaws)
            if flaws:
                self.accumulator.add_flaws(position, flaws)
                self._drop(position, flaws)
                self.accumulator.fingerprints.forget(self.key, position.example)
            elif self.settings.count_tokens:
                rows.append((position, _row(example, count, self.settings)))
                self.accumulator.samples.add((position, example))
        self.accumulator.add_rows(rows)
        self.waiting.clear()
        self.waiting_bytes = 0

    def _name_line(self, error: CountError) -> CountError:
        """Return the error with the line whose text it is about."""
        tokenizer = tokenizer_for(self.shard.source, self.settings)
        for position, example in self.waiting:
            try:
                count_examples([example], tokenizer, self.facts)
            except CountError as found:
                start = f" from byte {self.shard.start} on" if self.shard.start else ""
                return CountError(f"{self.shard.source.name}:{position.line}{start}: {found}")
        return error

    def _drop(self, position: Position, flaws: Flaws) -> None:
        self.tally.dropped += 1
        self.tally.over_limits += flaws.codes.isdisjoint(FAILING)
        reason = next((flaw for flaw in flaws if flaw.code in DROPPING), None)
        if reason is None:
            rule = RULES[min(DROPPING.intersection(flaws.more))]
            reason = rule.at("", rule.summary)
        self.accumulator.dropped.add((position, reason))

    def _skip_blank(self, count: int) -> None:
        """Remember blank lines until a line that is not blank shows that they are not the file's end."""
        first = self.tally.lines + 1
        self.blanks.add(range(first, first + count), self.settings.max_findings)
        self.tally.lines += count

    def _report_blanks(self) -> None:
        if not self.blanks.count:
            return
        flaw = BLANK_LINE.at("", "the line is blank")
        for line in self.blanks.lines:
            self.accumulator.add_flaw(self._position(line, example=0), 0, flaw)
        rest = self.blanks.count - len(self.blanks.lines)
        self.accumulator.count_more(flaw.code, self.shard.source.index, rest)
        self.blanks = _Blanks()

    def _position(self, line: int, example: int) -> Position:
        return Position(self.shard.source.index, self.shard.start, line, example)


class _Blanks:
    """Blank lines that wait: how many, and the numbers of the first."""

    def __init__(self) -> None:
        self.count = 0
        self.lines: list[int] = []

    def add(self, lines: range, limit: int) -> None:
        self.count += len(lines)
        self.lines.extend(lines[: max(0, limit - len(self.lines))] if limit else lines)


def _row(example: Example, counts: Counts, settings: Settings) -> ExampleRow:
    variance = population_variance if settings.variance == "population" else sample_variance
    scores = tuple(item.score for item in example.completions if item is not None and item.score is not None)
    return ExampleRow(
        counts,
        messages=len(example.messages),
        characters=count_characters(example),
        scores=scores,
        score_variance=variance(scores) if scores else None,
    )

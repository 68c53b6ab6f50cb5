"""Offer what the package does with data as calls.

In: paths, patterns, directories (``inputs`` says what they mean) and options.
Out: ``check`` → ``Report``; ``stats`` → ``Stats``; ``report`` → ``DataReport``.
Not here: a terminal (``cli``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tunestats.baseline import only_new
from tunestats.engines import Progress, run
from tunestats.errors import SettingsError
from tunestats.inputs import input_name, input_names
from tunestats.masking import mask
from tunestats.overview import Overview, make_overview
from tunestats.report import Report
from tunestats.settings import Settings
from tunestats.stats_document import document_json, stats_document
from tunestats.tables import make_table

if TYPE_CHECKING:
    import polars as pl

__all__ = ["DataReport", "Stats", "check", "make_settings", "report", "stats"]


@dataclass(frozen=True, slots=True)
class Stats:
    """The statistics of one data set.

    Attributes:
        report: Everything else that is known: findings, the tokenizer, what could not be determined.
    """

    report: Report

    def to_api(self) -> dict[str, Any]:
        """Return the ``TuningDataStats`` object: a supervised or a preference branch, keys as in the API."""
        return stats_document(self.report)

    def to_json(self) -> str:
        """Return ``to_api()`` as indented JSON."""
        return document_json(self.to_api())

    def per_example(self) -> "pl.DataFrame":
        """Return one row for each example, in file order.

        Columns: ``file``, ``line`` and ``example`` (from 1), ``dropped``, ``input_tokens``, ``output_tokens``,
        ``estimated_media_tokens`` (contained in the input), ``unknown_media`` (contained in nothing),
        ``messages``, ``characters`` (code points), ``scores`` (a list), ``score_variance`` (null without scores),
        ``codes`` (of all findings about the example that are shown). An example that is dropped has no numbers.

        Raises:
            SettingsError: The statistics were made without ``per_example=True``.
        """
        return make_table(self.report)


@dataclass(frozen=True, slots=True)
class DataReport:
    """What data hold and what is wrong with them, for people.

    Attributes:
        report: Everything that is known.
    """

    report: Report

    def overview(self) -> Overview:
        """Return the figures that it comes to."""
        return make_overview(self.report)

    def to_text(self, width: int = 80) -> str:
        """Return what ``tunestats report`` prints, so many columns wide."""
        return self._shown("text", width)

    def to_html(self) -> str:
        """Return a page that needs nothing but itself."""
        return self._shown("html", 0)

    def _shown(self, name: str, width: int) -> str:
        from importlib.metadata import version  # a check shows nothing, and should start quickly

        from tunestats.render import REPORTS, View

        return REPORTS[name](View(report=self.report, width=width, version=version("tunestats")))


def check(
    paths: str | Path | Sequence[str | Path],
    *,
    validation: str | Path | None = None,
    baseline: str | Path | None = None,
    progress: Callable[[Progress], object] | None = None,
    **options: Any,
) -> Report:
    """Check tuning data and return what is wrong with them.

    Args:
        paths: One file or several; ``-`` is standard input, ``.gz`` and ``.zst`` are decompressed, patterns are
            expanded, and a directory means all ``.jsonl`` files in it.
        validation: The file with the validation data of the same job; no pattern or directory means it, too.
        baseline: A file of accepted findings; only others are reported. All are held in memory for it.
        progress: Called now and then with what has been read so far: ``bytes``, ``examples``, ``findings``.
        **options: Fields of ``Settings``: ``format``, ``model``, ``select``, ``ignore``, ``max_findings``, ``jobs``, …

    Raises:
        SourceError: A file cannot be read, or a pattern matches none.
        SettingsError: An option does not make sense, or the baseline cannot be read.
        VocabularyError: A line may be over the token limit and its tokens cannot be counted.
        WorkerError: With ``jobs``, a process that did a part of the work died.
    """
    settings = make_settings(options)
    validation = None if validation is None else input_name(validation)
    names = input_names(paths, apart=validation)
    if baseline is None:
        found = run(names, settings, progress, validation=validation)
    else:
        # A baseline knows lines by their digests, which a report without content does not show.
        everything = replace(settings, max_findings=0, no_content=False)
        found = run(names, everything, progress, validation=validation)
        found = replace(only_new(found, Path(baseline), settings.max_findings), settings=settings)
    return mask(found) if settings.no_content else found


def report(
    paths: str | Path | Sequence[str | Path],
    *,
    baseline: str | Path | None = None,
    progress: Callable[[Progress], object] | None = None,
    **options: Any,
) -> DataReport:
    """Check tuning data, count their tokens, and return what they hold.

    Args:
        paths: As for ``check``; the figures are those of all files together.
        baseline: As for ``check``.
        progress: As for ``check``.
        **options: Fields of ``Settings``, as for ``check`` and ``stats``.

    Raises:
        SourceError: A file cannot be read.
        SettingsError: An option does not make sense, or the baseline cannot be read.
        VocabularyError: The tokenizer's vocabulary is missing or damaged.
    """
    counted = {**options, "count_tokens": True}
    return DataReport(check(paths, baseline=baseline, progress=progress, **counted))


def stats(path: str | Path, *, progress: Callable[[Progress], object] | None = None, **options: Any) -> Stats:
    """Compute the statistics that the service would report for a data set.

    Args:
        path: As for ``check``, but of one file.
        progress: As for ``check``.
        **options: Fields of ``Settings``: ``format``, ``model``, ``tokenizer``, ``epochs``, ``batch_size``,
            ``per_example``, ``jobs``, … With ``no_content`` the document has no sample of examples, and its reasons
            say only rules.

    Raises:
        SourceError: The file cannot be read.
        SettingsError: An option does not make sense, or there are several files.
        VocabularyError: The tokenizer's vocabulary is missing or damaged.
        WorkerError: With ``jobs``, a process that did a part of the work died.
    """
    if not isinstance(path, str | Path):
        raise SettingsError(f"statistics are those of one data set; expected a path, not {path!r}")
    settings = make_settings({**options, "count_tokens": True})
    made = run([input_name(path)], settings, progress)
    return Stats(mask(made) if settings.no_content else made)


def make_settings(options: dict[str, Any]) -> Settings:
    """Return the settings that options describe.

    Raises:
        SettingsError: An option is not known or does not make sense.
    """
    known = {field.name for field in fields(Settings)}
    for name in options:
        if name not in known:
            raise SettingsError(
                f"`{name}` is not an option; options are {', '.join(sorted(known - {'count_tokens'}))}"
            )
    return Settings(**options)

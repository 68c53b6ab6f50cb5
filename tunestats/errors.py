"""Say why a run cannot go on.

In: nothing.
Out: the exceptions that the package raises itself.
Not here: what is wrong with the data; that is a finding (``findings``), never an exception.

::

    TunestatsError
    ├── SourceError       a file is missing, unreadable or damaged
    ├── SettingsError     an option does not make sense, e.g. an unknown model
    ├── VocabularyError   a tokenizer's vocabulary is missing or not what it should be
    ├── WorkerError       a process that did a part of the work died
    ├── OutputError       a file cannot be written
    ├── EmptyDistributionError   a statistic of no values was asked for
    └── JobRefusedError   a caller asked to be stopped by errors in a request or its data
"""

__all__ = [
    "EmptyDistributionError",
    "JobRefusedError",
    "OutputError",
    "SettingsError",
    "SourceError",
    "TunestatsError",
    "VocabularyError",
    "WorkerError",
]


class TunestatsError(Exception):
    """Base of everything that stops a run; its text says what to do next."""


class SourceError(TunestatsError):
    """A file is missing, unreadable or damaged."""


class SettingsError(TunestatsError):
    """An option does not make sense."""


class VocabularyError(TunestatsError):
    """A tokenizer's vocabulary is missing or not what it should be."""


class WorkerError(TunestatsError):
    """A process that did a part of the work died."""


class OutputError(TunestatsError):
    """A file cannot be written."""


class EmptyDistributionError(TunestatsError):
    """A statistic of no values was asked for."""


class JobRefusedError(TunestatsError):
    """A caller asked to be stopped by errors in a request or its data."""

"""Say why a run cannot go on.

In: nothing.
Out: the exceptions that the package raises itself.
Not here: what is wrong with the data; that is a finding (``findings``), never an exception.

::

    TunestatsError
    ├── SourceError       a file is missing, unreadable or damaged
    ├── SettingsError     an option does not make sense, e.g. an unknown model
    ├── VocabularyError   a tokenizer's vocabulary is missing or not what it should be
    ├── CountError        an optional engine counts a text differently
    └── EmptyDistributionError   a statistic of no values was asked for
"""

__all__ = [
    "CountError",
    "EmptyDistributionError",
    "SettingsError",
    "SourceError",
    "TunestatsError",
    "VocabularyError",
]


class TunestatsError(Exception):
    """Base of everything that stops a run; its text says what to do next."""


class SourceError(TunestatsError):
    """A file is missing, unreadable or damaged."""


class SettingsError(TunestatsError):
    """An option does not make sense."""


class VocabularyError(TunestatsError):
    """A tokenizer's vocabulary is missing or not what it should be."""


class CountError(TunestatsError):
    """An optional engine counts a text differently from the one it stands for."""


class EmptyDistributionError(TunestatsError):
    """A statistic of no values was asked for."""

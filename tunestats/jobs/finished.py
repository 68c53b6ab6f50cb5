"""Read the statistics of a finished tuning job.

In: what ``tuningJobs.get`` returned, or the part of it that holds statistics, in any spelling that is about.
Out: ``FinishedJob``, with the API's spelling.
Not here: what the statistics should be (``verify``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tunestats.errors import SettingsError, SourceError
from tunestats.jobs.bodies import Body
from tunestats.jobs.checking import model_of, read_request
from tunestats.jobs.sdk import camel

__all__ = ["BRANCHES", "FinishedJob", "finished_job"]

# By format, the member of TuningDataStats.
BRANCHES = {"sft": "supervisedTuningDataStats", "preference": "preferenceOptimizationDataStats"}
# Names in the documentation's sample of a response, and of an older SDK's property.
MISSPELT = {
    "tuningDataStatistics": "tuningDataStats",
    "tuninDatasetExampleCount": "tuningDatasetExampleCount",
}
MAX_LEVELS = 50


@dataclass(frozen=True, slots=True)
class FinishedJob:
    """A job's statistics, and what it was asked to do.

    ``model`` is empty where the base model is not listed, ``epochs`` None where the job does not say.
    """

    name: str
    format: str
    statistics: Mapping[str, Any]
    model: str = ""
    epochs: int | None = None


def finished_job(body: Body) -> FinishedJob:
    """Return the statistics of a job.

    Raises:
        SourceError: It is not JSON.
        SettingsError: There are no statistics in it.
    """
    if body.value is None:
        why = body.flaws[0].message if body.flaws else "is null"
        raise SourceError(f"{body.name}: {why}; expected the JSON of a tuning job")
    job = _spelt(body.value)
    job = job if isinstance(job, dict) else {}
    found = job.get("tuningDataStats", job)
    found = found if isinstance(found, dict) else {}
    format_name, statistics = _branch(found)
    if not isinstance(statistics, dict) or not statistics:
        raise SettingsError(
            f"{body.name}: there are no tuningDataStats in it; a job has them once its data are validated"
        )
    base = job.get("baseModel")
    request = read_request(job)
    return FinishedJob(
        body.name, format_name, statistics, model_of(base) if isinstance(base, str) else "", request.epochs
    )


def _branch(found: Mapping[str, Any]) -> tuple[str, Any]:
    for format_name, branch in BRANCHES.items():
        if branch in found:
            return format_name, found[branch]
    if not any(key in found for key in ("tuningDatasetExampleCount", "userInputTokenDistribution")):
        return "", None
    is_pairs = any(key in found for key in ("scoresDistribution", "scoreVariancePerExampleDistribution"))
    return "preference" if is_pairs else "sft", found


def _spelt(value: Any, level: int = 0) -> Any:
    """Return a value with keys as the API spells them, and without what is unset."""
    if isinstance(value, list) and level < MAX_LEVELS:
        return [_spelt(item, level + 1) for item in value]
    if isinstance(value, dict) and level < MAX_LEVELS:
        # proto-plus appends an underscore to names that Python has itself, such as `min_`.
        keys = {key: camel(key.rstrip("_")) for key in value}
        return {
            MISSPELT.get(keys[key], keys[key]): _spelt(item, level + 1)
            for key, item in value.items()
            if item is not None
        }
    return value

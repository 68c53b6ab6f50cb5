"""Answer what people ask before and after a tuning job.

In: requests, finished jobs, and reports of data sets.
Out: ``JobCheck`` (will the request be accepted), ``Plan`` (what will it cost), ``Comparison`` (are the validation
data honest), ``Verification`` (does the real job agree).
Not here: reading data sets (``engines``), showing the answers (``render``, ``cli``).
"""

from tunestats.jobs.bodies import Body, read_body, read_call
from tunestats.jobs.checking import Request, check_request, check_validation_size, model_of, read_request
from tunestats.jobs.comparison import compare_job
from tunestats.jobs.data_sets import Comparison, compare_data_sets
from tunestats.jobs.figures import tidy
from tunestats.jobs.finished import BRANCHES, FinishedJob, finished_job
from tunestats.jobs.inspection import inspect
from tunestats.jobs.outcome import JobCheck, make_job_check
from tunestats.jobs.plan import Plan, known_price, make_plan, own_price
from tunestats.jobs.verification import Row, State, Verification

__all__ = [
    "BRANCHES",
    "Body",
    "Comparison",
    "FinishedJob",
    "JobCheck",
    "Plan",
    "Request",
    "Row",
    "State",
    "Verification",
    "check_request",
    "check_validation_size",
    "compare_data_sets",
    "compare_job",
    "finished_job",
    "inspect",
    "known_price",
    "make_job_check",
    "make_plan",
    "model_of",
    "own_price",
    "read_body",
    "read_call",
    "read_request",
    "tidy",
]

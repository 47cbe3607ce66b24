"""A real open model: downloaded once, and run by the learner's own code in a separate process."""

from grader.openmodel.download import fetch, find_file
from grader.openmodel.question import Question, describe_missing_package
from grader.openmodel.release import RELEASES, SMOLLM2, ModelRelease

__all__ = [
    "RELEASES",
    "SMOLLM2",
    "ModelRelease",
    "Question",
    "describe_missing_package",
    "fetch",
    "find_file",
]

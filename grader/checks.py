"""What course code may use: checks, mistakes and styles import from here alone.

The table "How a check speaks" in CONTRIBUTING documents each name; a test holds it to this list.
"""

from grader.course.source.marks import caught_by, edit, spelling
from grader.course.source.shared import load_shared
from grader.grading.judge.distributions import distributed_as, uniform
from grader.grading.judge.expect import close, equal, finite, formed, holds, shaped
from grader.grading.judge.proxy import gradients, value

__all__ = [
    "caught_by",
    "close",
    "distributed_as",
    "edit",
    "equal",
    "finite",
    "formed",
    "gradients",
    "holds",
    "load_shared",
    "shaped",
    "spelling",
    "uniform",
    "value",
]

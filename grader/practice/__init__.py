"""The use cases: grade, hint, reveal, reset and skip an exercise.

``desk`` is where everything of one command lies ready; ``paper`` is the learner's file as read
once; ``grading`` puts the questions and records the attempt; ``assist`` is all other help.
"""

from grader.practice.assist import (
    Reset,
    hint,
    reset,
    reveal,
    skip,
)
from grader.practice.desk import Desk
from grader.practice.grading import grade
from grader.practice.paper import unwritten

__all__ = ["Desk", "Reset", "grade", "hint", "reset", "reveal", "skip", "unwritten"]

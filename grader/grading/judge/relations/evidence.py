"""The wrong answers of the failed checks, and the right answers beside them.

A relation is looked for among the answers of one function: the one that the first wrong answer
came from. An error that was raised is no answer here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.grading.judge.relations.asked import Asked
from grader.grading.protocol.raised import Raised


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one function's answers."""

    wrong: tuple[Asked, ...]
    """Its wrong answers in failed checks, in the order of the checks; at least one."""
    right: tuple[Asked, ...]
    """Its right answers in all checks."""
    raised: tuple[Asked, ...]
    """Where it raised an error and an answer was expected, or the other way round."""
    alone: bool
    """Whether no other function has given a wrong answer."""

    @property
    def subject(self) -> str:
        """The beginning of a sentence about the answers: ``Your answer``."""
        if self.alone:
            return "Your answer"
        return f"What `{shorten_name(self.wrong[0].function)}` returns"

    @property
    def where(self) -> str:
        """``is``, where every answer is wrong, or ``is, where it is wrong,``."""
        return "is, where it is wrong," if self.right else "is"


def make_evidence(asked: Sequence[Asked]) -> Evidence | None:
    """Return the evidence on the function that gave the first wrong answer; None without one."""
    wrong = [one for one in asked if one.failed and not one.same]
    answered = [one for one in wrong if not _is_raised(one)]
    if not answered:
        return None
    function = answered[0].function
    others = {one.function.removeprefix("gradients of ") for one in wrong} - {
        function.removeprefix("gradients of ")
    }
    return Evidence(
        tuple(one for one in answered if one.function == function),
        tuple(
            one for one in asked if one.function == function and one.same and not _is_raised(one)
        ),
        tuple(one for one in wrong if one.function == function and _is_raised(one)),
        not others,
    )


def shorten_name(function: str) -> str:
    """Return ``encode`` for ``Tokenizer(...).encode``, ``RMSNorm`` for ``RMSNorm(...)``."""
    return function.removesuffix("(...)").rpartition(".")[2]


def _is_raised(one: Asked) -> bool:
    return isinstance(one.want, Raised) or isinstance(one.got, Raised)

"""States by sign and word, as HTML for a line of Markdown."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from grader.learner.progress import ExerciseState, Total
from grader.learner.states import COMING_LATER, EXERCISES, Sign
from grader.site.templating import fill_block


@cache
def draw_sign(sign: Sign) -> Markup:
    """Return a sign in its colour."""
    return fill_block("sign.html", sign=sign)


def draw_state(state: ExerciseState) -> Markup:
    """Return the state of an exercise."""
    return draw_sign(EXERCISES[state])


def draw_unit_state(total: Total) -> Markup:
    """Return the state of a unit, with its count where it is begun."""
    return draw_sign(choose_unit_sign(total))


def choose_unit_sign(total: Total) -> Sign:
    """Return the sign of a unit: complete, its count where it is begun, or not started."""
    if total.exercises and total.passed == total.exercises:
        return EXERCISES["passed"]._replace(word="complete")
    if total.open == total.exercises:
        word = EXERCISES["open"].word if total.exercises else COMING_LATER
        return EXERCISES["open"]._replace(word=word)
    return EXERCISES["started"]._replace(word=f"{total.passed} of {total.exercises}")

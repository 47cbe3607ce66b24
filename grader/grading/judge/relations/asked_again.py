"""What the learner's code answers when it is asked again: alone, and with another seed.

Each time it is asked in a fresh process, so that nothing is left of the run.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.grading.judge.relations.asked import make_codec
from grader.grading.judge.relations.checks import Ask, Check, is_data, is_same

Answers = Sequence[bytes]
SEEDS = 3
"""So many other seeds are tried: where few numbers are drawn, two seeds may draw the same."""


def find_dependence(check: Check, ask_learner: Ask, ask_reference: Ask) -> str | None:
    """Say on what the answers to a check's questions depend, that should not matter.

    On nothing that was asked, if the same questions have other answers twice; on the checks
    before, if they have other answers in a fresh process; on the seed of the global random
    generators, if another seed changes them and leaves the expected answers as they are; on the
    questions before, if the first wrong one is answered right when it is asked alone. Silent
    where the code does not answer, where the expected answers are not the same again, and where
    the check itself does something beside the code: a file that it has written may have changed.
    """
    place = check.first_wrong
    again = ask_learner(check.questions)
    if place is None or again is None:
        return None
    if not _are_same(again, check.returned):
        twice = ask_learner(check.questions)
        if twice is None:
            return None
        if not _are_same(twice, again):
            return "Asked again with the same seed, your code answers otherwise."
        if _is_accompanied(check):
            return None
        return (
            "In a new process your code answers these questions otherwise: its answers depend on "
            "the calls of earlier checks."
        )
    if _depends_on_seed(check, again, ask_learner, ask_reference):
        return (
            "With another seed of the global random generators your answers are others; the "
            "expected ones are not."
        )
    if not _is_accompanied(check) and _is_right_alone(check, place, ask_learner, ask_reference):
        return (
            "Asked alone, in a new process, your code answers this question right: its answer "
            "depends on the calls before."
        )
    return None


def _is_accompanied(check: Check) -> bool:
    """Return whether the check uses something in the worker that is not the learner's."""
    codec = make_codec()
    return any(codec.unpack(question)[0] == "import" for question in check.questions)


def _depends_on_seed(check: Check, again: Answers, ask_learner: Ask, ask_reference: Ask) -> bool:
    for more in range(1, SEEDS + 1):
        changed = [_change_seed(question, more) for question in check.questions]
        expected = ask_reference(changed)
        if expected is None or not _are_same(expected, check.expected):
            return False
        returned = ask_learner(changed)
        if returned is not None and not _are_same(returned, again):
            return True
    return False


def _change_seed(question: bytes, more: int) -> bytes:
    codec = make_codec()
    op, *parts = codec.unpack(question)
    return codec.pack([op, parts[0] + more]) if op == "begin" else question


def _is_right_alone(check: Check, place: int, ask_learner: Ask, ask_reference: Ask) -> bool:
    """Return whether the first wrong answer is right without the calls that returned data before.

    What returned an object, or nothing, is asked as before: the question may be about it.
    """
    before = [number for number in range(place) if not is_data(check.expected[number])]
    if len(before) == place:  # it was asked alone in the run
        return False
    questions = [check.questions[number] for number in (*before, place)]
    right = check.expected[place]
    expected = ask_reference(questions)
    if expected is None or not is_same(expected[-1], right, right):
        return False
    returned = ask_learner(questions)
    return returned is not None and is_same(returned[-1], right, right)


def _are_same(ours: Answers, theirs: Answers) -> bool:
    """Return whether all answers are equal, but for rounding."""
    return all(map(is_same, ours, theirs, theirs))

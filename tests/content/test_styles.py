"""Right answers pass: exercises solved in several honest styles, each graded as a learner's file.

``tests/styles/<unit>/<exercise>_<style>.py`` is written from the contract, not from the
reference. A style that fails shows a check that asks for more than the contract says.
"""

from __future__ import annotations

import pytest
from sample_grading import COURSE, HERE, list_complaints, name_sample

from grader.authoring.sample_answers import (
    SampleAnswer,
    list_orphans,
    list_samples,
)
from grader.course.source.claims import read_claims
from grader.grading.client import Engine

pytestmark = pytest.mark.gate


@pytest.mark.parametrize("style", list_samples(HERE, COURSE, "styles"), ids=name_sample)
def test_an_honest_style_passes_every_check(engine: Engine, style: SampleAnswer) -> None:
    """Loops, einsum, buffers or float64: what the contract permits, no check refuses."""
    assert list_complaints(engine, style) == []


def test_every_style_is_for_an_exercise() -> None:
    """A file that is named after no exercise would never be graded."""
    assert list_orphans(HERE, COURSE, "styles") == []


def test_an_answer_in_no_style_is_refused(engine: Engine) -> None:
    """Graded in the same way, the stub is told of at every check."""
    exercise = COURSE.find_exercise("attention/softmax")
    stub = SampleAnswer("styles", exercise, HERE.locate_stub(exercise.id))
    asked = read_claims(HERE.locate_checks(exercise.id).read_text("utf-8"))
    refused = [line.partition(":")[0] for line in list_complaints(engine, stub)]
    assert refused == [one.name for one in asked]

"""Styles and peers of the course, graded as a learner's file."""

from __future__ import annotations

from pathlib import Path

from grader.authoring.sample_answers import SampleAnswer, find_complaints
from grader.base.paths import Workspace
from grader.course.loader.loading import load
from grader.course.source.claims import read_claims
from grader.grading.client import Engine

HERE = Workspace(Path(__file__).resolve().parents[2])
COURSE = load(HERE)


def name_sample(sample: SampleAnswer) -> str:
    """Return a sample's name in the list of tests."""
    return f"{sample.path.parent.name}/{sample.path.stem}"


def list_complaints(engine: Engine, sample: SampleAnswer) -> list[str]:
    """Return what its grading has against it."""
    asked = read_claims(HERE.locate_checks(sample.exercise.id).read_text("utf-8"))
    return find_complaints(HERE, engine, sample, asked)

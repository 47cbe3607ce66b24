"""Right answers pass: libraries that were not written here, wrapped as sample answers.

``tests/peers/<unit>/<exercise>.py`` hands the work to torch, transformers, tokenizers, tiktoken
or regex (the extra ``peers``), which may use what the contract says is not to be used. A peer
that fails shows a fault in the checks, or a sentence that the contract lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.authoring.sample_answers import (
    SampleAnswer,
    find_complaints,
    list_orphans,
    list_samples,
)
from grader.base.paths import Workspace
from grader.course.loader.loading import load
from grader.course.source.claims import read_claims
from grader.grading.client import Engine

pytestmark = pytest.mark.gate

HERE = Workspace(Path(__file__).resolve().parents[2])
COURSE = load(HERE)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A loaded engine."""
    with Engine() as engine:
        yield engine


def named(sample: SampleAnswer) -> str:
    """A sample in the list of tests."""
    return f"{sample.path.parent.name}/{sample.path.stem}"


def told(engine: Engine, sample: SampleAnswer) -> list[str]:
    """What its grading has against it."""
    asked = read_claims(HERE.locate_checks(sample.exercise.id).read_text("utf-8"))
    return find_complaints(HERE, engine, sample, asked)


@pytest.mark.parametrize("peer", list_samples(HERE, COURSE, "peers"), ids=named)
def test_a_library_passes_every_check(engine: Engine, peer: SampleAnswer) -> None:
    """What the field computes with is right by our checks as well."""
    if lacking := peer.list_missing():
        pytest.skip(f"{', '.join(lacking)} is not installed: pip install -e '.[peers]'")
    assert told(engine, peer) == []


def test_every_peer_is_for_an_exercise() -> None:
    """A file that is named after no exercise would never be graded."""
    assert list_orphans(HERE, COURSE, "peers") == []


def test_what_a_contract_forbids_is_refused_to_a_style_and_granted_to_a_peer(
    engine: Engine,
) -> None:
    """torch.softmax solves the exercise, and is not the learner's own."""
    peer = next(one for one in list_samples(HERE, COURSE, "peers") if one.path.stem == "softmax")
    assert told(engine, peer) == []
    assert "torch.softmax may not be used" in told(engine, replace(peer, kind="styles"))[0]

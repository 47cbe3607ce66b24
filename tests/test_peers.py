"""Right answers pass: libraries that were not written here, wrapped as submissions.

``tests/peers/<unit>/<exercise>.py`` hands the work to torch, transformers, tokenizers, tiktoken
or regex (the extra ``peers``), which may use what the contract says is not to be used. A peer
that fails shows a fault in the checks, or a sentence that the contract lacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.author.submission import Submission, complaints, strangers, submissions
from grader.curriculum import load
from grader.engine.client import Engine
from grader.surgery import claims
from grader.workspace import Workspace

HERE = Workspace(Path(__file__).resolve().parents[1])
COURSE = load(HERE)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A loaded engine."""
    with Engine() as engine:
        yield engine


def named(submission: Submission) -> str:
    """A submission in the list of tests."""
    return f"{submission.path.parent.name}/{submission.path.stem}"


def told(engine: Engine, submission: Submission) -> list[str]:
    """What its grading has against it."""
    asked = claims(HERE.checks(submission.exercise.id).read_text("utf-8"))
    return complaints(HERE, engine, submission, asked)


@pytest.mark.parametrize("peer", submissions(HERE, COURSE, "peers"), ids=named)
def test_a_library_passes_every_check(engine: Engine, peer: Submission) -> None:
    """What the field computes with is right by our checks as well."""
    if lacking := peer.lacks():
        pytest.skip(f"{', '.join(lacking)} is not installed: pip install -e '.[peers]'")
    assert told(engine, peer) == []


def test_every_peer_is_for_an_exercise() -> None:
    """A file that is named after no exercise would never be graded."""
    assert strangers(HERE, COURSE, "peers") == []


def test_what_a_contract_forbids_is_refused_to_a_style_and_granted_to_a_peer(
    engine: Engine,
) -> None:
    """torch.softmax solves the exercise, and is not the learner's own."""
    peer = next(one for one in submissions(HERE, COURSE, "peers") if one.path.stem == "softmax")
    assert told(engine, peer) == []
    assert "torch.softmax is not to be used" in told(engine, replace(peer, kind="styles"))[0]

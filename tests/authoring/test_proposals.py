"""Mistakes proposed from a wrong answer: the change that answers alike, as an edit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.authoring import mutation, propose_mistakes, read_one_case
from grader.authoring.proposals import find_edit
from grader.base.errors import UsageError
from grader.grading.client import Engine

ROOT = Path(__file__).parents[2]
REFERENCES = sorted(ROOT.glob("solutions/attention/*.py"))

TWICE = (
    "import torch\n\n\n"
    "def twice(x):\n    if isinstance(x, str):\n        raise ValueError\n    return {}\n"
)


@pytest.mark.parametrize("path", REFERENCES, ids=lambda path: path.stem)
def test_every_change_is_found_as_an_edit(path: Path) -> None:
    """An edit's piece occurs once in the reference, and replacing it gives the change."""
    reference = path.read_text("utf-8")
    mutants = mutation.generate_mutants(reference, (path.stem,), path=path)
    for mutant in mutants:
        old, new = find_edit(reference, mutant.text)
        assert reference.count(old) == 1 and old != new
        assert reference.replace(old, new) == mutant.text
        assert len(old) < 200


@pytest.mark.parametrize(
    ("reference", "changed", "edit"),
    [
        ("return x + x\n", "return x - x\n", ("+", "-")),
        ("scale = width\n", "scale = wide\n", ("width", "wide")),
        ("a = b + 1\nc = b + 1\n", "a = b + 1\nc = b\n", ("c = b + 1\n", "c = b\n")),
        ("y = f(x)\n", "y = x\n", ("f(x)", "x")),
    ],
)
def test_an_edit_is_short_and_of_whole_words(
    reference: str, changed: str, edit: tuple[str, str]
) -> None:
    """The piece is as short as it can be, and cuts no word in two."""
    assert find_edit(reference, changed) == edit


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "edit"),
    [
        ("torch.square(x)", ("+", "*")),
        ("x.new_zeros(x.shape)", ("+", "-")),
        ("x * 2 + 0.25 * (x > 1)", None),
    ],
)
def test_a_change_that_answers_alike_is_proposed(
    small: Any, engine: Engine, wrong: str, edit: tuple[str, str] | None
) -> None:
    """What answers alike in every check is found; for what no small change does, nothing is."""
    session = small.open_session()
    case = read_one_case(session, session.find_one("demo/twice"))
    found = propose_mistakes(session.workspace, engine, case, TWICE.format(wrong))
    proposed = [(proposal.old, proposal.new) for proposal in found.changes]
    assert edit in proposed if edit else proposed == []
    assert all(proposal.caught_by == case.claims[0].name for proposal in found.changes)


@pytest.mark.slow
def test_a_right_answer_has_no_mistake_to_propose(small: Any, engine: Engine) -> None:
    """An answer that passes, and one that cannot be loaded, say why nothing is proposed."""
    session = small.open_session()
    case = read_one_case(session, session.find_one("demo/twice"))
    for answer, why in [("x + x", "passes every check"), ("x +", "could not be graded")]:
        with pytest.raises(UsageError, match=why):
            propose_mistakes(session.workspace, engine, case, TWICE.format(answer))

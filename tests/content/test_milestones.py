"""The course's milestones on its references: what they need, and the model that is trained."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from grader.base.paths import Workspace
from grader.milestones import Continued, Evaluation, Event, Figure, Reached
from grader.milestones.run import MilestoneFailed, Settings
from grader.services.milestone import (
    choose_settings,
    find_milestone,
    list_owners,
    run_milestone,
    write_text,
)
from grader.services.session import Session

ROOT = Path(__file__).resolve().parents[2]
TRAINED = Session.open(Workspace(ROOT)).course.milestones


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """The course and its references, and no exercise of a learner."""
    root = tmp_path
    for name in ("curriculum", "solutions"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return Session.open(Workspace(root))


@pytest.mark.parametrize("name", [milestone.id for milestone in TRAINED])
def test_a_milestone_needs_what_its_program_runs_on(session: Session, name: str) -> None:
    """The needs in course.yml are all exercises that the program imports, directly or not."""
    milestone = find_milestone(session, name)
    owners = list_owners(session, milestone, choose_settings(milestone).model)
    assert [owner.exercise.id for owner in owners] == sorted(
        milestone.needs, key=[e.id for e in session.course.iterate_exercises()].index
    )


@pytest.mark.slow
@pytest.mark.parametrize("model", ["gpt", "llama"])
def test_a_model_is_trained_continued_and_writes(
    session: Session, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped after an evaluation, a run goes on from there; then the model continues a text."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # two tests at once, each with two, wait for ever
    settings = Settings(1, model, minutes=5)
    seen = run_to_evaluation(session, settings)
    stopped = seen[-1]
    assert isinstance(stopped, Evaluation) and stopped.valid < math.log(76)
    figures = {event.name: event.value for event in seen if isinstance(event, Figure)}
    assert 2.4 < figures["bigram"] < 2.5
    later = run_to_evaluation(session, settings)
    assert Continued(stopped.step) in later
    last = later[-1]
    assert isinstance(last, Evaluation) and last.step > stopped.step
    assert last.seconds > stopped.seconds
    # Windows have grown longer, which may cost a little at first; a new start costs far more.
    assert last.valid < stopped.valid + 0.15
    milestone = find_milestone(session, "shakespeare")
    says = Settings(2, model, text="ROMEO:", tokens=20)
    text = "".join(write_text(session, milestone, says, 60))
    assert text.startswith("ROMEO:") and len(text) == 26
    assert text == "".join(write_text(session, milestone, says, 60))
    with pytest.raises(MilestoneFailed, match="the model knows no é"):
        list(write_text(session, milestone, Settings(2, model, text="é"), 60))


@pytest.mark.slow
def test_the_shortest_run_comes_to_its_end(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three seconds give one evaluation and a result, which names the parts of the reference."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    milestone = find_milestone(session, "shakespeare")
    events = list(run_milestone(session, milestone, Settings(1, "gpt", minutes=0.05)))
    assert len([event for event in events if isinstance(event, Evaluation)]) >= 1
    result = [event for event in events if isinstance(event, Reached)]
    assert len(result) == 1 and not result[0].reached
    assert re.match(r"\d\.\d{3} nats per character .* a bigram model has 2\.460", result[0].why)


def run_to_evaluation(session: Session, settings: Settings) -> list[Event]:
    """Run the training, stop it at its first evaluation, and return all events until then."""
    events = run_milestone(session, find_milestone(session, "shakespeare"), settings)
    assert isinstance(events, Generator)
    with closing(events):
        seen = [next(events)]
        while not isinstance(seen[-1], Evaluation):
            seen.append(next(events))
    return seen


def test_what_cannot_be_had_is_said_in_a_sentence(session: Session) -> None:
    """A device that is not there, and a text before there is a model, are no tracebacks."""
    milestone = find_milestone(session, "shakespeare")
    with pytest.raises(MilestoneFailed) as raised:
        list(run_milestone(session, milestone, Settings(0, "gpt", device="nothing")))
    assert str(raised.value).startswith("--device nothing: ")
    with pytest.raises(MilestoneFailed) as raised:
        list(write_text(session, milestone, Settings(model="gpt"), 60))
    assert "grade milestone shakespeare trains one" in str(raised.value)

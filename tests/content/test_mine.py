"""The milestone that tunes and packs the trained Llama, on the references, in real processes."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
import torch

from grader.base.paths import Workspace
from grader.grading.worker.loader import load_standalone, remove_exercises
from grader.learner.records.tables import open_milestones
from grader.milestones import Continued, Evaluation, Event, Figure, Progress, Reached
from grader.milestones.process import PartsFinder
from grader.milestones.run import MilestoneFailed, Settings
from grader.services.milestone import find_milestone, run_milestone, write_text
from grader.services.session import Session

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "curriculum" / "milestones"
LONG, SHORT = Settings(1, "llama", minutes=5), Settings(1, "llama", minutes=0.05)


@pytest.fixture
def program() -> Iterator[ModuleType]:
    """The milestone's program, with the references as its parts."""
    remove_exercises()
    finder = PartsFinder(ROOT, {})
    sys.meta_path.insert(0, finder)
    yield load_standalone(PROGRAMS / "mine.py")
    sys.meta_path.remove(finder)
    remove_exercises()


@pytest.fixture
def text() -> str:
    """The plays."""
    return (ROOT / "curriculum" / "data" / "shakespeare.txt").read_text("utf-8")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """The course and its references, and no exercise of a learner."""
    for name in ("curriculum", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return Session.open(Workspace(tmp_path))


@pytest.fixture
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread for each process: tests that run beside each other wait for ever otherwise."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def run(
    session: Session,
    name: str,
    settings: Settings,
    is_last: Callable[[Event], bool] = lambda _: False,
) -> list[Event]:
    """The events of a run, which is killed after one that is the last."""
    seen = list[Event]()
    events = run_milestone(session, find_milestone(session, name), settings)
    with closing(events):  # type: ignore[type-var]  # a generator
        for event in events:
            seen.append(event)
            if is_last(event):
                break
    return seen


def test_pairs_are_cut_at_both_forms_of_headings(program: ModuleType, text: str) -> None:
    """A speech is followed by the next one of its scene, whether names end with a dot or not."""
    learned, held = program.cut_pairs(text)
    pairs = {*learned, *held}
    for said, answer in (
        ("Long live the king!", "Bernardo?"),  # Ber. Fran.
        (
            "Well, say, sir.",
            "As I did stand my watch upon the hill,\nI look'd toward Birnam, and "
            "anon, methought,\nThe wood began to move.",
        ),  # MACBETH. MESSENGER.
        ("There to remain.", "Helen, it is not so."),  # DEMETRIUS LYSANDER, with spaces before
    ):
        assert [pair for pair in pairs if pair[0].endswith(said) and pair[1] == answer], said
    assert len(learned) + len(held) > 4_500


def test_a_speech_is_only_what_is_said(program: ModuleType, text: str) -> None:
    """No heading, stage direction, scene or empty line is in a speech, and none is empty."""
    learned, held = program.cut_pairs(text)
    for speech in {speech for pair in (*learned, *held) for speech in pair}:
        assert speech.strip() == speech != "", speech
        assert "\n\n" not in speech and not {*speech} & {*"[]{}"}, speech
        assert not re.search(r"^(ACT|SCENE|Scene) [IVX\d]", speech, re.MULTILINE), speech
        assert not re.match(
            r"(Ham\.|Hor\.|Lady Capulet\.|OTHELLO\.|LADY MACBETH\.|HERMIA|BOTTOM)\n", speech
        ), speech


def test_a_tenth_of_the_scenes_is_held_out(program: ModuleType) -> None:
    """Every tenth scene's pairs are held out, whole; a pair never reaches into another scene."""
    speeches = [[f"{scene} says {number}." for number in range(3)] for scene in range(40)]
    text = "by William Shakespeare\n\n\nACT I.\n\n"
    for number, scene in enumerate(speeches):
        text += f"SCENE {'IVX'[number % 3]}. A room.\n\n[Enter both.]\n\n"
        text += "".join(f"Ham.\n{speech}\n\n" for speech in scene)
    learned, held = program.cut_pairs(text)
    want = [[*pairwise(scene)] for scene in speeches]
    assert held == [pair for scene in want[4::10] for pair in scene]
    assert learned == [
        pair for number, scene in enumerate(want) if number % 10 != 4 for pair in scene
    ]


def test_only_the_answer_and_its_end_are_learned(program: ModuleType) -> None:
    """The flags are those of the second speech and of the empty line behind it."""
    ids, learn = program.encode_pair(("ab", "b"), ["\n", "a", "b"])
    assert ids == [1, 2, 0, 0, 2, 0, 0]
    assert learn == [False] * 4 + [True] * 3


def test_a_long_speech_is_read_from_the_beginning_of_a_word(program: ModuleType) -> None:
    """Its last characters are read, as many as were in training, and no half word."""
    words = [f"word{number}" for number in range(40)]
    short = program.shorten(" ".join(words))
    assert len(short) <= program.ASKED < len(short) + 8
    assert short.split(" ") == words[-len(short.split(" ")) :]
    assert program.shorten("x" * 500) == "x" * program.ASKED
    assert program.shorten("Who's there?") == "Who's there?"


def test_batches_have_pairs_of_about_one_length(program: ModuleType) -> None:
    """There is little padding, all lengths occur, and a seed draws the same batches again."""
    chats = [([0] * length, [True] * length) for length in range(2, 202)]
    drawn = program.draw_batches(chats, 3)
    batches = [[len(ids) for ids, _ in next(drawn)] for _ in range(200)]
    assert all(len(batch) == program.BATCH for batch in batches)
    assert sum(max(batch) - min(batch) for batch in batches) / 200 < 50
    assert {length for batch in batches for length in batch} == set(range(2, 202))
    assert batches[:8] != sorted(batches[:8])
    again = program.draw_batches(chats, 3)
    assert batches[0] == [len(ids) for ids, _ in next(again)]


def test_an_answer_from_the_cache_is_that_of_the_whole_model(program: ModuleType) -> None:
    """The packed model through its cache gives the loss of the same model without a cache."""
    torch.manual_seed(0)
    model = program.build_llama(9)
    size = program.measure_size(model)
    program.quantize(model)
    assert not program.list_linear(model)
    assert size / 7 < program.measure_size(model) < size / 5
    chats = [(torch.randint(9, (n,)).tolist(), [i > 3 for i in range(n)]) for n in (7, 40, 90)]
    served = program.measure_loss(program.Served(model), chats)
    assert served == pytest.approx(program.measure_loss(model, chats), abs=1e-5)


def test_its_llama_is_the_one_that_is_trained(program: ModuleType) -> None:
    """Layers, width and heads are those of the milestone shakespeare."""
    trained = load_standalone(PROGRAMS / "shakespeare.py")
    for name in ("LAYERS", "WIDTH", "HEADS"):
        assert getattr(program, name) == getattr(trained, name)


def test_without_a_trained_llama_it_says_what_to_type(session: Session, one_thread: None) -> None:
    """The run ends with the command, talking likewise, and neither leaves a record."""
    milestone = find_milestone(session, "mine")
    with pytest.raises(MilestoneFailed, match="grade milestone shakespeare --model llama"):
        run(session, "mine", LONG)
    with pytest.raises(MilestoneFailed, match="grade milestone mine"):
        list(write_text(session, milestone, LONG, 60))
    assert open_milestones(session.workspace.progress).get("mine.last") is None


@pytest.mark.slow
def test_a_trained_llama_is_tuned_packed_and_answers(session: Session, one_thread: None) -> None:
    """Killed after an evaluation or while it measures, a run goes on; in the end it answers."""
    run(session, "shakespeare", Settings(1, "llama", minutes=0.1))
    seen = run(session, "mine", LONG, lambda event: isinstance(event, Evaluation))
    stopped, untuned = seen[-1], read_figures(seen)["untuned"]
    assert isinstance(stopped, Evaluation)
    seen = run(session, "mine", LONG, lambda event: isinstance(event, Evaluation))
    later = seen[-1]
    assert Continued(stopped.step) in seen and isinstance(later, Evaluation)
    assert later.step > stopped.step and later.valid < untuned
    row = open_milestones(session.workspace.progress).get("mine.last")
    assert row is not None
    assert [point["step"] for point in row.curve] == [stopped.step, later.step]

    seen = run(session, "mine", SHORT, lambda event: "loss before: untuned" in str(event))
    last = [event for event in seen if isinstance(event, Evaluation)][-1]
    assert not [event for event in seen if isinstance(event, Continued)]
    seen = run(session, "mine", SHORT)
    assert Continued(last.step) in seen
    assert not [event for event in seen if isinstance(event, Evaluation | Progress)]
    check_result(session, seen)
    again = run(session, "mine", SHORT, lambda event: isinstance(event, Progress))
    assert not [event for event in again if isinstance(event, Continued)]
    check_answers(session)


def check_result(session: Session, seen: list[Event]) -> None:
    """What is measured before and after fits together, and the record says whose code ran."""
    figures = read_figures(seen)
    before, after = (
        figures["loss before: untuned"],
        figures["loss after: tuned, in four bits, from the cache"],
    )
    assert after == pytest.approx(figures["loss of the tuned model in float32"], abs=0.1)
    assert figures["megabytes after: four bits, two to a byte"] == pytest.approx(0.536, abs=0.01)
    assert all(value > 0 for name, value in figures.items() if "per second" in name)
    result = seen[-1]
    assert isinstance(result, Reached) and not result.reached
    assert result.why.startswith(f"{after:.3f} nats per character")
    assert ("needs more time" in result.why) == (after >= before)
    assert "on the references of 24 parts" in result.why
    row = open_milestones(session.workspace.progress).get("mine.last")
    assert row is not None and row.parts["lora/inject"].startswith("reference ")


def read_figures(events: list[Event]) -> dict[str, float]:
    """What was measured, by name."""
    return {event.name: event.value for event in events if isinstance(event, Figure)}


def check_answers(session: Session) -> None:
    """The tuned model answers what is said, equally with equal seeds, or says what it cannot."""
    milestone = find_milestone(session, "mine")
    said = ("Who's there?", "Who's there?", "Speak to me.")
    answers = [
        "".join(write_text(session, milestone, Settings(3, "llama", text=text, tokens=40), 60))
        for text in said
    ]
    assert answers[0] == answers[1] and any(answers)
    assert all(len(answer) <= 40 and "\n\n" not in answer for answer in answers)
    with pytest.raises(MilestoneFailed, match="the model knows no é"):
        list(write_text(session, milestone, Settings(model="llama", text="é"), 60))
    with pytest.raises(MilestoneFailed, match="say something to it"):
        list(write_text(session, milestone, Settings(model="llama"), 60))

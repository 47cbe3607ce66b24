"""The milestone that tells spam from its subject, on the references, in real processes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from grade_command import run_grade

from grader.base.paths import Workspace
from grader.grading.worker.loader import load_standalone, remove_exercises
from grader.learner.records.tables import open_milestones
from grader.milestones import Event, Figure, Piece, Progress, Reached
from grader.milestones.process import PartsFinder
from grader.milestones.run import MilestoneFailed, Settings
from grader.milestones.stage import Stage
from grader.services.milestone import find_milestone, run_milestone, write_text
from grader.services.session import Session

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HIDDEN, LAYERS = 32, 48, 2
SIZES = {
    "attn_q": (WIDTH, WIDTH),
    "attn_k": (WIDTH // 2, WIDTH),
    "attn_v": (WIDTH // 2, WIDTH),
    "attn_output": (WIDTH, WIDTH),
    "ffn_gate": (HIDDEN, WIDTH),
    "ffn_up": (HIDDEN, WIDTH),
    "ffn_down": (WIDTH, HIDDEN),
}
ROWS = [("free money", 1), ("cheap pills", 1), ("re: patch", 0), ("minutes of meeting", 0)] * 8


@pytest.fixture
def program() -> Iterator[ModuleType]:
    """The milestone's program, with the references as its parts."""
    remove_exercises()
    finder = PartsFinder(ROOT, {})
    sys.meta_path.insert(0, finder)
    yield load_standalone(ROOT / "curriculum" / "milestones" / "spam.py")
    sys.meta_path.remove(finder)
    remove_exercises()


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """The course and its references, and no exercise of a learner."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # two tests at once, each with two, wait for ever
    monkeypatch.setenv("GROUNDWORK_CACHE", str(tmp_path / "cache"))
    for name in ("curriculum", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return Session.open(Workspace(tmp_path))


def test_a_bag_of_words_knows_words_and_no_order(program: ModuleType) -> None:
    """What occurs in spam alone points to spam, in any order; unknown words change little."""
    bag = program.BagOfWords(ROWS)
    assert bag.judge("money, FREE!") == bag.judge("Free money!") > 0.9
    assert bag.judge("the minutes") < 0.2
    assert bag.judge("zebra") == pytest.approx(0.5, abs=0.05)
    assert bag.judge("") == 0.5


def test_a_word_weighs_what_leaving_it_out_changes(program: ModuleType) -> None:
    """The words are named by what they do to the verdict, and those that do nothing are not."""

    def judge(subjects: list[str]) -> list[float]:
        """Odds of e to the 2 for money, of e to the -1 for meeting."""
        return [
            float(torch.tensor(2.0 * ("money" in one) - ("meeting" in one)).sigmoid())
            for one in subjects
        ]

    told = program.explain(judge, program.BagOfWords(ROWS), "money for a meeting").splitlines()
    assert told[0] == "spam, 73.1% sure"
    assert told[1] == "  weighed towards spam: money (+2.0)"
    assert told[2] == "  weighed towards ham: meeting (-1.0)"
    assert told[3].startswith("  a bag of words: ")
    assert program.explain(judge, program.BagOfWords(ROWS), "money").startswith("spam, 88.1% sure")
    told = program.explain(judge, program.BagOfWords(ROWS), "money, money").splitlines()
    assert told[1] == "  no single word weighed: without it the others say the same"


def test_without_a_model_it_says_what_to_type(session: Session) -> None:
    """Nothing is trained, downloaded or typed: each is a sentence with what to do."""
    milestone = find_milestone(session, "spam")
    for settings, told in (
        (Settings(model="gpt", text="x"), "no classifier is trained yet: grade milestone spam"),
        (Settings(model="gpt"), "give it a subject"),
        (Settings(model="smollm2", text="x"), "grade milestone spam --base smollm2"),
    ):
        with pytest.raises(MilestoneFailed, match=told):
            list(write_text(session, milestone, settings, 60))
    with pytest.raises(MilestoneFailed, match=r"grade fetch smollm2|pip install"):
        list(run_milestone(session, milestone, Settings(model="smollm2")))


def test_the_base_is_chosen_by_its_name(session: Session) -> None:
    """``--base`` says what is trained, as ``--model`` does, and knows two of them."""
    for option in ("--base", "--model"):
        done = run_grade(session.workspace.root, "milestone", "spam", option, "nothing")
        assert "there are: gpt, smollm2" in done.stderr


@pytest.mark.slow
def test_a_classifier_is_trained_measured_and_judges(session: Session) -> None:
    """It beats ham every time, stands beside the bag of words, and then judges any subject."""
    milestone = find_milestone(session, "spam")
    seen = list(run_milestone(session, milestone, Settings(1, "gpt")))
    figures = {event.name: event.value for event in seen if isinstance(event, Figure)}
    ham, due, right = figures.values()
    assert 0.5 < ham < 0.65 < due and ham < right
    assert [event for event in seen if isinstance(event, Progress)]
    assert sum("(it is " in text for text in read_texts(seen)) == 3
    result = seen[-1]
    assert isinstance(result, Reached) and not result.reached
    assert result.why.startswith(f"{right:.1%} of 683 subjects")
    assert ("asks for" in result.why) == (right < due - 0.05)
    row = open_milestones(session.workspace.progress).get("spam.last")
    assert row is not None and row.parts["finetuning/spam_classifier"].startswith("reference ")

    typed = Settings(1, "gpt", text="Re: [SAdev] patch for the build")
    told = ["".join(write_text(session, milestone, typed, 60)) for _ in range(2)]
    assert told[0] == told[1] and told[0].startswith("ham, ")
    assert "a bag of words: ham" in told[0]
    typed = Settings(1, "gpt", text="MAKE FREE MONEY NOW!!!")
    assert "".join(write_text(session, milestone, typed, 60)).startswith("spam, ")


def read_texts(events: list[Event]) -> list[str]:
    """What was written."""
    return [event.text for event in events if isinstance(event, Piece)]


class OpenStage(Stage):
    """A stage whose open model is a small random one, and that notes what is reported."""

    def __init__(self, path: Path, folder: Path, **settings: Any) -> None:
        self.sent: list[dict[str, Any]] = []
        super().__init__(self, ROOT, folder, Settings(model="smollm2", **settings), {})  # type: ignore[arg-type]
        self._path = path

    def send(self, **message: Any) -> None:
        """Note a message."""
        self.sent.append(message)

    def open_model(self) -> Any:
        """Return the small model's file."""
        from grader.openmodel.gguf_file import GgufFile

        return GgufFile(self._path)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A file with a small random Llama, and a vocabulary of bytes."""
    gguf = pytest.importorskip("gguf")
    from grader.openmodel.tokenizer import _spell_bytes

    torch.manual_seed(5)
    path = tmp_path / "tiny.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_rope_freq_base(5_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    tokens = ["<|im_start|>", "<|im_end|>", *_spell_bytes()]
    writer.add_token_list(tokens)
    writer.add_token_merges(["u s"])
    tensors = {"token_embd": torch.randn(len(tokens), WIDTH), "output_norm": torch.ones(WIDTH)}
    for block in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            tensors[f"blk.{block}.{name}"] = torch.ones(WIDTH)
        for name, size in SIZES.items():
            tensors[f"blk.{block}.{name}"] = torch.randn(size) / 4
    for name, values in tensors.items():
        writer.add_tensor(f"{name}.weight", values.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.mark.slow
def test_the_open_model_learns_by_lora_and_goes_on_after_a_stop(
    program: ModuleType, tiny: Path, tmp_path: Path
) -> None:
    """Only LoRA and the head are trained; what was kept goes on, and judges as it did."""
    stage = OpenStage(tiny, tmp_path, minutes=0.5)
    tuning = program.OpenTuning(stage, ROWS, ROWS[:8])
    tuning.begin()
    frozen = tuning.model.model.blocks[0].feed_forward.up.weight.clone()
    assert {name.rpartition(".")[2] for name in tuning.trained} == {
        "lora_A",
        "lora_B",
        "weight",
        "bias",
    }
    before = tuning.compute_loss(ROWS).item()
    tuning.train_stretch()
    after = tuning.compute_loss(ROWS).item()
    assert after < before
    assert torch.equal(tuning.model.model.blocks[0].feed_forward.up.weight, frozen)

    again = program.OpenTuning(OpenStage(tiny, tmp_path, minutes=0.5), ROWS, ROWS[:8])
    again.begin()
    assert again.timed.step == tuning.timed.step
    assert {"event": "continued", "step": again.timed.step} in again.stage.sent
    subjects = [subject for subject, _ in ROWS[:4]]
    assert again.judge(subjects) == pytest.approx(tuning.judge(subjects), abs=1e-6)
    other = program.OpenTuning(OpenStage(tiny, tmp_path, minutes=0.4), ROWS, ROWS[:8])
    other.begin()
    assert other.timed.step == 0

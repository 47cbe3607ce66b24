"""Our generate around our Llama, which the exercise's checks cannot name: it comes later."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.base.paths import Workspace
from grader.grading.worker.loader import ExerciseFinder, remove_exercises

HERE = Workspace(Path(__file__).resolve().parents[2])
EXERCISE = "sampling/generate"
CONTEXT = 5


@pytest.fixture
def generate() -> Iterator[Any]:
    """The reference."""
    path = HERE.locate_reference(EXERCISE)
    text = path.read_text("utf-8")
    yield ExerciseFinder(EXERCISE, text, str(path), HERE.root / "solutions").load().generate
    remove_exercises()


def test_a_llama_is_continued_beyond_the_context_that_it_is_given(generate: Any) -> None:
    """Greedy tokens are those of the logits for the last five tokens, step by step."""
    llama = importlib.import_module("exercises.model.llama").Llama
    torch.default_generator.manual_seed(3)
    model = llama(vocabulary=11, width=16, layers=2, heads=4, kv_heads=2, hidden=24).double()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter)
    ids = torch.randint(0, 11, (3, 2))
    want = ids
    for _ in range(8):
        want = torch.cat([want, model(want[:, -CONTEXT:])[:, -1:].argmax(dim=2)], dim=1)
    assert torch.equal(generate(model, ids, 8, CONTEXT, t=0), want)
    assert model.training and want[:, 2:].unique().numel() > 3

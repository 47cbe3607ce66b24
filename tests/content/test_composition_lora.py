"""LoRA in a whole GPT against the library peft, with the same A and B.

All parts are the references here. The test is skipped where the extra [peers] is missing.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.base.paths import Workspace
from grader.grading.worker.loader import ExerciseFinder, remove_exercises

pytestmark = pytest.mark.slow

peft = pytest.importorskip("peft", reason="not installed: pip install -e '.[peers]'")

HERE = Workspace(Path(__file__).resolve().parents[2])
EXERCISE = "lora/merge"
RANK, ALPHA = 3, 7.0


@pytest.fixture
def merge() -> Iterator[Any]:
    """The reference, beside which all other references can be imported."""
    path = HERE.locate_reference(EXERCISE)
    text = path.read_text("utf-8")
    yield ExerciseFinder(EXERCISE, text, str(path), HERE.root / "solutions").load().merge
    remove_exercises()


@pytest.fixture
def base(merge: Any) -> Any:
    """A GPT with two blocks."""
    torch.default_generator.manual_seed(0)
    return importlib.import_module("exercises.model.gpt").GPT(11, 6, 8, 2, 2)


def adapt_by_peft(model: Any, targets: list[str]) -> Any:
    """Return the model with peft's layers in place of those that the targets name."""
    config = peft.LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=targets, lora_dropout=0.0)
    return peft.inject_adapter_in_model(config, model)


def draw_matrices(model: Any) -> dict[str, torch.Tensor]:
    """Give A and B of each layer random numbers; return them under peft's names."""
    drawn = {}
    for name, parameter in model.named_parameters():
        if name.endswith(("lora_A", "lora_B")):
            torch.nn.init.normal_(parameter)
            drawn[f"{name}.default.weight"] = parameter.detach().clone()
    return drawn


@pytest.mark.parametrize(
    "targets", [["up"], ["blocks.1.feed_forward.up", "down"], ["query", "out"]]
)
def test_an_adapted_gpt_is_that_of_peft(merge: Any, base: Any, targets: list[str]) -> None:
    """The same layers are adapted: logits, gradients of A and B and merged weights are equal."""
    ids = torch.randint(0, 11, (2, 6))
    ours, theirs = deepcopy(base), adapt_by_peft(deepcopy(base), targets)
    count = importlib.import_module("exercises.lora.inject").inject(ours, targets, RANK, ALPHA)
    assert torch.equal(ours(ids), base(ids))  # before training
    drawn = draw_matrices(ours)
    assert len(drawn) == 2 * count > 0
    trained = {name: p for name, p in theirs.named_parameters() if p.requires_grad}
    assert {name: p.shape for name, p in trained.items()} == {n: w.shape for n, w in drawn.items()}
    theirs.load_state_dict(drawn, strict=False)

    logits = ours(ids)
    torch.testing.assert_close(logits, theirs(ids), atol=1e-5, rtol=1e-5)
    assert not torch.allclose(logits, base(ids), atol=1e-2)
    for model in (ours, theirs):
        model(ids).square().mean().backward()
    for name, parameter in ours.named_parameters():
        if parameter.requires_grad:
            due = trained[f"{name}.default.weight"].grad
            torch.testing.assert_close(parameter.grad, due, atol=1e-6, rtol=1e-5)

    merge(ours, ALPHA)
    assert {*ours.state_dict()} == {*base.state_dict()}
    torch.testing.assert_close(ours(ids), logits, atol=1e-5, rtol=1e-5)
    for name, part in theirs.named_modules():
        if isinstance(part, peft.tuners.lora.Linear):
            part.merge()
            due = part.base_layer.weight
            torch.testing.assert_close(ours.get_submodule(name).weight, due, atol=1e-6, rtol=1e-6)

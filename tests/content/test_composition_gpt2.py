"""The model unit put together: GPT-2's own logits, and the costs that were counted for it.

All parts are the references here; transformers and safetensors come with the extra ``peers``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from grader.base.paths import Workspace
from grader.grading.worker.loader import ExerciseFinder, remove_exercises

HERE = Workspace(Path(__file__).resolve().parents[2])
SMALL = {"vocab_size": 211, "n_positions": 31, "n_embd": 30, "n_layer": 11, "n_head": 5}
SIZES = {
    "small": SMALL,
    "gpt2": {"vocab_size": 50257, "n_positions": 1024, "n_embd": 768, "n_layer": 12, "n_head": 12},
}
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

Reference = Callable[[str], ModuleType]


@pytest.fixture
def reference() -> Iterator[Reference]:
    """``reference("gpt")``: a reference of the unit, with references for all that it needs."""

    def load(name: str) -> ModuleType:
        path = HERE.locate_reference(f"model/{name}")
        text = path.read_text("utf-8")
        return ExerciseFinder(f"model/{name}", text, str(path), HERE.root / "solutions").load()

    yield load
    remove_exercises()


@pytest.mark.parametrize("size", SIZES)
def test_a_file_of_theirs_gives_their_logits(
    reference: Reference, tmp_path: Path, size: str
) -> None:
    """A GPT-2 with random weights, saved as safetensors and loaded, has equal logits."""
    safetensors = pytest.importorskip("safetensors.torch")
    theirs = _theirs(size)
    theirs.save_pretrained(tmp_path, safe_serialization=True)
    tensors = safetensors.load_file(tmp_path / "model.safetensors")
    ours = reference("load_gpt2").load_gpt2(tensors, SIZES[size]["n_head"])
    ids = torch.randint(SIZES[size]["vocab_size"], (2, 29))
    with torch.no_grad():
        torch.testing.assert_close(ours(ids), theirs(ids).logits, atol=1e-4, rtol=0)


def test_the_bare_stack_without_its_head_loads_as_well(
    reference: Reference, tmp_path: Path
) -> None:
    """A file without the prefix, as OpenAI's own conversion has it, gives the same model."""
    safetensors = pytest.importorskip("safetensors.torch")
    theirs = _theirs("small")
    theirs.transformer.save_pretrained(tmp_path, safe_serialization=True)
    tensors = safetensors.load_file(tmp_path / "model.safetensors")
    assert not any(name.startswith("transformer.") for name in tensors)
    ours = reference("load_gpt2").load_gpt2(tensors, SMALL["n_head"])
    ids = torch.randint(SMALL["vocab_size"], (2, 31))
    with torch.no_grad():
        torch.testing.assert_close(ours(ids), theirs(ids).logits, atol=1e-4, rtol=0)


@pytest.mark.parametrize("size", SIZES)
def test_parameters_are_those_of_both_models(reference: Reference, size: str) -> None:
    """The count is that of our GPT and of theirs."""
    sizes = list(SIZES[size].values())
    with torch.device("meta"):
        ours = reference("gpt").GPT(*sizes)
    counted = reference("resources").parameters(*sizes[:4])
    assert counted == sum(part.numel() for part in ours.parameters())
    assert counted == sum(part.numel() for part in _theirs(size).parameters())


def test_operations_are_those_that_torch_counts(reference: Reference) -> None:
    """PyTorch's own counter finds as many operations, forward and in a whole step."""
    resources, model = reference("resources"), reference("gpt").GPT(*SMALL.values())
    ids = torch.randint(SMALL["vocab_size"], (3, 29))
    sizes = (SMALL["vocab_size"], SMALL["n_embd"], SMALL["n_layer"], 3, 29)
    with FlopCounterMode(display=False) as forward:
        logits = model(ids)
    assert forward.get_total_flops() == resources.flops(*sizes)
    with FlopCounterMode(display=False) as backward:
        logits.sum().backward()
    total = forward.get_total_flops() + backward.get_total_flops()
    assert total == resources.flops(*sizes, training=True)


def test_activations_are_those_that_autograd_keeps(reference: Reference) -> None:
    """A GPT from PyTorch's own parts keeps as many numbers for the backward pass."""
    V, C, L, H, B, T = 53, 30, 3, 5, 2, 17
    model = reference("gpt").GPT(V, T, C, L, H)
    parameters = {part.untyped_storage().data_ptr() for part in model.parameters()}
    kept: dict[int, torch.Tensor] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        place = tensor.untyped_storage().data_ptr()
        # A norm keeps a mean and a spread for each vector, and the loss a number: left out.
        counts = tensor.dtype == torch.float32 and tensor.dim() > 1 and tensor.shape[-1] > 1
        if counts and place not in parameters:
            kept[place] = tensor
        return tensor

    ids = torch.randint(V, (B, T))
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        logits = _from_parts(model, ids, H)
        functional.cross_entropy(logits.flatten(0, 1), ids.flatten())
    counted = reference("resources").memory(V, T, C, L, H, B, T, size=1)["activations"]
    # Cross-entropy keeps the logits' logarithmic softmax, of their size, in place of them.
    assert sum(tensor.numel() for tensor in kept.values()) == counted


@pytest.mark.parametrize("layers", [1, 12])
def test_a_fresh_model_guesses_evenly_at_any_depth(reference: Reference, layers: int) -> None:
    """After initialise the loss is close to the logarithm of the vocabulary."""
    initialise, model = reference("initialise").initialise, reference("gpt").GPT
    fresh = model(1009, 64, 64, layers, 4)
    initialise(fresh, seed=1)
    ids = torch.randint(1009, (8, 65), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        logits = fresh(ids[:, :-1])
    loss = functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
    assert abs(loss.item() - math.log(1009)) < 0.1


def _theirs(size: str) -> Any:
    """A GPT-2 of transformers with random weights, biases and norms too."""
    transformers = pytest.importorskip("transformers")
    theirs = transformers.GPT2LMHeadModel(transformers.GPT2Config(**SIZES[size])).eval()
    with torch.no_grad():
        for part in theirs.parameters():
            part.add_(torch.randn_like(part), alpha=0.02)
    return theirs


def _from_parts(model: Any, ids: torch.Tensor, heads: int) -> torch.Tensor:
    """Logits by PyTorch's own parts, with attention's weights as a tensor."""

    def norm(layer: Any, x: torch.Tensor) -> torch.Tensor:
        return functional.layer_norm(x, x.shape[-1:], layer.weight, layer.bias)

    length = ids.shape[1]
    hidden = torch.ones(length, length, dtype=torch.bool).triu(1)
    x = model.tokens.weight[ids] + model.positions.weight[:length]
    for block in model.blocks:
        part, normal = block.attention, norm(block.norm1, x)
        q, k, v = (
            layer(normal).unflatten(2, (heads, -1)).transpose(1, 2)
            for layer in (part.query, part.key, part.value)
        )
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        read = scores.masked_fill(hidden, -math.inf).softmax(-1) @ v
        x = x + part.out(read.transpose(1, 2).flatten(2))
        up = block.feed_forward.up(norm(block.norm2, x))
        x = x + block.feed_forward.down(functional.gelu(up, approximate="tanh"))
    return norm(model.norm, x) @ model.tokens.weight.T

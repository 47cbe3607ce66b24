"""``python -m benchmarks.training_step``: what a training step costs on the course's own parts.

The GPT of the milestone "It learnt to spell" is trained twice, side by side in each round: with the
references (GPT, cross-entropy, clipping, AdamW), and as the same architecture written from
``torch.nn`` parts with ``scaled_dot_product_attention`` and ``torch.optim.AdamW``. Each runs in a
process of its own, which tells the time of a step and its peak memory. Exit code 1 when a step on
the references takes more than 1.6 times as long.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import torch
from torch import nn
from torch.nn import functional

from grader.grading.protocol.plain_data import import_object
from grader.grading.worker.loader import ExerciseFinder

ROOT = Path(__file__).parents[1]
BOUND, AIM = 1.6, 1.25
VOCABULARY, CONTEXT, WIDTH, LAYERS, HEADS, BATCH = 76, 64, 128, 4, 4, 12
RATE, MAX_NORM = 1e-3, 1.0


class TorchBlock(nn.Module):
    """A pre-norm block of GPT-2 from PyTorch's own parts."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the block's output for x of shape (B, T, C)."""
        normal = self.norm1(x)
        q, k, v = (
            layer(normal).unflatten(2, (HEADS, -1)).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        read = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(read.transpose(1, 2).flatten(2))
        hidden = functional.gelu(self.up(self.norm2(x)), approximate="tanh")
        narrow: torch.Tensor = self.down(hidden)
        return x + narrow


class TorchGPT(nn.Module):
    """The GPT of the course from PyTorch's own parts, with as many parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(CONTEXT, WIDTH)
        self.blocks = nn.ModuleList(TorchBlock() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the logits of shape (B, T, V) for ids of shape (B, T)."""
        x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        logits: torch.Tensor = self.norm(x) @ self.tokens.weight.T
        return logits


def main() -> int:
    """Compare the two in rounds, and print the ratio; or be one of the two."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_step")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", choices=sorted(STEPS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        torch.set_num_threads(asked.threads)
        print(json.dumps(time_steps(STEPS[asked.only](), asked.steps)))
        return 0
    rounds = [
        {name: _run_apart(name, asked.steps, asked.threads) for name in STEPS}
        for _ in range(asked.rounds)
    ]
    ratios = [one["references"][0] / one["torch"][0] for one in rounds]
    for name in STEPS:
        ms = median(one[name][0] for one in rounds) * 1000
        memory = max(one[name][1] for one in rounds)
        print(f"{name:10}  {ms:6.1f} ms a step, {memory:.0f} MiB more at its peak than before")
    ratio = median(ratios)
    print(
        f"ratio {ratio:.2f} (from {min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} rounds); "
        f"bound {BOUND}, aim {AIM}"
    )
    return 0 if ratio <= BOUND else 1


def make_torch_step() -> Callable[[torch.Tensor, torch.Tensor], object]:
    """Return a training step of PyTorch's own parts."""
    model = TorchGPT()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)

    def step(inputs: torch.Tensor, targets: torch.Tensor) -> float:
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(model.parameters(), MAX_NORM)
        optimizer.step()
        return loss.item()

    return step


def make_reference_step() -> Callable[[torch.Tensor, torch.Tensor], object]:
    """Return a training step of the course's references."""
    sys.meta_path.insert(0, ExerciseFinder("none/in_hand", "", "", ROOT / "solutions"))
    gpt = import_object("exercises.model.gpt.GPT")
    model = gpt(VOCABULARY, CONTEXT, WIDTH, LAYERS, HEADS)
    optimizer = import_object("exercises.training.adamw.AdamW")(model.parameters(), lr=RATE)
    train_step = import_object("exercises.training.train_step.train_step")
    own = sum(weights.numel() for weights in model.parameters())
    assert own == sum(weights.numel() for weights in TorchGPT().parameters())
    return lambda inputs, targets: train_step(model, optimizer, inputs, targets, RATE, MAX_NORM)


STEPS = {"references": make_reference_step, "torch": make_torch_step}


def time_steps(
    step: Callable[[torch.Tensor, torch.Tensor], object], steps: int
) -> tuple[float, float]:
    """Return the median seconds of a step, and by how many MiB the process has grown at most."""
    generator = torch.Generator().manual_seed(0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = []
    for _ in range(steps):
        ids = torch.randint(VOCABULARY, (BATCH, CONTEXT + 1), generator=generator)
        began = time.perf_counter()
        step(ids[:, :-1], ids[:, 1:])
        seconds.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return median(seconds[min(5, steps - 1) :]), (peak - before) / 1024


def _run_apart(name: str, steps: int, threads: int) -> tuple[float, float]:
    """Time one of the two in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.training_step", "--only", name]
    words += ["--steps", str(steps), "--threads", str(threads)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, memory = json.loads(done.stdout)
    return float(seconds), float(memory)


if __name__ == "__main__":
    sys.exit(main())

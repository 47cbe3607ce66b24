"""``python -m benchmarks.train_loop_margin``: how far below the bigram model the small GPT ends.

The last check of training/train_loop trains a GPT and compares its validation loss with that of a
bigram model. Here the reference is trained as there, with many seeds: the smallest margin says
whether a right answer could fail by chance. Exit code 1 when one would have.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean, stdev

import torch

from grader.grading.protocol.plain_data import import_object
from grader.grading.worker.loader import ExerciseFinder, load_standalone

ROOT = Path(__file__).parents[1]
CHECKS = ROOT / "curriculum" / "training" / "check_train_loop.py"


def main() -> int:
    """Train with each seed, and say what the margins are."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train_loop_margin")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    sys.meta_path.insert(0, ExerciseFinder("none/in_hand", "", "", ROOT / "solutions"))
    train = import_object("exercises.training.train_loop.train_loop")
    margins, seconds = [], []
    for seed in range(asked.first, asked.first + asked.seeds):
        began = time.process_time()
        margins.append(_measure_margin(train, seed))
        seconds.append(time.process_time() - began)
        print(f"seed {seed}: {margins[-1]:.3f} nats, {seconds[-1]:.1f} s", flush=True)
    print(
        f"{len(margins)} seeds: smallest margin {min(margins):.3f} nats, mean {mean(margins):.3f}, "
        f"standard deviation {stdev(margins) if len(margins) > 1 else 0.0:.3f}; "
        f"{mean(seconds):.1f} s of computing each"
    )
    return 0 if min(margins) > 0 else 1


def _measure_margin(train: Callable[..., object], seed: int) -> float:
    """Return by how much the bigram model's loss is higher than that of the trained GPT."""
    loss, bigram = load_standalone(CHECKS).train_small_gpt(train, import_object, None, seed)
    return float(bigram - loss)


if __name__ == "__main__":
    sys.exit(main())

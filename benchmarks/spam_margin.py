"""``python -m benchmarks.spam_margin``: how far above its bound the spam classifier ends.

The last check of finetuning/spam_classifier trains classifiers on real subjects and compares their
accuracy, the mean of two runs, with that of a bag of words, less five points. Here the reference is
trained as there, with many seeds: the margins of single runs say how likely it is that a right
answer fails by chance. Exit code 1 when one run alone would have failed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from statistics import mean, stdev

import torch

from grader.grading.protocol.plain_data import import_object
from grader.grading.worker.loader import ExerciseFinder, load_standalone

ROOT = Path(__file__).parents[1]
CHECKS = ROOT / "curriculum" / "finetuning" / "check_spam_classifier.py"
NAMES = ("split_rows", "train_classifier", "predict")


def main() -> int:
    """Train with each seed, and say what the margins are."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spam_margin")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    sys.meta_path.insert(0, ExerciseFinder("none/in_hand", "", "", ROOT / "solutions"))
    parts = [import_object(f"exercises.finetuning.spam_classifier.{name}") for name in NAMES]
    train = load_standalone(CHECKS).train_on_mails
    margins, found, seconds = [], [], []
    for seed in range(asked.first, asked.first + asked.seeds):
        began = time.process_time()
        accuracy, baseline = train(*parts, None, seed)
        seconds.append(time.process_time() - began)
        found.append((accuracy, baseline))
        margins.append(accuracy - baseline + 0.05)
        print(f"seed {seed}: {accuracy:.3f} against {baseline:.3f} - 0.05", flush=True)
    accuracies, baselines = zip(*found, strict=True)
    print(
        f"{len(margins)} seeds: smallest margin {min(margins):.3f}, mean {mean(margins):.3f}, "
        f"standard deviation {stdev(margins) if len(margins) > 1 else 0.0:.3f}; mean accuracy "
        f"{mean(accuracies):.3f}, bag of words {mean(baselines):.3f}; "
        f"{mean(seconds):.1f} s of computing each"
    )
    return 0 if min(margins) >= 0 else 1


if __name__ == "__main__":
    sys.exit(main())

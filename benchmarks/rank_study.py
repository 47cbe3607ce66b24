"""``python -m benchmarks.rank_study``: the figures of the picture in the lesson lora/rank_study.

A small GPT is trained on Shakespeare. The reference of lora/rank_study then fine-tunes it to the
subjects of e-mails with several ranks and seeds. Printed are the rows, the chosen rank, and the
description of the picture, which the lesson has: whoever changes the study replaces it there.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import torch

from grader.grading.protocol.plain_data import import_object
from grader.grading.worker.loader import ExerciseFinder

ROOT = Path(__file__).parents[1]
DATA = ROOT / "curriculum" / "data"
TARGETS = ["query", "key", "value", "out", "up", "down"]
CONTEXT, BATCH, BASE_STEPS, ALPHA = 32, 16, 1_000, 16.0


def main() -> int:
    """Train the base, run the study, and print what the lesson shows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rank_study")
    parser.add_argument("--ranks", type=int, nargs="+", default=[8, 16, 32, 128])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=200)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    sys.meta_path.insert(0, ExerciseFinder("none/in_hand", "", "", ROOT / "solutions"))
    plays, subjects = _read_texts()
    base = _train_base(plays)
    train, valid = subjects[: len(subjects) * 9 // 10], subjects[len(subjects) * 9 // 10 :]
    evaluate = import_object("exercises.training.train_loop.evaluate")
    frozen = evaluate(base, valid, BATCH, CONTEXT)
    print(f"the frozen base: {frozen:.3f} nats on the subjects", flush=True)
    began = time.monotonic()

    def report(done: int, loss: float) -> None:
        print(f"run {done}: {loss:.3f} after {time.monotonic() - began:.0f} s", flush=True)

    study = import_object("exercises.lora.rank_study.study_ranks")
    rates = [3e-3 * (1 - step / asked.steps) for step in range(asked.steps)]
    settings = {"alpha": ALPHA, "rates": rates, "batch": BATCH, "context": CONTEXT}
    rows = study(base, TARGETS, asked.ranks, asked.seeds, train, valid, report=report, **settings)
    _print_rows(rows, sum(part.numel() for part in base.parameters()))
    _print_picture(rows)
    return 0


def _read_texts() -> tuple[torch.Tensor, torch.Tensor]:
    """Return the plays and the subjects as ids of characters, those that the plays have."""
    plays = (DATA / "shakespeare.txt").read_text("utf-8")
    lines = (DATA / "spam_subjects.tsv").read_text("utf-8").splitlines()[1:]
    known = {character: i for i, character in enumerate(sorted(set(plays)))}
    subjects = "\n".join(line.partition("\t")[2] for line in lines)
    ids = [[known[letter] for letter in text if letter in known] for text in (plays, subjects)]
    return torch.tensor(ids[0]), torch.tensor(ids[1])


def _train_base(plays: torch.Tensor) -> Any:
    """Return a GPT that is trained on the plays."""
    model = import_object("exercises.model.gpt.GPT")(int(plays.max()) + 1, CONTEXT, 128, 2, 4)
    import_object("exercises.model.initialise.initialise")(model, 0)
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.99), weight_decay=0.1)
    waves = [1 + math.cos(math.pi * step / BASE_STEPS) for step in range(BASE_STEPS)]
    history = import_object("exercises.training.train_loop.train_loop")(
        model,
        optimizer,
        plays[: len(plays) * 9 // 10],
        plays[-256 * CONTEXT - 1 :],
        rates=[2e-3 * min((step + 1) / 100, wave / 2) for step, wave in enumerate(waves)],
        batch=BATCH,
        context=CONTEXT,
        max_norm=1.0,
        evaluate_every=BASE_STEPS,
        seed=0,
    )
    print(f"the base: {history[-1][1]:.3f} nats on the plays", flush=True)
    return model


def _print_rows(rows: list[tuple[int, int, list[float]]], whole: int) -> None:
    """Print a row of the lesson's table for each rank, and the rank that is chosen."""
    for rank, parameters, losses in rows:
        error = stdev(losses) / len(losses) ** 0.5
        each = ", ".join(f"{loss:.4f}" for loss in losses)
        share = f"{parameters / whole:.0%} of {whole:,}"
        print(f"| {rank} | {parameters:,} | {share} | {each} | {mean(losses):.4f} | {error:.4f} |")
    chosen = import_object("exercises.lora.rank_study.choose_rank")(rows)
    print(f"chosen: rank {chosen}")


def _print_picture(rows: list[tuple[int, int, list[float]]]) -> None:
    """Print the curves of the lesson's diagram, one for each seed."""
    for n in range(len(rows[0][2])):
        points = [[round(math.log2(rank), 2), round(losses[n], 4)] for rank, _, losses in rows]
        print(f"  - points: {points}")


if __name__ == "__main__":
    sys.exit(main())

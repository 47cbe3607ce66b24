"""``python -m benchmarks.open_model``: SmolLM2 on the references, beside Transformers.

The milestone "On nothing but my code" answers its three questions, and so does Transformers with
the weights of the same file: greedily, in float32, with a KV cache, on as many threads, in turn in
each round. The milestone starts with the question's text and ends with the answer's, Transformers
with ids on both sides. Exit code 1 when an answer differs, or when the
milestone writes fewer tokens per second.

The limit is the time in which the weights are read from memory once for each token: no way to write
one token at a time in float32 is faster. How fast memory is read is measured in each round as well,
by a sum over as many bytes as the weights have.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

import torch

from grader.base.paths import find_user_cache
from grader.grading.worker.loader import load_standalone
from grader.milestones.process import PartsFinder
from grader.openmodel import SMOLLM2, find_file

ROOT = Path(__file__).parents[1]
BOUND = 1.0
"""The milestone's tokens per second as a multiple of those of Transformers, at least."""


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds for a token."""

    ours: float
    theirs: float
    limit: float


def main() -> int:
    """Compare the two in rounds, and print tokens per second, the ratio and the limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.open_model")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--processor",
        action="store_true",
        help="the processor's seconds of one thread, for a busy machine",
    )
    asked = parser.parse_args()
    file = find_file(SMOLLM2, find_user_cache())
    if file is None:
        print("SmolLM2 is not downloaded yet: grade fetch smollm2", file=sys.stderr)
        return 1
    torch.set_num_threads(asked.threads)
    clock = time.process_time if asked.processor else time.perf_counter
    pair = Pair(file, clock)
    pair.measure()  # one that does not count
    rounds = [pair.measure() for _ in range(asked.rounds)]
    return report(rounds, pair.count_bytes())


class Pair:
    """Both models, with the same weights."""

    def __init__(self, file: Path, clock: Callable[[], float]) -> None:
        """Load them."""
        sys.meta_path.insert(0, PartsFinder(ROOT, {}))
        path = ROOT / "curriculum" / "milestones" / "open_model.py"
        self._program: ModuleType = load_standalone(path)
        self._ours = self._program.OpenModel(file)
        # Imported by its name: type checkers need minutes for all of it.
        models: Any = import_module("transformers").AutoModelForCausalLM
        loaded = models.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
        self._theirs = loaded.eval()
        self._clock = clock
        self._memory = torch.ones(self.count_bytes() // 4)

    def count_bytes(self) -> int:
        """Return how many bytes of weights a token takes: all, since the table gives the logits."""
        return sum(4 * weights.numel() for weights in self._ours.llama.parameters())

    def measure(self) -> Round:
        """Return the seconds for a token of each, over all questions in turn."""
        ours = theirs = 0.0
        written = 0
        for question, due in self._program.ANSWERS.items():
            chat = self._program.Chat(self._ours, context=256)
            began = self._clock()
            answer = "".join(chat.answer(question, self._program.TOKENS, t=0))
            ours += self._clock() - began
            chat.messages.pop()
            ids = torch.tensor([chat.encode()])
            began = self._clock()
            answered = self.generate(ids)
            theirs += self._clock() - began
            written += chat.written
            if not answer == self._ours.tokenizer.decode(answered) == due:
                raise SystemExit(f"the answers to {question!r} differ")
        began = self._clock()
        self._memory.sum()
        return Round(ours / written, theirs / written, self._clock() - began)

    def generate(self, ids: torch.Tensor) -> list[int]:
        """Return the ids of their answer, without the one that ends it."""
        whole: list[int] = self._theirs.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            max_new_tokens=self._program.TOKENS,
            eos_token_id=self._ours.end,
        )[0, ids.shape[1] :].tolist()
        return whole[: whole.index(self._ours.end)] if self._ours.end in whole else whole


def report(rounds: list[Round], size: int) -> int:
    """Print what was measured; return the exit code."""
    limit = min(one.limit for one in rounds)
    for name, seconds in (
        ("the milestone", [one.ours for one in rounds]),
        ("Transformers", [one.theirs for one in rounds]),
    ):
        each = median(seconds)
        print(f"{name:13}  {1 / each:5.1f} tokens/s, {each / limit:.2f} times the limit's time")
    print(
        f"the limit      {1 / limit:5.1f} tokens/s: {size / 2**20:.0f} MiB of weights a token, "
        f"read at {size / limit / 1e9:.1f} GB/s"
    )
    ratios = [one.theirs / one.ours for one in rounds]
    ratio = median(ratios)
    print(
        f"ratio {ratio:.2f} (from {min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} rounds); "
        f"bound {BOUND}"
    )
    return 0 if ratio >= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())

"""Sampling's demo: a text continued by a model of word pairs, with several settings."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import torch

from exercises.sampling.repetition_penalty import repetition_penalty
from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k
from exercises.sampling.top_p import top_p

TEXT = Path(__file__).parents[1] / "data" / "shakespeare.txt"
WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|[.,;:!?]")
LENGTH = 16

Choice = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]

SETTINGS: dict[str, Choice] = {
    "greedy decoding (t = 0)": lambda x, ids: temperature(x, 0),
    "greedy, repetition penalty 2": lambda x, ids: temperature(repetition_penalty(x, ids, 2), 0),
    "t = 1": lambda x, ids: temperature(x, 1),
    "t = 3": lambda x, ids: temperature(x, 3),
    "t = 3, k = 5": lambda x, ids: temperature(top_k(x, 5), 3),
    "t = 1, p = 0.5": lambda x, ids: temperature(top_p(x, 0.5), 1),
}


def run(text: str) -> None:
    """Print how a text goes on, if each word is drawn from those that followed it in the plays."""
    words = WORD.findall(TEXT.read_text("utf-8").lower())
    ids = {word: number for number, word in enumerate(dict.fromkeys(words))}
    begun = [ids[word] for word in WORD.findall(text.lower()) if word in ids]
    if not begun:
        print("None of these words is in Shakespeare's plays. Try: To be, or not")
        return
    table = list(ids)
    followers: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for first, second in pairwise(ids[word] for word in words):
        followers[first][second] += 1
    print("Each word is drawn from those that followed the word before it in the plays:")
    for name, choose in SETTINGS.items():
        written = _write(begun, followers, len(table), choose)
        print(f"  {name}\n    {_join([table[i] for i in written])}")


def _write(
    begun: list[int], followers: dict[int, Counter[int]], vocabulary: int, choose: Choice
) -> list[int]:
    """Return the ids of a text and of the words that follow, the same ones in each run."""
    generator = torch.Generator().manual_seed(0)
    written = list(begun)
    for _ in range(LENGTH):
        counts = torch.zeros(vocabulary)
        for word, count in followers[written[-1]].items():
            counts[word] = count
        probabilities = choose(counts.log(), torch.tensor(written))
        written.append(int(torch.multinomial(probabilities, 1, generator=generator)))
    return written


def _join(words: list[str]) -> str:
    """Return words as a text, without a space before a full stop or comma."""
    return re.sub(r" ([.,;:!?])", r"\1", " ".join(words))

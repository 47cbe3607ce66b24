# right: a model class with a method for one probability; letters.index raises the ValueError
import math

import torch


class _Model:
    def __init__(self, counts, letters):
        self.counts, self.letters = counts, letters
        self._known = {}

    def loss(self, pair):
        if pair not in self._known:
            i, j = (self.letters.index(c) for c in pair)
            total = int(self.counts[i].sum()) + len(self.letters)
            self._known[pair] = -math.log((int(self.counts[i, j]) + 1) / total)
        return self._known[pair]


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    n = len(text)
    if n < 2:
        raise ValueError("no pair in the text")
    model = _Model(counts, letters)
    return sum(model.loss(text[p : p + 2]) for p in range(n - 1)) / (n - 1)

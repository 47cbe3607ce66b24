# wrong: takes a mean per first character and then the mean of these | violates: "the mean over all n - 1 pairs"
from collections import defaultdict
import math

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    groups = defaultdict(list)
    smooth = counts + 1
    for a, b in zip(text, text[1:]):
        i, j = letters.index(a), letters.index(b)
        groups[i].append(-math.log(smooth[i, j].item() / smooth[i].sum().item()))
    means = [sum(g) / len(g) for g in groups.values()]
    return sum(means) / len(means)

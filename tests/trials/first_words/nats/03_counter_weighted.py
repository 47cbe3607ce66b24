# right: counts the text's own pairs and weights each loss with its number
import math
from collections import Counter

import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    known = {c: i for i, c in enumerate(letters)}
    if len(text) < 2 or any(c not in known for c in text):
        raise ValueError("text")
    pairs = Counter(text[p : p + 2] for p in range(len(text) - 1))
    total = (counts.sum(dim=1) + len(letters)).tolist()
    loss = 0.0
    for (a, b), times in pairs.items():
        i, j = known[a], known[b]
        loss += times * (math.log(total[i]) - math.log(counts[i, j].item() + 1))
    return loss / (len(text) - 1)

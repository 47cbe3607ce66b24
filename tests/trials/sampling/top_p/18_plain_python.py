# right: plain Python, row by row, running sum in a loop
import math

import torch

from exercises.attention.softmax import softmax


def choose(row: list[float], p: float, min_p: float) -> list[float]:
    top = max(row)
    weights = [math.exp(x - top) for x in row]  # the largest one is 1
    total = math.fsum(weights)
    nucleus = set()
    reached = 0.0
    for i in sorted(range(len(row)), key=lambda i: (-row[i], i)):
        if p < 1 and nucleus and reached >= p:
            break
        nucleus.add(i)
        reached += weights[i] / total
    return [x if i in nucleus and weights[i] >= min_p else -math.inf for i, x in enumerate(row)]


def top_p(logits: torch.Tensor, p: float, min_p: float = 0.0) -> torch.Tensor:
    if not 0 <= p <= 1:
        raise ValueError("p must be from 0 to 1")
    if not 0 <= min_p <= 1:
        raise ValueError("min_p must be from 0 to 1")
    rows = logits.reshape(-1, logits.shape[-1]).tolist()
    chosen = [choose(row, p, min_p) for row in rows]
    return torch.tensor(chosen, dtype=logits.dtype, device=logits.device).reshape(logits.shape)

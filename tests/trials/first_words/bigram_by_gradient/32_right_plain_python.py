# right: plain Python lists and dictionaries, math.exp and math.fsum, torch only at the ends
import math
from collections import Counter

import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    followers: dict[int, Counter] = {}
    for i, j in zip(first.tolist(), second.tolist()):
        followers.setdefault(i, Counter())[j] += 1
    N = first.shape[0]
    table = [[0.0] * V for _ in range(V)]
    losses = []
    for _ in range(steps):
        terms = []
        for i, seen in followers.items():
            log_total = math.log(math.fsum(math.exp(x) for x in table[i]))
            terms.extend(n * (log_total - table[i][j]) for j, n in seen.items())
            total = sum(seen.values())
            table[i] = [
                x - rate * (total * math.exp(x - log_total) - seen[j]) / N
                for j, x in enumerate(table[i])
            ]
        losses.append(math.fsum(terms) / N)
    return torch.tensor(table, dtype=torch.float32), torch.tensor(losses, dtype=torch.float32)

# right: plain Python lists and loops, random.Random, math.exp
import math
import random

import torch
from torch import nn

from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k


def pick(x, t, k, rng):
    """The next token for one list of logits."""
    order = sorted(range(len(x)), key=lambda i: (-x[i], i))
    if t == 0:
        return order[0]
    largest = x[order[0]]
    kept = [i for i in order[:k] if x[i] > -math.inf]
    weights = [math.exp((x[i] - largest) / t) for i in kept]
    rest = rng.random() * math.fsum(weights)
    for i, weight in zip(kept, weights):
        if rest < weight:
            return i
        rest -= weight
    return kept[0]  # rounding only


def generate(
    model: nn.Module,
    ids: torch.Tensor,
    count: int,
    context: int,
    *,
    t: float = 1.0,
    k: int | None = None,
    end: int | None = None,
    seed: int = 0,
) -> torch.Tensor:
    rng = random.Random(seed)
    rows = ids.tolist()
    ended = [False for _ in rows]
    was_training = model.training
    model.eval()
    try:
        for _ in range(count):
            window = torch.tensor([row[-context:] for row in rows], dtype=torch.int64, device=ids.device)
            with torch.no_grad():
                logits = model(window)[:, -1].tolist()
            for b, x in enumerate(logits):
                if ended[b]:
                    rows[b].append(end)
                    continue
                token = pick(x, t, k, rng)
                rows[b].append(token)
                ended[b] = end is not None and token == end
            if all(ended):
                break
    finally:
        model.train(was_training)
    return torch.tensor(rows, dtype=torch.int64, device=ids.device)

"""Generation with NumPy's generator: where a number from 0 to 1 falls among running totals."""

import numpy as np
import torch

from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k


def generate(model, ids, count, context, *, t=1.0, k=None, end=None, seed=0):
    """Continue each sequence of a batch by up to count tokens."""
    rng = np.random.default_rng(seed)
    result = ids.clone()
    done = torch.zeros(ids.shape[0], 1, dtype=torch.bool)
    was = model.training
    model.eval()
    step = 0
    while step < count and not done.all():
        with torch.inference_mode():
            logits = model(result if result.shape[1] <= context else result[:, -context:])
        last = logits[:, -1].clone().double()
        p = temperature(top_k(last, k or last.shape[1]), t)
        totals = p.cumsum(dim=1)
        u = torch.from_numpy(rng.random((len(p), 1))) * totals[:, -1:]
        token = torch.searchsorted(totals, u, right=True).clamp(max=p.shape[1] - 1)
        if end is not None:
            token = torch.where(done, torch.full_like(token, end), token)
            done = done | (token == end)
        result = torch.hstack([result, token])
        step += 1
    model.train(was)
    return result

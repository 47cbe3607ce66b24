# right: inverse CDF with uniform numbers hashed from (seed, step, sequence); a Python generator yields the new columns; modes restored module by module
import hashlib

import torch
from torch import nn

from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k


def uniform(*key):
    """A number in [0, 1) that depends on the key alone."""
    digest = hashlib.sha256(repr(key).encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def steps(model, ids, count, context, t, k, end, seed):
    """Yield the new tokens of each step, of shape (B, 1)."""
    window, running = ids[:, -context:], [True] * ids.shape[0]
    for step in range(count):
        with torch.no_grad():
            x = model(window)[:, -1].to(torch.float64)
        values, tokens = torch.sort(x, dim=1, descending=True, stable=True)
        new = tokens[:, 0].clone()
        for b in range(ids.shape[0]):
            if not running[b]:
                new[b] = end
            elif t != 0:
                weights = torch.exp((values[b, :k] - values[b, 0]) / t)
                cdf = weights[weights > 0].cumsum(0)
                point = uniform(seed, step, b) * cdf[-1]
                place = int((cdf <= point).sum())
                new[b] = tokens[b, min(place, len(cdf) - 1)]
            if end is not None and int(new[b]) == end:
                running[b] = False
        yield new[:, None]
        window = torch.cat([window, new[:, None]], dim=1)[:, -context:]
        if not any(running):
            return


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
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        columns = list(steps(model, ids, count, context, t, k, end, seed))
    finally:
        for module, mode in modes.items():
            module.training = mode
    return torch.cat([ids, *columns], dim=1)

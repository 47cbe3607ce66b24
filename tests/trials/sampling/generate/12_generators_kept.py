# wrong: the generator of each seed is kept between calls and goes on where the last call stopped | violates: Equal arguments give equal results.
from functools import cache

import torch
from torch import nn

from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k


def probabilities(x, t, k):
    """Rows of logits to rows of probabilities, in float64."""
    x = x.double()
    if k is not None and k < x.shape[-1]:
        order = x.sort(dim=-1, descending=True, stable=True).indices
        x = x.scatter(-1, order[:, k:], float("-inf"))
    return torch.softmax((x - x.amax(-1, keepdim=True)) / t, dim=-1)


def choose(x, t, k, g):
    if t == 0:
        return x.argmax(dim=-1, keepdim=True)
    return torch.multinomial(probabilities(x, t, k), 1, generator=g)


@cache
def generator(seed):
    return torch.Generator().manual_seed(seed)


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
    g = generator(seed)
    mode = model.training
    model.eval()
    out = ids.clone()
    ended = torch.zeros(ids.shape[0], dtype=torch.bool, device=ids.device)
    try:
        with torch.no_grad():
            for _ in range(count):
                x = model(out[:, -context:])[:, -1].cpu()
                new = choose(x, t, k, g).to(ids.device)[:, 0]
                if end is not None:
                    new[ended] = end
                    ended |= new == end
                out = torch.cat([out, new[:, None]], dim=1)
                if ended.all():
                    break
    finally:
        model.train(mode)
    return out

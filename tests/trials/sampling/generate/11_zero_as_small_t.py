# wrong: t = 0 is replaced by a tiny temperature and drawn, so of equal largest logits any is taken | violates: With t = 0 the token with the largest logit is taken, of equal ones that with the lowest id.
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
    t = max(t, 1e-6)  # no division by zero
    g = torch.Generator(device=ids.device).manual_seed(seed)
    mode = model.training
    model.eval()
    out = ids.clone()
    ended = torch.zeros(ids.shape[0], 1, dtype=torch.bool, device=ids.device)
    try:
        with torch.no_grad():
            for _ in range(count):
                p = probabilities(model(out[:, -context:])[:, -1], t, k)
                new = torch.multinomial(p, 1, generator=g)
                if end is not None:
                    new = torch.where(ended, torch.full_like(new, end), new)
                    ended = ended | new.eq(end)
                out = torch.cat([out, new], dim=1)
                if ended.all():
                    break
    finally:
        model.train(mode)
    return out

# wrong: one generator per sequence, seeded with seed + row, so row 0 of seed 1 draws what row 1 of seed 0 draws | violates: Calls with different seeds draw independently, whichever steps of the two are compared.
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
    was = model.training
    model.eval()
    # a generator of its own for each sequence, so that they are independent
    gens = [torch.Generator().manual_seed(seed + b) for b in range(ids.shape[0])]
    out = ids.clone()
    done = torch.zeros(ids.shape[0], dtype=torch.bool, device=ids.device)
    try:
        with torch.no_grad():
            for _ in range(count):
                x = model(out[:, -context:])[:, -1]
                if t == 0:
                    new = x.argmax(-1)
                else:
                    p = probabilities(x, t, k).cpu()
                    draws = [torch.multinomial(p[b], 1, generator=g) for b, g in enumerate(gens)]
                    new = torch.cat(draws).to(ids.device)
                if end is not None:
                    new = torch.where(done, torch.full_like(new, end), new)
                    done = done | (new == end)
                out = torch.cat([out, new[:, None]], dim=1)
                if end is not None and done.all():
                    break
    finally:
        model.train(was)
    return out

# wrong: each step draws one uniform number and uses it for all sequences of the batch | violates: Draws are independent of each other: those of different sequences, also if their prompts are equal
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
    g = torch.Generator().manual_seed(seed)
    training = model.training
    model.eval()
    out, alive = ids.clone(), torch.ones(len(ids), 1, dtype=torch.bool, device=ids.device)
    try:
        with torch.no_grad():
            for _ in range(count):
                x = model(out[:, -context:])[:, -1]
                if t == 0:
                    new = x.argmax(dim=-1, keepdim=True)
                else:
                    p = probabilities(x, t, k)
                    cdf = p.cumsum(-1)
                    u = torch.rand(1, generator=g, dtype=torch.float64).to(ids.device)
                    new = torch.searchsorted(cdf, u * cdf[:, -1:], right=True)
                    last = p.shape[-1] - 1 - (p > 0).flip(-1).int().argmax(-1, keepdim=True)
                    new = torch.minimum(new, last)
                if end is not None:
                    new = new.masked_fill(~alive, end)
                    alive &= new != end
                out = torch.cat((out, new), dim=1)
                if not alive.any():
                    break
    finally:
        model.train(training)
    return out

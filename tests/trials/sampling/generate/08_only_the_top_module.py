# wrong: sets the flag model.training = False, which leaves the modules inside (dropout) in training mode | violates: While it is called, the model and all modules in it are in evaluation mode
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
    g = torch.Generator(device=ids.device).manual_seed(seed)
    was = model.training
    model.training = False
    out = ids.clone()
    done = torch.zeros(ids.shape[0], dtype=torch.bool, device=ids.device)
    try:
        with torch.no_grad():
            for _ in range(count):
                new = choose(model(out[:, -context:])[:, -1], t, k, g)[:, 0]
                if end is not None:
                    new = torch.where(done, end, new)
                    done = done | (new == end)
                out = torch.cat([out, new[:, None]], dim=1)
                if done.all():
                    break
    finally:
        model.training = was
    return out

# right: vectorised torch, multinomial on float64 probabilities, stable sort for the k kept tokens
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


@torch.no_grad()
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
    was_training = model.training
    model.eval()
    g = torch.Generator(device=ids.device).manual_seed(seed)
    out = ids.clone()
    ended = torch.zeros(ids.shape[0], 1, dtype=torch.bool, device=ids.device)
    try:
        for _ in range(count):
            new = choose(model(out[:, -context:])[:, -1], t, k, g)
            if end is not None:
                new = new.masked_fill(ended, end)
                ended = ended | (new == end)
            out = torch.cat([out, new], dim=1)
            if ended.all():
                break
    finally:
        model.train(was_training)
    return out

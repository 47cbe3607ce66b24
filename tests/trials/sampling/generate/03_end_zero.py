# wrong: the end token is tested for truth, so end=0 counts as no end token | violates: A sequence has ended when a step appends ``end`` to it; from then on, each step appends ``end`` again
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
    mode = model.training
    model.eval()
    g = torch.Generator(device=ids.device).manual_seed(seed)
    tokens = ids.clone()
    ended = torch.zeros(ids.shape[0], 1, dtype=torch.bool, device=ids.device)
    try:
        with torch.no_grad():
            for _ in range(count):
                logits = model(tokens[:, -context:])[:, -1, :]
                new = choose(logits, t, k, g)
                if end:
                    new[ended] = end
                    ended = ended | (new == end)
                tokens = torch.cat([tokens, new], dim=1)
                if end and ended.all():
                    break
    finally:
        model.train(mode)
    return tokens

# wrong: looks for end in the whole sequence, so a prompt that contains end has ended before the first step | violates: An ``end`` in a prompt does not end a sequence.
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
    g = torch.Generator(device=ids.device)
    g.manual_seed(seed)
    training = model.training
    model.eval()
    seq = ids.clone()
    try:
        with torch.no_grad():
            for _ in range(count):
                new = choose(model(seq[:, -context:])[:, -1], t, k, g)
                if end is not None:
                    ended = (seq == end).any(dim=1, keepdim=True)
                    new = torch.where(ended, torch.full_like(new, end), new)
                seq = torch.cat([seq, new], dim=1)
                if end is not None and (seq == end).any(dim=1).all():
                    break
    finally:
        model.train(training)
    return seq

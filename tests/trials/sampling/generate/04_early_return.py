# wrong: the return in the loop, when all sequences have ended, skips restoring the training mode | violates: Afterwards the model is in the mode in which it was
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
    was_training = model.training
    model.eval()
    finished = torch.zeros(ids.size(0), dtype=torch.bool, device=ids.device)
    result = ids.clone()
    for _ in range(count):
        with torch.no_grad():
            x = model(result[:, -context:])[:, -1]
        new = choose(x, t, k, g).squeeze(1)
        if end is not None:
            new = new.masked_fill(finished, end)
            finished |= new == end
        result = torch.cat([result, new.unsqueeze(1)], dim=1)
        if finished.all():
            return result
    model.train(was_training)
    return result

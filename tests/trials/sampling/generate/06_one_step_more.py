# wrong: whether all have ended is checked before the new tokens are counted, so one step too many is made | violates: The step in which the last sequence ends is the last step.
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
    out = ids.clone()
    done = [False] * ids.shape[0]
    try:
        with torch.no_grad():
            for _ in range(count):
                new = choose(model(out[:, -context:])[:, -1], t, k, g)
                finished = all(done)
                for b in range(len(done)):
                    if done[b]:
                        new[b, 0] = end
                    elif end is not None and new[b, 0].item() == end:
                        done[b] = True
                out = torch.cat([out, new], dim=1)
                if finished:
                    break
    finally:
        model.train(mode)
    return out

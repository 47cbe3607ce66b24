# wrong: switches the recording of gradients on afterwards, also if the caller had it switched off | violates: gradients are recorded as before
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
    training = model.training
    model.eval()
    torch.set_grad_enabled(False)
    text = ids.clone()
    done = torch.zeros(len(ids), 1, dtype=torch.bool, device=ids.device)
    try:
        step = 0
        while step < count and not done.all():
            new = choose(model(text[:, -context:])[:, -1], t, k, g)
            if end is not None:
                new = new.masked_fill(done, end)
                done = done | (new == end)
            text = torch.cat([text, new], dim=1)
            step += 1
    finally:
        torch.set_grad_enabled(True)
        model.train(training)
    return text

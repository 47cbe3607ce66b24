# right: class, Gumbel-max trick with a NumPy generator, preallocated result, ended sequences are left out of the calls
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn

from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k


class Drawer:
    """Draws one token for each row of logits."""

    def __init__(self, t, k, seed):
        self.t, self.k, self.rng = t, k, np.random.default_rng(seed)

    def __call__(self, logits):
        x = logits.detach().cpu().double().numpy()
        order = np.argsort(-x, axis=1, kind="stable")
        if self.t == 0:
            return torch.from_numpy(order[:, 0].copy())
        order = order[:, : self.k]
        x = np.take_along_axis(x, order, axis=1)
        score = (x - x[:, :1]) / self.t + self.rng.gumbel(size=x.shape)
        best = score.argmax(axis=1)
        return torch.from_numpy(order[np.arange(len(x)), best])


@contextmanager
def evaluation(model):
    was = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(was)


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
    drawer = Drawer(t, k, seed)
    length = ids.shape[1]
    out = ids.new_full((ids.shape[0], length + count), 0 if end is None else end)
    out[:, :length] = ids
    active = torch.arange(ids.shape[0], device=ids.device)
    with evaluation(model), torch.no_grad():
        stop = length + count
        while length < stop and len(active) > 0:
            window = out[active, max(0, length - context) : length]
            new = drawer(model(window)[:, -1]).to(ids.device)
            out[active, length] = new
            length += 1
            if end is not None:
                active = active[new != end]
    return out[:, :length].clone()

# wrong: exp(x / t) without subtracting the maximum overflows (or all underflow to 0), and the probabilities are nan | violates: token i ... is drawn with probability p_i = exp(x_i / t) / sum of exp(x_j / t) [each logit is -inf or a number from -1e4 to 1e4; t from 1e-3]
import torch
from torch import nn

from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k


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
    mode = model.training
    model.eval()
    out = ids.clone()
    ended = torch.zeros(ids.shape[0], 1, dtype=torch.bool, device=ids.device)
    try:
        with torch.no_grad():
            for _ in range(count):
                x = model(out[:, -context:])[:, -1].double()
                if t == 0:
                    new = x.argmax(dim=1, keepdim=True)
                else:
                    x, index = x.sort(dim=1, descending=True, stable=True)
                    x, index = x[:, :k], index[:, :k]
                    e = torch.exp(x / t)
                    p = e / e.sum(dim=1, keepdim=True)
                    new = index.gather(1, torch.multinomial(p, 1, generator=g))
                if end is not None:
                    new = new.masked_fill(ended, end)
                    ended = ended | (new == end)
                out = torch.cat([out, new], dim=1)
                if ended.all():
                    break
    finally:
        model.train(mode)
    return out

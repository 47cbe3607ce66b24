# right: float64 inside, log-probabilities by logsumexp, first maximum by a cumulative sum
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t < 0:
        raise ValueError("a temperature is 0 or more")
    below = logits.double() - logits.double().max(dim=-1, keepdim=True).values
    if t == 0:
        at_top = below == 0
        first = at_top & (at_top.cumsum(dim=-1) == 1)
        return first.to(logits.dtype)
    z = below / t
    return torch.exp(z - torch.logsumexp(z, dim=-1, keepdim=True)).to(logits.dtype)

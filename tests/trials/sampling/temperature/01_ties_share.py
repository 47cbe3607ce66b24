# wrong: at t = 0 the tokens that share the largest logit share the 1 | violates: if several tokens share the largest logit, the one with the lowest id has the 1
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t < 0:
        raise ValueError("t must not be negative")
    if t == 0:
        best = (logits == logits.amax(dim=-1, keepdim=True)).to(logits.dtype)
        return best / best.sum(dim=-1, keepdim=True)
    z = (logits - logits.amax(dim=-1, keepdim=True)) / t
    e = z.exp()
    return e / e.sum(dim=-1, keepdim=True)

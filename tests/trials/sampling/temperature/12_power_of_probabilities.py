# wrong: raises the probabilities of t = 1 to the power 1/t, which loses those that underflowed (and the largest at small t) | violates: p_i = exp(x_i / t) / sum_j exp(x_j / t); nothing in the result is NaN
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t < 0:
        raise ValueError("t must not be negative")
    if t == 0:
        out = torch.zeros_like(logits)
        out.scatter_(-1, logits.argmax(dim=-1, keepdim=True), 1.0)
        return out
    e = torch.exp(logits - logits.amax(dim=-1, keepdim=True))
    p = e / e.sum(dim=-1, keepdim=True)
    powered = p ** (1 / t)  # ratios are raised to the power 1/t
    return powered / powered.sum(dim=-1, keepdim=True)

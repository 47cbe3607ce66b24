# wrong: exp is taken without subtracting the maximum, so it overflows to inf and gives NaN | violates: Nothing in the result is NaN or infinite
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t < 0:
        raise ValueError("t < 0")
    if t == 0:
        out = torch.zeros_like(logits)
        return out.scatter_(-1, logits.argmax(-1, keepdim=True), 1.0)
    e = torch.exp(logits / t)
    return e / e.sum(dim=-1, keepdim=True)

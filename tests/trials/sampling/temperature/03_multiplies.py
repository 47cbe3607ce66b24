# wrong: the logits are multiplied by t instead of divided | violates: p_i = exp(x_i / t) / sum_j exp(x_j / t)
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t < 0:
        raise ValueError("temperature must be >= 0")
    if t == 0:
        out = torch.zeros_like(logits)
        out.scatter_(-1, logits.argmax(dim=-1, keepdim=True), 1.0)
        return out
    scaled = (logits - logits.max(dim=-1, keepdim=True).values) * t
    e = torch.exp(scaled)
    return e / e.sum(dim=-1, keepdim=True)

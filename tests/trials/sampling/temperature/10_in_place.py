# wrong: the maximum is subtracted in place from the caller's tensor | violates: A new tensor of the shape and dtype of ``logits``, which is not changed
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t < 0:
        raise ValueError("temperature below 0")
    if t == 0:
        out = torch.zeros_like(logits)
        out.scatter_(-1, logits.argmax(dim=-1, keepdim=True), 1.0)
        return out
    x = logits
    x -= x.amax(dim=-1, keepdim=True)
    e = torch.exp(x / t)
    return e / e.sum(dim=-1, keepdim=True)

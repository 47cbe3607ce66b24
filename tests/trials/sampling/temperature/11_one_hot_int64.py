# wrong: at t = 0 the result is the int64 tensor of one_hot | violates: A new tensor of the shape and dtype of ``logits``
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t < 0:
        raise ValueError("temperature must be 0 or more")
    if t == 0:
        return torch.nn.functional.one_hot(logits.argmax(dim=-1), num_classes=logits.shape[-1])
    z = (logits - logits.amax(dim=-1, keepdim=True)) / t
    e = torch.exp(z)
    return e / e.sum(dim=-1, keepdim=True)

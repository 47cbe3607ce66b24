# wrong: t = 0 raises ValueError as in Transformers | violates: For t = 0, the token with the largest logit of its row has the probability 1
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t <= 0:
        raise ValueError(f"temperature must be strictly positive, got {t}")
    z = (logits - logits.amax(dim=-1, keepdim=True)) / t
    e = torch.exp(z)
    return e / e.sum(dim=-1, keepdim=True)

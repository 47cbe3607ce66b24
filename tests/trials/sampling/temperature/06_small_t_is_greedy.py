# wrong: every t below 1e-4 is treated as 0, so tied tokens do not share | violates: For a temperature t above 0, however small [...] equal logits have equal probabilities
import torch

from exercises.attention.softmax import softmax


def temperature(logits: torch.Tensor, t: float) -> torch.Tensor:

    if t < 0:
        raise ValueError("temperature must not be negative")
    if t < 1e-4:
        ids = torch.argmax(logits, dim=-1)
        return torch.nn.functional.one_hot(ids, logits.shape[-1]).to(logits.dtype)
    shifted = (logits - logits.amax(dim=-1, keepdim=True)) / t
    return shifted.exp() / shifted.exp().sum(dim=-1, keepdim=True)

# right: annotated tutorial style, torch.sqrt of a tensor
import torch

from exercises.attention.softmax import softmax


def attention_weights(q, k, mask):
    d_k = torch.tensor(q.shape[-1])
    scores = torch.matmul(q, k.transpose(-1, -2)) / torch.sqrt(d_k)
    if mask is None:
        return softmax(scores)
    return softmax(scores.masked_fill(mask == False, -torch.inf))  # noqa: E712


def scaled_dot_product(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Return the weighted average of the values for each query."""
    return torch.matmul(attention_weights(q, k, mask), v)

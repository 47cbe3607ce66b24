# right: in log space, minus the logarithm of the sum
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    shifted = scores - torch.amax(scores, dim, keepdim=True)
    log_total = shifted.exp().sum(dim, keepdim=True).log()
    return torch.exp(shifted - log_total)

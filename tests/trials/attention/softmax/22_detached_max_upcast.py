# right: half precision computed in float32 and cast back, the maximum detached
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    x = scores if scores.dtype == torch.float64 else scores.float()
    shift = x.detach().amax(dim=dim, keepdim=True)
    unnormalised = torch.exp(x - shift)
    return (unnormalised / unnormalised.sum(dim=dim, keepdim=True)).to(scores.dtype)

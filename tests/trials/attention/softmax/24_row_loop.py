# right: a loop over the rows of a flattened copy
import torch


def softmax(scores: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """Return the softmax of logits along one dimension."""
    moved = scores.movedim(dim, -1)
    rows = moved.reshape(-1, moved.shape[-1])
    results = []
    for row in rows:
        exps = (row - row.max()).exp()
        results.append(exps / exps.sum())
    if not results:
        return scores.clone()
    return torch.stack(results).reshape(moved.shape).movedim(-1, dim)

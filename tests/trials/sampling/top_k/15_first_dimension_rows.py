# wrong: loops over dimension 0 and takes each entry flattened as one row, so (B, T, V) mixes rows | violates: The last dimension holds the V logits of one row; rows are independent of each other
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k must be at least 1")
    if logits.numel() == 0:
        return logits.clone()
    batch = logits[None] if logits.dim() == 1 else logits
    rows = []
    for row in batch:
        x = row.flatten()
        order = sorted(range(len(x)), key=lambda i: -x[i].item())
        y = x.clone()
        y[order[k:]] = -torch.inf
        rows.append(y.reshape(row.shape))
    return torch.stack(rows).reshape(logits.shape)

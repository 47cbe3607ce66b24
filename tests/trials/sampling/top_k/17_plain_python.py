# right: Python lists, sorted with the key (-logit, id), row by row
import torch


def kept_ids(row: list[float], k: int) -> set[int]:
    return set(sorted(range(len(row)), key=lambda i: (-row[i], i))[:k])


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("at least one token has to be kept")
    result = logits.clone()
    rows = logits.reshape(-1, logits.shape[-1]).tolist()
    masks = []
    for row in rows:
        keep = kept_ids(row, k)
        masks.append([i not in keep for i in range(len(row))])
    drop = torch.tensor(masks, dtype=torch.bool, device=logits.device).reshape(logits.shape)
    result[drop] = float("-inf")
    return result

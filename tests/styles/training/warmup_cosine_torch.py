"""The learning rate in float32, with PyTorch."""

import torch


def warmup_cosine(step: int, peak: float, warmup: int, total: int, floor: float = 0.0) -> float:
    """Return the learning rate of one step."""
    n = step + 1
    if n <= warmup:
        rate = torch.tensor(peak) * n / warmup
    elif n < total:
        angle = torch.tensor(torch.pi * (n - warmup) / (total - warmup))
        rate = torch.lerp(torch.tensor(floor), torch.tensor(peak), (torch.cos(angle) + 1) / 2)
    else:
        rate = torch.tensor(floor)
    return rate.item()

# wrong: a stride above T raises ValueError | violates: "above T some tokens are skipped"
"""Sliding windows."""

import torch


def sliding_window(
    tokens: torch.Tensor, context: int, stride: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Cut a text into windows of ``context`` tokens, each with the tokens to predict."""
    if context < 1 or stride < 1 or stride > context:
        raise ValueError("context and stride must be at least 1")
    n = len(tokens)
    inputs = torch.empty((0, context), dtype=torch.int64)
    targets = torch.empty((0, context), dtype=torch.int64)
    start = 0
    while start + context + 1 <= n:
        inputs = torch.cat([inputs, tokens[start : start + context].unsqueeze(0)])
        targets = torch.cat([targets, tokens[start + 1 : start + context + 1].unsqueeze(0)])
        start += stride
    return inputs, targets

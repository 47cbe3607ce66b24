"""Sliding windows cut by slices, one after the other."""

import torch


def sliding_window(tokens, context, stride):
    """Cut the text and collect the pieces in lists."""
    if context < 1:
        raise ValueError(f"a context of {context}")
    if stride < 1:
        raise ValueError(f"a stride of {stride}")
    inputs, targets = [], []
    for i in range(0, len(tokens) - context, stride):
        inputs.append(tokens[i : i + context])
        targets.append(tokens[i + 1 : i + context + 1])
    if not inputs:
        return torch.empty(0, context, dtype=torch.long), torch.empty(0, context, dtype=torch.long)
    return torch.stack(inputs), torch.stack(targets)

"""Sliding windows written into tables that were made before."""

import torch


def sliding_window(tokens, context, stride):
    """Count the windows, make the tables, fill them row by row."""
    if not (context >= 1 and stride >= 1):
        raise ValueError("context and stride must be positive")
    text = tokens.tolist()
    count = 0
    while count * stride + context < len(text):
        count += 1
    inputs = torch.empty(count, context, dtype=torch.int64)
    targets = torch.empty_like(inputs)
    for b in range(count):
        for t in range(context):
            inputs[b, t] = text[b * stride + t]
            targets[b, t] = text[b * stride + t + 1]
    return (inputs, targets)

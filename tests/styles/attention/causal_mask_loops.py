"""The causal mask as nested lists."""

import torch


def causal_mask(queries, keys=None):
    """Permit each query its own key and those before it."""
    if keys is None:
        keys = queries
    if keys < queries:
        raise ValueError(f"{keys} keys are fewer than {queries} queries")
    rows = []
    for i in range(queries):
        rows.append([j <= i + keys - queries for j in range(keys)])
    return torch.tensor(rows)

"""Softmax reckoned in float64 and given back in the dtype of the scores."""

import torch


def softmax(scores, dim=-1):
    """Turn each slice along ``dim`` into probabilities."""
    wide = scores.double()
    powers = torch.exp(wide - wide.max(dim=dim, keepdim=True).values.detach())
    return torch.div(powers, powers.sum(dim, keepdim=True)).to(scores.dtype)

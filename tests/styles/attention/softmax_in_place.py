"""Softmax in a buffer of its own that is changed in place."""

import torch


def softmax(scores, dim=-1):
    """Turn each slice along ``dim`` into probabilities."""
    buffer = scores.clone()
    buffer -= torch.amax(scores, dim, keepdim=True)
    buffer.exp_()
    return buffer.div(buffer.sum(dim=dim, keepdim=True))

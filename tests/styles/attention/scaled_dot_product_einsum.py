"""Attention by einsum, with the mask added as a bias of minus infinity."""

import torch


def scaled_dot_product(q, k, v, mask=None):
    """Average the values by how well the keys match."""
    scores = torch.einsum("...td,...sd->...ts", q, k) * q.shape[-1] ** -0.5
    if mask is not None:
        bias = torch.zeros(mask.shape, dtype=q.dtype)
        scores = scores + bias.masked_fill(mask.logical_not(), float("-inf"))
    scores = scores - scores.amax(dim=-1, keepdim=True)
    powers = scores.exp()
    weights = powers / powers.sum(dim=-1, keepdim=True)
    return torch.einsum("...ts,...sv->...tv", weights, v)

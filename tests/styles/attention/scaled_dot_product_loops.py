"""Attention query by query and sequence by sequence, reading only the permitted keys."""

import math

import torch


def scaled_dot_product(q, k, v, mask=None):
    """Average the values by how well the keys match."""
    if q.dim() > 2:
        masks = [None] * len(q)
        if mask is not None:
            masks = mask.expand(*q.shape[:-1], k.shape[-2])
        parts = [scaled_dot_product(*part) for part in zip(q, k, v, masks, strict=True)]
        return torch.stack(parts)
    rows = []
    for i in range(q.shape[0]):
        permitted = [j for j in range(k.shape[0]) if _may(mask, i, j, q.shape[0], k.shape[0])]
        scores = torch.stack([(q[i] * k[j]).sum() / math.sqrt(q.shape[1]) for j in permitted])
        powers = torch.exp(scores - scores.max())
        rows.append(sum(p * v[j] for p, j in zip(powers, permitted, strict=True)) / powers.sum())
    return torch.stack(rows)


def _may(mask, i, j, queries, keys):
    return mask is None or bool(mask.expand(queries, keys)[i, j])

# right: a loop over the new tokens, each with the keys up to its own and no mask
import torch

from exercises.attention.scaled_dot_product import scaled_dot_product


def cached_attention(q, k, v, cache=None):
    """Causal attention for the new tokens, and the cache for the next call."""
    if cache is None:
        empty = q.new_empty(q.shape[0], q.shape[1], 0, q.shape[3])
        cache = (empty, empty)
    all_keys = torch.cat((cache[0], k), dim=2)
    all_values = torch.cat((cache[1], v), dim=2)
    S = cache[0].shape[2]
    rows = []
    for i in range(q.shape[2]):
        upto = S + i + 1
        rows.append(
            scaled_dot_product(q[:, :, i : i + 1], all_keys[:, :, :upto], all_values[:, :, :upto])
        )
    return torch.cat(rows, dim=2), (all_keys, all_values)

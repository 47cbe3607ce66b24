# wrong: the cache is a view of a larger buffer, and the next call writes into the spare room of that buffer, so a second continuation overwrites the first | violates: "The arguments are not changed, so one cache can be continued in two ways."
import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product


def extend(past, new):
    """Write the new rows behind the past ones, in the same buffer if it has room."""
    s, t = past.shape[2], new.shape[2]
    buffer = past._base
    if buffer is None or buffer.dim() != 4 or buffer.shape[2] < s + t:
        buffer = new.new_zeros((*new.shape[:2], 2 * (s + t) + 16, new.shape[3]))
        buffer[:, :, :s] = past
    buffer[:, :, s : s + t] = new
    return buffer[:, :, : s + t]


def cached_attention(q, k, v, cache=None):
    """Causal attention for the new tokens, and the cache for the next call."""
    if cache is None:
        keys, values = k.clone(), v.clone()
    else:
        keys, values = extend(cache[0], k), extend(cache[1], v)
    mask = causal_mask(q.shape[2], keys.shape[2])
    return scaled_dot_product(q, keys, values, mask), (keys, values)

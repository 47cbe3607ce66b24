# wrong: past keys and values are also kept in a module-level variable, which is used whenever a cache is given | violates: "Nothing is stored outside the cache."
import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product

_past = {}


def cached_attention(q, k, v, cache=None):
    """Causal attention for the new tokens, and the cache for the next call."""
    if cache is None:
        _past["k"], _past["v"] = k, v
    else:
        _past["k"] = torch.cat([_past["k"], k], dim=2)
        _past["v"] = torch.cat([_past["v"], v], dim=2)
    keys, values = _past["k"], _past["v"]
    output = scaled_dot_product(q, keys, values, causal_mask(q.shape[2], keys.shape[2]))
    return output, (keys, values)

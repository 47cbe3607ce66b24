"""The window by bands: the causal mask, cleared in place below."""

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries, keys=None, *, window):
    """The causal mask of all keys, its last rows, and what dropped out set to False."""
    if window < 1:
        raise ValueError("the window is empty")
    total = queries if keys is None else keys
    if queries > total:
        raise ValueError("there are fewer keys than queries")
    mask = causal_mask(total)
    for row in range(window, total):
        mask[row, : row - window + 1] = False
    return mask[total - queries :]

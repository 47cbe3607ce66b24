"""The sliding window: a token reads only the last few tokens."""

import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Say for each query which keys it may attend to: its own and the ``window - 1`` before it.

    The queries are the last ``queries`` of ``keys`` tokens, as in ``causal_mask``, so query i
    belongs to token t = i + (keys - queries). It may attend to key j if and only if

        t - window < j <= t

    So each row permits ``window`` keys, or all up to its own where there are fewer; a window
    of 1 permits a token nothing but itself, and one of ``keys`` or more is the causal mask.

    Args:
        queries: how many tokens ask, at least 1.
        keys: how many tokens can be seen, at least ``queries``, else ``ValueError``; None
            means as many as there are queries.
        window: how many tokens a query may read, itself among them, at least 1, else
            ``ValueError``.

    Returns:
        A bool tensor of shape (queries, keys), True at [i, j] where query i may attend to
        key j, for ``scaled_dot_product``.

    >>> sliding_window_mask(3, window=2)
    tensor([[ True, False, False],
            [ True,  True, False],
            [False,  True,  True]])

    Not to be used: what ``torch.nn.attention`` brings. Source: Jiang et al., Mistral 7B,
    2023, section 2; Beltagy et al., 2020, section 3.1.
    """
    if window < 1:
        raise ValueError(f"a window of {window} tokens does not hold the token itself")
    mask = causal_mask(queries, keys)
    past = mask.shape[1] - queries  # tokens before the first query
    # A second staircase, ``window`` steps below the first, cuts off what has dropped out of sight.
    return mask.triu(past - window + 1)

"""Sliding-window attention: a token attends only to the last few tokens."""

import torch

from exercises.attention.causal_mask import causal_mask


def sliding_window_mask(queries: int, keys: int | None = None, *, window: int) -> torch.Tensor:
    """Return which keys each query may attend to: its own and the ``window - 1`` before it.

    The queries are the last ``queries`` of ``keys`` tokens, as in ``causal_mask``, so query i
    belongs to token t = i + (keys - queries). It may attend to key j if and only if

        t - window < j <= t

    So each row allows ``window`` keys, or all up to its own where there are fewer. With a
    window of 1 a token attends only to itself; one of ``keys`` or more is the causal mask.

    Args:
        queries: number of queries T, at least 1.
        keys: number of keys S, at least ``queries``, else ``ValueError`` (for 0 keys too);
            None means as many as there are queries.
        window: number of tokens that a query may attend to, itself included, at least 1, else
            ``ValueError``.

    Returns:
        A new bool tensor of shape (queries, keys), True at [i, j] where query i may attend
        to key j, as ``scaled_dot_product`` expects. There is no largest size, and what a
        caller changes in one mask is not seen in the next.

    >>> sliding_window_mask(3, window=2)
    tensor([[ True, False, False],
            [ True,  True, False],
            [False,  True,  True]])

    Not to be used: what ``torch.nn.attention`` offers. Source: Jiang et al., Mistral 7B,
    2023, section 2; Beltagy et al., 2020, section 3.1.
    """
    raise NotImplementedError("write sliding_window_mask (about 5 lines)")

"""The causal mask: no token attends to a later token."""

import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Return which keys each query may attend to: its own token's and those of earlier tokens.

    The queries are the last ``queries`` of ``keys`` tokens, so the last query and the last
    key belong to the same token. Query i may attend to key j if and only if

        j <= i + (keys - queries)

    With as many queries as keys this is j <= i; a single query may attend to every key.

    Args:
        queries: number of queries T, at least 1.
        keys: number of keys S, at least ``queries``, else ``ValueError`` (for 0 keys too);
            None means as many as there are queries.

    Returns:
        A new bool tensor of shape (queries, keys), True at [i, j] where query i may attend
        to key j, as ``scaled_dot_product`` expects. There is no largest size, and what a
        caller changes in one mask is not seen in the next.

    >>> causal_mask(2, 3)
    tensor([[ True,  True, False],
            [ True,  True,  True]])

    Not to be used: ``torch.nn.attention.bias`` and
    ``torch.nn.Transformer.generate_square_subsequent_mask``. Source: Vaswani et al., 2017,
    section 3.2.3.
    """
    keys = queries if keys is None else keys
    if keys < queries:
        raise ValueError(f"{queries} queries cannot be the last of {keys} keys")
    past = keys - queries  # tokens before the first query: every query may attend to them
    key = torch.arange(keys)
    query = torch.arange(queries).unsqueeze(1)  # (queries, 1)
    return key <= query + past  # (queries, keys)

"""The causal mask: no token looks at a token after it."""

import torch


def causal_mask(queries: int, keys: int | None = None) -> torch.Tensor:
    """Say for each query which keys it may attend to: its own and those before it.

    The queries are the last ``queries`` of ``keys`` tokens, so that the last query and the
    last key belong to the same token. Query i may attend to key j if and only if

        j <= i + (keys - queries)

    With as many queries as keys that is j <= i; with a single query every key is permitted.

    Args:
        queries: how many tokens ask, at least 1.
        keys: how many tokens can be seen, at least ``queries``, else ``ValueError``; None
            means as many as there are queries.

    Returns:
        A bool tensor of shape (queries, keys), True at [i, j] where query i may attend to
        key j, for ``scaled_dot_product``.

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
    past = keys - queries  # tokens before the first query, which every query may see
    key = torch.arange(keys)
    query = torch.arange(queries).unsqueeze(1)  # (queries, 1)
    return key <= query + past  # (queries, keys)

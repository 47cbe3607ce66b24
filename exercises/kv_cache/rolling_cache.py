"""A rolling KV cache: a ring of the last tokens, for attention with a sliding window."""

import torch

from exercises.attention.scaled_dot_product import scaled_dot_product


class RollingCache:
    """Compute sliding-window attention, with the keys and values of the last tokens alone stored.

    Notation: L layers, batch size B, H query heads, K key-value heads, head dimension D, a window
    of W tokens; S tokens that came earlier, T new tokens, where new token i is token S + i. It
    attends to itself and to the W - 1 tokens before it, or to all if there are fewer:

        output_i = sum of p_ij v_j over the tokens j with S + i - W < j <= S + i
        p_ij = softmax over those j of (q_i . k_j / sqrt(D))

    Query head h reads key-value head h // (H / K). However a sequence is split into calls, also
    into calls with more than W tokens, the outputs are those of attention over the whole sequence
    with ``sliding_window_mask(..., window=W)``.

    ``keys`` and ``values`` are the storage: two tensors of shape (L, B, K, W, D), zeros at first,
    which are never replaced or moved. Each layer is a ring: after each call it holds the last W of
    its S + T tokens, or all of them, with token s at place s mod W. Tokens that stay are not
    moved. No other keys and values are kept between calls, so the memory is the same however
    long the sequence is.

    Layers may be served in any order; each counts its own tokens. Two caches share nothing.
    Gradients are not required.

    >>> cache = RollingCache(layers=1, batch=1, kv_heads=1, window=2, head_dim=1)
    >>> zeros, values = torch.zeros(1, 1, 3, 1), torch.tensor([[[[2.0], [4.0], [9.0]]]])
    >>> cache.attend(0, zeros, zeros, values).flatten().tolist()  # means of the last two
    [2.0, 3.0, 6.5]
    >>> cache.values.flatten().tolist()  # tokens 2 and 1, at places 0 and 1
    [9.0, 4.0]

    Not to be used: ``torch.nn.functional.scaled_dot_product_attention``. Source: Jiang et al.,
    Mistral 7B, 2023, section 2, "Rolling Buffer Cache".
    """

    def __init__(
        self,
        layers: int,
        batch: int,
        kv_heads: int,
        window: int,
        head_dim: int,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        """Allocate the storage.

        Args:
            layers: the number of layers L, at least 1.
            batch: the batch size B, at least 1.
            kv_heads: the number of key-value heads K of each layer, at least 1.
            window: how many tokens W a token attends to, itself included, at least 1.
            head_dim: the head dimension D, at least 1.
            dtype: the dtype of keys and values, float32 or float64.
        """
        raise NotImplementedError("write RollingCache.__init__ (about 3 lines)")

    def attend(self, layer: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        """Return the attention's output for new tokens, and store the last tokens of the layer.

        Args:
            layer: the layer, from 0 to L - 1.
            q: queries of the new tokens, of shape (B, H, T, D) and the cache's dtype; H is a
                multiple of K, and T is at least 1.
            k: keys of the new tokens, of shape (B, K, T, D) and the cache's dtype. If the model
                uses RoPE, they are rotated already.
            v: values of the new tokens, of the shape and dtype of ``k``.

        Returns:
            A new tensor of the shape and dtype of ``q``. The arguments are not changed.
        """
        raise NotImplementedError("write RollingCache.attend (about 17 lines)")

"""A KV cache that is allocated once: new keys and values are written behind the earlier ones."""

import torch


class Cache:
    """Store the keys and values of every layer of a model in memory that is allocated once.

    Notation: L layers, batch size B, K key-value heads, head dimension D; S tokens that a layer
    holds, T new tokens. Each layer has a length of its own, which is 0 at first; the layers may
    be served in any order.

    ``keys`` and ``values`` are the storage: two tensors of shape (L, B, K, context, D), zeros at
    first, which are never replaced, moved or enlarged. In layer l, the tokens 0 to S - 1 are at
    ``keys[l, :, :, :S]`` and ``values[l, :, :, :S]``, the oldest first.

    ``len(cache)`` is the number of tokens that every layer holds: the smallest of the L lengths.
    Two caches share nothing. Nothing here needs gradients.

    >>> cache = Cache(layers=1, batch=1, kv_heads=1, context=5, head_dim=1)
    >>> new = torch.tensor([[[[2.0], [4.0]]]])  # two tokens
    >>> keys, values = cache.append(0, new, new + 1)
    >>> keys, values = cache.append(0, torch.tensor([[[[9.0]]]]), torch.tensor([[[[0.5]]]]))
    >>> keys.flatten().tolist(), values.flatten().tolist(), len(cache)
    ([2.0, 4.0, 9.0], [3.0, 5.0, 0.5], 3)

    Source: Pope et al., Efficiently Scaling Transformer Inference, 2022, section 3.3; GPT-fast,
    model.py, ``KVCache``.
    """

    def __init__(
        self,
        layers: int,
        batch: int,
        kv_heads: int,
        context: int,
        head_dim: int,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        """Allocate the storage.

        Args:
            layers: the number of layers L, at least 1.
            batch: the batch size B, at least 1.
            kv_heads: the number of key-value heads K of each layer, at least 1.
            context: how many tokens of each sequence a layer has room for, at least 1.
            head_dim: the head dimension D, at least 1.
            dtype: the dtype of keys and values, a floating-point dtype.
        """
        shape = (layers, batch, kv_heads, context, head_dim)
        self.keys, self.values = torch.zeros(shape, dtype=dtype), torch.zeros(shape, dtype=dtype)
        self._lengths = [0] * layers

    def __len__(self) -> int:
        """Return the number of tokens that every layer holds."""
        return min(self._lengths)

    def append(
        self, layer: int, k: torch.Tensor, v: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Write new tokens behind those that a layer holds, and return all that it holds now.

        Only the places of the new tokens are written. The numbers are copied, so the cache does
        not change when ``k`` or ``v`` is changed afterwards. Earlier tokens are neither moved nor
        copied: a token costs the same time, however many tokens the layer holds.

        Args:
            layer: the layer, from 0 to L - 1.
            k: the keys of the new tokens, of shape (B, K, T, D) and the cache's dtype; T is at
                least 1.
            v: the values of the new tokens, of the shape and dtype of ``k``.

        Returns:
            A tuple of keys and values, each of shape (B, K, S + T, D): views of the storage.

        Raises:
            ValueError: S + T is more than ``context``. Nothing has changed then.
        """
        start = self._lengths[layer]
        stop = start + k.shape[2]
        room = self.keys.shape[3]
        # Before anything is written: otherwise keys might be changed and values not.
        if stop > room:
            raise ValueError(f"{start} tokens and {k.shape[2]} more do not fit into {room} places")
        keys, values = self.keys[layer], self.values[layer]  # views, (B, K, context, D)
        keys[:, :, start:stop] = k
        values[:, :, start:stop] = v
        self._lengths[layer] = stop
        return keys[:, :, :stop], values[:, :, :stop]

    def clear(self) -> None:
        """Make every layer empty, for other sequences.

        The storage stays where it is, so views that were returned before show what is written
        over their tokens from then on. Until then, the old numbers may stay.
        """
        # The old numbers may stay: no length reaches them before they are overwritten.
        self._lengths = [0] * len(self._lengths)

"""The KV cache's demo: a text token by token, with a cache and without."""

import torch

from exercises.kv_cache.cached_attention import cached_attention
from exercises.kv_cache.rolling_cache import RollingCache

HEADS, WIDTH, WINDOW = 2, 8, 4


def run(text: str) -> None:
    """Print how many rows of scores are computed with a cache, and that the outputs agree."""
    count = max(1, len(text.encode()))
    generator = torch.Generator().manual_seed(0)
    q, k, v = torch.randn(3, 1, HEADS, count, WIDTH, generator=generator)
    whole, _ = cached_attention(q, k, v)
    cache, outputs = None, []
    for t in range(count):
        one = (part[:, :, t : t + 1] for part in (q, k, v))
        output, cache = cached_attention(*one, cache)
        outputs.append(output)
    difference = (torch.cat(outputs, dim=2) - whole).abs().max().item()
    print(f"{count} tokens, generated one by one:")
    print(f"  without a cache  {count * (count + 1) // 2:>8} rows of attention scores")
    print(f"  with a cache     {count:>8} rows of attention scores")
    print(f"The outputs differ by {difference:.1e} at most.")
    _print_window(q, k, v)


def _print_window(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> None:
    """Print what a rolling cache takes."""
    rolling = RollingCache(1, 1, HEADS, WINDOW, WIDTH)
    for t in range(q.shape[2]):
        rolling.attend(0, *(part[:, :, t : t + 1] for part in (q, k, v)))
    size = rolling.keys.nbytes + rolling.values.nbytes
    print(
        f"A rolling cache with a window of {WINDOW} takes {size} bytes, however long the text is."
    )

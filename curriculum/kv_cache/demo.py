"""The KV cache's demo: a text token by token, with a cache and without."""

import torch

from exercises.kv_cache.cache import Cache
from exercises.kv_cache.cached_attention import cached_attention
from exercises.kv_cache.cached_generate import cached_generate
from exercises.kv_cache.rolling_cache import RollingCache
from exercises.model.llama import Llama
from exercises.sampling.generate import generate

HEADS, WIDTH, WINDOW, NEW = 2, 8, 4, 8


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
    _print_generation(torch.tensor([list(text.encode()) or [0]]))


def _print_window(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> None:
    """Print what a rolling cache takes."""
    rolling = RollingCache(1, 1, HEADS, WINDOW, WIDTH)
    for t in range(q.shape[2]):
        rolling.attend(0, *(part[:, :, t : t + 1] for part in (q, k, v)))
    size = rolling.keys.nbytes + rolling.values.nbytes
    print(
        f"A rolling cache with a window of {WINDOW} takes {size} bytes, however long the text is."
    )


def _print_generation(ids: torch.Tensor) -> None:
    """Print how many tokens a Llama computes for new ones, and that these are the same."""
    count = ids.shape[1]
    model = Llama(256, HEADS * WIDTH, layers=2, heads=HEADS, kv_heads=1, hidden=32)
    cache = Cache(layers=2, batch=1, kv_heads=1, context=count + NEW - 1, head_dim=WIDTH)
    new = cached_generate(model, ids, NEW, cache, t=0)
    same = torch.equal(new, generate(model, ids, NEW, context=count + NEW, t=0))
    print(
        f"For {NEW} more tokens your Llama computes {len(cache)} tokens with a cache,"
        f" {NEW * count + NEW * (NEW - 1) // 2} without one."
    )
    print(f"The new tokens are {'the same' if same else 'not the same'}.")

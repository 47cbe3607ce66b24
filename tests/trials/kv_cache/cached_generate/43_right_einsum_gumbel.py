# right: n2 einsum gumbel
"""Generation with a KV cache: each step of a Llama computes its newest token alone."""

import inspect
import math

import torch

from exercises.embeddings.rope import rope
from exercises.kv_cache.cache import Cache
from exercises.model.llama import Llama


def turn(x, start, base):
    """RoPE for tokens at positions start, start + 1, ..."""
    if "start" in inspect.signature(rope).parameters:
        return rope(x, base=base, start=start)
    blank = torch.zeros_like(x[..., :1, :]).expand(*x.shape[:-2], start, x.shape[-1])
    return rope(torch.cat([blank, x], dim=-2), base=base)[..., start:, :]


@torch.no_grad()
def extend(
    model: Llama,
    ids: torch.Tensor,
    cache: Cache,
    padding: torch.Tensor | None = None,
    *,
    base: float = 10000.0,
) -> torch.Tensor:
    _, B, K, context, D = cache.keys.shape
    S, T = len(cache), ids.shape[1]
    if S + T > context:
        raise ValueError("no room in the cache")
    i = torch.arange(S, S + T).view(1, 1, T, 1)
    j = torch.arange(S + T).view(1, 1, 1, S + T)
    mask = j <= i
    if padding is not None:
        mask = mask & (j >= padding.view(B, 1, 1, 1))
    mask = mask[:, :, None]  # (B or 1, 1, 1, T, S + T)
    x = model.tokens(ids)
    for l, block in enumerate(model.blocks):
        a = block.attention
        h = block.norm1(x)
        q = a.query(h).view(B, T, -1, D).transpose(1, 2)
        k = a.key(h).view(B, T, K, D).transpose(1, 2)
        v = a.value(h).view(B, T, K, D).transpose(1, 2)
        q, k = turn(q, S, base), turn(k, S, base)
        k, v = cache.append(l, k, v)
        q = q.unflatten(1, (K, -1)) / math.sqrt(D)
        scores = torch.einsum("bkgtd,bksd->bkgts", q, k)
        scores = torch.where(mask, scores, torch.finfo(scores.dtype).min)  # finite: no NaN at padding
        scores = (scores - scores.amax(dim=-1, keepdim=True)).exp()
        weights = scores / scores.sum(dim=-1, keepdim=True)
        o = torch.einsum("bkgts,bksd->btkgd", weights, v).flatten(2)
        x = x + a.out(o)
        x = x + block.feed_forward(block.norm2(x))
    return torch.einsum("btc,vc->btv", model.norm(x), model.tokens.weight)


class Sampler:
    """Draws by the Gumbel-max trick."""

    def __init__(self, t, k, seed):
        self.t, self.k = t, k
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, logits):
        if self.t == 0:
            return logits.argmax(dim=-1)
        best, which = logits.double().topk(min(self.k or logits.shape[-1], logits.shape[-1]), dim=-1)
        noise = torch.empty_like(best).exponential_(generator=self.generator).log()
        return which.gather(-1, (best / self.t - noise).argmax(dim=-1, keepdim=True))[:, 0]


def cached_generate(
    model: Llama,
    ids: torch.Tensor,
    count: int,
    cache: Cache,
    *,
    padding: torch.Tensor | None = None,
    base: float = 10000.0,
    t: float = 1.0,
    k: int | None = None,
    end: int | None = None,
    seed: int = 0,
) -> torch.Tensor:
    sampler = Sampler(t, k, seed)
    columns = [ids]
    ended = torch.zeros(len(ids), dtype=torch.bool)
    while len(columns) <= count and not ended.all():
        token = sampler(extend(model, columns[-1], cache, padding, base=base)[:, -1])
        if end is not None:
            token = torch.where(ended, end, token)
            ended = ended | (token == end)
        columns.append(token[:, None])
    return torch.cat(columns, dim=1)

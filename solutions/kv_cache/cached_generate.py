"""Generation with a KV cache: each step of a Llama computes its newest token alone."""

import torch
from torch import nn

from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.embeddings.rope import rope
from exercises.kv_cache.cache import Cache
from exercises.model.llama import Llama
from exercises.sampling.generate import generate


def extend(
    model: Llama,
    ids: torch.Tensor,
    cache: Cache,
    padding: torch.Tensor | None = None,
    *,
    base: float = 10000.0,
) -> torch.Tensor:
    """Compute the logits for new tokens, with the keys and values of earlier tokens in a cache.

    Notation: batch size B, T new tokens, vocabulary size V, embedding dimension C, H query heads,
    K key-value heads, head dimension D; S tokens in the cache, the same number in each layer. In
    the sequence of S + T tokens, new token i is token S + i. The result is what the Llama computes
    for the whole sequence, at its last T positions:

        extend(model, ids, cache) = model(all S + T ids)[:, S:]

    however a sequence is split into calls. Float32's accuracy is what is asked, also of a float64
    model: an error of 1e-5 for logits near 1. Afterwards the cache holds S + T tokens in each
    layer; layer l of the cache belongs to ``blocks[l]``.

    Earlier tokens are not computed again: each call calls every block's ``feed_forward`` once,
    with the T new tokens of all sequences. A block or its ``attention`` is not called, since
    neither takes a cache; these attributes of the model and of its parts have what is needed:

        model.tokens, model.blocks, model.norm                          as in model/llama
        block.norm1, block.attention, block.norm2, block.feed_forward   as in model/llama
        attention.query, .key, .value, .out                     as in attention/grouped_query

    The weight of ``model.tokens`` is ``model.tokens.weight``, which the logits are computed with
    as well. L, K and D are read from ``cache.keys``, whose shape is (L, B, K, context, D); then
    H = C / D. The base of RoPE is an argument, because no attribute of the model is promised that
    has it.

    Padding. Sequences of unequal lengths are aligned at the right: the first ``padding[b]`` of the
    S + T columns of sequence b are padding, and its tokens follow. No token attends to padding, so
    the logits of each sequence are those that it has alone, without padding. The position for RoPE
    may be the column, because a score depends on the distance of two tokens alone. What is
    returned at padding does not matter, nor do the ids there. ``padding`` is the same in every
    call for a cache, and a call may consist of padding alone.

    Args:
        model: a Llama as in model/llama, in float32 or float64.
        ids: the new tokens, int64 tensor of shape (B, T) with values from 0 to V - 1; T is at
            least 1.
        cache: a ``Cache`` as in kv_cache/cache for the model's L layers, B, K, D and the
            parameters' dtype. It changes: the new keys and values are appended.
        padding: int64 tensor of shape (B,), each number 0 or more; None for no padding.
        base: the base of RoPE with which the model was created, above 1.

    Returns:
        A new tensor of shape (B, T, V) in the dtype of the parameters. No gradients are recorded:
        it does not require gradients, nor do keys and values in the cache. ``ids``, ``padding``
        and the model's parameters and modes are not changed.

    Raises:
        ValueError: the cache has no room for T more tokens. Nothing has changed then.

    >>> model = Llama(vocabulary=11, width=8, layers=2, heads=4, kv_heads=2, hidden=16)
    >>> cache = Cache(layers=2, batch=1, kv_heads=2, context=5, head_dim=2)
    >>> prompt = extend(model, torch.tensor([[1, 2, 3]]), cache)
    >>> step = extend(model, torch.tensor([[4]]), cache)
    >>> whole = model(torch.tensor([[1, 2, 3, 4]]))
    >>> torch.allclose(torch.cat([prompt, step], dim=1), whole, atol=1e-5), len(cache)
    (True, 4)

    Not to be used: the model as a whole, or a library's Llama. Source: Pope et al., 2022, section
    2.1; Touvron et al., LLaMA, 2023.
    """
    start, tokens, head = len(cache), ids.shape[1], cache.keys.shape[-1]
    query = torch.arange(start, start + tokens).unsqueeze(1)  # (T, 1)
    key = torch.arange(start + tokens)
    mask = key <= query  # (T, S + T)
    if padding is not None:
        # Padding attends to itself: softmax over no key at all is NaN, and a NaN in the values
        # reaches every token, since 0 times NaN is NaN.
        mask = mask & (key >= padding.view(-1, 1, 1, 1)) | (key == query)  # (B, 1, T, S + T)
    with torch.no_grad():
        x = model.tokens(ids)  # (B, T, C)
        for layer, block in enumerate(model.blocks):
            attention, normal = block.attention, block.norm1(x)
            q, k, v = (
                part(normal).unflatten(2, (-1, head)).transpose(1, 2)
                for part in (attention.query, attention.key, attention.value)
            )  # (B, H, T, D), and twice (B, K, T, D)
            q, k = (rope(part, start, base) for part in (q, k))
            k, v = cache.append(layer, k, v)  # (B, K, S + T, D)
            # Stored once for each key-value head, repeated for its query heads only here.
            k, v = (part.repeat_interleave(q.shape[1] // k.shape[1], dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, mask)  # (B, H, T, D)
            x = x + attention.out(read.transpose(1, 2).flatten(2))  # (B, T, C)
            x = x + block.feed_forward(block.norm2(x))
        return model.norm(x) @ model.tokens.weight.T  # (B, T, V)


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
    """Continue each sequence of a batch by up to ``count`` tokens, with a KV cache.

    What is drawn and when generation ends is as in ``generate`` of sampling/generate, with a
    context that is never reached: ``t``, ``k``, ``end`` and ``seed`` mean the same, and with
    t = 0 the tokens are those of ``generate``. The first step computes the whole prompts in one
    pass (prefill), each later step the newest token of each sequence alone: n steps are n passes,
    of T, 1, 1, ... tokens. Every block's ``feed_forward`` is called once in each pass, as in
    ``extend``. 20 tokens after prompts of 200 take a third of ``generate``'s time at most.

    The cache is filled by these passes. The tokens of the last step are never computed, so
    afterwards each layer holds T + n - 1 tokens, and with ``count`` = 0 none.

    T + count - 1 places are enough. In a cache with fewer, generation goes on until a pass does
    not fit; this pass raises the ValueError of ``Cache.append``. If all sequences have ended
    before that, nothing is raised.

    With ``padding``, each sequence is continued as it would be alone, without padding.

    Which generator you use, and how you draw, is your decision, as in sampling/generate: no
    particular draws are expected, but equal arguments give equal results, and different seeds
    draw independently. The global generators of ``random``, NumPy and PyTorch are not used.

    Args:
        model: a Llama as in ``extend``. Its parameters and modes are not changed: a model in
            evaluation mode is so afterwards, one in training mode too. No gradients are recorded.
        ids: the prompts, an int64 tensor of shape (B, T); B and T are at least 1.
        count: the largest number of steps, 0 or more.
        cache: a ``Cache`` as in ``extend`` that is empty: a new one, or one after ``clear()``.
        padding: int64 tensor of shape (B,), the number of columns at the left of each prompt that
            are padding, from 0 to T - 1; None for no padding.
        base: the base of RoPE with which the model was created, above 1.
        t: the temperature, 0 or from 1e-3 to 1e3.
        k: how many tokens are kept, at least 1; all of them if k is None, or V or more.
        end: the id of the token that ends a sequence; with None no sequence ends.
        seed: an int from 0 to 2^32 - 1.

    Returns:
        An int64 tensor of shape (B, T + n), where n is the number of steps: the prompts with
        their padding, each with its new tokens behind it. ``ids`` is not changed.

    Raises:
        ValueError: a pass does not fit into the cache. Its contents are not specified then.

    >>> model = Llama(vocabulary=11, width=8, layers=2, heads=4, kv_heads=2, hidden=16)
    >>> cache = Cache(layers=2, batch=2, kv_heads=2, context=6, head_dim=2)
    >>> prompts = torch.tensor([[1, 2, 3], [0, 0, 5]])
    >>> new = cached_generate(model, prompts, 4, cache, padding=torch.tensor([0, 2]), t=0)
    >>> torch.equal(new[:1], generate(model, prompts[:1], 4, context=7, t=0)), len(cache)
    (True, 6)

    Not to be used: ``torch.manual_seed``, and a library's generation. Source: Pope et al.,
    Efficiently Scaling Transformer Inference, 2022, section 2.1.
    """

    class Cached(nn.Module):
        """The model, called with whole sequences: it computes what the cache lacks."""

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            """Return the logits of the tokens that are new; generate reads those of the last."""
            return extend(model, ids[:, len(cache) :], cache, padding, base=base)

    # The context is the whole text, which generate therefore never cuts.
    context = ids.shape[1] + count
    return generate(Cached(), ids, count, context, t=t, k=k, end=end, seed=seed)

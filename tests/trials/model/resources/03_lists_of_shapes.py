# right: lists of shapes and products, summed with math.prod
from collections import OrderedDict
from math import prod


def parameters(vocabulary: int, context: int, width: int, layers: int) -> int:
    """Return the number of parameters of a GPT."""
    C = width
    norm = [(C,), (C,)]
    linear = lambda m, n: [(m, n), (n,)]  # noqa: E731
    block = norm * 2 + linear(C, C) * 4 + linear(C, 4 * C) + linear(4 * C, C)
    once = [(vocabulary, C), (context, C), *norm]
    return sum(map(prod, once)) + layers * sum(map(prod, block))


def flops(
    vocabulary: int, width: int, layers: int, batch: int, tokens: int, training: bool = False
) -> int:
    """Return the number of floating-point operations of a GPT for ids of shape (B, T)."""
    T, C = tokens, width
    products = [
        (4, T, C, C),  # query, key, value, out
        (1, T, C, T),  # scores
        (1, T, T, C),  # weighted sums
        (1, T, C, 4 * C),  # up
        (1, T, 4 * C, C),  # down
    ]
    once = 2 * T * C * vocabulary
    total = batch * (sum(2 * prod(p) for p in products) * layers + once)
    if training:
        total += 2 * total
    return total


def memory(
    vocabulary: int,
    context: int,
    width: int,
    layers: int,
    heads: int,
    batch: int,
    tokens: int,
    size: int = 4,
) -> dict[str, int]:
    """Return the bytes of memory that one training step of a GPT with AdamW needs."""
    stream = (batch, tokens, width)
    block = [stream] * 8 + [(batch, heads, tokens, tokens)] + [(batch, tokens, 4 * width)] * 2
    after = [stream, stream, (batch, tokens, vocabulary)]
    activations = layers * sum(prod(s) for s in block) + sum(prod(s) for s in after)
    n = parameters(vocabulary, context, width, layers)
    counts = OrderedDict(parameters=n, gradients=n, optimizer=n + n, activations=activations)
    for key in counts:
        counts[key] *= size
    return counts

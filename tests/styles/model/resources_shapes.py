"""Resources as sums over lists of shapes."""

from math import prod


def _block(C):
    square = [(C, C), (C,)]
    return [(C,)] * 4 + square * 4 + [(4 * C, C), (4 * C,), (C, 4 * C), (C,)]


def parameters(vocabulary, context, width, layers):
    """Every parameter's shape, multiplied out."""
    outside = [(vocabulary, width), (context, width), (width,), (width,)]
    return sum(prod(shape) for shape in outside + _block(width) * layers)


def flops(vocabulary, width, layers, batch, tokens, training=False):
    """Every product's sizes, multiplied out."""
    T, C = tokens, width
    products = [(T, C, C), (T, C, C), (T, C, C), (T, C, T), (T, T, C), (T, C, C)]
    products += [(T, C, 4 * C), (T, 4 * C, C)]
    total = layers * sum(2 * prod(sizes) for sizes in products)
    total += 2 * prod((T, C, vocabulary))
    return batch * total * (1 + 2 * int(training))


def memory(vocabulary, context, width, layers, heads, batch, tokens, size=4):
    """Every activation's shape, multiplied out."""
    B, T, C = batch, tokens, width
    stream = (B, T, C)
    block = [stream] * 8 + [(B, heads, T, T), (B, T, 4 * C), (B, T, 4 * C)]
    kept = block * layers + [stream, stream, (B, T, vocabulary)]
    weights = parameters(vocabulary, context, width, layers) * size
    return {
        "activations": sum(map(prod, kept)) * size,
        "optimizer": weights + weights,
        "gradients": weights,
        "parameters": weights,
    }

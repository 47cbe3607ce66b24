# wrong: the rule of thumb: two operations per parameter and token, six in training | violates: "Only matrix products count; biases, norms, softmax, GELU and looking up embeddings do not."
"""Resources of a GPT, counted from its sizes alone."""


def parameters(vocabulary: int, context: int, width: int, layers: int) -> int:
    """Return the number of parameters of a GPT."""
    embeddings = vocabulary * width + context * width
    norm = 2 * width
    attention = 4 * (width * width + width)
    feed_forward = (width * 4 * width + 4 * width) + (4 * width * width + width)
    block = 2 * norm + attention + feed_forward
    return embeddings + layers * block + norm


def flops(
    vocabulary: int, width: int, layers: int, batch: int, tokens: int, training: bool = False
) -> int:
    """Return the number of floating-point operations of a GPT for ids of shape (B, T)."""
    forward = 2 * parameters(vocabulary, tokens, width, layers) * batch * tokens
    return 3 * forward if training else forward


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
    count = parameters(vocabulary, context, width, layers)
    btc = batch * tokens * width
    norms = 4 * btc
    qkv = 3 * btc
    weights = batch * heads * tokens * tokens
    heads_output = btc
    feed_forward = 2 * 4 * btc
    block = norms + qkv + weights + heads_output + feed_forward
    activations = layers * block + 2 * btc + batch * tokens * vocabulary
    return {
        "parameters": count * size,
        "gradients": count * size,
        "optimizer": 2 * count * size,
        "activations": activations * size,
    }

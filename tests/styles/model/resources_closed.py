"""Resources in closed form."""


def parameters(vocabulary, context, width, layers):
    """12 C^2 + 13 C in each block."""
    return width * (vocabulary + context + layers * (12 * width + 13) + 2)


def flops(vocabulary, width, layers, batch, tokens, training=False):
    """24 T C^2 + 4 T^2 C in each block."""
    once = 2 * batch * tokens * width * (layers * (12 * width + 2 * tokens) + vocabulary)
    return once * (3 if training else 1)


def memory(vocabulary, context, width, layers, heads, batch, tokens, size=4):
    """16 C + H T numbers for each token and block."""
    held = size * parameters(vocabulary, context, width, layers)
    each = layers * (16 * width + heads * tokens) + 2 * width + vocabulary
    return dict(
        zip(
            ("parameters", "gradients", "optimizer", "activations"),
            (held, held, 2 * held, size * batch * tokens * each),
            strict=True,
        )
    )

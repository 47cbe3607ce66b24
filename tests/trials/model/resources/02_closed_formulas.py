# right: closed formulas with short names
def parameters(vocabulary, context, width, layers):
    """Return the number of parameters of a GPT."""
    V, S, C, L = vocabulary, context, width, layers
    return (V + S) * C + L * (12 * C**2 + 13 * C) + 2 * C


def flops(vocabulary, width, layers, batch, tokens, training=False):
    """Return the number of floating-point operations of a GPT for ids of shape (B, T)."""
    V, C, L, B, T = vocabulary, width, layers, batch, tokens
    return (1 + 2 * bool(training)) * 2 * B * T * C * (L * (12 * C + 2 * T) + V)


def memory(vocabulary, context, width, layers, heads, batch, tokens, size=4):
    """Return the bytes of memory that one training step of a GPT with AdamW needs."""
    V, C, L, H, B, T = vocabulary, width, layers, heads, batch, tokens
    n = size * parameters(V, context, C, L)
    a = size * B * T * (L * (16 * C + H * T) + 2 * C + V)
    return dict(parameters=n, gradients=n, optimizer=2 * n, activations=a)

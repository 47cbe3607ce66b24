"""Resources head by head and token by token."""


def parameters(vocabulary: int, context: int, width: int, layers: int) -> int:
    """Linear layers by a rule of their own."""

    def linear(inputs, outputs):
        return inputs * outputs + outputs

    count = 0
    for _ in range(layers):
        count += 4 * linear(width, width)
        count += linear(width, width * 4) + linear(width * 4, width)
        count += 2 * (width + width)
    count += vocabulary * width
    count += context * width
    count += width + width
    return count


def flops(vocabulary, width, layers, batch, tokens, training=False):
    """Two for each weight and token, then what pairs of tokens take."""
    weights = layers * 12 * width**2 + vocabulary * width
    pairs = layers * tokens**2 * width
    forward = batch * (2 * weights * tokens + 4 * pairs)
    if training:
        return forward + 2 * forward
    return forward


def memory(vocabulary, context, width, layers, heads, batch, tokens, size=4):
    """One sequence, then all."""
    held = parameters(vocabulary, context, width, layers)
    numbers = 0
    for _ in range(layers):
        numbers += tokens * width * 16
        for _ in range(heads):
            numbers += tokens * tokens
    numbers += tokens * width * 2 + tokens * vocabulary
    kinds = {"parameters": held, "gradients": held, "optimizer": held * 2}
    kinds["activations"] = numbers * batch
    return {kind: count * size for kind, count in kinds.items()}

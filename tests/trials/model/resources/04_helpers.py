# right: small helper functions and a loop over the layers of one block
def _linear(m: int, n: int) -> int:
    return m * n + n


def _matmul(m: int, k: int, n: int) -> int:
    return 2 * m * k * n


def parameters(vocabulary: int, context: int, width: int, layers: int) -> int:
    """Return the number of parameters of a GPT."""
    layer_norm = width + width
    per_block = 0
    for m, n in [(width, width)] * 4 + [(width, 4 * width), (4 * width, width)]:
        per_block += _linear(m, n)
    per_block += 2 * layer_norm
    wte, wpe = vocabulary * width, context * width
    return wte + wpe + per_block * layers + layer_norm


def flops(
    vocabulary: int, width: int, layers: int, batch: int, tokens: int, training: bool = False
) -> int:
    """Return the number of floating-point operations of a GPT for ids of shape (B, T)."""
    rows = batch * tokens  # a linear layer sees all tokens of the batch at once
    block = 4 * _matmul(rows, width, width)
    block += batch * _matmul(tokens, width, tokens)
    block += batch * _matmul(tokens, tokens, width)
    block += _matmul(rows, width, 4 * width)
    block += _matmul(rows, 4 * width, width)
    forward = layers * block + _matmul(rows, width, vocabulary)
    backward = 2 * forward
    return forward + backward if training else forward


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
    n = parameters(vocabulary, context, width, layers)
    activations = 0
    per_token = {"norms": 4, "qkv": 3, "heads": 1, "up": 4, "gelu": 4}
    activations += layers * sum(per_token.values()) * batch * tokens * width
    activations += layers * batch * heads * tokens**2
    activations += 2 * batch * tokens * width
    activations += batch * tokens * vocabulary
    result: dict[str, int] = {}
    result["parameters"] = n * size
    result["gradients"] = n * size
    result["optimizer"] = 2 * n * size
    result["activations"] = activations * size
    return result

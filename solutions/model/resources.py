"""Resources: what a GPT costs in parameters, arithmetic and memory, before it is built."""


def parameters(vocabulary: int, context: int, width: int, layers: int) -> int:
    """Count the parameters of a GPT from its sizes.

    Letters: V vocabulary, C width, L layers. These are the parameters of ``GPT`` of the exercise
    model/gpt, each counted once:

        token embedding (V, C) and position embedding (context, C);
        in each of the L blocks two norms, each with a weight and a bias of C; the linear layers
        query, key, value and out, C to C; up, C to 4C; down, 4C to C; each with a bias;
        a last norm.

    The output layer has none of its own: it reads the token embedding again. The number of heads
    changes nothing. No model is built, here or below, so no size is too large.

    Args:
        vocabulary: V, at least 1.
        context: how many positions the model knows, at least 1.
        width: C, at least 1.
        layers: L, at least 1.

    Returns:
        The number of parameters, an int.

    >>> parameters(vocabulary=50257, context=1024, width=768, layers=12)
    124439808

    Not to be used: PyTorch. Source: Radford et al., Language Models are Unsupervised Multitask
    Learners, 2019, section 2.3 and table 2.
    """
    norm = 2 * width
    attention = 4 * (width * width + width)
    # The bias of a linear layer counts its outputs: 4C for up, C for down.
    feed_forward = width * 4 * width + 4 * width + 4 * width * width + width
    block = 2 * norm + attention + feed_forward
    embeddings = (vocabulary + context) * width
    return embeddings + layers * block + norm


def flops(
    vocabulary: int, width: int, layers: int, batch: int, tokens: int, training: bool = False
) -> int:
    """Count the floating-point operations of one call of a GPT on ids of shape (B, T).

    A matrix (m, k) times a matrix (k, n) takes 2 m k n operations: a product and a sum for each of
    m k n triples. Only matrix products count; biases, norms, softmax, gelu and the look-up in the
    embeddings do not. For each sequence there are,

        in each of the L blocks: query, key, value and out, (T, C) by (C, C); in all heads together
        the scores, (T, C) by (C, T), and the means of the values, (T, T) by (T, C), both in full,
        for a mask saves nothing here; up, (T, C) by (C, 4C); down, (T, 4C) by (4C, C);
        the logits of all tokens, (T, C) by (C, V), once.

    A training step takes three times as much: for each product, the backward pass makes two of the
    same size, one for the gradient of either factor.

    Args:
        vocabulary: V, at least 1.
        width: C, at least 1.
        layers: L, at least 1.
        batch: B, how many sequences, at least 1.
        tokens: T, how many tokens each has, at least 1.
        training: whether the backward pass counts as well.

    Returns:
        The number of operations, an int and exact at any size.

    >>> flops(vocabulary=50257, width=768, layers=12, batch=1, tokens=1024)
    291648307200

    Not to be used: PyTorch. Source: Kaplan et al., Scaling Laws for Neural Language Models, 2020,
    section 2.1.
    """
    linear = 2 * tokens * width * width * (4 + 4 + 4)  # four C to C, up and down
    # The only term that grows with the square of the tokens.
    attention = 2 * (2 * tokens * tokens * width)
    logits = 2 * tokens * width * vocabulary
    forward = batch * (layers * (linear + attention) + logits)
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
    """Count the bytes that one training step of a GPT with AdamW holds.

    With N parameters, N numbers are held for the parameters, N for the gradients, and 2 N for the
    optimizer's two running means. Activations are what the backward pass reads again. For B
    sequences of T tokens and H heads these are, in numbers,

        in each of the L blocks: the input and the result of either norm, each B T C; queries,
        keys and values, each B T C; the attention weights after softmax, B H T T; the heads'
        results side by side, B T C; the results of up and of gelu, each 4 B T C;
        after the blocks: the input and the result of the last norm, each B T C; the logits, B T V.

    Args:
        vocabulary: V, at least 1.
        context: how many positions the model knows, at least T.
        width: C, at least 1.
        layers: L, at least 1.
        heads: H, a divisor of C.
        batch: B, at least 1.
        tokens: T, at least 1.
        size: bytes of each number of all four kinds: 4 for float32.

    Returns:
        The bytes of each kind, ints, in a dict with the keys ``"parameters"``, ``"gradients"``,
        ``"optimizer"`` and ``"activations"``.

    >>> memory(vocabulary=7, context=5, width=2, layers=1, heads=1, batch=1, tokens=1)
    {'parameters': 408, 'gradients': 408, 'optimizer': 816, 'activations': 176}

    Not to be used: PyTorch. Source: Korthikanti et al., Reducing Activation Recomputation in Large
    Transformer Models, 2022, section 4, without dropout.
    """
    weights = size * parameters(vocabulary, context, width, layers)
    places = batch * tokens
    # Norms 4, queries, keys and values 3, heads 1, feed-forward 8.
    block = places * (4 + 3 + 1 + 8) * width + places * heads * tokens
    top = places * (2 * width + vocabulary)
    return {
        "parameters": weights,
        "gradients": weights,
        "optimizer": 2 * weights,
        "activations": size * (layers * block + top),
    }

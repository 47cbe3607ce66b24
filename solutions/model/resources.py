"""Resources: the parameters, operations and memory of a GPT, counted from its sizes alone."""


def parameters(vocabulary: int, context: int, width: int, layers: int) -> int:
    """Return the number of parameters of a GPT.

    Notation: vocabulary size V, embedding dimension C, L layers. The parameters are those of
    ``GPT`` of the exercise model/gpt, each counted once:

        the token embedding (V, C) and the position embedding (context, C);
        in each of the L blocks: two LayerNorms, each with a weight and a bias of C numbers; the
        linear layers query, key, value and out, from C to C features; up, from C to 4C, and
        down, from 4C to C; every linear layer has a bias;
        the last LayerNorm.

    The output layer has no parameters of its own, because it uses the token embedding (weight
    tying). The number of heads does not matter. No model is created, here or below, not even one
    without memory (the meta device), so no size is too large.

    Args:
        vocabulary: the vocabulary size V, at least 1.
        context: the context length, at least 1.
        width: the embedding dimension C (``d_model``), at least 1.
        layers: the number of blocks L, at least 1.

    Returns:
        The number of parameters, an int, exact at any size.

    >>> parameters(vocabulary=50257, context=1024, width=768, layers=12)
    124439808

    Not to be used: PyTorch. Source: Radford et al., Language Models are Unsupervised Multitask
    Learners, 2019, section 2.3 and table 2.
    """
    norm = 2 * width
    attention = 4 * (width * width + width)
    # The bias of a linear layer has a number for each output: 4C for up, C for down.
    feed_forward = width * 4 * width + 4 * width + 4 * width * width + width
    block = 2 * norm + attention + feed_forward
    embeddings = (vocabulary + context) * width
    return embeddings + layers * block + norm


def flops(
    vocabulary: int, width: int, layers: int, batch: int, tokens: int, training: bool = False
) -> int:
    """Return the number of floating-point operations of a GPT for ids of shape (B, T).

    The product of an (m, k) and a (k, n) matrix takes 2 m k n operations: a multiplication and an
    addition for each of m k n terms. Only matrix products count; biases, norms, softmax, GELU and
    looking up embeddings do not. One forward pass computes, for each sequence of the batch,

        in each of the L blocks: query, key, value and out, (T, C) by (C, C) each; in all heads
        together the attention scores, (T, C) by (C, T), and the weighted sums of the values,
        (T, T) by (T, C), both in full, since the causal mask saves nothing here; up, (T, C) by
        (C, 4C); down, (T, 4C) by (4C, C);
        once, the logits of all tokens, (T, C) by (C, V).

    A training step takes three times as many: for each product, the backward pass computes two
    of the same size, one for the gradient of each factor.

    Args:
        vocabulary: the vocabulary size V, at least 1.
        width: the embedding dimension C (``d_model``), at least 1.
        layers: the number of blocks L, at least 1.
        batch: the batch size B, at least 1.
        tokens: the sequence length T, at least 1.
        training: whether the backward pass is counted as well.

    Returns:
        The number of operations, an int, exact at any size.

    >>> flops(vocabulary=50257, width=768, layers=12, batch=1, tokens=1024)
    291648307200

    Not to be used: PyTorch. Source: Kaplan et al., Scaling Laws for Neural Language Models, 2020,
    section 2.1.
    """
    linear = 2 * tokens * width * width * (4 + 4 + 4)  # four from C to C, up and down
    # The only term that grows with the square of the sequence length.
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
    """Return the bytes of memory that one training step of a GPT with AdamW needs.

    With N parameters, the parameters are N numbers, the gradients N, and the optimizer's two
    running averages 2 N. Activations are the tensors that the backward pass needs again. With
    batch size B, sequence length T and H heads they are, in numbers,

        in each of the L blocks: input and output of both norms, B T C each; queries, keys and
        values, B T C each; the attention weights after softmax, B H T T; the concatenated
        outputs of the heads, B T C; the outputs of up and of GELU, 4 B T C each;
        after the blocks: input and output of the last norm, B T C each; the logits, B T V.

    Args:
        vocabulary: the vocabulary size V, at least 1.
        context: the context length, at least T.
        width: the embedding dimension C (``d_model``), at least 1.
        layers: the number of blocks L, at least 1.
        heads: the number of heads H; divides C.
        batch: the batch size B, at least 1.
        tokens: the sequence length T, at least 1.
        size: the bytes of one number, the same for all four kinds: 4 for float32.

    Returns:
        A new dict with the keys ``"parameters"``, ``"gradients"``, ``"optimizer"`` and
        ``"activations"``; the values are bytes, ints and exact at any size.

    >>> memory(vocabulary=7, context=5, width=2, layers=1, heads=1, batch=1, tokens=1)
    {'parameters': 408, 'gradients': 408, 'optimizer': 816, 'activations': 176}

    Not to be used: PyTorch. Source: Korthikanti et al., Reducing Activation Recomputation in Large
    Transformer Models, 2022, section 4, without dropout.
    """
    weights = size * parameters(vocabulary, context, width, layers)
    positions = batch * tokens
    # Norms 4; queries, keys and values 3; concatenated heads 1; feed-forward network 8.
    block = positions * (4 + 3 + 1 + 8) * width + positions * heads * tokens
    top = positions * (2 * width + vocabulary)
    return {
        "parameters": weights,
        "gradients": weights,
        "optimizer": 2 * weights,
        "activations": size * (layers * block + top),
    }

"""The checks of the three counts: parameters, flops and memory."""

from math import prod

from grader.checks import equal, holds, value

KINDS = ["parameters", "gradients", "optimizer", "activations"]


def test_every_count_is_an_int(parameters, flops, memory):
    """The counts are ints, and memory returns a dict of four ints."""
    counts = {
        "parameters(2, 3, 5, 7)": parameters(2, 3, 5, 7),
        "flops(2, 3, 5, 7, 11)": flops(2, 3, 5, 7, 11),
    }
    parts = _parts(memory(2, 7, 6, 5, 3, 2, 7))
    counts |= {
        f"memory(2, 7, 6, 5, 3, 2, 7)[{kind!r}]": part
        for kind, part in zip(KINDS, parts, strict=True)
    }
    for call, got in counts.items():
        holds(type(got) is int, f"{call} must be an int", want="int", got=got)


def test_parameters_of_the_smallest_model_counted_by_hand(parameters):
    """With V = 2, a context length of 3, C = 1 and one layer there are 32 parameters."""
    say = "embeddings 2 + 3; norms 4; four linear layers of 1 + 1; up 4 + 4 and down 4 + 1; norm 2"
    equal(parameters(2, 3, 1, 1), 32, say=say)


def test_the_four_sizes_of_gpt2_have_their_known_counts(parameters):
    """The four sizes of GPT-2 have 124, 355, 774 and 1,558 million parameters, counted exactly."""
    known = {
        (768, 12): 124_439_808,
        (1024, 24): 354_823_168,
        (1280, 36): 774_030_080,
        (1600, 48): 1_557_611_200,
    }
    for (width, layers), count in known.items():
        equal(parameters(50257, 1024, width, layers), count, say=f"width {width}, {layers} layers")


def test_the_count_is_that_of_the_model_itself(parameters, beside, rng):
    """The count equals that of a GPT which is created with these sizes, for any number of heads."""
    for heads in (1, 2, 3):
        vocabulary, context, layers = (rng.randint(1, 13) for _ in range(3))
        width = 6 * rng.randint(1, 3)
        model = beside("exercises.model.gpt.GPT")(vocabulary, context, width, layers, heads)
        count = sum(part.numel() for part in value(model.parameters()))
        say = f"vocabulary {vocabulary}, context {context}, width {width}, {layers} layers"
        equal(parameters(vocabulary, context, width, layers), count, say=say)


def test_operations_of_one_token_counted_by_hand(flops):
    """With all sizes 1, a block takes 28 operations and the logits take 2."""
    say = "12 products of 1 by 1 in linear layers, scores, weighted sum, logits: 2 operations each"
    equal(flops(1, 1, 1, 1, 1), 30, say=say)


def test_operations_are_those_of_every_matrix_product(flops, rng):
    """The count is the sum of 2 m k n over all products of an (m, k) and a (k, n) matrix."""
    for _ in range(5):
        V, C, L, B, T = (rng.randint(2, 40) for _ in range(5))
        say = f"V {V}, C {C}, {L} layers, B {B}, T {T}"
        equal(flops(V, C, L, B, T), B * _by_product(V, C, L, T), say=say)


def test_a_training_step_takes_three_times_the_operations(flops, rng):
    """With training=True the count is three times that of the forward pass."""
    sizes = [rng.randint(2, 40) for _ in range(5)]
    once = _by_product(*sizes[:3], sizes[4]) * sizes[3]
    equal(flops(*sizes, training=True), 3 * once, say="training=True: one forward, two backward")
    equal(flops(*sizes, training=False), once, say="training=False: the forward pass alone")


def test_a_huge_count_is_exact(flops, parameters, memory):
    """All counts are exact for sizes beyond GPT-3's, where a float would round."""
    V, C, L, B, T = 50257, 12289, 97, 2049, 2051
    want = 3 * B * _by_product(V, C, L, T)
    equal(flops(V, C, L, B, T, training=True), want, say="flops")
    # Counts above 2 ** 53 that no float64 equals.
    B, T, C = 2049, 1_000_003, 100_000_007
    weights = V * C + T * C + L * (12 * C * C + 13 * C) + 2 * C
    equal(parameters(V, T, C, L), weights, say="parameters")
    got = _parts(memory(V, T, C, L, 1, B, T, size=1))
    kept = sum(prod(shape) for shape in _kept(V, C, L, 1, B, T))
    equal(got, [weights, weights, 2 * weights, kept], say="memory, with one byte per number")


def test_parameters_gradients_and_running_averages_are_counted(memory, rng):
    """Parameters and gradients take 4 bytes per parameter each, the optimizer takes 8."""
    V, context, C, L = (rng.randint(2, 40) for _ in range(4))
    count = V * C + context * C + L * (12 * C * C + 13 * C) + 2 * C
    got = memory(V, context, C, L, 1, 3, 2)
    parts = _parts(got)
    for kind, part, times in zip(KINDS[:3], parts[:3], (4, 4, 8), strict=True):
        equal(part, times * count, say=f"{kind} of a model with {count} parameters")


def test_activations_are_what_the_backward_pass_needs(memory, rng):
    """The activations take 4 bytes for each number of every tensor that the contract lists."""
    for H in (1, 2, 5):
        V, L, B, T = (rng.randint(2, 20) for _ in range(4))
        C = 10 * rng.randint(1, 3)
        got = _parts(memory(V, T + 3, C, L, H, B, T))[3]
        say = f"V {V}, C {C}, {L} layers, {H} heads, B {B}, T {T}"
        equal(got, 4 * sum(prod(shape) for shape in _kept(V, C, L, H, B, T)), say=say)


def test_the_size_of_a_number_scales_every_kind(memory):
    """With size=2 each of the four kinds takes half of what it takes with 4, the default."""
    sizes = (7, 5, 6, 2, 3, 2, 5)
    four = _parts(memory(*sizes, size=4))
    equal(_parts(memory(*sizes, size=2)), [part // 2 for part in four], say="size=2")
    equal(_parts(memory(*sizes)), four, say="without size: the default is 4")


def test_every_call_returns_a_dict_of_its_own(memory, beside):
    """A second call does not change the dict that the first one returned."""
    calls = [(7, 5, 6, 2, 3, 2, 5), (11, 5, 6, 2, 3, 2, 5)]
    # Both dicts are read after both calls.
    kept = beside("collections.deque")(beside("itertools.starmap")(memory, calls))
    for i, call in enumerate(calls):
        equal(_parts(kept[i]), _parts(memory(*call)), say=f"the dict of call {i}, read after both")


def _parts(got):
    """Return the four numbers of memory's result, a dict with exactly these keys."""
    right = isinstance(got, dict) and set(got) == set(KINDS)
    holds(right, "memory() must return a dict with these four keys", want=str(KINDS), got=got)
    return [got[kind] for kind in KINDS]


def _by_product(V, C, L, T):
    """Return the operations for one sequence, product by product."""
    block = [(T, C, C)] * 4  # query, key, value, out
    block += [(T, C, T), (T, T, C)]  # scores, weighted sums of the values
    block += [(T, C, 4 * C), (T, 4 * C, C)]  # up, down
    return sum(2 * m * k * n for m, k, n in [*block * L, (T, C, V)])


def _kept(V, C, L, H, B, T):
    """Return the shapes of the activations."""
    block = [(B, T, C)] * 4  # inputs and outputs of two norms
    block += [(B, T, C)] * 3  # queries, keys, values
    block += [(B, H, T, T), (B, T, C)]  # attention weights, concatenated heads
    block += [(B, T, 4 * C)] * 2  # outputs of up and GELU
    return [*block * L, (B, T, C), (B, T, C), (B, T, V)]

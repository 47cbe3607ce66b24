"""The checks of QuantizedLinear."""

import torch

from grader.checks import close, equal, gradients, holds, load_shared, shaped, value

shared = load_shared(__file__)
SINGLE, DOUBLE = torch.float32, torch.float64
FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for layers in float64 too."""
SIZES = [(32, 3), (64, 5), (33, 2), (70, 7), (5, 3), (1, 1), (7, 7)]
"""Features in and out: rows that 32 divides and others, even and odd ones."""


def test_the_state_is_packed_bytes_scales_and_the_bias(QuantizedLinear, beside):
    """state_dict() has packed in uint8, scale in the dtype of W and, with a bias, bias.

    96 features in and 50 out take 50 * (48 + 3 * 4) bytes, and 200 for the bias.
    """
    for name, dtype in (("float32", SINGLE), ("float64", DOUBLE)):
        for inside, out in SIZES:
            for bias in (True, False):
                linear = beside("torch.nn.Linear")(inside, out, bias=bias, dtype=dtype)
                state = dict(value(QuantizedLinear(linear).state_dict()))
                say = f"{inside} features in, {out} out, {'a' if bias else 'no'} bias, {name}"
                want = ["bias", "packed", "scale"] if bias else ["packed", "scale"]
                equal(sorted(state), want, say=f"the names in state_dict(): {say}")
                shape = (out, (inside + 1) // 2)
                shaped(state["packed"], shape, torch.uint8, say=f"packed: {say}")
                shaped(state["scale"], (out, (inside + 31) // 32), dtype, say=f"scale: {say}")
    state = value(QuantizedLinear(beside("torch.nn.Linear")(96, 50)).state_dict())
    sizes = {name: part.numel() * part.element_size() for name, part in dict(state).items()}
    equal(sizes, {"bias": 200, "packed": 2400, "scale": 600}, say="bytes; W took 19,200")


def test_the_bytes_are_those_of_the_rows_in_four_bits(QuantizedLinear, beside, randint):
    """packed and scale hold W as group_int4 quantizes and packs it, along its rows."""
    for inside, out in SIZES:
        weight, q, scale = _draw(randint, out, inside)
        state = dict(value(QuantizedLinear(_linear(beside, weight)).state_dict()))
        say = f"{inside} features in, {out} out"
        equal(state["packed"], _pack(q), say=f"packed: {say}")
        close(state["scale"], scale, say=f"scale: {say}", **FLOAT32)


def test_an_output_worked_by_hand(QuantizedLinear, beside):
    """W = [3.5, -1.2, 0, 0.8] is restored as [3.5, -1, 0, 1]; with b = 2, ones give 5.5."""
    weight = torch.tensor([[3.5, -1.2, 0.0, 0.8]])
    layer = QuantizedLinear(_linear(beside, weight, torch.tensor([2.0])))
    x = torch.tensor([[1.0, 1.0, 1.0, 1.0], [2.0, 0.0, 5.0, -1.0]])
    close(layer(x), torch.tensor([[5.5], [8.0]]), say="x times [3.5, -1, 0, 1], plus 2")


def test_the_output_follows_the_rule_for_any_sizes(QuantizedLinear, beside, randint, randn):
    """The output is x W'^T + b with the dequantized weight W', with a bias or without one."""
    for inside, out in SIZES:
        for leading in [(), (2,), (2, 3)]:
            for dtype in (SINGLE, DOUBLE):
                weight, q, scale = _draw(randint, out, inside)
                b = randn(out, dtype=DOUBLE) if len(leading) < 2 else None
                layer = QuantizedLinear(_linear(beside, weight.to(dtype), b))
                x = randn(*leading, inside).to(dtype)
                want = x.double() @ _dequantize(q, scale).T + (0 if b is None else b)
                say = f"x of shape {(*leading, inside)}, {out} out, bias {b is not None}, {dtype}"
                # Sums of numbers up to some tens, in float32.
                close(layer(x), want.to(dtype), atol=2e-4, rtol=1e-4, say=say)


def test_the_output_is_within_the_bound_of_the_error(QuantizedLinear, beside, randn):
    """No output is farther from that of the linear layer than the sum of |x_j| s_j / 2."""
    for inside, out in [(70, 31), (256, 5), (31, 11)]:
        weight, b, x = randn(out, inside, dtype=DOUBLE), randn(out, dtype=DOUBLE), randn(13, inside)
        x = x.double()
        got = QuantizedLinear(_linear(beside, weight, b))(x)
        group = torch.arange(inside) // 32
        blocks = [weight[:, group == i].abs().amax(dim=1) / 7 for i in range(int(group[-1]) + 1)]
        bound = x.abs() @ torch.stack(blocks, dim=1)[:, group].T / 2
        off = (got - (x @ weight.T + b)).abs()
        say = f"no output is off by more than its bound, {inside} features in"
        holds(bool((off <= bound * 1.0001 + 1e-4).all()), say, want=bound, got=off)
        say = f"four bits change the output, {inside} features in"
        holds(bool((off > 0.001).any()), say, want="another output", got=off)


def test_the_weight_is_in_buffers_and_not_in_parameters(QuantizedLinear, beside):
    """The bias is the only parameter, and packed and scale are buffers without a gradient."""
    for bias in (True, False):
        for trained in (True, False):
            linear = _linear(beside, torch.ones(3, 40), torch.ones(3) if bias else None)
            layer = QuantizedLinear(linear.requires_grad_(trained))
            names = [name for name, _ in value(layer.named_parameters())]
            equal(names, ["bias"] if bias else [], say="the names of the parameters")
            buffers = {name: part.requires_grad for name, part in layer.named_buffers()}
            say = "the buffers, and whether they require a gradient"
            equal(dict(sorted(buffers.items())), {"packed": False, "scale": False}, say=say)
            equal([name for name, _ in layer.named_children()], [], say="layers kept inside")


def test_the_bias_is_that_of_the_linear_layer(QuantizedLinear, beside, randint, randn):
    """bias is the given layer's own parameter, and None if it has none."""
    weight, q, scale = _draw(randint, 3, 40)
    linear = _linear(beside, weight, randn(3, dtype=DOUBLE))
    layer = QuantizedLinear(linear)
    biases = beside("builtins.map")(beside("operator.attrgetter")("bias"), [layer, linear])
    same = beside("itertools.starmap")(beside("operator.is_"), [biases])
    say = "whether layer.bias is the given layer's bias itself"
    equal(value(beside("builtins.list")(same)), [True], say=say)
    b = randn(3, dtype=DOUBLE) * 10
    linear.bias.data = b
    x = randn(5, 40, dtype=DOUBLE)
    say = "the bias was changed after the layer was created; a copy does not follow"
    close(layer(x), x @ _dequantize(q, scale).T + b, atol=2e-4, rtol=1e-4, say=say)
    equal(value(QuantizedLinear(_linear(beside, weight)).bias), None, say="no bias")


def test_the_linear_layer_is_neither_changed_nor_needed(QuantizedLinear, beside, randint, randn):
    """The given layer's weight stays as it was, and changing it later changes no output."""
    weight, q, scale = _draw(randint, 5, 33)
    linear = _linear(beside, weight)
    layer = QuantizedLinear(linear)
    x = randn(7, 33, dtype=DOUBLE)
    first = layer(x)
    equal(value(linear.weight), weight, say="the weight of the given layer")
    holds(bool(linear.weight.requires_grad), "the given layer's weight still requires a gradient")
    linear.weight.data = torch.zeros_like(weight)
    close(layer(x), first, say="after the given layer's weight was set to 0")
    close(first, x @ _dequantize(q, scale).T, atol=2e-4, rtol=1e-4)


def test_loaded_and_converted_buffers_are_used(QuantizedLinear, beside, randint, randn):
    """After load_state_dict, double() or eval(), the output is that of the buffers there are."""
    for inside, out in [(40, 3), (33, 5)]:
        layer = QuantizedLinear(_linear(beside, randn(out, inside), randn(out)))
        x = randn(7, inside)
        layer(x)
        for mode in (True, False, False):
            _, q, scale = _draw(randint, out, inside)
            b = randn(out)
            layer.load_state_dict({"packed": _pack(q), "scale": scale.float(), "bias": b})
            want = x.double() @ _dequantize(q, scale).T + b
            layer.train(mode)
            say = f"after load_state_dict and train({mode})"
            close(layer(x), want.float(), atol=2e-4, rtol=1e-4, say=say)
        close(layer.double()(x.double()), want, atol=2e-4, rtol=1e-4, say="after double()")


def test_the_gradient_flows_to_x_and_to_the_bias(QuantizedLinear, beside, randint, randn):
    """The gradient of x is that of x W'^T, and the bias gets one if it requires it."""
    for inside, out in [(40, 3), (7, 7)]:
        weight, q, scale = _draw(randint, out, inside)
        linear = _linear(beside, weight, randn(out, dtype=DOUBLE))
        layer = QuantizedLinear(linear)
        x, upstream = randn(5, inside, dtype=DOUBLE), randn(5, out, dtype=DOUBLE)
        (got,) = gradients(layer, x, upstream=upstream)
        want = upstream @ _dequantize(q, scale)
        close(got, want, atol=2e-4, rtol=1e-4, say="the gradient of x, through W'")
        close(
            value(layer.bias.grad), upstream.sum(dim=0), say="the gradient of the bias", **FLOAT32
        )
        equal(value(linear.weight.grad), None, say="the gradient of the given layer's weight")


def test_x_is_read_in_any_layout_and_stays_as_it_was(QuantizedLinear, beside, randint, randn):
    """A transposed or expanded x gives what its copy gives, and x is not changed."""
    weight, q, scale = _draw(randint, 5, 40)
    layer = QuantizedLinear(_linear(beside, weight))
    x = randn(40, 3, 2, dtype=DOUBLE).permute(2, 1, 0)
    for view in (x, x[:, ::2], x[:1].expand(4, 3, 40)):
        before = view.clone()
        want = before @ _dequantize(q, scale).T
        close(layer(view), want, atol=2e-4, rtol=1e-4, say="a view of x")
        equal(view, before, say="the call changed its input x; return a new tensor")


def test_no_float_weight_is_kept(QuantizedLinear, beside, room):
    """A hundred layers of 192 x 384, 29 MB in float32, take less than 16 MB more, in use too."""
    every, repeat = beside("builtins.map"), beside("itertools.repeat")
    x, linear = torch.ones(1, 192), _linear(beside, torch.ones(384, 192)).requires_grad_(False)
    QuantizedLinear(linear)(x)
    room(16)
    # Nothing here holds the copies. Packed, a hundred take 5 MB; what one call needs for a moment
    # is at most some 3 MB.
    linears = every(beside("copy.deepcopy"), repeat(linear, 100))
    layers = beside("builtins.list")(every(QuantizedLinear, linears))
    outputs = every(beside("operator.call"), layers, repeat(x))
    shapes = beside("builtins.list")(every(beside("operator.attrgetter")("shape"), outputs))
    say = "the shapes of the outputs of a hundred layers"
    equal([tuple(shape) for shape in value(shapes)], [(1, 384)] * 100, say=say)


def _linear(beside, weight, bias=None):
    """Return a linear layer with this weight and bias, which lives beside the learner's code."""
    out, inside = weight.shape
    layer = beside("torch.nn.Linear")(inside, out, bias=bias is not None, dtype=weight.dtype)
    layer.weight.data = weight.clone()
    if bias is not None:
        layer.bias.data = bias.to(weight.dtype).clone()
    return layer


def _draw(randint, out, inside):
    """Return a weight away from ties, its integers and the scales of its groups, in float64."""
    weights, integers, scales = [], [], []
    for start in range(0, inside, 32):
        x, q = shared.draw_off_ties(randint, out, min(32, inside - start), 7)
        size = randint(1, 33, out, 1).double() / 64
        weights.append(x * size)
        integers.append(q)
        scales.append(size)
    return torch.cat(weights, dim=1), torch.cat(integers, dim=1), torch.cat(scales, dim=1)


def _dequantize(q, scale):
    """Return each integer times the scale of its group."""
    return q * scale[:, torch.arange(q.shape[1]) // 32]


def _pack(q):
    """Return the bytes of q, row after row and byte after byte."""
    rows = []
    for row in q.tolist():
        codes = [number + 8 for number in row] + [8] * (len(row) % 2)
        rows.append([codes[i] + 16 * codes[i + 1] for i in range(0, len(codes), 2)])
    return torch.tensor(rows, dtype=torch.uint8)

"""The checks of load_gpt2."""

import pytest
import torch
from torch.nn import functional

from grader.checks import close, equal, holds, shaped, value

NORMS = {"ln_f": "norm", "h.0.ln_1": "blocks.0.norm1", "h.1.ln_2": "blocks.1.norm2"}
LINEAR = {
    "attn.c_proj": "attention.out",
    "mlp.c_fc": "feed_forward.up",
    "mlp.c_proj": "feed_forward.down",
}


def test_the_result_is_a_gpt_of_the_tensors_sizes(load_gpt2, beside, randn):
    """The result is a GPT, and V, context, C and the number of blocks are those of the tensors."""
    model = load_gpt2(_tensors(randn, 7, 5, 6, 2), 3)
    gpt = beside("exercises.model.gpt.GPT")
    holds(
        beside("builtins.isinstance")(model, gpt),
        "load_gpt2() must return a GPT",
        want="GPT",
        got=model,
    )
    sizes = [{n: p.shape for n, p in _parts(m).items()} for m in (model, gpt(7, 5, 6, 2, 3))]
    equal(*sizes, say="the shapes of the parameters, for V 7, context 5, C 6 and two blocks")


def test_embeddings_and_norms_are_copied_as_they_are(load_gpt2, beside, randn):
    """Both embeddings, and the weight and bias of every norm, are equal to the tensors."""
    tensors = _tensors(randn, 7, 5, 6, 2)
    got = _loaded(load_gpt2, beside, tensors, 3)
    equal(got["tokens.weight"], tensors["wte.weight"], say="tokens.weight")
    equal(got["positions.weight"], tensors["wpe.weight"], say="positions.weight")
    for theirs, ours in NORMS.items():
        for kind in ("weight", "bias"):
            equal(got[f"{ours}.{kind}"], tensors[f"{theirs}.{kind}"], say=f"{ours}.{kind}")


def test_weights_are_transposed_even_where_they_are_square(load_gpt2, beside, randn):
    """The weights of out, up and down are transposed, and their biases are equal."""
    tensors = _tensors(randn, 7, 5, 6, 2)
    got = _loaded(load_gpt2, beside, tensors, 3)
    for n in range(2):
        for theirs, ours in LINEAR.items():
            weight, bias = (tensors[f"h.{n}.{theirs}.{kind}"] for kind in ("weight", "bias"))
            equal(
                got[f"blocks.{n}.{ours}.weight"],
                weight.T,
                say=f"{ours}.weight of block {n}, from {theirs}.weight",
            )
            equal(got[f"blocks.{n}.{ours}.bias"], bias, say=f"{ours}.bias of block {n}")


def test_c_attn_holds_query_then_key_then_value(load_gpt2, beside, randn):
    """In c_attn the first C columns are the query's, the next C the key's, the last the value's."""
    tensors = _tensors(randn, 7, 5, 6, 2)
    got = _loaded(load_gpt2, beside, tensors, 3)
    for n in range(2):
        weight, bias = (tensors[f"h.{n}.attn.c_attn.{kind}"] for kind in ("weight", "bias"))
        for i, name in enumerate(("query", "key", "value")):
            columns, at = slice(6 * i, 6 * i + 6), f"blocks.{n}.attention.{name}"
            say = f"{name} in block {n}: columns {columns.start} to {columns.stop - 1} of c_attn"
            equal(got[f"{at}.weight"], weight[:, columns].T, say=f"the weight of {say}")
            equal(got[f"{at}.bias"], bias[columns], say=f"the bias of {say}")


def test_the_logits_are_those_of_gpt2(load_gpt2, beside, randn, randint):
    """The logits equal those of GPT-2's own formulas with the same tensors."""
    tensors = _tensors(randn, 11, 7, 12, 3)
    for heads, tokens in ((1, 7), (2, 5), (6, 3)):
        ids = randint(0, 11, 2, tokens)
        got = _model(load_gpt2, beside, tensors, heads)(ids)
        shaped(got, (2, tokens, 11), torch.float32)
        # Logits of a few tens, as sums of a few dozen products in float32.
        close(got, _logits(tensors, ids, heads), atol=1e-3, rtol=1e-3, say=f"{heads} heads")


def test_twelve_blocks_keep_their_numbers_in_any_order_of_names(load_gpt2, beside, randn, rng):
    """Block 10 stays block 10, although its name sorts before h.2, in any order of the names."""
    tensors = _tensors(randn, 3, 2, 2, 12)
    names = sorted(tensors)
    for order in (names, names[::-1], rng.sample(names, len(names))):
        got = _loaded(load_gpt2, beside, {name: tensors[name] for name in order}, 1)
        equal(sum("norm1.weight" in name for name in got), 12, say="the number of blocks")
        for n in range(12):
            name = f"blocks.{n}.norm2.bias"
            equal(got[name], tensors[f"h.{n}.ln_2.bias"], say=name)


def test_the_prefix_transformer_is_removed(load_gpt2, beside, randn):
    """Names with the prefix transformer. give the same model, also if only some have it."""
    tensors = _tensors(randn, 7, 5, 6, 2)
    plain = _loaded(load_gpt2, beside, tensors, 3)
    longer = {f"transformer.{name}": part for name, part in tensors.items()}
    equal(_loaded(load_gpt2, beside, longer, 3), plain, say="all names with the prefix")
    mixed = {f"transformer.{n}" if "h.1" in n else n: part for n, part in tensors.items()}
    equal(_loaded(load_gpt2, beside, mixed, 3), plain, say="block 1 with the prefix")


def test_names_outside_the_table_are_ignored(load_gpt2, beside, randn):
    """With causal masks, lm_head.weight and an unknown name the model is the same."""
    tensors = _tensors(randn, 7, 5, 6, 2)
    plain = _loaded(load_gpt2, beside, tensors, 3)
    for prefix in ("", "transformer."):
        more = {f"{prefix}{name}": part for name, part in tensors.items()}
        for n in range(2):
            more[f"{prefix}h.{n}.attn.bias"] = torch.ones(1, 1, 5, 5).tril()
            more[f"{prefix}h.{n}.attn.masked_bias"] = torch.tensor(-1e4)
        more |= {"lm_head.weight": tensors["wte.weight"] + 1, "score.weight": torch.ones(2, 6)}
        say = f"names outside the table, prefix {prefix!r}"
        equal(_loaded(load_gpt2, beside, more, 3), plain, say=say)


def test_a_missing_tensor_is_named_in_a_value_error(load_gpt2, randn):
    """If a name of the table is missing, the message of a ValueError contains it."""
    tensors = _tensors(randn, 3, 2, 2, 3)
    tensors = {f"transformer.{name}": part for name, part in tensors.items()}
    outside = [name for name in tensors if ".h." not in name]
    for name in [*outside, *(name for name in tensors if ".h.1." in name)]:
        rest = {other: part for other, part in tensors.items() if other != name}
        missing = name.removeprefix("transformer.")
        with pytest.raises(ValueError) as refused:
            load_gpt2(rest, 1)
        _check_message(refused, missing, f"{missing} is missing")


def test_the_number_of_blocks_is_one_more_than_the_largest(load_gpt2, randn):
    """A gap in the block numbers, or a block with a mask alone, is a block with missing names."""
    tensors = _tensors(randn, 3, 2, 2, 3)
    mask = torch.ones(1, 1, 2, 2).tril()
    without = {n: {name: t for name, t in tensors.items() if f"h.{n}." not in name} for n in "01"}
    outside = {name: part for name, part in tensors.items() if not name.startswith("h.")}
    for given, number, say in [
        (without["1"], "h.1.", "blocks 0 and 2 alone: L is 3"),
        (without["0"], "h.0.", "blocks 1 and 2 alone: L is 3"),
        ({**tensors, "h.3.attn.bias": mask}, "h.3.", "a mask of block 3: L is 4"),
        (outside, "h.0.", "no block at all: L is 1"),
    ]:
        with pytest.raises(ValueError) as refused:
            load_gpt2(given, 1)
        _check_message(refused, number, say)


def test_the_parameters_are_float32_and_require_gradients(load_gpt2, beside, randn):
    """Tensors in float16, bfloat16 or float64 give float32 parameters that require gradients."""
    tensors = _tensors(randn, 7, 5, 6, 1)
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        stored = {name: part.to(dtype) for name, part in tensors.items()}
        model = _model(load_gpt2, beside, stored, 3)
        for name, part in _parts(model).items():
            equal(part.dtype, torch.float32, say=f"{name}, from {dtype}")
            holds(model.get_parameter(name).requires_grad, f"{name} must require a gradient")
        want = stored["h.0.mlp.c_fc.weight"].float().T
        equal(_parts(model)["blocks.0.feed_forward.up.weight"], want, say=f"from {dtype}")


def test_the_parameters_are_copies(load_gpt2, live, beside, randn):
    """Later changes of the tensors do not change the model, nor does training change them."""
    tensors = {name: live(part) for name, part in _tensors(randn, 7, 5, 6, 1).items()}
    model = _model(load_gpt2, beside, tensors, 3)
    before = _parts(model)
    for part in tensors.values():
        part.zero_()
    equal(_parts(model), before, say="the model, after the tensors were set to zero")
    for part in model.parameters():
        part.data.fill_(1.0)
    for name, part in tensors.items():
        equal(value(part).abs().max().item(), 0.0, say=f"{name}, after the model was changed")


def _check_message(refused, name, say):
    """Claim that the message of the error contains the name."""
    message = str(refused.value)
    holds(name in message, f"{say}; the message must contain {name}", want=name, got=message)


def _tensors(randn, V, context, C, layers):
    """Return random tensors with GPT-2's names and layout, large enough that each matters."""
    shapes = {"wte.weight": (V, C), "wpe.weight": (context, C)}
    for n in range(layers):
        for name in ("ln_1", "ln_2"):
            shapes |= {f"h.{n}.{name}.weight": (C,), f"h.{n}.{name}.bias": (C,)}
        for name, (rows, columns) in {
            "attn.c_attn": (C, 3 * C),
            "attn.c_proj": (C, C),
            "mlp.c_fc": (C, 4 * C),
            "mlp.c_proj": (4 * C, C),
        }.items():
            shapes |= {f"h.{n}.{name}.weight": (rows, columns), f"h.{n}.{name}.bias": (columns,)}
    shapes |= {"ln_f.weight": (C,), "ln_f.bias": (C,)}
    return {name: randn(*shape) / 2 for name, shape in shapes.items()}


def _model(load_gpt2, beside, tensors, heads):
    """Return the loaded model, after checking that it is a GPT."""
    model = load_gpt2(tensors, heads)
    gpt = beside("exercises.model.gpt.GPT")
    holds(
        beside("builtins.isinstance")(model, gpt),
        "load_gpt2() must return a GPT",
        want="GPT",
        got=model,
    )
    return model


def _loaded(load_gpt2, beside, tensors, heads):
    """Return the parameters of the loaded model by name."""
    return _parts(_model(load_gpt2, beside, tensors, heads))


def _parts(model):
    return dict(value(model.named_parameters()))


def _logits(tensors, ids, heads):
    """Return GPT-2's logits in float64, from its own layout: y = x W + b with W (in, out)."""
    tensors = {name: part.double() for name, part in tensors.items()}

    def conv(name, x):
        return x @ tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    def norm(name, x):
        return functional.layer_norm(
            x, x.shape[-1:], tensors[f"{name}.weight"], tensors[f"{name}.bias"]
        )

    x = tensors["wte.weight"][ids] + tensors["wpe.weight"][: ids.shape[1]]
    for n in range(sum(name.endswith("ln_1.bias") for name in tensors)):
        parts = conv(f"h.{n}.attn.c_attn", norm(f"h.{n}.ln_1", x)).chunk(3, dim=-1)
        q, k, v = (part.unflatten(2, (heads, -1)).transpose(1, 2) for part in parts)
        read = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + conv(f"h.{n}.attn.c_proj", read.transpose(1, 2).flatten(2))
        up = functional.gelu(conv(f"h.{n}.mlp.c_fc", norm(f"h.{n}.ln_2", x)), approximate="tanh")
        x = x + conv(f"h.{n}.mlp.c_proj", up)
    return (norm("ln_f", x) @ tensors["wte.weight"].T).float()

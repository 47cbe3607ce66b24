"""What is asked of load_gpt2."""

import pytest
import torch
from torch.nn import functional

from grader.engine.expect import close, equal, holds, shaped
from grader.engine.side import value

NORMS = {"ln_f": "norm", "h.0.ln_1": "blocks.0.norm1", "h.1.ln_2": "blocks.1.norm2"}
LINEAR = {
    "attn.c_proj": "attention.out",
    "mlp.c_fc": "feed_forward.up",
    "mlp.c_proj": "feed_forward.down",
}


def test_a_gpt_of_the_tensors_sizes_comes_back(load_gpt2, beside, randn):
    """Tensors of V 7, context 5, C 6 and two blocks give a GPT with just its own parameters."""
    model = load_gpt2(_tensors(randn, 7, 5, 6, 2), 3)
    gpt = beside("exercises.model.gpt.GPT")
    holds(beside("builtins.isinstance")(model, gpt), "a GPT comes back", want="GPT", got=model)
    sizes = [{n: p.shape for n, p in _parts(m).items()} for m in (model, gpt(7, 5, 6, 2, 3))]
    equal(*sizes, say="the shapes of the parameters")


def test_embeddings_and_norms_are_taken_as_they_are(load_gpt2, beside, randn):
    """Both embeddings, and weight and bias of every norm, keep their numbers."""
    tensors = _tensors(randn, 7, 5, 6, 2)
    got = _loaded(load_gpt2, beside, tensors, 3)
    equal(got["tokens.weight"], tensors["wte.weight"], say="tokens.weight")
    equal(got["positions.weight"], tensors["wpe.weight"], say="positions.weight")
    for theirs, ours in NORMS.items():
        for kind in ("weight", "bias"):
            equal(got[f"{ours}.{kind}"], tensors[f"{theirs}.{kind}"], say=f"{ours}.{kind}")


def test_weights_are_turned_round_even_where_they_are_square(load_gpt2, beside, randn):
    """Row i and column j of a stored weight become row j and column i; a bias stays."""
    tensors = _tensors(randn, 7, 5, 6, 2)
    got = _loaded(load_gpt2, beside, tensors, 3)
    for n in range(2):
        for theirs, ours in LINEAR.items():
            weight, bias = (tensors[f"h.{n}.{theirs}.{kind}"] for kind in ("weight", "bias"))
            equal(got[f"blocks.{n}.{ours}.weight"], weight.T, say=f"{ours}.weight, block {n}")
            equal(got[f"blocks.{n}.{ours}.bias"], bias, say=f"{ours}.bias, block {n}")


def test_the_joined_weight_holds_query_then_key_then_value(load_gpt2, beside, randn):
    """The first C columns of c_attn are the query's, the next C the key's, the last the value's."""
    tensors = _tensors(randn, 7, 5, 6, 2)
    got = _loaded(load_gpt2, beside, tensors, 3)
    for n in range(2):
        weight, bias = (tensors[f"h.{n}.attn.c_attn.{kind}"] for kind in ("weight", "bias"))
        for i, name in enumerate(("query", "key", "value")):
            columns, at = slice(6 * i, 6 * i + 6), f"blocks.{n}.attention.{name}"
            say = f"{name}, columns {columns.start} to {columns.stop - 1}, block {n}"
            equal(got[f"{at}.weight"], weight[:, columns].T, say=f"the weight of {say}")
            equal(got[f"{at}.bias"], bias[columns], say=f"the bias of {say}")


def test_logits_are_gpt2s(load_gpt2, beside, randn, randint):
    """The model computes what GPT-2's own arithmetic gives with the same tensors."""
    tensors = _tensors(randn, 11, 7, 12, 3)
    for heads, tokens in ((1, 7), (2, 5), (6, 3)):
        ids = randint(0, 11, 2, tokens)
        got = _model(load_gpt2, beside, tensors, heads)(ids)
        shaped(got, (2, tokens, 11), torch.float32)
        # Logits of some tens come from sums of a few dozen float32 products.
        close(got, _logits(tensors, ids, heads), atol=1e-3, rtol=1e-3, say=f"{heads} heads")


def test_twelve_blocks_stay_in_order_however_the_names_are_sorted(load_gpt2, beside, randn, rng):
    """Block 10 comes after block 9, though its name sorts before h.2, in any order of names."""
    tensors = _tensors(randn, 3, 2, 2, 12)
    names = sorted(tensors)
    for order in (names, names[::-1], rng.sample(names, len(names))):
        got = _loaded(load_gpt2, beside, {name: tensors[name] for name in order}, 1)
        equal(sum("norm1.weight" in name for name in got), 12, say="how many blocks")
        for n in range(12):
            name = f"blocks.{n}.norm2.bias"
            equal(got[name], tensors[f"h.{n}.ln_2.bias"], say=name)


def test_the_prefix_of_whole_models_is_taken_off(load_gpt2, beside, randn):
    """Names that begin with transformer. give the same model, also where only some do."""
    tensors = _tensors(randn, 7, 5, 6, 2)
    plain = _loaded(load_gpt2, beside, tensors, 3)
    longer = {f"transformer.{name}": part for name, part in tensors.items()}
    equal(_loaded(load_gpt2, beside, longer, 3), plain, say="all names with the prefix")
    mixed = {f"transformer.{n}" if "h.1" in n else n: part for n, part in tensors.items()}
    equal(_loaded(load_gpt2, beside, mixed, 3), plain, say="block 1 with the prefix")


def test_masks_and_a_second_copy_of_the_embedding_are_passed_over(load_gpt2, beside, randn):
    """With masks in the blocks, lm_head.weight and a name unheard of, the model is the same."""
    tensors = _tensors(randn, 7, 5, 6, 2)
    plain = _loaded(load_gpt2, beside, tensors, 3)
    for prefix in ("", "transformer."):
        more = {f"{prefix}{name}": part for name, part in tensors.items()}
        for n in range(2):
            more[f"{prefix}h.{n}.attn.bias"] = torch.ones(1, 1, 5, 5).tril()
            more[f"{prefix}h.{n}.attn.masked_bias"] = torch.tensor(-1e4)
        more |= {"lm_head.weight": tensors["wte.weight"] + 1, "score.weight": torch.ones(2, 6)}
        say = f"names beyond the table, prefix {prefix!r}"
        equal(_loaded(load_gpt2, beside, more, 3), plain, say=say)


def test_a_missing_tensor_is_refused_by_name(load_gpt2, randn):
    """Without any one name of the table a ValueError names it, also in a block between others."""
    tensors = _tensors(randn, 3, 2, 2, 3)
    tensors = {f"transformer.{name}": part for name, part in tensors.items()}
    outside = [name for name in tensors if ".h." not in name]
    for name in [*outside, *(name for name in tensors if ".h.1." in name)]:
        rest = {other: part for other, part in tensors.items() if other != name}
        missing = name.removeprefix("transformer.")
        with pytest.raises(ValueError) as refused:
            load_gpt2(rest, 1)
        named = missing in str(refused.value)
        holds(named, "the message names what is missing", want=missing, got=str(refused.value))
    for part, number in ((".h.1.", "h.1."), (".h.", "h.0.")):
        with pytest.raises(ValueError) as refused:
            load_gpt2({name: tensors[name] for name in tensors if part not in name}, 1)
        said = str(refused.value)
        holds(number in said, f"nothing of {number} is there", want=number, got=said)


def test_the_parameters_are_float32_and_are_trained(load_gpt2, beside, randn):
    """From float16, bfloat16 or float64 tensors come float32 parameters that require gradients."""
    tensors = _tensors(randn, 7, 5, 6, 1)
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        stored = {name: part.to(dtype) for name, part in tensors.items()}
        model = _model(load_gpt2, beside, stored, 3)
        for name, part in _parts(model).items():
            equal(part.dtype, torch.float32, say=f"{name}, from {dtype}")
            holds(model.get_parameter(name).requires_grad, f"{name} requires a gradient")
        want = stored["h.0.mlp.c_fc.weight"].float().T
        equal(_parts(model)["blocks.0.feed_forward.up.weight"], want, say=f"from {dtype}")


def test_the_parameters_are_copies(load_gpt2, live, beside, randn):
    """Tensors that change after loading do not change the model, nor training the tensors."""
    tensors = {name: live(part) for name, part in _tensors(randn, 7, 5, 6, 1).items()}
    model = _model(load_gpt2, beside, tensors, 3)
    before = _parts(model)
    for part in tensors.values():
        part.zero_()
    equal(_parts(model), before, say="the model after the tensors became zero")
    for part in model.parameters():
        part.data.fill_(1.0)
    for name, part in tensors.items():
        equal(value(part).abs().max().item(), 0.0, say=f"{name} after the model changed")


def _tensors(randn, V, context, C, layers):
    """Tensors in GPT-2's names and layout, large enough that each of them shows."""
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
    """The loaded model, if it is one."""
    model = load_gpt2(tensors, heads)
    gpt = beside("exercises.model.gpt.GPT")
    holds(beside("builtins.isinstance")(model, gpt), "a GPT comes back", want="GPT", got=model)
    return model


def _loaded(load_gpt2, beside, tensors, heads):
    """The parameters of the loaded model, by name."""
    return _parts(_model(load_gpt2, beside, tensors, heads))


def _parts(model):
    return dict(value(model.named_parameters()))


def _logits(tensors, ids, heads):
    """GPT-2's arithmetic in float64 on its own layout: y = x W + b with W (in, out)."""
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

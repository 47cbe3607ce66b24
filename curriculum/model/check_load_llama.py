"""The checks of load_llama, our_name and unpermute."""

import torch
from torch.nn import functional

from grader.checks import close, equal, gradients, holds, shaped, value

PARTS = {
    "attn_norm": "norm1",
    "attn_q": "attention.query",
    "attn_k": "attention.key",
    "attn_v": "attention.value",
    "attn_output": "attention.out",
    "ffn_norm": "norm2",
    "ffn_gate": "feed_forward.gate",
    "ffn_up": "feed_forward.up",
    "ffn_down": "feed_forward.down",
}
REST = {"heads": 2, "kv_heads": 1, "base": 10_000.0, "eps": 1e-5}
"""The arguments of load_llama that fit the tensors of ``_file``."""


def test_each_name_is_translated(our_name):
    """The eleven names are translated by the table, and the number of a block is the same."""
    equal(our_name("token_embd.weight"), "tokens.weight")
    equal(our_name("output_norm.weight"), "norm.weight")
    for number in (0, 3, 29, 110):
        for theirs, ours in PARTS.items():
            equal(our_name(f"blk.{number}.{theirs}.weight"), f"blocks.{number}.{ours}.weight")


def test_a_name_outside_the_table_raises_value_error(our_name):
    """A name outside the table, such as output.weight or a bias, raises ValueError."""
    for name in (
        *("rope_freqs.weight", "output.weight", "blk.0.attn_q.bias", "output_norm.bias"),
        *("blk.0.ffn_gate_inp.weight", "blk.0.attn_q_norm.weight", "attn_q.weight", "norm.weight"),
        *("blk.0.attn_q.weight_scale", "blk.0.attn_q.weight.scale", "token_embd.weight.q8_0"),
        *("output_norm.weights", "token_embd.weight\n", "blk.0.attn_q.weight\n", "token_embd"),
        *("v.blk.0.attn_q.weight", "model.token_embd.weight", "my_output_norm.weight"),
        *("enc.blk.0.ffn_up.weight", " blk.0.ffn_up.weight", "ablk.0.ffn_up.weight"),
        *("blk.x.ffn_up.weight", "blk.N.attn_q.weight", "blk.3a.ffn_up.weight"),
        *("blk..ffn_up.weight", "blk.-1.ffn_up.weight", "blk.1.2.ffn_up.weight"),
        *("blk.ffn_up.weight", "blkx0xffn_upxweight", ""),
    ):
        holds(_raises(our_name, name), f"our_name({name!r}) must raise ValueError")


def test_six_rows_by_hand(unpermute):
    """The rows 0 to 5 of one head get the order 0, 2, 4, 1, 3, 5."""
    rows = torch.tensor([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5], [3.0, 3.5], [4.0, 4.5], [5.0, 5.5]])
    want = rows[[0, 2, 4, 1, 3, 5]]
    equal(unpermute(rows, 1), want, say="one head with six rows")


def test_each_head_is_reordered_on_its_own(unpermute, randn):
    """Rows remain in their head, and heads keep their order, for any number and size of heads."""
    for heads, size, dtype in [
        (2, 6, torch.float32),
        (3, 10, torch.float64),
        (5, 2, torch.float32),
    ]:
        weight = randn(heads * size, 7, dtype=dtype)
        want = torch.cat([torch.cat([head[0::2], head[1::2]]) for head in weight.split(size)])
        equal(unpermute(weight, heads), want, say=f"{heads} heads of {size} rows")


def test_the_sizes_follow_from_the_tensors(load_llama, randn):
    """V, C, the hidden dimension and the number of blocks are those of the tensors."""
    for sizes in [(5, 12, 1, 7), (11, 8, 3, 13)]:
        vocabulary, width, layers, hidden = sizes
        model = load_llama(_file(randn, *sizes), **REST)
        say = f"V {vocabulary}, C {width}, {layers} blocks, hidden dimension {hidden}"
        shaped(model(torch.tensor([[0, 4]])), (1, 2, vocabulary), torch.float32, say=say)
        shapes = {name: tuple(part.shape) for name, part in value(model.named_parameters())}
        want = {"tokens.weight": (vocabulary, width), "norm.weight": (width,)}
        for name, part in _file(randn, *sizes).items():
            if name.startswith("blk."):
                _, number, theirs, _ = name.split(".")
                want[f"blocks.{number}.{PARTS[theirs]}.weight"] = tuple(part.shape)
        equal(shapes, want, say=say)


def test_every_tensor_becomes_its_parameter(load_llama, randn, rng):
    """In any order of the names, each tensor of twelve blocks becomes its parameter."""
    tensors = _file(randn, 5, 12, 12, 7)
    names = list(tensors)
    rng.shuffle(names)
    model = load_llama({name: tensors[name] for name in names}, **REST)
    parameters = dict(value(model.named_parameters()))
    equal(parameters["tokens.weight"], tensors["token_embd.weight"], say="tokens.weight")
    equal(parameters["norm.weight"], tensors["output_norm.weight"], say="norm.weight")
    for number in range(12):
        for theirs, ours in PARTS.items():
            want, name = tensors[f"blk.{number}.{theirs}.weight"], f"blocks.{number}.{ours}.weight"
            if theirs in ("attn_q", "attn_k"):
                heads = REST["heads"] if theirs == "attn_q" else REST["kv_heads"]
                want = torch.cat([torch.cat([h[0::2], h[1::2]]) for h in want.chunk(heads)])
            equal(parameters[name], want, say=name)


def test_the_logits_are_those_of_the_file(load_llama, randn, randint):
    """The logits equal those of the file's tensors, where RoPE rotates neighbouring features."""
    for heads, kv_heads in [(2, 1), (6, 2)]:
        tensors = _file(randn, 11, 24, 2, 7, heads, kv_heads)
        rest = {"heads": heads, "kv_heads": kv_heads, "base": 10_000.0, "eps": 1e-5}
        ids = randint(0, 11, 2, 7)
        want = _logits(ids, tensors, **rest)
        say = f"{heads} query heads, {kv_heads} key-value heads"
        close(load_llama(tensors, **rest)(ids), want, atol=1e-4, say=say)


def test_base_and_eps_reach_the_model(load_llama, randn, randint):
    """RoPE has the base, and every norm the eps, that is passed."""
    tensors, ids = _file(randn, 11, 12, 2, 7), randint(0, 11, 2, 7)
    for changed in ({"base": 30.0}, {"eps": 0.5}):
        rest = {**REST, **changed}
        want = _logits(ids, tensors, **rest)
        close(load_llama(tensors, **rest)(ids), want, atol=1e-4, say=f"with {changed}")


def test_a_missing_tensor_raises_value_error(load_llama, randn):
    """If a tensor is missing, or there is one that Llama does not have, ValueError is raised."""
    tensors = _file(randn, 5, 12, 2, 7)
    for missing in tensors:
        rest = {name: part for name, part in tensors.items() if name != missing}
        raised = _raises(load_llama, rest, **REST)
        holds(raised, f"{missing} is missing; load_llama() must raise ValueError")
    three = _file(randn, 5, 12, 3, 7)
    gap = {name: part for name, part in three.items() if not name.startswith("blk.1.")}
    raised = _raises(load_llama, gap, **REST)
    holds(raised, "blocks 0 and 2 without block 1; load_llama() must raise ValueError")
    more = {**tensors, "output.weight": randn(5, 12)}
    raised = _raises(load_llama, more, **REST)
    holds(raised, "Llama has no output.weight; load_llama() must raise ValueError")


def test_a_wrong_shape_raises_value_error(load_llama, randn):
    """A tensor with another shape than its parameter raises ValueError."""
    tensors = _file(randn, 5, 12, 2, 7)
    for name, shape in [
        ("blk.1.attn_norm.weight", (1,)),
        ("output_norm.weight", (12, 1)),
        ("blk.0.ffn_down.weight", (7, 12)),
        ("blk.1.attn_v.weight", (5, 12)),
        ("blk.1.attn_q.weight", (13, 12)),
        ("blk.1.ffn_up.weight", (6, 12)),
    ]:
        wrong = {**tensors, name: randn(*shape)}
        say = f"{name} has the wrong shape {shape}; load_llama() must raise ValueError"
        holds(_raises(load_llama, wrong, **REST), say)


def test_the_model_holds_copies(load_llama, randn, live, beside):
    """Changing a parameter does not change the tensor from which it was loaded."""
    tensors = _file(randn, 5, 12, 1, 7)
    kept = live({name: part.clone() for name, part in tensors.items()})
    model = load_llama(kept, **REST)
    for parameter in model.parameters():
        beside("torch.nn.init.zeros_")(parameter)
    after = value(kept)
    for name, part in tensors.items():
        equal(after[name], part, say=f"{name}, after the parameters of the model were set to 0")


def test_every_parameter_gets_a_gradient(load_llama, randn, randint):
    """Gradients reach every parameter of the loaded model."""
    model = load_llama(_file(randn, 5, 12, 2, 7), **REST)
    for name, parameter in model.named_parameters():
        holds(parameter.requires_grad, f"{name} must require a gradient")
    gradients(model, randint(0, 5, 2, 3), upstream=randn(2, 3, 5))
    for name, parameter in model.named_parameters():
        gradient = parameter.grad
        holds(gradient is not None and bool(gradient.any()), f"{name} must get a gradient")


def _raises(function, *args, **kwargs):
    """Return whether a call raises ValueError; any other error is not caught."""
    try:
        function(*args, **kwargs)
    except ValueError:
        return True
    return False


def _file(randn, vocabulary, width, layers, hidden, heads=2, kv_heads=1):
    """Return random tensors of a tiny model, with the names of a GGUF file."""
    shared = width // heads * kv_heads
    shapes = {
        "attn_norm": (width,),
        "attn_q": (width, width),
        "attn_k": (shared, width),
        "attn_v": (shared, width),
        "attn_output": (width, width),
        "ffn_norm": (width,),
        "ffn_gate": (hidden, width),
        "ffn_up": (hidden, width),
        "ffn_down": (width, hidden),
    }
    tensors = {"token_embd.weight": randn(vocabulary, width), "output_norm.weight": randn(width)}
    for number in range(layers):
        for name, shape in shapes.items():
            spread = shape[-1] ** -0.5 if len(shape) > 1 else 1.0
            tensors[f"blk.{number}.{name}.weight"] = spread * randn(*shape)
    return tensors


def _logits(ids, tensors, heads, kv_heads, base, eps):
    """Return Llama's logits from the file's own names and rows, computed in float64."""
    tensors = {name.removesuffix(".weight"): part.double() for name, part in tensors.items()}
    x = tensors["token_embd"][ids]
    for number in range(sum(name.endswith("attn_q") for name in tensors)):
        part = {name: tensors[f"blk.{number}.{name}"] for name in PARTS}
        normal = _norm(x, part["attn_norm"], eps)
        q, k, v = (
            (normal @ part[name].T).unflatten(2, (count, -1)).transpose(1, 2)
            for name, count in (("attn_q", heads), ("attn_k", kv_heads), ("attn_v", kv_heads))
        )
        k, v = (one.repeat_interleave(heads // kv_heads, dim=1) for one in (_rotate(k, base), v))
        read = functional.scaled_dot_product_attention(_rotate(q, base), k, v, is_causal=True)
        x = x + read.transpose(1, 2).flatten(2) @ part["attn_output"].T
        normal = _norm(x, part["ffn_norm"], eps)
        up = functional.silu(normal @ part["ffn_gate"].T) * (normal @ part["ffn_up"].T)
        x = x + up @ part["ffn_down"].T
    return (_norm(x, tensors["output_norm"], eps) @ tensors["token_embd"].T).float()


def _norm(x, weight, eps):
    """Return RMSNorm by the definition."""
    return x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt() * weight


def _rotate(x, base):
    """Rotate features 2j and 2j + 1, as a complex number, by t base^(-2j/D) at position t."""
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
    half = pairs.shape[-1]
    speed = base ** (-torch.arange(half, dtype=torch.float64) / half)
    angle = torch.arange(pairs.shape[-2], dtype=torch.float64).unsqueeze(1) * speed
    rotated = pairs * torch.polar(torch.ones((), dtype=torch.float64), angle)
    return torch.view_as_real(rotated).flatten(-2)

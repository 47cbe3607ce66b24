"""What is asked of load_llama."""

import torch
from torch.nn import functional

from grader.engine.expect import close, equal, holds, shaped
from grader.engine.side import gradients, value

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
"""What shapes do not tell of the file that ``_file`` writes by default."""


def test_each_name_of_the_file_has_its_name_in_the_model(our_name):
    """The eleven names are translated as the table says, and a block keeps its number."""
    equal(our_name("token_embd.weight"), "tokens.weight")
    equal(our_name("output_norm.weight"), "norm.weight")
    for number in (0, 3, 29, 110):
        for theirs, ours in PARTS.items():
            equal(our_name(f"blk.{number}.{theirs}.weight"), f"blocks.{number}.{ours}.weight")


def test_a_name_outside_the_table_is_refused(our_name):
    """An untied output, a bias or the factors of rotations raise ValueError."""
    for name in (
        *("output.weight", "rope_freqs.weight", "blk.0.attn_q.bias", "output_norm.bias"),
        *("blk.0.ffn_gate_inp.weight", "blk.0.attn_q_norm.weight", "attn_q.weight", "norm.weight"),
    ):
        holds(_refused(our_name, name), f"{name} is not in the table: a ValueError is due")


def test_six_rows_worked_by_hand(unpermute):
    """In one head of six rows, rows 0, 2, 4 come first and 1, 3, 5 after them."""
    rows = torch.tensor([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5], [3.0, 3.5], [4.0, 4.5], [5.0, 5.5]])
    equal(unpermute(rows, 1), rows[[0, 2, 4, 1, 3, 5]], say="the rows of one head, of six numbers")


def test_each_head_is_put_in_order_by_itself(unpermute, randn):
    """Rows stay within their head, and heads in their order, for any number and size of heads."""
    for heads, size, dtype in [
        (2, 6, torch.float32),
        (3, 10, torch.float64),
        (5, 2, torch.float32),
    ]:
        weight = randn(heads * size, 7, dtype=dtype)
        want = torch.cat([torch.cat([head[0::2], head[1::2]]) for head in weight.split(size)])
        equal(unpermute(weight, heads), want, say=f"{heads} heads of {size} rows")


def test_the_sizes_are_read_from_the_tensors(load_llama, randn):
    """Vocabulary, width, blocks and the feed-forward layers' width are those of the tensors."""
    for sizes in [(5, 12, 1, 7), (11, 8, 3, 13)]:
        vocabulary, width, layers, hidden = sizes
        model = load_llama(_file(randn, *sizes), **REST)
        say = f"vocabulary {vocabulary}, width {width}, {layers} blocks, {hidden} hidden"
        shaped(model(torch.tensor([[0, 4]])), (1, 2, vocabulary), torch.float32, say=say)
        shapes = {name: tuple(part.shape) for name, part in value(model.named_parameters())}
        want = {"tokens.weight": (vocabulary, width), "norm.weight": (width,)}
        for name, part in _file(randn, *sizes).items():
            if name.startswith("blk."):
                _, number, theirs, _ = name.split(".")
                want[f"blocks.{number}.{PARTS[theirs]}.weight"] = tuple(part.shape)
        equal(shapes, want, say=say)


def test_every_tensor_is_in_its_place(load_llama, randn, rng):
    """In whatever order they come, the tensors of twelve blocks are those blocks' parameters."""
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


def test_the_logits_are_those_of_the_files_own_convention(load_llama, randn, randint):
    """The model says what the file's tensors say, when neighbouring rows are what is turned."""
    for heads, kv_heads in [(2, 1), (6, 2)]:
        tensors = _file(randn, 11, 24, 2, 7, heads, kv_heads)
        rest = {"heads": heads, "kv_heads": kv_heads, "base": 10_000.0, "eps": 1e-5}
        ids = randint(0, 11, 2, 7)
        want = _logits(ids, tensors, **rest)
        say = f"{heads} heads that share {kv_heads}"
        close(load_llama(tensors, **rest)(ids), want, atol=1e-4, say=say)


def test_base_and_eps_reach_the_model(load_llama, randn, randint):
    """Rotations have the base, and norms the eps, that were given."""
    tensors, ids = _file(randn, 11, 12, 2, 7), randint(0, 11, 2, 7)
    for changed in ({"base": 30.0}, {"eps": 0.5}):
        rest = {**REST, **changed}
        want = _logits(ids, tensors, **rest)
        close(load_llama(tensors, **rest)(ids), want, atol=1e-4, say=f"with {changed}")


def test_an_incomplete_file_is_refused(load_llama, randn):
    """Whichever tensor is missing, ValueError is raised, and so it is for one too many."""
    tensors = _file(randn, 5, 12, 2, 7)
    for missing in tensors:
        rest = {name: part for name, part in tensors.items() if name != missing}
        refused = _refused(load_llama, rest, **REST)
        holds(refused, f"{missing} is missing: a ValueError is due")
    more = {**tensors, "output.weight": randn(5, 12)}
    holds(_refused(load_llama, more, **REST), "output.weight has no place: a ValueError is due")


def test_a_tensor_of_another_shape_is_refused(load_llama, randn):
    """A tensor that does not have the shape of its parameter raises ValueError."""
    tensors = _file(randn, 5, 12, 2, 7)
    for name, shape in [
        ("blk.1.attn_norm.weight", (1,)),
        ("output_norm.weight", (12, 1)),
        ("blk.0.ffn_down.weight", (7, 12)),
        ("blk.1.attn_v.weight", (5, 12)),
        ("blk.1.ffn_up.weight", (6, 12)),
    ]:
        wrong = {**tensors, name: randn(*shape)}
        holds(_refused(load_llama, wrong, **REST), f"{name} {shape}: a ValueError is due")


def test_the_model_holds_copies(load_llama, randn, live, beside):
    """When a parameter changes, the tensor that it came from stays as it was."""
    tensors = _file(randn, 5, 12, 1, 7)
    kept = live({name: part.clone() for name, part in tensors.items()})
    model = load_llama(kept, **REST)
    for parameter in model.parameters():
        beside("torch.nn.init.zeros_")(parameter)
    after = value(kept)
    for name, part in tensors.items():
        equal(after[name], part, say=f"{name} changed with the model")


def test_every_parameter_can_be_trained(load_llama, randn, randint):
    """Gradients reach every parameter of the loaded model."""
    model = load_llama(_file(randn, 5, 12, 2, 7), **REST)
    for name, parameter in model.named_parameters():
        holds(parameter.requires_grad, f"{name} asks for a gradient")
    gradients(model, randint(0, 5, 2, 3), upstream=randn(2, 3, 5))
    for name, parameter in model.named_parameters():
        gradient = parameter.grad
        holds(gradient is not None and bool(gradient.any()), f"{name} gets a gradient")


def _refused(function, *args, **kwargs):
    """Whether a call raises ValueError; any other error is let through."""
    try:
        function(*args, **kwargs)
    except ValueError:
        return True
    return False


def _file(randn, vocabulary, width, layers, hidden, heads=2, kv_heads=1):
    """The tensors of a tiny model, under the names of a GGUF file."""
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
    """Llama by the file's own names and rows, in float64 inside."""
    tensors = {name.removesuffix(".weight"): part.double() for name, part in tensors.items()}
    x = tensors["token_embd"][ids]
    for number in range(sum(name.endswith("attn_q") for name in tensors)):
        part = {name: tensors[f"blk.{number}.{name}"] for name in PARTS}
        normal = _norm(x, part["attn_norm"], eps)
        q, k, v = (
            (normal @ part[name].T).unflatten(2, (count, -1)).transpose(1, 2)
            for name, count in (("attn_q", heads), ("attn_k", kv_heads), ("attn_v", kv_heads))
        )
        k, v = (one.repeat_interleave(heads // kv_heads, dim=1) for one in (_turned(k, base), v))
        read = functional.scaled_dot_product_attention(_turned(q, base), k, v, is_causal=True)
        x = x + read.transpose(1, 2).flatten(2) @ part["attn_output"].T
        normal = _norm(x, part["ffn_norm"], eps)
        up = functional.silu(normal @ part["ffn_gate"].T) * (normal @ part["ffn_up"].T)
        x = x + up @ part["ffn_down"].T
    return (_norm(x, tensors["output_norm"], eps) @ tensors["token_embd"].T).float()


def _norm(x, weight, eps):
    """RMS norm by the rule."""
    return x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt() * weight


def _turned(x, base):
    """Neighbours 2j and 2j + 1 as a complex number, turned by t base^(-2j/D) at position t."""
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
    half = pairs.shape[-1]
    speed = base ** (-torch.arange(half, dtype=torch.float64) / half)
    angle = torch.arange(pairs.shape[-2], dtype=torch.float64).unsqueeze(1) * speed
    turned = pairs * torch.polar(torch.ones((), dtype=torch.float64), angle)
    return torch.view_as_real(turned).flatten(-2)

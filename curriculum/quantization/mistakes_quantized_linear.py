"""Wrong versions of QuantizedLinear."""

import torch

from exercises.quantization.group_int4 import pack, quantize
from grader.checks import caught_by, edit, spelling


@caught_by("test_the_state_is_packed_bytes_scales_and_the_bias")
def linear_layer_kept():
    """the given layer kept as a part of the module, so that its float weight is stored too"""
    edit("        self.in_features", "        self.linear = linear\n        self.in_features")


@caught_by("test_the_state_is_packed_bytes_scales_and_the_bias")
def float_weight_kept():
    """the float weight kept as a parameter or a buffer beside the packed one"""
    with spelling():
        edit("        self.bias =", "        self.weight = linear.weight\n        self.bias =")
    with spelling():
        edit(
            "        self.bias =",
            '        self.register_buffer("weight", linear.weight.detach())\n        self.bias =',
        )


@caught_by("test_no_float_weight_is_kept")
def dequantized_weight_kept():
    """the dequantized weight kept as a plain attribute from the start, and used in each call"""
    edit(
        '        self.register_buffer("scale", scale)',
        '        self.register_buffer("scale", scale)\n        self.weight = dequantize(q, scale)',
    )
    edit("dequantize(unpack(self.packed, self.in_features), self.scale)", "self.weight")


@caught_by("test_no_float_weight_is_kept")
def float_weight_kept_unused():
    """the given layer or its float weight kept aside, where it takes memory and no call uses it"""
    with spelling():
        edit(
            "        self.bias =",
            "        self.kept = linear.weight.detach().clone()\n        self.bias =",
        )
    with spelling():
        edit("        self.bias =", "        self.kept = [linear]\n        self.bias =")


@caught_by("test_an_output_worked_by_hand")
def float_weight_used():
    """the given layer's float weight used in forward, always or in training mode"""
    with spelling():
        edit("        self.in_features", "        self.inner = [linear]\n        self.in_features")
        edit("apply_linear(x, weight, self.bias)", "self.inner[0](x)")
    with spelling():
        edit("        self.in_features", "        self.inner = [linear]\n        self.in_features")
        edit(
            "return apply_linear(x, weight, self.bias)",
            "weight = self.inner[0].weight if self.training else weight\n"
            "        return apply_linear(x, weight, self.bias)",
        )


@caught_by("test_the_linear_layer_is_neither_changed_nor_needed")
def quantized_at_each_call():
    """the given layer kept aside, and its weight quantized again in each call"""
    edit("        self.in_features", "        self.inner = [linear]\n        self.in_features")
    edit(
        "dequantize(unpack(self.packed, self.in_features), self.scale)",
        "dequantize(*quantize(self.inner[0].weight.detach()))",
    )


@caught_by("test_the_state_is_packed_bytes_scales_and_the_bias")
def groups_along_the_output():
    """the transposed weight quantized, so that a group has 32 output features"""
    edit("quantize(linear.weight.detach())", "quantize(linear.weight.detach().T)")
    edit("self.in_features = linear.in_features", "self.in_features = linear.out_features")
    edit("weight, self.bias)", "weight.T, self.bias)")


@caught_by("test_the_state_is_packed_bytes_scales_and_the_bias")
def one_scale_for_each_row():
    """one scale per row instead of one per group of 32"""
    edit(
        "q, scale = quantize(linear.weight.detach())",
        "w = linear.weight.detach()\n"
        "        scale = w.abs().amax(dim=1, keepdim=True) / 7\n"
        "        q = (w / scale).round().to(torch.int8)",
    )
    edit(
        "dequantize(unpack(self.packed, self.in_features), self.scale)",
        "unpack(self.packed, self.in_features) * self.scale",
    )


@caught_by("test_the_weight_is_in_buffers_and_not_in_parameters")
def packed_is_a_parameter():
    """the packed bytes or the scales stored as parameters, which count as trained weights"""
    with spelling():
        edit(
            'self.register_buffer("packed", pack(q))',
            "self.packed = nn.Parameter(pack(q), requires_grad=False)",
        )
    with spelling():
        edit('self.register_buffer("scale", scale)', "self.scale = nn.Parameter(scale)")
    with spelling():
        edit(
            'self.register_buffer("packed", pack(q))',
            "self.packed = nn.Parameter(pack(q), requires_grad=False)",
        )
        edit('self.register_buffer("scale", scale)', "self.scale = nn.Parameter(scale)")
    with spelling():
        edit(
            'self.register_buffer("packed", pack(q))',
            "self.packed = nn.Parameter(pack(q), requires_grad=False)",
        )
        edit(
            'self.register_buffer("scale", scale)',
            "self.scale = nn.Parameter(scale, requires_grad=False)",
        )


@caught_by("test_the_state_is_packed_bytes_scales_and_the_bias")
def plain_attributes():
    """packed and scale as plain attributes or non-persistent buffers, so they are never saved"""
    with spelling():
        edit('self.register_buffer("packed", pack(q))', "self.packed = pack(q)")
        edit('self.register_buffer("scale", scale)', "self.scale = scale")
    with spelling():
        edit('("packed", pack(q))', '("packed", pack(q), persistent=False)')
        edit('("scale", scale)', '("scale", scale, persistent=False)')
    with spelling():
        edit('self.register_buffer("scale", scale)', "self.scale = scale")


@caught_by("test_the_weight_is_in_buffers_and_not_in_parameters")
def scale_remembers_the_weight():
    """a scale that requires a gradient, since the weight was not detached"""
    edit("linear.weight.detach()", "linear.weight")


@caught_by("test_the_state_is_packed_bytes_scales_and_the_bias")
def not_packed():
    """integers stored one in each byte, as int8 or as codes"""
    with spelling():
        edit("pack(q))", "q)")
        edit("unpack(self.packed, self.in_features)", "self.packed")
    with spelling():
        edit("pack(q))", "(q + 8).to(torch.uint8))")
        edit("unpack(self.packed, self.in_features)", "self.packed.to(torch.int8) - 8")


@caught_by("test_the_bytes_are_those_of_the_rows_in_four_bits")
def groups_run_across_rows():
    """the weight flattened before it is packed, so that groups reach into the next row"""

    class QuantizedLinear:
        def __init__(self, linear):
            super().__init__()
            self.in_features = linear.in_features
            self.bias = linear.bias
            w = linear.weight.detach()
            q, scale = quantize(w.flatten())
            count = -(-w.shape[1] // 32)
            filled = torch.ones(w.shape[0] * count, dtype=w.dtype)
            filled[: len(scale)] = scale
            self.register_buffer("packed", pack(q.reshape(w.shape)))
            self.register_buffer("scale", filled.reshape(-1, count))


@caught_by("test_the_state_is_packed_bytes_scales_and_the_bias")
def scales_in_half_precision():
    """scales stored in float16, which saves memory and is not what the contract says"""
    edit('("scale", scale)', '("scale", scale.half())')
    edit("self.in_features), self.scale)", "self.in_features), self.scale.to(x.dtype))")


@caught_by("test_an_output_worked_by_hand")
def bias_left_out():
    """the product without the bias"""
    edit("weight, self.bias)", "weight)")


@caught_by("test_the_bias_is_that_of_the_linear_layer")
def bias_copied():
    """a copy of the bias, or a new parameter with its numbers, instead of the layer's own one"""
    with spelling():
        edit(
            "self.bias = linear.bias",
            "b = linear.bias\n"
            "        self.bias = None if b is None else nn.Parameter(b.detach().clone())",
        )
    with spelling():
        edit(
            "self.bias = linear.bias",
            "self.bias = None if linear.bias is None else nn.Parameter(linear.bias.data)",
        )


@caught_by("test_the_weight_is_in_buffers_and_not_in_parameters")
def bias_in_a_buffer():
    """the bias stored as a buffer, so that it is no longer trained"""
    edit(
        "self.bias = linear.bias",
        "bias = linear.bias\n"
        '        self.register_buffer("bias", None if bias is None else bias.detach())',
    )


@caught_by("test_the_state_is_packed_bytes_scales_and_the_bias")
def zeros_for_no_bias():
    """a bias of zeros for a layer that has none"""
    edit(
        "self.bias = linear.bias",
        "zeros = torch.zeros(linear.out_features, dtype=linear.weight.dtype)\n"
        "        self.bias = nn.Parameter(zeros) if linear.bias is None else linear.bias",
    )


@caught_by("test_the_output_follows_the_rule_for_any_sizes")
def bias_needed():
    """an error for a layer without a bias"""
    edit(
        "return apply_linear(x, weight, self.bias)",
        "return apply_linear(x, weight) + self.bias",
    )


@caught_by("test_the_output_follows_the_rule_for_any_sizes")
def bias_quantized():
    """the bias quantized to four bits as well"""
    edit(
        "self.bias)",
        "None if self.bias is None else dequantize(*quantize(self.bias)) + 0 * self.bias)",
    )


@caught_by("test_the_output_follows_the_rule_for_any_sizes")
def width_from_the_bytes():
    """two integers read for each byte, which is one too many if the width is odd"""
    edit("unpack(self.packed, self.in_features)", "unpack(self.packed, 2 * self.packed.shape[1])")


@caught_by("test_an_output_worked_by_hand")
def not_transposed():
    """x multiplied by the weight instead of its transpose"""
    edit(
        "return apply_linear(x, weight, self.bias)",
        "return x @ weight + (0 if self.bias is None else self.bias)",
    )


@caught_by("test_the_gradient_flows_to_x_and_to_the_bias")
def x_without_gradient():
    """forward under torch.no_grad, or with a detached x, so that x gets no gradient"""
    with spelling():
        edit("apply_linear(x, weight", "apply_linear(x.detach(), weight")
    with spelling():
        edit("return apply_linear(x", "return torch.no_grad()(apply_linear)(x")
    with spelling():
        edit(
            "return apply_linear(x, weight, self.bias)",
            "y = torch.no_grad()(apply_linear)(x, weight)\n"
            "        return y if self.bias is None else y + self.bias",
        )


@caught_by("test_the_gradient_flows_to_x_and_to_the_bias")
def bias_without_gradient():
    """a bias that is detached in forward, or frozen, so that it gets no gradient"""
    with spelling():
        edit("weight, self.bias)", "weight, None if self.bias is None else self.bias.detach())")
    with spelling():
        edit(
            "self.bias = linear.bias",
            "b = linear.bias\n        self.bias = None if b is None else b.requires_grad_(False)",
        )


@caught_by("test_an_output_worked_by_hand")
def x_quantized():
    """x quantized to four bits as well"""
    edit("apply_linear(x, weight", "apply_linear(dequantize(*quantize(x)), weight")


@caught_by("test_loaded_and_converted_buffers_are_used")
def kept_in_evaluation_mode():
    """the dequantized weight kept from the first call in evaluation mode on"""
    edit("        super().__init__()", "        super().__init__()\n        self.cached = None")
    edit(
        "        return apply_linear(x, weight",
        "        if self.training or self.cached is None:\n"
        "            self.cached = None if self.training else weight\n"
        "        else:\n"
        "            weight = self.cached\n"
        "        return apply_linear(x, weight",
    )


@caught_by("test_loaded_and_converted_buffers_are_used")
def first_buffers_kept():
    """the first buffers, or the integers in them, kept in other attributes, which forward uses"""
    with spelling():
        edit(
            '("scale", scale)',
            '("scale", scale)\n        self.parts = self.packed, self.scale',
        )
        edit(
            "dequantize(unpack(self.packed, self.in_features), self.scale)",
            "dequantize(unpack(self.parts[0], self.in_features), self.parts[1])",
        )
    with spelling():
        edit('("scale", scale)', '("scale", scale)\n        self.q = q')
        edit("unpack(self.packed, self.in_features)", "self.q")


@caught_by("test_no_float_weight_is_kept")
def last_weight_kept():
    """the weight of the last call left in an attribute, though each call dequantizes again"""
    edit("        weight = dequantize", "        weight = self.weight = dequantize")


@caught_by("test_the_output_follows_the_rule_for_any_sizes")
def leading_dimensions_flattened():
    """leading dimensions flattened into one, so that y has two dimensions for any x"""
    edit("apply_linear(x, weight", "apply_linear(x.reshape(-1, x.shape[-1]), weight")


@caught_by("test_the_output_follows_the_rule_for_any_sizes")
def matrices_only():
    """an error unless x has two dimensions"""
    edit("        weight = dequantize", "        _, _ = x.shape\n        weight = dequantize")


@caught_by("test_the_state_is_packed_bytes_scales_and_the_bias")
def one_long_row():
    """the whole weight quantized and packed as one long row"""
    edit("quantize(linear.weight.detach())", "quantize(linear.weight.detach().flatten())")
    edit("self.in_features = linear.in_features", "self.shape = linear.weight.shape")
    edit(
        "dequantize(unpack(self.packed, self.in_features), self.scale)",
        "dequantize(unpack(self.packed, self.shape.numel()), self.scale).reshape(self.shape)",
    )


@caught_by("test_the_linear_layer_is_neither_changed_nor_needed")
def given_weight_removed():
    """the given layer's weight set to None, to free its memory"""
    edit(
        '        self.register_buffer("packed"',
        '        linear.weight = None\n        self.register_buffer("packed"',
    )


@caught_by("test_the_linear_layer_is_neither_changed_nor_needed")
def given_layer_overwritten():
    """the given layer's weight replaced by its dequantized form"""
    edit(
        '        self.register_buffer("packed"',
        '        linear.weight.data = dequantize(q, scale)\n        self.register_buffer("packed"',
    )


@caught_by("test_the_linear_layer_is_neither_changed_nor_needed")
def given_layer_frozen():
    """requires_grad set to False in the given layer's weight"""
    edit("linear.weight.detach()", "linear.weight.requires_grad_(False)")


@caught_by("test_the_output_follows_the_rule_for_any_sizes")
def float32_always():
    """float32 computed and returned, whatever the dtype of x"""
    edit(
        "return apply_linear(x, weight, self.bias)",
        "bias = None if self.bias is None else self.bias.float()\n"
        "        return apply_linear(x.float(), weight.float(), bias)",
    )


@caught_by("test_x_is_read_in_any_layout_and_stays_as_it_was")
def flattened_with_view():
    """x flattened with view, which fails for a transposed tensor"""
    edit(
        "return apply_linear(x, weight, self.bias)",
        "y = apply_linear(x.view(-1, x.shape[-1]), weight, self.bias)\n"
        "        return y.view(*x.shape[:-1], -1)",
    )

"""What goes wrong with quantize and dequantize."""

import torch

from grader.course import caught_by


@caught_by("test_minus_x_gives_minus_q_and_the_same_scale")
def divided_by_128():
    """a scale of max |x| / 128, so that the largest number becomes 128 and wraps to -128"""

    def quantize(x):
        scale = x.abs().amax() / 128
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return (x / scale).round().to(torch.int8), scale


@caught_by("test_minus_x_gives_minus_q_and_the_same_scale")
def full_range():
    """a scale of max |x| / 127.5, which uses -128 as well"""

    def quantize(x):
        scale = x.abs().amax() / 127.5
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return (x / scale).round().clamp(-128, 127).to(torch.int8), scale


@caught_by("test_minus_x_gives_minus_q_and_the_same_scale")
def max_without_abs():
    """a scale from the largest number, not from the largest magnitude"""

    def quantize(x):
        scale = x.amax() / 127
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return (x / scale).round().clamp(-127, 127).to(torch.int8), scale


@caught_by("test_quantizing_follows_the_rule_number_by_number")
def range_over_255():
    """a scale of (max - min) / 255, as zero-point quantization has it"""

    def quantize(x):
        scale = (x.amax() - x.amin()) / 255
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return (x / scale).round().clamp(-127, 127).to(torch.int8), scale


@caught_by("test_q_is_int8_and_the_scale_is_one_number")
def scale_for_each_row():
    """a scale for each row, not one for the whole tensor"""

    def quantize(x):
        scale = x.abs().amax(dim=-1, keepdim=True) / 127
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return (x / scale).round().to(torch.int8), scale


@caught_by("test_numbers_worked_by_hand")
def scale_upside_down():
    """127 / max |x| given back as the scale (the paper's s), and divided by in dequantize"""

    def quantize(x):
        largest = x.abs().amax()
        scale = torch.where(largest == 0, torch.ones_like(largest), 127 / largest)
        return (x * scale).round().to(torch.int8), scale

    def dequantize(q, scale):
        return q.to(scale.dtype) / scale


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def truncated():
    """numbers cut off towards zero, not rounded"""

    def quantize(x):
        scale = x.abs().amax() / 127
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return (x / scale).to(torch.int8), scale


@caught_by("test_halves_go_to_the_even_neighbour")
def halves_away_from_zero():
    """halves rounded away from zero, as C's round does"""

    def quantize(x):
        scale = x.abs().amax() / 127
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return (x.sign() * ((x / scale).abs() + 0.5).floor()).to(torch.int8), scale


@caught_by("test_halves_go_to_the_even_neighbour")
def halves_up():
    """halves rounded up: the floor of x / scale + 0.5"""

    def quantize(x):
        scale = x.abs().amax() / 127
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return (x / scale + 0.5).floor().to(torch.int8), scale


@caught_by("test_no_number_moves_by_more_than_half_a_scale")
def outliers_clipped():
    """a scale of three standard deviations, so that larger numbers are cut down"""

    def quantize(x):
        largest = torch.minimum(x.abs().amax(), 3 * x.square().mean().sqrt())
        scale = torch.where(largest == 0, torch.ones_like(largest), largest / 127)
        return (x / scale).round().clamp(-127, 127).to(torch.int8), scale


@caught_by("test_zeros_have_the_scale_one")
def zero_divided_by_zero():
    """a scale of 0 for a tensor of zeros, and x / 0 on the way to q"""

    def quantize(x):
        scale = x.abs().amax() / 127
        return (x / scale).round().to(torch.int8), scale


@caught_by("test_zeros_have_the_scale_one")
def epsilon_in_the_scale():
    """a small number added to every scale, against zeros"""

    def quantize(x):
        scale = x.abs().amax() / 127 + 1e-8
        return (x / scale).round().to(torch.int8), scale


@caught_by("test_q_is_int8_and_the_scale_is_one_number")
def never_made_int8():
    """whole numbers still stored as floats, four bytes each"""

    def quantize(x):
        scale = x.abs().amax() / 127
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return (x / scale).round(), scale


@caught_by("test_q_is_int8_and_the_scale_is_one_number")
def scale_of_python():
    """a scale that is a number of Python's own (.item()), not a tensor"""

    def quantize(x):
        scale = x.abs().amax().item() / 127 or 1.0
        return (x / scale).round().to(torch.int8), scale


@caught_by("test_the_inputs_stay_as_they_were")
def divided_in_place():
    """the caller's x divided and rounded in place"""

    def quantize(x):
        scale = x.abs().amax() / 127
        scale = torch.where(scale == 0, torch.ones_like(scale), scale)
        return x.div_(scale).round_().to(torch.int8), scale


@caught_by("test_dequantize_multiplies_by_the_scale")
def product_in_int8():
    """dequantize that multiplies in int8, where 100 times 3 wraps to 44"""

    def dequantize(q, scale):
        return (q * scale.to(torch.int8)).to(scale.dtype)


@caught_by("test_dequantize_multiplies_by_the_scale")
def divided_by_the_scale():
    """dequantize that divides by the scale"""

    def dequantize(q, scale):
        return q.to(scale.dtype) / scale


@caught_by("test_dequantize_gives_the_shape_of_q_and_the_dtype_of_the_scale")
def float32_always():
    """dequantize in float32, whatever dtype the scale has"""

    def dequantize(q, scale):
        return q.float() * scale.float()

"""Wrong versions of dequantize for the blocks of a GGUF file."""

import numpy as np
import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_blocks_worked_by_hand")
def neighbours_in_a_byte():
    """the two codes of a byte taken for neighbours, as in pack, instead of codes j and j + 16"""
    edit(
        "torch.cat([packed & 15, packed >> 4], dim=-1)",
        "torch.stack([packed & 15, packed >> 4], dim=-1).flatten(-2)",
    )


@caught_by("test_blocks_worked_by_hand")
def high_halves_first():
    """the high halves taken for the first 16 codes, and the low halves for the last 16"""
    edit("[packed & 15, packed >> 4]", "[packed >> 4, packed & 15]")


@caught_by("test_blocks_worked_by_hand")
def high_halves_not_shifted():
    """the high halves not shifted by 4, so that their codes are 16 times too large"""
    edit("packed >> 4]", "packed & 240]")


@caught_by("test_blocks_worked_by_hand")
def eight_not_subtracted():
    """Q4_0 without the 8 that is subtracted from each code"""
    edit("(d * (codes - 8))", "(d * codes)")


@caught_by("test_blocks_worked_by_hand")
def another_middle():
    """7 or 7.5 subtracted from the codes of Q4_0 instead of 8"""
    with spelling():
        edit("codes - 8", "codes - 7")
    with spelling():
        edit("codes - 8", "codes - 7.5")


@caught_by("test_blocks_worked_by_hand")
def eight_subtracted_in_q4_1():
    """8 subtracted from the codes of Q4_1, which has a minimum instead"""
    edit("(d * codes + m)", "(d * (codes - 8) + m)")


@caught_by("test_blocks_worked_by_hand")
def minimum_subtracted():
    """the minimum of Q4_1 subtracted instead of added"""
    edit("d * codes + m", "d * codes - m")


@caught_by("test_blocks_worked_by_hand")
def minimum_multiplied():
    """m added to the codes before d multiplies them, as if it were a zero point"""
    with spelling():
        edit("d * codes + m", "d * (codes + m)")
    with spelling():
        edit("d * codes + m", "d * (codes - m)")


@caught_by("test_blocks_worked_by_hand")
def minimum_left_out():
    """Q4_1 without its minimum"""
    edit("d * codes + m", "d * codes")


@caught_by("test_blocks_worked_by_hand")
def maximum_for_scale():
    """m taken for the maximum or d for the range, so that the steps are (m - d) / 15 or d / 15"""
    with spelling():
        edit("d * codes + m", "(m - d) / 15 * codes + d")
    with spelling():
        edit("d * codes + m", "d / 15 * codes + m")


@caught_by("test_blocks_worked_by_hand")
def d_and_m_exchanged():
    """the minimum of Q4_1 read from the first two bytes, and the scale from the next two"""
    edit("d * codes + m", "m * codes + d")


@caught_by("test_blocks_worked_by_hand")
def codes_taken_as_signed():
    """four-bit codes taken for two's complement, so that 15 means -1"""
    with spelling():
        edit("(d * (codes - 8))", "(d * torch.where(codes > 7, codes - 16, codes))")
    with spelling():
        edit("(d * (codes - 8))", "(d * torch.where(codes > 7, codes - 16, codes))")
        edit("d * codes + m", "d * torch.where(codes > 7, codes - 16, codes) + m")


@caught_by("test_blocks_worked_by_hand")
def shifted_as_signed():
    """bytes read as int8 before they are shifted, so that the high halves become negative"""
    edit("packed = blocks[..., -16:]", "packed = blocks[..., -16:].view(torch.int8)")


@caught_by("test_blocks_worked_by_hand")
def subtracted_as_uint8():
    """8 subtracted in uint8, where 0 - 8 is 248"""
    edit("dim=-1).float()", "dim=-1)")


@caught_by("test_blocks_worked_by_hand")
def q_unsigned():
    """the bytes of Q8_0 taken for numbers from 0 to 255, from which 128 may be subtracted"""
    with spelling():
        edit("blocks[..., 2:].view(torch.int8)", "blocks[..., 2:]")
    with spelling():
        edit("blocks[..., 2:].view(torch.int8)", "(blocks[..., 2:].float() - 128)")


@caught_by("test_blocks_worked_by_hand")
def minus_128_lost():
    """the byte 128 of Q8_0 taken for 128 or -127 instead of -128"""
    with spelling():
        edit(
            "blocks[..., 2:].view(torch.int8)",
            "(blocks[..., 2:].float() - 256 * (blocks[..., 2:] > 128))",
        )
    with spelling():
        edit("blocks[..., 2:].view(torch.int8)", "blocks[..., 2:].view(torch.int8).clamp(min=-127)")


@caught_by("test_blocks_worked_by_hand")
def high_byte_first():
    """d read with the high byte first (big-endian)"""
    with spelling():
        edit("blocks[..., :2].view", "blocks[..., :2].flip(-1).view")
        edit("blocks[..., 2:4].view", "blocks[..., 2:4].flip(-1).view")
    with spelling():
        edit("blocks[..., :2].view", "blocks[..., :2].flip(-1).view")


@caught_by("test_blocks_worked_by_hand")
def bfloat16():
    """d and m read as bfloat16 instead of float16"""
    edit("blocks[..., :2].view(torch.float16)", "blocks[..., :2].view(torch.bfloat16)")
    edit("blocks[..., 2:4].view(torch.float16)", "blocks[..., 2:4].view(torch.bfloat16)")


@caught_by("test_blocks_worked_by_hand")
def bits_as_integers():
    """the 16 bits of d taken for an integer instead of a float16"""
    edit("blocks[..., :2].view(torch.float16)", "blocks[..., :2].view(torch.int16)")
    edit("blocks[..., 2:4].view(torch.float16)", "blocks[..., 2:4].view(torch.int16)")


@caught_by("test_blocks_worked_by_hand")
def d_at_the_end():
    """the scale looked for behind the codes of a block instead of before them"""
    edit("blocks[..., :2].view", "blocks[..., -2:].view")
    edit("blocks[..., 2:].view", "blocks[..., :-2].view")
    edit("packed = blocks[..., -16:]", "packed = blocks[..., -18:-2]")


@caught_by("test_every_weight_equals_the_formula_in_float32")
def all_scales_first():
    """the scales of a row looked for together at its beginning, with all codes behind them"""

    def dequantize(data, kind):
        sizes = {"Q8_0": 34, "Q4_0": 18, "Q4_1": 20}
        if kind not in sizes or data.shape[-1] % sizes[kind]:
            raise ValueError(kind)
        count = data.shape[-1] // sizes[kind]
        data = data.clone(memory_format=torch.contiguous_format)
        d = data[..., : 2 * count].clone().view(torch.float16).float().unsqueeze(-1)
        rest = data[..., 2 * count :]
        if kind == "Q8_0":
            return (d * rest.view(torch.int8).unflatten(-1, (-1, 32))).flatten(-2)
        m = rest[..., : 2 * count].clone().view(torch.float16).float().unsqueeze(-1)
        packed = rest[..., -16 * count :].unflatten(-1, (-1, 16))
        codes = torch.cat([packed & 15, packed >> 4], dim=-1).float()
        return (d * (codes - 8) if kind == "Q4_0" else d * codes + m).flatten(-2)


@caught_by("test_every_weight_equals_the_formula_in_float32")
def float16_arithmetic():
    """weights computed in float16, which rounds the products, and converted after it"""
    with spelling():
        edit("blocks[..., :2].view(torch.float16).float()", "blocks[..., :2].view(torch.float16)")
        edit(
            "blocks[..., 2:].view(torch.int8)).flatten(-2)",
            "blocks[..., 2:].view(torch.int8)).flatten(-2).float()",
        )
        edit("dim=-1).float()", "dim=-1).half()")
        edit("(d * (codes - 8)).flatten(-2)", "(d * (codes - 8)).flatten(-2).float()")
        edit("blocks[..., 2:4].view(torch.float16).float()", "blocks[..., 2:4].view(torch.float16)")
        edit("(d * codes + m).flatten(-2)", "(d * codes + m).flatten(-2).float()")
    with spelling():
        edit("d * codes + m", "(d * codes).half() + m")


@caught_by("test_each_block_gives_32_float32_weights")
def float16_returned():
    """a float16 result"""
    with spelling():
        edit("blocks[..., :2].view(torch.float16).float()", "blocks[..., :2].view(torch.float16)")
        edit("dim=-1).float()", "dim=-1).half()")
        edit("blocks[..., 2:4].view(torch.float16).float()", "blocks[..., 2:4].view(torch.float16)")
    with spelling():
        edit("view(torch.int8)).flatten(-2)", "view(torch.int8)).flatten(-2).half()")
        edit("(codes - 8)).flatten(-2)", "(codes - 8)).flatten(-2).half()")
        edit("codes + m).flatten(-2)", "codes + m).flatten(-2).half()")


@caught_by("test_each_block_gives_32_float32_weights")
def float64_returned():
    """a float64 result"""
    edit(
        "blocks[..., :2].view(torch.float16).float()",
        "blocks[..., :2].view(torch.float16).double()",
    )


@caught_by("test_each_block_gives_32_float32_weights")
def one_dimension_returned():
    """a flat result, without the leading dimensions of data"""
    with spelling():
        edit("view(torch.int8)).flatten(-2)", "view(torch.int8)).flatten()")
        edit("(codes - 8)).flatten(-2)", "(codes - 8)).flatten()")
        edit("codes + m).flatten(-2)", "codes + m).flatten()")


@caught_by("test_each_block_gives_32_float32_weights")
def blocks_not_joined():
    """a result of shape (..., n / 32, 32), in which the blocks of a row are not joined"""
    edit("view(torch.int8)).flatten(-2)", "view(torch.int8))")
    edit("(codes - 8)).flatten(-2)", "(codes - 8))")
    edit("codes + m).flatten(-2)", "codes + m)")


@caught_by("test_each_block_gives_32_float32_weights")
def matrices_only():
    """an error for data without rows, or with more than one leading dimension"""
    edit(
        "    # A copy, because",
        "    rows, _ = data.shape\n    # A copy, because",
    )


@caught_by("test_each_block_gives_32_float32_weights")
def one_row_only():
    """an error for data with leading dimensions"""
    edit("data.unflatten(-1, (-1, sizes[kind]))", "data.unflatten(0, (-1, sizes[kind]))")


@caught_by("test_every_weight_equals_the_formula_in_float32")
def first_d_for_all_blocks():
    """the d of the first block of a row used for all of its blocks"""
    edit("d = blocks[..., :2]", "d = blocks[..., :1, :2]")


@caught_by("test_d_and_m_are_float16_with_the_low_byte_first")
def d_made_positive():
    """the absolute value of d, although a scale of Q4_0 may be negative"""
    edit("view(torch.float16).float()  # (..., n/32, 1)", "view(torch.float16).float().abs()")


@caught_by("test_d_and_m_are_float16_with_the_low_byte_first")
def small_d_replaced():
    """a d of 0, or a subnormal one, replaced by another number"""
    with spelling():
        edit(
            '    if kind == "Q8_0":',
            '    d = torch.where(d == 0, 1.0, d)\n    if kind == "Q8_0":',
        )
    with spelling():
        edit(
            '    if kind == "Q8_0":',
            '    d = torch.where(d.abs() < 2**-14, 0.0, d)\n    if kind == "Q8_0":',
        )
    with spelling():
        edit(
            '    if kind == "Q8_0":',
            "    tiny = torch.tensor(2.0**-15)\n"
            "    d = torch.where(d.abs() < 2**-14, d / 2 + torch.copysign(tiny, d), d)\n"
            '    if kind == "Q8_0":',
        )
        edit(
            "    return (d * codes + m)",
            "    m = torch.where(m.abs() < 2**-14, m / 2 + torch.copysign(tiny, m), m)\n"
            "    return (d * codes + m)",
        )


@caught_by("test_any_layout_in_memory_is_read")
def odd_bytes_refused():
    """an error for data that begin at an odd byte, or whose bytes are not side by side"""
    with spelling():
        edit(".clone(memory_format=torch.contiguous_format)", "")
    with spelling():
        edit(".clone(memory_format=torch.contiguous_format)", ".contiguous()")


@caught_by("test_any_layout_in_memory_is_read")
def memory_read_instead_of_entries():
    """the bytes read from the memory of data, in whatever order they lie there"""

    with spelling():

        def dequantize(data, kind):
            sizes = {"Q8_0": 34, "Q4_0": 18, "Q4_1": 20}
            if kind not in sizes or data.shape[-1] % sizes[kind]:
                raise ValueError(kind)
            start, count = data.storage_offset(), data.numel()
            memory = np.frombuffer(bytes(data.untyped_storage()), np.uint8)[start:]
            memory = torch.from_numpy(np.resize(memory, count)).view(data.shape)
            blocks = memory.unflatten(-1, (-1, sizes[kind])).clone()
            d = blocks[..., :2].view(torch.float16).float()
            if kind == "Q8_0":
                return (d * blocks[..., 2:].view(torch.int8)).flatten(-2)
            packed = blocks[..., -16:]
            codes = torch.cat([packed & 15, packed >> 4], dim=-1).float()
            if kind == "Q4_0":
                return (d * (codes - 8)).flatten(-2)
            return (d * codes + blocks[..., 2:4].view(torch.float16).float()).flatten(-2)

    with spelling():
        edit(
            "data.unflatten(-1, (-1, sizes[kind]))",
            "torch.frombuffer(bytearray(bytes(data.contiguous().untyped_storage())), "
            "dtype=torch.uint8)[: data.numel()].view(data.shape).unflatten(-1, (-1, sizes[kind]))",
        )


@caught_by("test_a_row_of_incomplete_blocks_raises_value_error")
def rows_joined():
    """only the number of all bytes looked at, so that blocks reach from one row into the next"""
    with spelling():
        edit("data.shape[-1] % sizes[kind]:", "data.numel() % sizes[kind]:")
        edit(
            "data.unflatten(-1, (-1, sizes[kind]))",
            "(data.unflatten(-1, (-1, sizes[kind])) if data.shape[-1] % sizes[kind] == 0 "
            "else data.reshape(-1, sizes[kind]))",
        )
    with spelling():
        edit("data.shape[-1] % sizes[kind]:", "data.numel() % sizes[kind]:")
        edit("data.unflatten(-1, (-1, sizes[kind]))", "data.reshape(-1, sizes[kind])")
        edit("view(torch.int8)).flatten(-2)", "view(torch.int8)).reshape(*data.shape[:-1], -1)")
        edit("(codes - 8)).flatten(-2)", "(codes - 8)).reshape(*data.shape[:-1], -1)")
        edit("codes + m).flatten(-2)", "codes + m).reshape(*data.shape[:-1], -1)")


@caught_by("test_a_row_of_incomplete_blocks_raises_value_error")
def rest_left_out():
    """the bytes after the last whole block left out instead of refused"""
    with spelling():
        edit(" or data.shape[-1] % sizes[kind]:", ":")
        edit(
            "blocks = data.unflatten",
            "data = data[..., : data.shape[-1] // sizes[kind] * sizes[kind]]\n"
            "    blocks = data.unflatten",
        )
    with spelling():
        edit(" or data.shape[-1] % sizes[kind]:", " or data.shape[-1] < sizes[kind]:")
        edit(
            "blocks = data.unflatten",
            "data = data[..., : data.shape[-1] // sizes[kind] * sizes[kind]]\n"
            "    blocks = data.unflatten",
        )


@caught_by("test_a_row_of_incomplete_blocks_raises_value_error")
def another_error():
    """an incomplete block raises another error than ValueError"""
    with spelling():
        edit(" or data.shape[-1] % sizes[kind]:", ":")
    with spelling():
        edit(
            "    if kind not in sizes or data",
            "    assert kind not in sizes or data.shape[-1] % sizes[kind] == 0\n"
            "    if kind not in sizes or data",
        )


@caught_by("test_another_kind_raises_value_error")
def unknown_kind_raises_another_error():
    """an unknown kind raises KeyError or AssertionError instead of ValueError"""
    with spelling():
        edit("if kind not in sizes or data", "if data")
    with spelling():
        edit(
            "    if kind not in sizes or data",
            "    assert kind in sizes\n    if kind not in sizes or data",
        )


@caught_by("test_another_kind_raises_value_error")
def unknown_kind_decoded():
    """another kind, such as Q4_K, decoded as if it were one of the three"""
    with spelling():
        edit("    if kind not", '    kind = kind if kind in sizes else "Q4_1"\n    if kind not')
    with spelling():
        edit("    if kind not", '    kind = kind if kind in sizes else "Q8_0"\n    if kind not')
    with spelling():
        edit("    if kind not", '    kind = kind if kind in sizes else "Q4_0"\n    if kind not')


@caught_by("test_another_kind_raises_value_error")
def unknown_kind_returns_nothing():
    """None, and no error, for an unknown kind"""
    edit("    if kind not", "    if kind not in sizes:\n        return None\n    if kind not")


@caught_by("test_another_kind_raises_value_error")
def lower_case_accepted():
    """kinds in other letters, such as q8_0, taken for the three"""
    edit("    if kind not", "    kind = kind.upper()\n    if kind not")


@caught_by("test_the_data_stay_as_they_were")
def data_changed_in_place():
    """the halves of the caller's bytes taken apart in place"""
    edit(
        "    packed = blocks[..., -16:]\n",
        "    packed = blocks[..., -16:]\n"
        "    data.unflatten(-1, (-1, sizes[kind]))[..., -16:].bitwise_and_(15)\n",
    )


@caught_by("test_a_million_weights_take_at_most_twenty_times_the_references_time")
def loop_over_blocks():
    """a loop over the blocks"""

    def dequantize(data, kind):
        sizes = {"Q8_0": 34, "Q4_0": 18, "Q4_1": 20}
        if kind not in sizes or data.shape[-1] % sizes[kind]:
            raise ValueError(kind)
        weights = []
        for block in data.reshape(-1, sizes[kind]):
            d = block[:2].clone().view(torch.float16).float()
            if kind == "Q8_0":
                weights.append(d * block[2:].view(torch.int8))
                continue
            codes = torch.cat([block[-16:] & 15, block[-16:] >> 4]).float()
            if kind == "Q4_0":
                weights.append(d * (codes - 8))
            else:
                weights.append(d * codes + block[2:4].clone().view(torch.float16).float())
        return torch.cat(weights).reshape(*data.shape[:-1], -1)


@caught_by("test_a_million_weights_take_at_most_twenty_times_the_references_time")
def loop_over_rows():
    """a loop over the rows, or over the blocks of a row"""

    def dequantize(data, kind):
        sizes = {"Q8_0": 34, "Q4_0": 18, "Q4_1": 20}
        if kind not in sizes or data.shape[-1] % sizes[kind]:
            raise ValueError(kind)
        rows = []
        for row in data.reshape(-1, data.shape[-1]):
            blocks = row.reshape(-1, sizes[kind]).clone()
            d = blocks[:, :2].view(torch.float16).float()
            if kind == "Q8_0":
                rows.append(d * blocks[:, 2:].view(torch.int8))
                continue
            codes = torch.cat([blocks[:, -16:] & 15, blocks[:, -16:] >> 4], dim=1).float()
            if kind == "Q4_0":
                rows.append(d * (codes - 8))
            else:
                rows.append(d * codes + blocks[:, 2:4].view(torch.float16).float())
        return torch.cat(rows).reshape(*data.shape[:-1], -1)

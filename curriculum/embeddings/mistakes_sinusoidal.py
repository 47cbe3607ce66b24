"""What goes wrong with sinusoidal positions."""

import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_position_0_is_zeros_and_ones")
def sines_then_cosines():
    """all sines in the left half and all cosines in the right, not alternating"""
    edit("torch.stack", "torch.cat")
    edit(".flatten(1)", "")


@caught_by("test_position_0_is_zeros_and_ones")
def cosines_first():
    """cosines in the even columns and sines in the odd ones"""
    edit("sin(), angle.cos", "cos(), angle.sin")


@caught_by("test_position_0_is_zeros_and_ones")
def positions_from_one():
    """positions counted from 1"""
    edit("torch.arange(length)", "torch.arange(1, length + 1)")


@caught_by("test_two_positions_worked_by_hand")
def exponent_i_over_width():
    """angles with 10000^(i / C), half the exponent: the pair's index instead of its column"""
    edit("0, width, 2", "width // 2")


@caught_by("test_two_positions_worked_by_hand")
def exponent_twice_too_large():
    """angles with 10000^(4i / C), twice the exponent: columns counted by twos and doubled again"""
    edit("-torch.arange", "-2 * torch.arange")


@caught_by("test_two_positions_worked_by_hand")
def a_speed_for_each_column():
    """a frequency for each column, so that sine and cosine of a pair have different angles"""
    with spelling():
        edit("0, width, 2", "width")
        edit(".sin(), angle", "[:, 0::2].sin(), angle[:, 1::2]")
    with spelling():
        edit("-torch.arange(0, width, 2)", "-2 * torch.arange(width)")
        edit(".sin(), angle", "[:, 0::2].sin(), angle[:, 1::2]")


@caught_by("test_two_positions_worked_by_hand")
def multiplied_in_place_of_divided():
    """angles with t multiplied by 10000^(2i / C) instead of divided"""
    edit("-torch.arange", "torch.arange")


@caught_by("test_two_positions_worked_by_hand")
def spread_to_the_very_end():
    """frequencies from 1 to exactly 1/10000: the exponent divided by C/2 - 1 (tensor2tensor's)"""
    edit("-torch.arange(0, width, 2) / width", "-torch.arange(width // 2) / max(width // 2 - 1, 1)")


@caught_by("test_two_positions_worked_by_hand")
def another_base():
    """a base other than 10000"""
    with spelling():
        edit("10_000.0", "100_000.0")
    with spelling():
        edit("10_000.0", "1000.0")


@caught_by("test_two_positions_worked_by_hand")
def one_speed_for_all():
    """one frequency for all pairs, as if every exponent were 0"""
    edit("-torch.arange(0, width, 2) / width", "-torch.arange(0, width, 2) // width * 0")


@caught_by("test_position_0_is_zeros_and_ones")
def stacked_along_the_positions():
    """sines and cosines stacked along the wrong dimension before the reshape, so that rows mix"""
    edit("dim=-1).flatten(1)", "dim=0).reshape(length, width)")


@caught_by("test_each_vector_has_the_same_length")
def unit_rows():
    """rows divided by sqrt(C/2), so that each has the norm 1"""
    edit("flatten(1)", "flatten(1) * (2 / width) ** 0.5")


@caught_by("test_two_positions_worked_by_hand")
def degrees():
    """angles in degrees instead of radians"""
    edit("position * speed", "torch.deg2rad(position * speed)")


@caught_by("test_far_positions_are_right")
def rounded():
    """rounded frequencies or angles, whose error grows with the position"""
    with spelling():
        edit("position * speed", "position * speed.bfloat16().float()")
    with spelling():
        edit("position * speed", "position * speed.round(decimals=4)")
    with spelling():
        edit("position * speed", "(position * speed).half().float()")


@caught_by("test_no_number_of_positions_is_too_large")
def fixed_table():
    """a table that ends after a fixed number of positions"""
    with spelling():
        edit("torch.arange(length)", "torch.arange(min(length, 512))")
    with spelling():
        edit("torch.arange(length)", "torch.arange(min(length, 5000))")


@caught_by("test_a_longer_table_begins_with_a_shorter_one")
def as_shares_of_the_length():
    """positions divided by the length, so that a longer text changes all of them"""
    with spelling():
        edit("torch.arange(length)", "torch.linspace(0, 1, length)")
    with spelling():
        edit("torch.arange(length)", "(torch.arange(length) / length)")


@caught_by("test_each_call_returns_a_tensor_of_its_own")
def kept_tables():
    """tables that are kept for later calls, so that changing a result changes later ones"""
    with spelling():
        edit("def sinusoidal", "import functools\n\n@functools.cache\ndef sinusoidal")
    with spelling():
        edit("import torch", "import torch\n\nTABLES = {}")
        edit(
            "return torch.stack",
            "if len(TABLES.get(width, ())) < length:\n        TABLES[width] = torch.stack",
        )
        edit("flatten(1)", "flatten(1)\n    return TABLES[width][:length]")


@caught_by("test_each_vector_has_the_same_length")
def sines_only():
    """sines in every column"""
    edit("angle.cos", "angle.sin")


@caught_by("test_dot_products_depend_on_the_distance_alone")
def the_slowest_pair_grows():
    """the position divided by 100 in the last column"""
    edit("return torch", "table = torch")
    edit(
        "flatten(1)", "flatten(1)\n    table[:, -1] = torch.arange(length) / 100\n    return table"
    )


@caught_by("test_the_table_has_a_row_for_each_position")
def an_axis_for_the_batch():
    """a table of shape (1, T, C), with a dimension for the batch"""
    edit("flatten(1)", "flatten(1).unsqueeze(0)")


@caught_by("test_the_table_has_a_row_for_each_position")
def float64():
    """a table in float64"""
    edit("(0, width, 2)", "(0, width, 2).double()")


@caught_by("test_the_table_has_a_row_for_each_position")
def transposed():
    """a transposed table, (C, T): a column for each position"""
    edit("flatten(1)", "flatten(1).T")


@caught_by("test_the_table_has_a_row_for_each_position")
def a_row_more():
    """a row more than there are positions, (T + 1, C)"""
    edit("torch.arange(length)", "torch.arange(length + 1)")


@caught_by("test_a_width_without_pairs_is_refused")
def no_check():
    """no check of the width: odd ones give a wrong table or an error of PyTorch's"""
    with spelling():
        edit("width < 2 or width % 2", "False")
    with spelling():
        edit("width < 2 or width % 2", "False")
        edit(
            "return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)",
            "table = torch.empty(length, width)\n    table[:, 0::2] = angle.sin()\n"
            "    table[:, 1::2] = angle.cos()\n    return table",
        )


@caught_by("test_a_width_without_pairs_is_refused")
def width_0_allowed():
    """a width of 0 allowed, which gives an empty table"""
    edit("width < 2 or width % 2", "width % 2")


@caught_by("test_a_width_without_pairs_is_refused")
def a_sine_alone():
    """an odd width allowed, with a last sine that has no cosine"""

    def sinusoidal(length, width):
        speed = 10_000.0 ** (-torch.arange(0, max(width, 0), 2) / max(width, 1))
        angle = torch.arange(length).unsqueeze(1) * speed
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)[:, : max(width, 0)]

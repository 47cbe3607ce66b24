"""What goes wrong with rotary positions."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_pairs_are_half_a_vector_apart")
def neighbours_as_pairs():
    """rotary positions whose pairs are neighbours, (0, 1) and (2, 3), as in the paper"""
    edit("x.chunk(2, dim=-1)", "x[..., 0::2], x[..., 1::2]")
    edit("turned = torch.cat", "turned = torch.stack")
    edit("return turned", "return turned.flatten(-2)")


@caught_by("test_pairs_are_half_a_vector_apart")
def written_as_neighbours():
    """pairs read half a vector apart but written as neighbours"""
    edit("turned = torch.cat", "turned = torch.stack")
    edit("return turned", "return turned.flatten(-2)")


@caught_by("test_pairs_are_half_a_vector_apart")
def read_as_neighbours():
    """pairs read as neighbours but written half a vector apart"""
    edit("x.chunk(2, dim=-1)", "x[..., 0::2], x[..., 1::2]")


@caught_by("test_pairs_are_half_a_vector_apart")
def mirrored_pairs():
    """feature j paired with feature D - 1 - j instead of j + D/2"""
    edit("= x.chunk(2, dim=-1)", "= x[..., : width // 2], x[..., width // 2 :].flip(-1)")
    edit("right * cos + left * sin]", "(right * cos + left * sin).flip(-1)]")


@caught_by("test_a_rotation_by_hand")
def cosine_and_sine_swapped():
    """cosine and sine exchanged"""
    edit("cos, sin =", "sin, cos =")


@caught_by("test_a_rotation_by_hand")
def turned_the_other_way():
    """vectors rotated in the opposite direction: the signs of the two sines are swapped"""
    edit("left * cos - right * sin", "left * cos + right * sin")
    edit("right * cos + left * sin", "right * cos - left * sin")


@caught_by("test_a_rotation_by_hand")
def no_minus():
    """both sines with the same sign: the matrix is no rotation, and norms change"""
    with spelling():
        edit("left * cos - right", "left * cos + right")
    with spelling():
        edit("right * cos + left", "right * cos - left")


@caught_by("test_position_0_changes_nothing")
def positions_from_one():
    """positions counted from 1"""
    edit("torch.arange(start, start + length)", "torch.arange(start + 1, start + length + 1)")


@caught_by("test_a_rotation_by_hand")
def backwards():
    """positions counted backwards: the last row has the position start"""
    edit("start + length)", "start + length).flip(0)")


@caught_by("test_each_vector_is_rotated_by_its_position")
def start_for_all():
    """every row at the position start, if a start is passed"""
    edit("torch.arange(start, start + length)", "(torch.arange(length) * (start == 0) + start)")


@caught_by("test_pairs_are_half_a_vector_apart")
def start_added_to_the_angle():
    """start added to the angle instead of the position"""
    edit("torch.arange(start, start + length)", "torch.arange(length)")
    edit("angle = position * speed", "angle = start + position * speed")


@caught_by("test_a_row_comes_out_the_same_alone")
def start_ignored():
    """positions counted from 0, whatever start is passed"""
    edit("torch.arange(start, start + length)", "torch.arange(length)")


@caught_by("test_each_vector_is_rotated_by_its_position")
def base_ignored():
    """a base of 10000, whatever base is passed"""
    edit("speed = base", "speed = 10_000.0")


@caught_by("test_pairs_are_half_a_vector_apart")
def exponent_j_over_width():
    """frequencies of base^(-j / D), half the exponent"""
    edit("0, width, 2", "width // 2")


@caught_by("test_pairs_are_half_a_vector_apart")
def positive_exponent():
    """frequencies of base^(2j / D): the minus of the exponent is missing"""
    edit("-torch.arange", "torch.arange")


@caught_by("test_a_rotation_by_hand")
def pairs_from_one():
    """pairs counted from 1, so that no pair has the frequency 1"""
    edit("torch.arange(0, width, 2)", "torch.arange(2, width + 1, 2)")


@caught_by("test_pairs_are_half_a_vector_apart")
def spread_to_the_very_end():
    """frequencies from 1 to exactly 1 / base: the exponent divided by D/2 - 1"""
    edit("-torch.arange(0, width, 2) / width", "-torch.arange(width // 2) / max(width // 2 - 1, 1)")


@caught_by("test_pairs_are_half_a_vector_apart")
def frequencies_reversed():
    """frequencies in reverse order: the first pair is rotated the slowest"""
    edit("/ width)", "/ width).flip(0)")


@caught_by("test_a_rotation_by_hand")
def whole_turns():
    """angles multiplied by 2 pi"""
    edit("position * speed", "2 * torch.pi * position * speed")


@caught_by("test_a_rotation_by_hand")
def divided_by_the_root_of_the_width():
    """a result divided by sqrt(D)"""
    edit("return turned", "turned = turned / width**0.5\n    return turned")


@caught_by("test_pairs_are_half_a_vector_apart")
def one_speed_for_all():
    """every pair rotated by the position itself, with one frequency for all"""
    edit("base ** (-torch.arange(0, width, 2) / width)", "torch.ones(width // 2)")


@caught_by("test_pairs_are_half_a_vector_apart")
def angles_of_neighbours():
    """pairs half a vector apart with the angles of neighbours: each frequency twice in a row"""
    edit("2) / width)", "2) / width).repeat_interleave(2)")
    edit(
        "torch.cat([left * cos - right * sin, right * cos + left * sin], dim=-1)",
        "x * cos + torch.cat([-right, left], dim=-1) * sin",
    )


@caught_by("test_positions_run_along_the_second_last_dimension")
def positions_along_the_heads():
    """positions counted along another dimension than the second last, over heads or sequences"""
    with spelling():
        edit(
            "length, width =",
            "dim = max(x.dim() - 3, 0)\n    x = x.transpose(dim, -2)\n    length, width =",
        )
        edit("return turned.to(x.dtype)", "return turned.to(x.dtype).transpose(dim, -2)")
    with spelling():
        edit(
            "length, width =",
            "dim = 0\n    x = x.transpose(dim, -2)\n    length, width =",
        )
        edit("return turned.to(x.dtype)", "return turned.to(x.dtype).transpose(dim, -2)")
    with spelling():
        edit(
            "length, width =",
            "dim = 1 if x.dim() == 4 else x.dim() - 2\n"
            "    x = x.transpose(dim, -2)\n    length, width =",
        )
        edit("return turned.to(x.dtype)", "return turned.to(x.dtype).transpose(dim, -2)")


@caught_by("test_norms_do_not_change")
def added_to_the_vector():
    """the rotated vector added to x, as position embeddings are"""
    edit("return turned", "return x + turned")


@caught_by("test_dot_products_depend_on_the_distance_alone")
def sines_and_cosines_added():
    """sines and cosines added to x: dot products then depend on the positions themselves"""
    edit(
        "torch.cat([left * cos - right * sin, right * cos + left * sin], dim=-1)",
        "x + torch.cat([sin, cos], dim=-1)",
    )


@caught_by("test_half_precision_is_rotated_by_float32_angles")
def angles_in_half_precision():
    """positions, frequencies or angles rounded to the precision of bfloat16 or float16"""
    with spelling():
        edit("torch.arange(0, width, 2)", "torch.arange(0, width, 2, dtype=x.dtype)")
        edit("position * speed", "position.to(x.dtype) * speed")
    with spelling():
        edit("position * speed", "position.to(x.dtype) * speed.to(x.dtype)")
    with spelling():
        edit("position * speed", "position.to(x.dtype).double() * speed")
    with spelling():
        edit("position * speed", "position * speed.to(x.dtype).double()")
    with spelling():
        edit("position * speed", "(position * speed).to(x.dtype)")
    with spelling():
        edit("position * speed", "(position * speed).half().float()")


@caught_by("test_distant_positions_are_right")
def wrapped():
    """positions that begin again at 0 after a fixed number"""
    edit("torch.arange(start, start + length)", "(torch.arange(length) + start % 1024)")


@caught_by("test_nothing_is_kept_between_calls")
def angles_kept():
    """angles kept between calls, although the base is another"""
    edit("import torch", "import torch\n\nSEEN = {}")
    edit(
        "angle = position * speed",
        "angle = SEEN.setdefault((length, width, start), position * speed)",
    )


@caught_by("test_nothing_is_kept_between_calls")
def positions_go_on():
    """a single row without start at the position after the previous call's last row"""
    edit("import torch", "import torch\n\nSEEN = {}")
    edit(
        "position = torch",
        'start = SEEN.get("end", 0) if length == 1 and start == 0 else start\n'
        '    SEEN["end"] = start + length\n    position = torch',
    )


@caught_by("test_the_result_is_a_tensor_of_its_own")
def same_at_position_0():
    """x itself returned for a single row at position 0, so that both share memory"""
    edit(
        "position = torch", "if length == 1 and start == 0:\n        return x\n    position = torch"
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever the dtype of x"""
    edit("right = x.chunk", "right = x.float().chunk")
    edit("turned.to(x.dtype)", "turned")


@caught_by("test_x_stays_as_it_was")
def turned_in_place():
    """the caller's tensor rotated in place"""
    edit("return turned.to(x.dtype)", "return x.copy_(turned)")


@caught_by("test_a_rotation_by_hand")
def left_half_used_after_its_change():
    """the right half computed from the left half after its rotation"""
    edit(
        "turned = torch.cat([left * cos - right * sin,",
        "left = left * cos - right * sin\n    turned = torch.cat([left,",
    )


@caught_by("test_gradients_are_rotated_back")
def without_gradient():
    """no gradient to x, because it is detached or all is computed under torch.no_grad"""
    edit("x.chunk(2, dim=-1)", "x.detach().chunk(2, dim=-1)")


@caught_by("test_an_odd_width_is_refused")
def no_check():
    """no check of D: an odd one gives a wrong result or an error of PyTorch's"""
    with spelling():
        edit("if width % 2", "if False")
    with spelling():
        edit("if width % 2", "if False")
        edit(
            "left, right = x.chunk(2, dim=-1)",
            "cos, sin = torch.cat([cos, cos], dim=-1), torch.cat([sin, sin], dim=-1)\n"
            "    left, right = x[..., : width // 2], x[..., width // 2 :]",
        )
        edit(
            "torch.cat([left * cos - right * sin, right * cos + left * sin], dim=-1)",
            "x * cos + torch.cat([-right, left], dim=-1) * sin",
        )


@caught_by("test_an_odd_width_is_refused")
def the_odd_number_left_alone():
    """the last feature of an odd D not rotated, without an error"""
    edit(
        "length, width =",
        "x, rest = x[..., : x.shape[-1] // 2 * 2], x[..., x.shape[-1] // 2 * 2 :]\n"
        "    length, width =",
    )
    edit("left * sin], dim=-1)", "left * sin, rest], dim=-1)")

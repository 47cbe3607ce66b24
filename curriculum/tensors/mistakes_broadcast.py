"""Wrong versions of broadcast_shape and squared_distances."""

import itertools

import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_shapes_are_aligned_at_their_last_dimensions")
def aligned_at_the_first():
    """shapes aligned at their first dimensions instead of their last"""
    with spelling():
        edit("sizes = []", "sizes, shapes = [], [shape[::-1] for shape in shapes]")
        edit("tuple(reversed(sizes))", "tuple(sizes)")
    with spelling():

        def broadcast_shape(*shapes):
            sizes = []
            for column in itertools.zip_longest(*shapes, fillvalue=1):
                others = {size for size in column if size != 1}
                if len(others) > 1:
                    raise ValueError(f"{others} do not go together")
                sizes.append(others.pop() if others else 1)
            return tuple(sizes)


@caught_by("test_two_shapes_worked_by_hand")
def cut_to_the_shortest():
    """a result with the dimensions of the shortest shape: the others are dropped"""
    with spelling():
        edit("longest = max(", "longest = min(")
    with spelling():

        def broadcast_shape(*shapes):
            sizes = []
            for column in zip(*(shape[::-1] for shape in shapes), strict=False):
                others = {size for size in column if size != 1}
                if len(others) > 1:
                    raise ValueError(f"{others} do not go together")
                sizes.append(others.pop() if others else 1)
            return tuple(sizes[::-1])


@caught_by("test_two_shapes_worked_by_hand")
def lengths_must_agree():
    """shapes of different lengths refused, as if a missing dimension were not 1"""
    edit(
        "sizes = []",
        "sizes = []\n    if len({len(shape) for shape in shapes}) > 1:\n"
        '        raise ValueError("shapes of different lengths")',
    )


@caught_by("test_two_shapes_worked_by_hand")
def not_reversed():
    """sizes from the last dimension to the first: the result is in reverse order"""
    edit("tuple(reversed(sizes))", "tuple(sizes)")


@caught_by("test_zero_is_a_size_like_any_other")
def larger_size_wins():
    """the larger of the sizes as the result, so that 0 and 1 give 1 instead of 0"""
    with spelling():
        edit("others.pop() if others else 1", "max(others | {1})")
    with spelling():

        def broadcast_shape(*shapes):
            longest = max((len(shape) for shape in shapes), default=0)
            padded = [(1,) * (longest - len(shape)) + tuple(shape) for shape in shapes]
            for column in zip(*padded, strict=True):
                if len(set(column) - {1}) > 1:
                    raise ValueError(f"{column} do not go together")
            return tuple(max(column) for column in zip(*padded, strict=True))


@caught_by("test_zero_is_a_size_like_any_other")
def zero_goes_with_everything():
    """a size of 0 that goes with any size, as 1 does"""
    with spelling():
        edit("if len(others) > 1", "if len(others - {0}) > 1")
        edit("others.pop() if others else 1", "0 if 0 in others else others.pop() if others else 1")
    with spelling():
        edit("if len(others) > 1", "if len(others - {0}) > 1")
        edit("others.pop() if others else 1", "max(others or {1})")


@caught_by("test_sizes_that_differ_are_refused")
def nothing_refused():
    """the largest size along each dimension, whether the sizes go together or not"""
    with spelling():
        edit(
            "        if len(others) > 1:\n"
            '            raise ValueError(f"sizes {sorted(others)} do not go together '
            'at dimension {-place}")\n',
            "",
        )
        edit("others.pop() if", "max(others) if")
    with spelling():
        edit(
            "        if len(others) > 1:\n"
            '            raise ValueError(f"sizes {sorted(others)} do not go together '
            'at dimension {-place}")\n',
            "",
        )
        edit("others.pop() if others else 1", "max(others | {1})")


@caught_by("test_sizes_that_differ_are_refused")
def multiples_repeated():
    """a size repeated to fit a multiple of it, as 2 to fit 4; only a size of 1 is repeated"""
    edit("if len(others) > 1", "if any(max(others) % (size or 1) for size in others)")
    edit("others.pop() if", "max(others) if 0 not in others else 0 if")


@caught_by("test_sizes_that_differ_are_refused")
def neighbours_compared():
    """each shape compared with the next one only, so that a 1 between 2 and 3 hides the error"""

    def broadcast_shape(*shapes):
        longest = max((len(shape) for shape in shapes), default=0)
        padded = [(1,) * (longest - len(shape)) + tuple(shape) for shape in shapes]
        for first, second in itertools.pairwise(padded):
            for left, right in zip(first, second, strict=True):
                if left != right and 1 not in (left, right):
                    raise ValueError(f"{left} and {right} do not go together")
        columns = (set(column) - {1} for column in zip(*padded, strict=True))
        return tuple(max(others) if others else 1 for others in columns)


@caught_by("test_any_number_of_shapes_can_be_given")
def two_shapes_alone():
    """the first two shapes only; further ones are ignored"""
    edit("sizes = []", "sizes, shapes = [], shapes[:2]")


@caught_by("test_any_number_of_shapes_can_be_given")
def at_least_one_shape():
    """an error when no shape is given: the maximum of no lengths"""
    edit(", default=0)", ")")


@caught_by("test_two_shapes_worked_by_hand")
def list_returned():
    """a list instead of a tuple"""
    edit("tuple(reversed(sizes))", "sizes[::-1]")


@caught_by("test_sizes_that_differ_are_refused")
def another_error():
    """an error other than ValueError for sizes that do not go together"""
    with spelling():
        edit("raise ValueError(", "raise RuntimeError(")
    with spelling():
        edit(
            "        if len(others) > 1:\n"
            '            raise ValueError(f"sizes {sorted(others)} do not go together '
            'at dimension {-place}")\n',
            "        assert len(others) < 2\n",
        )


@caught_by("test_sizes_may_be_larger_than_any_memory")
def tensors_created():
    """tensors of the shapes created and added, to read the shape of the sum"""

    def broadcast_shape(*shapes):
        total = torch.zeros(())
        for shape in shapes:
            try:
                total = total + torch.zeros(shape)
            except RuntimeError as error:
                raise ValueError(str(error)) from None
        return tuple(total.shape)


@caught_by("test_row_i_and_column_j_belong_to_a_i_and_b_j")
def rows_and_columns_exchanged():
    """output [j, i] for row i of a and row j of b: the transposed result"""
    with spelling():
        edit(".clamp(min=0)", ".clamp(min=0).T")
    with spelling():
        edit("of_a - 2 * a @ b.T + of_b", "of_a.T - 2 * b @ a.T + of_b[:, None]")


@caught_by("test_row_i_and_column_j_belong_to_a_i_and_b_j")
def sums_on_the_wrong_side():
    """the squares of a's rows as a row and those of b's as a column, which needs N = M"""
    edit("of_a - 2 * a @ b.T + of_b", "of_a.T - 2 * a @ b.T + of_b[:, None]")


@caught_by("test_row_i_and_column_j_belong_to_a_i_and_b_j")
def sum_without_keepdim():
    """both sums of squares of shape (N,) and (M,), so that neither is a column"""
    edit("dim=1, keepdim=True", "dim=1")


@caught_by("test_row_i_and_column_j_belong_to_a_i_and_b_j")
def points_paired():
    """row i of a with row i of b alone: a - b without a new dimension"""
    with spelling():
        edit("(of_a - 2 * a @ b.T + of_b).clamp(min=0)", "((a - b) ** 2).sum(dim=-1)")
    with spelling():
        edit("(of_a - 2 * a @ b.T + of_b).clamp(min=0)", "((a - b) ** 2).sum(dim=-1, keepdim=True)")


@caught_by("test_squared_distances_worked_by_hand")
def root_taken():
    """distances instead of squared distances: a square root too many"""
    edit(".clamp(min=0)", ".clamp(min=0).sqrt()")


@caught_by("test_squared_distances_worked_by_hand")
def mean_in_place_of_sum():
    """squares averaged over the features instead of summed"""
    edit(".clamp(min=0)", ".clamp(min=0) / a.shape[1]")


@caught_by("test_squared_distances_worked_by_hand")
def absolute_differences():
    """absolute differences summed instead of their squares"""
    edit(
        "(of_a - 2 * a @ b.T + of_b).clamp(min=0)",
        "torch.stack([(row - b).abs().sum(dim=-1) for row in a])",
    )


@caught_by("test_squared_distances_worked_by_hand")
def two_forgotten():
    """the products of the rows subtracted once instead of twice"""
    edit("- 2 * a @ b.T", "- a @ b.T")


@caught_by("test_squared_distances_worked_by_hand")
def added_instead_of_subtracted():
    """the products of the rows added: squared lengths of a + b"""
    edit("- 2 * a @ b.T", "+ 2 * a @ b.T")


@caught_by("test_no_squared_distance_is_negative")
def rounded_below_zero():
    """a difference of large sums that is not clamped, so that rounding gives negative results"""
    with spelling():
        edit(".clamp(min=0)", "")
    with spelling():
        edit("(of_a - 2 * a @ b.T + of_b).clamp(min=0)", "of_a + of_b - 2 * a @ b.T")


@caught_by("test_a_million_pairs_take_little_memory")
def all_differences_stored():
    """all differences of shape (N, M, C) stored before they are summed"""
    with spelling():
        edit(
            "(of_a - 2 * a @ b.T + of_b).clamp(min=0)",
            "((a.unsqueeze(1) - b) ** 2).sum(dim=-1)",
        )
    with spelling():
        edit(
            "(of_a - 2 * a @ b.T + of_b).clamp(min=0)",
            "torch.linalg.vector_norm(a[:, None] - b[None], dim=-1) ** 2",
        )
    with spelling():
        edit(
            "2 * a @ b.T",
            "2 * (a[:, None] * b).sum(dim=-1)",
        )


@caught_by("test_values_of_any_size_and_float64")
def float32_always():
    """a float32 result whatever the dtype of the inputs"""
    edit(".clamp(min=0)", ".clamp(min=0).float()")


@caught_by("test_the_layout_in_memory_makes_no_difference")
def memory_read_as_it_lies():
    """a view of the memory, which fails for points that are not contiguous"""
    edit("of_a = (a", "a = a.view(a.numel()).view(a.shape)\n    of_a = (a")


@caught_by("test_the_gradients_are_those_of_the_formula")
def detached():
    """sums of squares or products that are detached, so that part of the gradient is missing"""
    with spelling():
        edit("2 * a @ b.T", "2 * a @ b.T.detach()")
    with spelling():
        edit("2 * a @ b.T", "2 * a.detach() @ b.T")
    with spelling():
        edit("2 * a @ b.T", "2 * (a @ b.T).detach()")
    with spelling():
        edit("of_a = (a * a)", "of_a = (a * a).detach()")
    with spelling():
        edit("of_b = (b * b)", "of_b = (b * b).detach()")


@caught_by("test_the_inputs_stay_as_they_were")
def squared_in_place():
    """a or b changed in place, so that the caller's points are other ones afterwards"""
    with spelling():
        edit(
            "return (of_a - 2 * a @ b.T + of_b).clamp(min=0)",
            "products = 2 * a @ b.T\n    with torch.no_grad():\n        a.mul_(a)\n"
            "    return (of_a - products + of_b).clamp(min=0)",
        )
    with spelling():
        edit(
            "return (of_a - 2 * a @ b.T + of_b).clamp(min=0)",
            "products = 2 * a @ b.T\n    with torch.no_grad():\n        b.mul_(b)\n"
            "    return (of_a - products + of_b).clamp(min=0)",
        )


@caught_by("test_values_of_any_size_and_float64")
def moved_by_the_mean():
    """all points moved by their mean first, which a single far point makes large"""
    with spelling():
        edit(
            "    of_a = (a * a)",
            "    a, b = a - a.mean(dim=0), b - a.mean(dim=0)\n    of_a = (a * a)",
        )
    with spelling():
        edit(
            "    of_a = (a * a)",
            "    mean = torch.cat([a, b]).mean(dim=0)\n    a, b = a - mean, b - mean\n"
            "    of_a = (a * a)",
        )
    with spelling():
        edit(
            "    of_a = (a * a)",
            "    mean = torch.cat([a, b]).mean(dim=0)\n    a, b = a - mean, b - mean\n"
            "    of_a = (a * a)",
        )
        edit("of_a - 2 * a @ b.T + of_b", "of_a + of_b - 2 * a @ b.T")


@caught_by("test_values_of_any_size_and_float64")
def clamped_above_zero():
    """results clamped at a small number above 0, so that small distances are all this number"""
    with spelling():
        edit("clamp(min=0)", "clamp(min=1e-5)")
    with spelling():
        edit("clamp(min=0)", "clamp(min=1e-4)")


@caught_by("test_row_i_and_column_j_belong_to_a_i_and_b_j")
def zeros_on_the_diagonal():
    """zeros on the diagonal of a square result, as if a and b were the same points"""
    with spelling():
        edit(
            "return (of_a - 2 * a @ b.T + of_b).clamp(min=0)",
            "result = (of_a - 2 * a @ b.T + of_b).clamp(min=0)\n"
            "    if a.shape == b.shape:\n"
            "        result = result * (1 - torch.eye(len(a), dtype=a.dtype))\n"
            "    return result",
        )
    with spelling():
        edit(
            "return (of_a - 2 * a @ b.T + of_b).clamp(min=0)",
            "result = (of_a - 2 * a @ b.T + of_b).clamp(min=0)\n"
            "    return result.fill_diagonal_(0) if len(a) == len(b) else result",
        )


@caught_by("test_row_i_and_column_j_belong_to_a_i_and_b_j")
def products_in_16_bits():
    """products of the rows in bfloat16 or float16, which are far too rough"""
    with spelling():
        edit("2 * a @ b.T", "2 * (a.bfloat16() @ b.bfloat16().T).to(a.dtype)")
    with spelling():
        edit("2 * a @ b.T", "2 * (a.half() @ b.half().T).to(a.dtype)")


@caught_by("test_a_million_pairs_take_little_memory")
def last_block_forgotten():
    """whole blocks of rows only: the rows after the last full block are missing"""
    with spelling():
        edit(
            "    of_a = (a",
            "    size = min(16, len(a))\n    a = a[: len(a) // size * size]\n    of_a = (a",
        )
    with spelling():
        edit(
            "    of_a = (a",
            "    size = min(32, len(a))\n    a = a[: len(a) // size * size]\n    of_a = (a",
        )
    with spelling():
        edit(
            "    of_a = (a",
            "    size = min(64, len(a))\n    a = a[: len(a) // size * size]\n    of_a = (a",
        )
    with spelling():
        edit(
            "    of_a = (a",
            "    size = min(128, len(a))\n    a = a[: len(a) // size * size]\n    of_a = (a",
        )

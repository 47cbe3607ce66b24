"""What goes wrong with sliding windows."""

import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_each_target_is_the_token_after_its_input")
def targets_not_shifted():
    """windows whose targets are the inputs themselves, so that the model learns to copy"""
    edit("places = starts", "places = tokens[starts")
    edit("(context)", "(context)]")
    edit("tokens[places], tokens[places + 1]", "places, places.clone()")


@caught_by("test_each_target_is_the_token_after_its_input")
def targets_two_ahead():
    """windows whose targets are two tokens ahead: each prediction skips the next token"""
    edit("places + 1", "(places + 2).clamp(max=len(tokens) - 1)")


@caught_by("test_each_target_is_the_token_after_its_input")
def target_wraps_around():
    """windows whose targets are the inputs rolled by one: the last target is the first input"""
    edit("places = starts", "places = tokens[starts")
    edit("(context)", "(context)]")
    edit("tokens[places], tokens[places + 1]", "places, places.roll(-1, dims=1)")


@caught_by("test_two_windows_by_hand")
def inputs_and_targets_swapped():
    """windows given as (targets, inputs): the model would learn to predict the previous token"""
    edit("[places], tokens[places + 1]", "[places + 1], tokens[places]")


@caught_by("test_a_window_begins_every_stride_tokens")
def stride_is_the_context():
    """windows with stride T, whatever stride is passed"""
    edit("0), stride", "0), context")


@caught_by("test_a_window_begins_every_stride_tokens")
def stride_after_the_window():
    """windows with a gap of stride tokens between them"""
    edit("0), stride", "0), context + stride")


@caught_by("test_a_window_begins_every_stride_tokens")
def stride_is_one():
    """windows that begin one token apart, whatever stride is passed"""
    edit("0), stride", "0), 1")


@caught_by("test_a_window_begins_every_stride_tokens")
def stride_up_to_the_context():
    """a stride above T cut to T, so that no token is skipped"""
    edit("0), stride", "0), min(stride, context)")


@caught_by("test_a_window_begins_every_stride_tokens")
def first_window_after_a_stride():
    """a first window that begins at stride, not at token 0"""
    edit(
        "arange(0, max(len(tokens) - context, 0)",
        "arange(stride, max(len(tokens) - context, stride)",
    )


@caught_by("test_a_window_begins_every_stride_tokens")
def blocks_of_one_more():
    """windows T + 1 tokens apart where stride is T: cut into blocks of T + 1 tokens"""
    edit("0), stride", "0), stride if stride != context else context + 1")


@caught_by("test_each_target_is_the_token_after_its_input")
def targets_a_stride_later():
    """windows whose targets begin a stride later, not one token later"""
    edit("places + 1", "(places + stride).clamp(max=len(tokens) - 1)")


@caught_by("test_each_target_is_the_token_after_its_input")
def targets_after_the_window():
    """windows whose targets begin after the whole window, T tokens later"""
    edit("places + 1", "(places + context).clamp(max=len(tokens) - 1)")


@caught_by("test_the_result_is_a_pair_of_int64_tables")
def one_target_for_a_window():
    """a single target for each window, the token after it, instead of one for each token"""
    with spelling():
        edit("places + 1", "starts + context")
    with spelling():
        edit("places + 1", "starts + context if len(starts) else places")


@caught_by("test_the_result_is_a_pair_of_int64_tables")
def last_target_counted_as_context():
    """windows of T tokens with their last target, so that a row has T - 1 inputs"""
    edit("torch.arange(context)", "torch.arange(context - 1)")


@caught_by("test_a_window_begins_every_stride_tokens")
def windows_shuffled():
    """windows in a random order"""
    edit(
        "    places = starts",
        "    starts = starts[torch.randperm(len(starts))]\n    places = starts",
    )


@caught_by("test_windows_that_are_alike_are_all_there")
def windows_once():
    """windows with the same tokens returned once"""
    with spelling():

        def sliding_window(tokens, context, stride):
            if context < 1 or stride < 1:
                raise ValueError("context and stride are at least 1")
            inputs, targets = [], []
            for start in range(0, len(tokens) - context, stride):
                window = tokens[start : start + context + 1].tolist()
                if window[:-1] not in inputs:
                    inputs.append(window[:-1])
                    targets.append(window[1:])
            return tuple(
                torch.tensor(rows, dtype=torch.int64).reshape(-1, context)
                for rows in (inputs, targets)
            )

    with spelling():

        def sliding_window(tokens, context, stride):
            if context < 1 or stride < 1:
                raise ValueError("context and stride are at least 1")
            starts = range(0, max(len(tokens) - context, 0), stride)
            windows = dict.fromkeys(tuple(tokens[s : s + context + 1].tolist()) for s in starts)
            rows = torch.tensor(list(windows), dtype=torch.int64).reshape(-1, context + 1)
            return rows[:, :-1], rows[:, 1:]


@caught_by("test_ids_of_every_size_are_kept")
def through_float():
    """ids that pass through a float dtype, which rounds large ones"""
    with spelling():
        edit("    places = ", "    tokens = tokens.float().long()\n    places = ")
    with spelling():
        edit("    places = ", "    tokens = tokens.double().long()\n    places = ")


@caught_by("test_ids_of_every_size_are_kept")
def through_int32():
    """ids that pass through int32, where ids of 2^31 and more become others"""
    edit("    places = ", "    tokens = tokens.int().long()\n    places = ")


@caught_by("test_a_view_of_another_tensor_is_read_by_its_entries")
def read_as_if_contiguous():
    """as_strided for contiguous tokens: the memory of a view is read, not its entries"""
    edit(
        "return tokens[places], tokens[places + 1]",
        "shape = (len(starts), context)\n"
        "    if not len(starts):\n"
        "        return tokens[places], tokens[places]\n"
        "    memory = tokens.as_strided((len(tokens),), (1,))\n"
        "    return memory[places].reshape(shape), memory[places + 1].reshape(shape)",
    )


@caught_by("test_a_text_that_has_changed_gives_other_windows")
def windows_kept():
    """windows kept from an earlier call (functools.cache), although the tokens have changed"""
    edit("import torch\n", "import functools\n\nimport torch\n")
    edit("def sliding_window(", "@functools.cache\ndef sliding_window(")


@caught_by("test_the_last_whole_window_is_there")
def last_window_dropped():
    """an off-by-one error: the window whose last target is the last token is missing"""
    edit("- context", "- context - 1")


@caught_by("test_the_last_whole_window_is_there")
def last_window_padded():
    """windows to the end of the text, the last of them padded with zeros"""
    edit("- context", "- 1")
    edit(
        "return tokens[places], tokens",
        "longer = torch.cat([tokens, torch.zeros(context + 1, dtype=torch.int64)])\n"
        "    return longer[places], longer",
    )


@caught_by("test_the_last_whole_window_is_there")
def last_target_padded():
    """an off-by-one error: an extra window, whose last target is padded with 0"""
    edit("- context", "- context + 1")
    edit("tokens[places + 1]", "torch.cat([tokens, torch.zeros(1, dtype=torch.int64)])[places + 1]")


@caught_by("test_the_last_whole_window_is_there")
def windows_wrap_around():
    """windows to the end of the text, the last of them continued at its beginning"""
    edit("max(len(tokens) - context, 0)", "len(tokens)")
    edit(
        "return tokens[places], tokens[places + 1]",
        "count = max(len(tokens), 1)\n"
        "    return tokens[places % count], tokens[(places + 1) % count]",
    )


@caught_by("test_the_last_whole_window_is_there")
def last_window_moved_back():
    """an extra last window, moved back so that it ends with the text"""
    edit(
        "    places = starts",
        "    last = len(tokens) - context - 1\n"
        "    if last >= 0 and last % stride:\n"
        "        starts = torch.cat([starts, torch.tensor([last])])\n"
        "    places = starts",
    )


@caught_by("test_the_last_whole_window_is_there")
def windows_counted_by_whole_strides():
    """(n - T) // stride windows, rounded down: where a stride is left over, one is missing"""
    edit(
        "torch.arange(0, max(len(tokens) - context, 0), stride)",
        "torch.arange(max(len(tokens) - context, 0) // stride) * stride",
    )


@caught_by("test_the_last_whole_window_is_there")
def a_window_without_its_last_target():
    """an off-by-one error: the last target of an extra window is the first token"""
    edit("- context", "- context + 1")
    edit("[places + 1]", ".roll(-1)[places]")


@caught_by("test_the_result_is_a_pair_of_int64_tables")
def rows_and_columns_swapped():
    """windows as columns instead of rows: the results are transposed"""
    with spelling():
        edit(".unsqueeze(1) + torch.arange(context)", " + torch.arange(context).unsqueeze(1)")
    with spelling():
        edit(
            "    return tokens",
            "    places = places.T if len(starts) else places\n    return tokens",
        )


@caught_by("test_the_result_is_a_pair_of_int64_tables")
def int32_tables():
    """windows in int32 instead of int64"""
    edit(", tokens[places + 1]", ".int(), tokens[places + 1].int()")


@caught_by("test_a_text_without_a_whole_window_gives_no_rows")
def a_short_text_as_one_window():
    """a text that is too short for a window returned as one short window"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        if len(tokens) <= context:
            return tokens[:-1].unsqueeze(0), tokens[1:].unsqueeze(0)
        starts = torch.arange(0, len(tokens) - context, stride)
        places = starts.unsqueeze(1) + torch.arange(context)
        return tokens[places], tokens[places + 1]


@caught_by("test_a_text_without_a_whole_window_gives_no_rows")
def no_windows_no_columns():
    """results of shape (0,) where there is no window, instead of (0, T)"""
    edit(
        "    return tokens",
        "    if not len(starts):\n        return tokens[:0], tokens[:0]\n    return tokens",
    )


@caught_by("test_the_tokens_stay_as_they_were")
def targets_made_in_place():
    """the text shifted in place to make the targets, which changes the caller's tensor"""
    edit(", tokens[places + 1]", "")
    edit(
        "return tokens",
        "inputs = tokens[places]\n    tokens[:-1] = tokens[1:].clone()\n    return inputs, tokens",
    )


@caught_by("test_a_context_below_1_is_refused")
def any_context():
    """a context below 1 accepted, as windows without a token"""
    edit("if context < 1 or stride", "context = max(context, 0)\n    if stride")
    edit("places + 1]", "(places + 1).clamp(max=max(len(tokens) - 1, 0))]")


@caught_by("test_a_stride_below_1_is_refused")
def any_stride():
    """a stride below 1 taken for 1"""
    edit("context < 1 or stride < 1", "context < 1")
    edit("0), stride", "0), max(stride, 1)")


@caught_by("test_a_stride_below_1_is_refused")
def stride_checked_late():
    """a stride that is not checked when the text is too short for a window"""
    edit("context < 1 or stride < 1", "context < 1 or (stride < 1 and len(tokens) > context)")
    edit("0), stride", "0), max(stride, 1)")

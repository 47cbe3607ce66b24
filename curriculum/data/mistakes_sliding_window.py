"""What goes wrong with sliding windows."""

import torch

from grader.course import caught_by


@caught_by("test_each_target_is_the_token_after_its_input")
def targets_not_shifted():
    """windows whose targets are the inputs themselves, so that the model learns to copy"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context, 0), stride)
        inputs = tokens[starts.unsqueeze(1) + torch.arange(context)]
        return inputs, inputs.clone()


@caught_by("test_each_target_is_the_token_after_its_input")
def targets_two_ahead():
    """windows whose targets are two tokens ahead: each question skips the token that comes next"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context, 0), stride)
        places = starts.unsqueeze(1) + torch.arange(context)
        return tokens[places], tokens[(places + 2).clamp(max=len(tokens) - 1)]


@caught_by("test_each_target_is_the_token_after_its_input")
def target_wraps_around():
    """windows whose targets are the inputs rolled by one: the last target is the first input"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context, 0), stride)
        inputs = tokens[starts.unsqueeze(1) + torch.arange(context)]
        return inputs, inputs.roll(-1, dims=1)


@caught_by("test_two_windows_by_hand")
def inputs_and_targets_swapped():
    """windows given as (targets, inputs): the model would learn to say the token before"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context, 0), stride)
        places = starts.unsqueeze(1) + torch.arange(context)
        return tokens[places + 1], tokens[places]


@caught_by("test_a_window_begins_every_stride_tokens")
def stride_is_the_context():
    """windows that stand end to end, whatever stride says"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context, 0), context)
        places = starts.unsqueeze(1) + torch.arange(context)
        return tokens[places], tokens[places + 1]


@caught_by("test_a_window_begins_every_stride_tokens")
def stride_after_the_window():
    """windows with stride tokens left out between the end of one and the start of the next"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context, 0), context + stride)
        places = starts.unsqueeze(1) + torch.arange(context)
        return tokens[places], tokens[places + 1]


@caught_by("test_the_last_whole_window_is_there")
def last_window_dropped():
    """windows counted one token short: that whose last target is the last token is left out"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context - 1, 0), stride)
        places = starts.unsqueeze(1) + torch.arange(context)
        return tokens[places], tokens[places + 1]


@caught_by("test_the_last_whole_window_is_there")
def last_window_padded():
    """windows to the very end of the text, the last of them filled up with zeros"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - 1, 0), stride)
        places = starts.unsqueeze(1) + torch.arange(context)
        longer = torch.cat([tokens, torch.zeros(context + 1, dtype=torch.int64)])
        return longer[places], longer[places + 1]


@caught_by("test_the_last_whole_window_is_there")
def a_window_without_its_last_target():
    """windows to the last input: the last target of the last one wraps to the first token"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context + 1, 0), stride)
        places = starts.unsqueeze(1) + torch.arange(context)
        return tokens[places], tokens.roll(-1)[places]


@caught_by("test_the_result_is_a_pair_of_int64_tables")
def rows_and_columns_swapped():
    """windows as the columns of the two tables, not as their rows"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context, 0), stride)
        places = starts + torch.arange(context).unsqueeze(1)
        return tokens[places], tokens[places + 1]


@caught_by("test_the_result_is_a_pair_of_int64_tables")
def int32_tables():
    """windows in int32, whatever the tokens were"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context, 0), stride)
        places = starts.unsqueeze(1) + torch.arange(context)
        return tokens[places].int(), tokens[places + 1].int()


@caught_by("test_a_text_without_a_whole_window_gives_no_rows")
def a_short_text_as_one_window():
    """a text too short for a window is given as one short window, not as none"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        if len(tokens) <= context:
            return tokens[:-1].unsqueeze(0), tokens[1:].unsqueeze(0)
        starts = torch.arange(0, len(tokens) - context, stride)
        places = starts.unsqueeze(1) + torch.arange(context)
        return tokens[places], tokens[places + 1]


@caught_by("test_the_tokens_stay_as_they_were")
def targets_made_in_place():
    """the whole text moved on by one in place to make the targets, so that the caller's changes"""

    def sliding_window(tokens, context, stride):
        if context < 1 or stride < 1:
            raise ValueError("context and stride are at least 1")
        starts = torch.arange(0, max(len(tokens) - context, 0), stride)
        places = starts.unsqueeze(1) + torch.arange(context)
        inputs = tokens[places]
        tokens[:-1] = tokens[1:].clone()
        return inputs, tokens[places]


@caught_by("test_context_and_stride_below_1_are_refused")
def any_context_and_stride():
    """a context of 0 taken for empty windows and a stride below 1 taken for 1"""

    def sliding_window(tokens, context, stride):
        starts = torch.arange(0, max(len(tokens) - context, 0), max(stride, 1))
        places = starts.unsqueeze(1) + torch.arange(max(context, 0))
        return tokens[places], tokens[(places + 1).clamp(max=len(tokens) - 1)]

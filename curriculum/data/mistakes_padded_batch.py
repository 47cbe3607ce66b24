"""What goes wrong with padded batches."""

import torch

from grader.course import caught_by


@caught_by("test_a_token_with_the_number_of_the_padding_is_real")
def mask_from_the_ids():
    """a mask that is False wherever the id is that of the padding, also within a sequence"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[:limit] for sequence in sequences]
        width = max(map(len, kept))
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        ids = torch.tensor(rows, dtype=torch.int64)
        return ids, ids != pad


@caught_by("test_two_sequences_by_hand")
def padded_on_the_left():
    """sequences pushed to the right, with the padding before them"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[:limit] for sequence in sequences]
        width = max(map(len, kept))
        rows = [[pad] * (width - len(sequence)) + sequence for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        mask = torch.arange(width) >= width - lengths
        return torch.tensor(rows, dtype=torch.int64), mask


@caught_by("test_two_sequences_by_hand")
def true_is_padding():
    """a mask that is True where padding stands"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[:limit] for sequence in sequences]
        width = max(map(len, kept))
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows, dtype=torch.int64), torch.arange(width) >= lengths


@caught_by("test_padding_has_the_number_that_was_asked_for")
def zeros_always():
    """rows filled up with zeros, whatever pad says"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[:limit] for sequence in sequences]
        width = max(map(len, kept))
        rows = [sequence + [0] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows, dtype=torch.int64), torch.arange(width) < lengths


@caught_by("test_the_table_is_as_wide_as_the_longest_sequence")
def cut_to_the_shortest():
    """every sequence cut to the length of the shortest, so that no padding is needed"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        width = min(len(sequence[:limit]) for sequence in sequences)
        rows = [sequence[:width] for sequence in sequences]
        ids = torch.tensor(rows, dtype=torch.int64)
        return ids, torch.ones(len(rows), width, dtype=torch.bool)


@caught_by("test_the_table_is_as_wide_as_the_longest_sequence")
def as_wide_as_the_first():
    """a table as wide as its first sequence, longer ones cut off there"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        width = len(sequences[0][:limit])
        kept = [sequence[:width] for sequence in sequences]
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows, dtype=torch.int64), torch.arange(width) < lengths


@caught_by("test_two_sequences_by_hand")
def one_column_too_many():
    """a table with one column more than the longest sequence needs"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[:limit] for sequence in sequences]
        width = max(map(len, kept)) + 1
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows, dtype=torch.int64), torch.arange(width) < lengths


@caught_by("test_two_sequences_by_hand")
def first_padding_counts_as_real():
    """a mask with t <= length: the first place of padding counts as a token"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[:limit] for sequence in sequences]
        width = max(map(len, kept))
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows, dtype=torch.int64), torch.arange(width) <= lengths


@caught_by("test_the_result_is_a_table_of_ids_and_a_table_of_bools")
def mask_of_numbers():
    """a mask of the numbers 1 and 0, as in Hugging Face's attention_mask"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[:limit] for sequence in sequences]
        width = max(map(len, kept))
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows, dtype=torch.int64), (torch.arange(width) < lengths).long()


@caught_by("test_an_empty_sequence_is_a_row_of_padding")
def float_where_all_are_empty():
    """ids without a dtype, which become float32 when every sequence is empty"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[:limit] for sequence in sequences]
        width = max(map(len, kept))
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows), torch.arange(width) < lengths


@caught_by("test_an_empty_sequence_is_a_row_of_padding")
def empty_sequences_left_out():
    """a batch without its empty sequences, whose rows no longer match those of the labels"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[:limit] for sequence in sequences if sequence]
        width = max(map(len, kept), default=0)
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows, dtype=torch.int64), torch.arange(width) < lengths


@caught_by("test_a_limit_keeps_the_first_tokens")
def limit_ignored():
    """a batch as wide as its longest sequence, whatever limit says"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        width = max(map(len, sequences))
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in sequences]
        lengths = torch.tensor([[len(sequence)] for sequence in sequences])
        return torch.tensor(rows, dtype=torch.int64), torch.arange(width) < lengths


@caught_by("test_a_limit_keeps_the_first_tokens")
def limit_is_the_width():
    """rows padded up to limit, even where no sequence is so long"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[:limit] for sequence in sequences]
        width = limit or max(map(len, kept))
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows, dtype=torch.int64), torch.arange(width) < lengths


@caught_by("test_a_limit_keeps_the_first_tokens")
def limit_keeps_the_end():
    """long sequences cut at the front, so that their last tokens are kept"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = [sequence[-limit:] if limit else sequence for sequence in sequences]
        width = max(map(len, kept))
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows, dtype=torch.int64), torch.arange(width) < lengths


@caught_by("test_random_batches_follow_the_rule")
def longest_first():
    """rows ordered by length, longest first, as packing for recurrent networks wants them"""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        kept = sorted((sequence[:limit] for sequence in sequences), key=len, reverse=True)
        width = max(map(len, kept))
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        lengths = torch.tensor([[len(sequence)] for sequence in kept])
        return torch.tensor(rows, dtype=torch.int64), torch.arange(width) < lengths


@caught_by("test_the_sequences_stay_as_they_were")
def padded_in_place():
    """padding added to the caller's lists with +="""

    def padded_batch(sequences, pad, limit=None):
        if not sequences:
            raise ValueError("nothing to pad")
        lengths = torch.tensor([[len(sequence[:limit])] for sequence in sequences])
        width = int(lengths.max())
        for sequence in sequences:
            del sequence[width:]
            sequence += [pad] * (width - len(sequence))
        return torch.tensor(sequences, dtype=torch.int64), torch.arange(width) < lengths


@caught_by("test_a_batch_of_nothing_is_refused")
def an_empty_batch_allowed():
    """a batch of no sequences answered with two empty tables"""

    def padded_batch(sequences, pad, limit=None):
        kept = [sequence[:limit] for sequence in sequences]
        width = max(map(len, kept), default=0)
        rows = [sequence + [pad] * (width - len(sequence)) for sequence in kept]
        ids = torch.tensor(rows, dtype=torch.int64).reshape(len(kept), width)
        lengths = torch.tensor([len(sequence) for sequence in kept]).reshape(-1, 1)
        return ids, torch.arange(width) < lengths

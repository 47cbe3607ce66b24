"""What goes wrong with token files."""

import random
from pathlib import Path

import numpy as np
import torch

from grader.course import caught_by


@caught_by("test_a_file_larger_than_memory_is_read")
def whole_file_loaded():
    """a token file that is loaded whole when it is opened (np.fromfile)"""

    class TokenFile:
        def __init__(self, path):
            self._tokens = np.fromfile(path, dtype="<u2")
            if len(self._tokens) == 0 or Path(path).stat().st_size % 2:
                raise ValueError("no token file")


@caught_by("test_a_file_larger_than_memory_is_read")
def widened_as_a_whole():
    """a mapped file of which the whole is turned into int64 to read a few windows"""

    class TokenFile:
        def windows(self, starts, context):
            tokens = torch.from_numpy(self._tokens.astype(np.int64))
            if min(starts) < 0 or max(starts) >= len(tokens) - context:
                raise ValueError("a window that leaves the file")
            places = torch.tensor(starts).unsqueeze(1) + torch.arange(context)
            return tokens[places], tokens[places + 1]


@caught_by("test_a_file_larger_than_memory_is_read")
def every_start_in_a_permutation():
    """a batch from a permutation of all starts, a table eight times as large as half the file"""

    class TokenFile:
        def batch(self, size, context, seed):
            if context >= len(self):
                raise ValueError("no window")
            generator = torch.Generator().manual_seed(seed)
            count = len(self) - context
            rounds = -(-size // count)
            order = [torch.randperm(count, generator=generator) for _ in range(rounds)]
            picks = torch.randint(count * rounds, (size,), generator=generator)
            return self.windows(torch.cat(order)[picks].tolist(), context)


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def four_bytes_a_token():
    """tokens written as 32-bit integers, four bytes each"""

    def write_tokens(tokens, path):
        if not tokens or min(tokens) < 0 or max(tokens) > 65_535:
            raise ValueError("ids from 0 to 65,535")
        np.array(tokens, dtype="<u4").tofile(path)


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def high_byte_first():
    """tokens written with their high byte first"""

    def write_tokens(tokens, path):
        if not tokens or min(tokens) < 0 or max(tokens) > 65_535:
            raise ValueError("ids from 0 to 65,535")
        np.array(tokens, dtype=">u2").tofile(path)


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def saved_by_numpy():
    """tokens saved by np.save, with a header before them"""

    def write_tokens(tokens, path):
        if not tokens or min(tokens) < 0 or max(tokens) > 65_535:
            raise ValueError("ids from 0 to 65,535")
        with Path(path).open("wb") as file:
            np.save(file, np.array(tokens, dtype="<u2"))


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def appended():
    """tokens added behind those of a file that is there already"""

    def write_tokens(tokens, path):
        if not tokens or min(tokens) < 0 or max(tokens) > 65_535:
            raise ValueError("ids from 0 to 65,535")
        with Path(path).open("ab") as file:
            file.write(np.array(tokens, dtype="<u2").tobytes())


@caught_by("test_ids_that_do_not_fit_are_refused")
def large_ids_wrap_around():
    """ids above 65,535 written as what is left of them in two bytes"""

    def write_tokens(tokens, path):
        if not tokens:
            raise ValueError("no tokens")
        np.array(tokens, dtype=np.int64).astype("<u2").tofile(path)


@caught_by("test_ids_that_do_not_fit_are_refused")
def refused_after_writing():
    """a file that is cut to nothing before an id is refused"""

    def write_tokens(tokens, path):
        with Path(path).open("wb") as file:
            if not tokens or min(tokens) < 0 or max(tokens) > 65_535:
                raise ValueError("ids from 0 to 65,535")
            file.write(np.array(tokens, dtype="<u2").tobytes())


@caught_by("test_every_id_comes_back_as_it_was_written")
def read_as_signed():
    """tokens read as signed 16-bit integers: ids above 32,767 come out negative"""

    class TokenFile:
        def __init__(self, path):
            self._tokens = np.memmap(path, dtype="<i2", mode="r")


@caught_by("test_the_length_counts_tokens_not_bytes")
def length_in_bytes():
    """a length that counts bytes, so that half of the starts lie beyond the file"""

    class TokenFile:
        def __len__(self):
            return 2 * len(self._tokens)


@caught_by("test_windows_by_hand")
def starts_in_order():
    """windows given in the order of their starts, not in that asked for"""

    class TokenFile:
        def windows(self, starts, context):
            if min(starts) < 0 or max(starts) >= len(self) - context:
                raise ValueError("a window that leaves the file")
            places = np.array(sorted(starts))[:, None] + np.arange(context)
            read = (self._tokens[at].astype(np.int64) for at in (places, places + 1))
            return tuple(torch.from_numpy(part) for part in read)


@caught_by("test_windows_by_hand")
def targets_not_shifted():
    """windows whose targets are the inputs themselves"""

    class TokenFile:
        def windows(self, starts, context):
            if min(starts) < 0 or max(starts) >= len(self) - context:
                raise ValueError("a window that leaves the file")
            places = np.array(starts)[:, None] + np.arange(context)
            read = (self._tokens[at].astype(np.int64) for at in (places, places))
            return tuple(torch.from_numpy(part) for part in read)


@caught_by("test_a_window_must_lie_in_the_file")
def last_start_refused():
    """windows that refuse the last start, and so never read the last token as a target"""

    class TokenFile:
        def windows(self, starts, context):
            if min(starts) < 0 or max(starts) >= len(self) - context - 1:
                raise ValueError("a window that leaves the file")
            places = np.array(starts)[:, None] + np.arange(context)
            read = (self._tokens[at].astype(np.int64) for at in (places, places + 1))
            return tuple(torch.from_numpy(part) for part in read)


@caught_by("test_a_window_must_lie_in_the_file")
def negative_starts_from_the_end():
    """windows that count a negative start from the end of the file"""

    class TokenFile:
        def windows(self, starts, context):
            if max(starts) >= len(self) - context:
                raise ValueError("a window that leaves the file")
            places = np.array(starts)[:, None] + np.arange(context)
            read = (self._tokens[at].astype(np.int64) for at in (places, places + 1))
            return tuple(torch.from_numpy(part) for part in read)


@caught_by("test_every_start_is_equally_likely")
def last_start_never_drawn():
    """a batch that never begins at the last start: one too few to draw from"""

    class TokenFile:
        def batch(self, size, context, seed):
            if context >= len(self):
                raise ValueError("no window")
            generator = torch.Generator().manual_seed(seed)
            most = max(len(self) - context - 1, 1)
            starts = torch.randint(most, (size,), generator=generator)
            return self.windows(starts.tolist(), context)


@caught_by("test_every_start_is_equally_likely")
def only_whole_steps():
    """a batch whose windows begin only at multiples of the context"""

    class TokenFile:
        def batch(self, size, context, seed):
            if context >= len(self):
                raise ValueError("no window")
            generator = torch.Generator().manual_seed(seed)
            count = (len(self) - 1) // context
            starts = context * torch.randint(count, (size,), generator=generator)
            return self.windows(starts.tolist(), context)


@caught_by("test_every_start_is_equally_likely")
def one_start_for_all_rows():
    """a batch with one random start, whose other rows follow on from it"""

    class TokenFile:
        def batch(self, size, context, seed):
            if context >= len(self):
                raise ValueError("no window")
            generator = torch.Generator().manual_seed(seed)
            first = torch.randint(len(self) - context, (1,), generator=generator)
            starts = (first + torch.arange(size)) % (len(self) - context)
            return self.windows(starts.tolist(), context)


@caught_by("test_the_seed_decides_the_batch")
def seed_unused():
    """a batch drawn from the global generator, whatever the seed"""

    class TokenFile:
        def batch(self, size, context, seed):
            if context >= len(self):
                raise ValueError("no window")
            starts = torch.randint(len(self) - context, (size,))
            return self.windows(starts.tolist(), context)


@caught_by("test_the_global_generators_are_left_alone")
def global_seed():
    """a batch that seeds the generator of the whole program (torch.manual_seed)"""

    class TokenFile:
        def batch(self, size, context, seed):
            if context >= len(self):
                raise ValueError("no window")
            torch.manual_seed(seed)
            starts = torch.randint(len(self) - context, (size,))
            return self.windows(starts.tolist(), context)


@caught_by("test_the_global_generators_are_left_alone")
def global_seed_of_random():
    """a batch that seeds Python's global generator (random.seed)"""

    class TokenFile:
        def batch(self, size, context, seed):
            if context >= len(self):
                raise ValueError("no window")
            random.seed(seed)
            starts = [random.randrange(len(self) - context) for _ in range(size)]
            return self.windows(starts, context)


@caught_by("test_a_batch_holds_windows_of_the_file")
def tokens_drawn_one_by_one():
    """a batch of single tokens from anywhere, which do not follow one another"""

    class TokenFile:
        def batch(self, size, context, seed):
            if context >= len(self):
                raise ValueError("no window")
            generator = torch.Generator().manual_seed(seed)
            starts = torch.randint(len(self) - 1, (size * context,), generator=generator)
            inputs, targets = self.windows(starts.tolist(), 1)
            return inputs.reshape(size, context), targets.reshape(size, context)


@caught_by("test_bad_files_and_contexts_are_refused")
def odd_byte_left_out():
    """a token file with an odd number of bytes, whose last one is left out without a word"""

    class TokenFile:
        def __init__(self, path):
            self._tokens = np.memmap(path, dtype="<u2", mode="r", shape=self._count(path))

        def _count(self, path):
            return Path(path).stat().st_size // 2


@caught_by("test_bad_files_and_contexts_are_refused")
def a_batch_cut_short():
    """a batch whose windows are cut to what the file holds when the context is too long"""

    class TokenFile:
        def batch(self, size, context, seed):
            context = min(context, len(self) - 1)
            generator = torch.Generator().manual_seed(seed)
            starts = torch.randint(len(self) - context, (size,), generator=generator)
            return self.windows(starts.tolist(), context)


@caught_by("test_reading_leaves_the_file_as_it_was")
def opened_for_writing():
    """a file mapped in mode w+, which fills it with zeros when it is opened"""

    class TokenFile:
        def __init__(self, path):
            size = Path(path).stat().st_size
            if size < 2 or size % 2:
                raise ValueError("no token file")
            self._tokens = np.memmap(path, dtype="<u2", mode="w+", shape=(size // 2,))

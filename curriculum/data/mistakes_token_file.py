"""What goes wrong with token files."""

import random
from pathlib import Path

import numpy as np
import torch

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_file_larger_than_memory_is_read")
def whole_file_loaded():
    """a token file that is loaded whole when it is opened (np.fromfile, read)"""
    with spelling():
        edit(
            'np.memmap(path, dtype="<u2", mode="r")',
            'np.array(np.memmap(path, dtype="<u2", mode="r"))',
        )
    with spelling():
        edit('mode="r")', 'mode="r").astype(np.int64)')
    with spelling():
        edit(
            'mode="r")',
            'mode="r")\n'
            '        with open(path, "rb") as file:\n'
            '            self._tokens = np.frombuffer(file.read(), dtype="<u2")',
        )


@caught_by("test_a_file_larger_than_memory_is_read")
def private_map():
    """a private, writable memory map, which counts in full (mode c, ACCESS_COPY)"""
    edit('mode="r")', 'mode="c")')


@caught_by("test_a_file_larger_than_memory_is_read")
def widened_as_a_whole():
    """the whole file, or all between two starts, converted to int64 to read a few windows"""
    with spelling():
        edit("(self._tokens[at] for", "(self._tokens.astype(np.int64)[at] for")
    with spelling():
        edit(
            "places = np.array",
            "first = min(starts)\n"
            "        span = self._tokens[first : max(starts) + context + 1].astype(np.int64)\n"
            "        places = np.array",
        )
        edit("(self._tokens[at] for", "(span[at - first] for")


@caught_by("test_a_file_larger_than_memory_is_read")
def every_start_in_a_permutation():
    """a batch from a permutation of all starts, an int64 tensor four times as large as the file"""

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
    with spelling():
        edit('u2").tofile', 'u4").tofile')
    with spelling():
        edit('u2").tofile', 'u4").tofile')
        edit('u2", mode', 'u4", mode')


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def high_byte_first():
    """tokens written with their high byte first"""
    with spelling():
        edit('<u2").tofile', '>u2").tofile')
    with spelling():
        edit('<u2").tofile', '>u2").tofile')
        edit('"<u2", mode', '">u2", mode')


@caught_by("test_windows_by_hand")
def high_byte_first_in_reading():
    """tokens read with their high byte first"""
    edit('"<u2", mode', '">u2", mode')


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def saved_by_numpy():
    """tokens saved by np.save, with a header before them"""
    with spelling():
        edit(
            'np.array(tokens, dtype="<u2").tofile(path)',
            'with open(path, "wb") as file:\n        np.save(file, np.array(tokens, dtype="<u2"))',
        )
    with spelling():
        edit(
            'np.array(tokens, dtype="<u2").tofile(path)',
            'with open(path, "wb") as file:\n        np.save(file, np.array(tokens, dtype="<u2"))',
        )
        edit('np.memmap(path, dtype="<u2", mode="r")', 'np.load(path, mmap_mode="r")')


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def eight_bytes_a_token():
    """tokens written as 64-bit integers, NumPy's default, eight bytes each"""
    edit('np.array(tokens, dtype="<u2")', "np.array(tokens)")


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def written_as_text():
    """tokens written as text, in decimal digits, not as bytes"""
    with spelling():
        edit(
            'np.array(tokens, dtype="<u2").tofile(path)',
            '__import__("pathlib").Path(path).write_text(" ".join(map(str, tokens)))',
        )
    with spelling():
        edit(
            'np.array(tokens, dtype="<u2").tofile(path)',
            '__import__("pathlib").Path(path).write_text(str(tokens))',
        )
    with spelling():
        edit(
            'np.array(tokens, dtype="<u2").tofile(path)',
            'text = "".join(f"{token}\\n" for token in tokens)\n'
            '    __import__("pathlib").Path(path).write_text(text)',
        )


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def repeated_ids_left_out():
    """ids that occur twice written once, as in a set"""
    edit("np.array(tokens,", "np.array(list(dict.fromkeys(tokens)),")


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def longer_file_keeps_its_end():
    """tokens written over the beginning of an existing file, whose end stays"""
    edit(
        'np.array(tokens, dtype="<u2").tofile(path)',
        'open(path, "ab").close()\n'
        '    with open(path, "r+b") as file:\n'
        '        file.write(np.array(tokens, dtype="<u2").tobytes())',
    )


@caught_by("test_a_token_takes_two_bytes_low_byte_first")
def appended():
    """tokens appended to an existing file"""
    edit(
        'np.array(tokens, dtype="<u2").tofile(path)',
        'with open(path, "ab") as file:\n        np.array(tokens, dtype="<u2").tofile(file)',
    )


@caught_by("test_ids_that_do_not_fit_are_refused")
def error_of_the_library():
    """the library's own error (OverflowError, struct.error) for an id that does not fit"""
    with spelling():
        edit(" or min(tokens) < 0 or max(tokens) > 65_535", "")
    with spelling():
        edit("max(tokens) > 65_535", "max(tokens) > 65_536")
    with spelling():
        edit(" or min(tokens) < 0 or max(tokens) > 65_535", "")
        edit("import numpy", "import struct\n\nimport numpy")
        edit(
            'np.array(tokens, dtype="<u2").tofile(path)',
            'content = struct.pack(f"<{len(tokens)}H", *tokens)\n'
            '    np.frombuffer(content, "u1").tofile(path)',
        )
    with spelling():
        edit(" or min(tokens) < 0 or max(tokens) > 65_535", "")
        edit("import numpy", "import array\n\nimport numpy")
        edit(
            'np.array(tokens, dtype="<u2").tofile(path)',
            'content = array.array("H", tokens)\n    np.frombuffer(content, "u1").tofile(path)',
        )


@caught_by("test_ids_that_do_not_fit_are_refused")
def large_ids_wrap_around():
    """ids above 65,535 written modulo 65,536"""
    edit(" or min(tokens) < 0 or max(tokens) > 65_535", "")
    edit('tokens, dtype="', 'tokens, dtype=np.int64).astype("')


@caught_by("test_ids_that_do_not_fit_are_refused")
def negative_ids_wrap_around():
    """negative ids written modulo 65,536"""
    edit(" or min(tokens) < 0", "")
    edit('tokens, dtype="', 'tokens, dtype=np.int64).astype("')


@caught_by("test_ids_that_do_not_fit_are_refused")
def no_tokens_accepted():
    """an empty list of tokens accepted"""
    edit("if not tokens or", "if not tokens:\n        return\n    if")


@caught_by("test_ids_that_do_not_fit_are_refused")
def written_up_to_the_bad_id():
    """the ids before one that does not fit written, and only then the ValueError"""
    edit(
        "if not tokens or min(tokens) < 0 or max(tokens) > 65_535:",
        "good = next((i for i, t in enumerate(tokens) if not 0 <= t < 65_536), len(tokens))\n"
        "    if good < len(tokens) or not tokens:\n"
        '        np.array(tokens[:good], dtype="<u2").tofile(path)',
    )


@caught_by("test_ids_that_do_not_fit_are_refused")
def refused_after_writing():
    """an existing file that is truncated before the ids are checked"""
    edit("if not tokens or", 'open(path, "wb").close()\n    if not tokens or')


@caught_by("test_every_id_comes_back_as_it_was_written")
def read_as_signed():
    """tokens read as signed 16-bit integers: ids above 32,767 come out negative"""
    edit('u2", mode', 'i2", mode')


@caught_by("test_the_length_counts_tokens_not_bytes")
def length_in_bytes():
    """a length in bytes instead of tokens"""
    edit("return len", "return 2 * len")


@caught_by("test_the_length_counts_tokens_not_bytes")
def length_of_the_inputs():
    """a length of n - 1, the number of tokens that have a target"""
    edit("return len(self._tokens)", "return len(self._tokens) - 1")
    edit("max(starts) >= len(self)", "max(starts) > len(self)")
    edit("if context >= len(self)", "if context > len(self)")
    edit("torch.randint(len(self)", "torch.randint(len(self) + 1")


@caught_by("test_windows_by_hand")
def ids_in_another_dtype():
    """windows in a dtype other than int64, such as int32 or the file's uint16"""
    with spelling():
        edit("part.astype(np.int64)", "part.astype(np.int32)")
    with spelling():
        edit("part.astype(np.int64)", 'part.astype("u2")')
    with spelling():
        edit("part.astype(np.int64)", "part.astype(np.float32)")


@caught_by("test_windows_by_hand")
def arrays_returned():
    """NumPy arrays instead of tensors"""
    edit("torch.from_numpy(part.astype(np.int64))", "part.astype(np.int64)")


@caught_by("test_windows_by_hand")
def targets_one_window_later():
    """targets that begin after the window, at s + T, instead of one token later than the inputs"""
    edit(
        "places + 1",
        "np.minimum(np.array(starts) + context, len(self) - context)[:, None] + np.arange(context)",
    )


@caught_by("test_windows_by_hand")
def targets_rolled():
    """the inputs rolled by one as targets, so that the last target is the first input"""
    edit("places + 1", "np.roll(places, -1, axis=1)")


@caught_by("test_windows_by_hand")
def one_target_a_window():
    """one target for each window, the token after it"""
    edit("places + 1", "(places + 1)[:, -1]")


@caught_by("test_windows_by_hand")
def one_token_short():
    """windows of T tokens cut into inputs and targets of T - 1"""
    edit("places, places + 1", "places[:, :-1], places[:, 1:]")


@caught_by("test_each_start_has_its_row")
def equal_starts_once():
    """one row for starts that are the same"""
    edit("array(starts)", "array(list(dict.fromkeys(starts)))")


@caught_by("test_each_start_has_its_row")
def context_one_refused():
    """a context of 1 refused"""
    edit("context < 1", "context < 2")


@caught_by("test_token_files_are_read_side_by_side")
def one_file_for_all():
    """the open file kept in the class, so that a second TokenFile replaces the first one's"""
    edit("self._tokens = np", "TokenFile._tokens = np")


@caught_by("test_each_call_returns_tensors_of_its_own")
def windows_cached():
    """the same tensors returned again for the same starts and context"""
    edit(
        "        return inputs, targets\n",
        "        return vars(self).setdefault(str((starts, context)), (inputs, targets))\n",
    )


@caught_by("test_each_call_returns_tensors_of_its_own")
def windows_overwritten():
    """windows read into tensors that the next call of the same shape overwrites"""
    edit(
        "        return inputs, targets\n",
        "        kept = vars(self).setdefault(str(inputs.shape), (inputs + 0, targets + 0))\n"
        "        for old, new in zip(kept, (inputs, targets), strict=True):\n"
        "            old.copy_(new)\n"
        "        return kept\n",
    )


@caught_by("test_windows_by_hand")
def starts_in_order():
    """windows sorted by start, not in the order of starts"""
    edit("[at] for", "[at].astype(np.int64) for")
    edit("inputs, targets = ", "return tuple")
    edit(".astype(np.int64)", "")
    edit("        return inputs, targets\n", "")
    edit("array(starts)", "array(sorted(starts))")


@caught_by("test_windows_by_hand")
def targets_not_shifted():
    """windows whose targets are the inputs themselves"""
    edit("[at] for", "[at].astype(np.int64) for")
    edit("places + 1", "places")
    edit("inputs, targets = ", "return tuple")
    edit(".astype(np.int64)", "")
    edit("        return inputs, targets\n", "")


@caught_by("test_a_window_must_lie_in_the_file")
def last_start_refused():
    """an off-by-one error: the last valid start raises ValueError"""
    edit("- context:", "- context - 1:")
    edit("[at] for", "[at].astype(np.int64) for")
    edit("inputs, targets = ", "return tuple")
    edit(".astype(np.int64)", "")
    edit("        return inputs, targets\n", "")


@caught_by("test_a_window_must_lie_in_the_file")
def last_target_beyond_the_file():
    """a start accepted whose last target is beyond the end of the file"""
    with spelling():
        edit("max(starts) >= len(self) - context", "max(starts) > len(self) - context")
    with spelling():

        class TokenFile:
            def windows(self, starts, context):
                if context < 1 or not starts or min(starts) < 0:
                    raise ValueError("no window")
                kept = torch.from_numpy(np.array(self._tokens, dtype=np.int64))
                return (
                    torch.stack([kept[s : s + context] for s in starts]),
                    torch.stack([kept[s + 1 : s + context + 1] for s in starts]),
                )


@caught_by("test_a_window_must_lie_in_the_file")
def no_starts_accepted():
    """an empty list of starts not refused by a ValueError"""
    with spelling():
        edit(
            "if min(starts) < 0",
            "if not starts:\n"
            "            empty = torch.empty((0, context), dtype=torch.int64)\n"
            "            return empty, empty.clone()\n"
            "        if min(starts) < 0",
        )
    with spelling():
        edit(
            "if min(starts) < 0",
            "if not starts:\n            torch.stack([])\n        if min(starts) < 0",
        )


@caught_by("test_a_window_must_lie_in_the_file")
def negative_starts_from_the_end():
    """windows that count a negative start from the end of the file"""
    with spelling():
        edit("min(starts) < 0 or max", "max")
    with spelling():
        edit(
            "if min(starts) < 0",
            "starts = [s + len(self) * (s < 0) for s in starts]\n        if min(starts) < 0",
        )


@caught_by("test_the_first_and_the_last_start_are_drawn")
def first_start_never_drawn():
    """an off-by-one error: the start 0 is never drawn"""
    edit("starts = torch", "few = max(len(self) - context - 1, 1)\n        starts = torch")
    edit("(len(self) - context, (size,)", "(few, (size,)")
    edit("starts.tolist()", "(starts + len(self) - context - few).tolist()")


@caught_by("test_every_start_is_equally_likely")
def no_more_rows_than_windows():
    """a batch of at most as many rows as there are possible starts"""
    edit("(size,)", "(min(size, len(self) - context),)")


@caught_by("test_the_first_and_the_last_start_are_drawn")
def last_start_never_drawn():
    """an off-by-one error: the last valid start is never drawn"""
    with spelling():
        edit("starts = torch", "most = max(len(self) - context - 1, 1)\n        starts = torch")
        edit("(len(self) - context", "(most")
    with spelling():
        edit("torch.randint(len(self) - context", "torch.randint(len(self) - context - 1")
    with spelling():
        edit("import numpy", "import random\n\nimport numpy")
        edit("generator = torch.Generator().manual_seed", "generator = random.Random")
        edit(
            "torch.randint(len(self) - context, (size,), generator=generator)",
            "torch.tensor([generator.randrange(len(self) - context - 1) for _ in range(size)])",
        )
    with spelling():
        edit("generator = torch.Generator().manual_seed", "generator = np.random.default_rng")
        edit(
            "torch.randint(len(self) - context, (size,), generator=generator)",
            "torch.tensor(generator.integers(0, len(self) - context - 1, size))",
        )


@caught_by("test_the_first_and_the_last_start_are_drawn")
def one_row_for_all():
    """a batch that draws one start and repeats it in all rows"""
    with spelling():
        edit("(size,), generator=generator)", "(1,), generator=generator).expand(size)")
    with spelling():
        edit("import numpy", "import random\n\nimport numpy")
        edit("generator = torch.Generator().manual_seed", "generator = random.Random")
        edit(
            "torch.randint(len(self) - context, (size,), generator=generator)",
            "torch.tensor([generator.randrange(len(self) - context)] * size)",
        )
    with spelling():
        edit("generator = torch.Generator().manual_seed", "generator = np.random.default_rng")
        edit(
            "torch.randint(len(self) - context, (size,), generator=generator)",
            "torch.tensor([generator.integers(len(self) - context)] * size)",
        )


@caught_by("test_the_first_and_the_last_start_are_drawn")
def one_start_too_many_drawn():
    """an off-by-one error: a start is drawn whose last target is beyond the end of the file"""
    with spelling():
        edit("torch.randint(len(self) - context", "torch.randint(len(self) - context + 1")
    with spelling():
        edit("import numpy", "import random\n\nimport numpy")
        edit("generator = torch.Generator().manual_seed", "generator = random.Random")
        edit(
            "torch.randint(len(self) - context, (size,), generator=generator)",
            "torch.tensor([generator.randint(0, len(self) - context) for _ in range(size)])",
        )
    with spelling():
        edit("generator = torch.Generator().manual_seed", "generator = np.random.default_rng")
        edit(
            "torch.randint(len(self) - context, (size,), generator=generator)",
            "torch.tensor(generator.integers(0, len(self) - context + 1, size))",
        )


@caught_by("test_every_start_is_equally_likely")
def drawn_without_replacement():
    """starts drawn without replacement (sample, permutation), so that none comes twice"""
    with spelling():
        edit("import numpy", "import random\n\nimport numpy")
        edit("generator = torch.Generator().manual_seed", "generator = random.Random")
        edit(
            "torch.randint(len(self) - context, (size,), generator=generator)",
            "torch.tensor(generator.sample(range(len(self) - context), size))",
        )
    with spelling():
        edit("generator = torch.Generator().manual_seed", "generator = np.random.default_rng")
        edit(
            "torch.randint(len(self) - context, (size,), generator=generator)",
            "torch.tensor(generator.choice(len(self) - context, size, replace=False))",
        )
    with spelling():
        edit(
            "torch.randint(len(self) - context, (size,), generator=generator)",
            "torch.randperm(len(self) - context, generator=generator)[:size]",
        )


@caught_by("test_every_start_is_equally_likely")
def only_whole_steps():
    """a batch whose windows begin only at multiples of the context"""
    edit("(len(self) - context", "(count")
    edit("starts = torch", "count = (len(self) - 1) // context\n        starts = context * torch")


@caught_by("test_every_start_is_equally_likely")
def one_start_for_all_rows():
    """a batch with one random start, whose other rows are consecutive"""
    edit("starts = torch", "first = torch")
    edit("(size,)", "(1,)")
    edit(
        "return self",
        "starts = (first + torch.arange(size)) % (len(self) - context)\n        return self",
    )


@caught_by("test_the_seed_decides_the_batch")
def one_seed_for_all():
    """a batch that is the same for every seed, as the generator's seed is fixed"""
    with spelling():
        edit("manual_seed(seed)", "manual_seed(0)")
    with spelling():
        edit("manual_seed(seed)", "manual_seed(42)")


@caught_by("test_the_seed_decides_the_batch")
def generator_kept():
    """a generator that is seeded once and then draws on, so that the same seed gives new batches"""
    with spelling():
        edit(
            "generator = torch.Generator().manual_seed(seed)",
            'generator = vars(self).setdefault("_generator", torch.Generator().manual_seed(seed))',
        )
    with spelling():
        edit("import numpy", "import random\n\nimport numpy")
        edit(
            "generator = torch.Generator().manual_seed(seed)",
            'generator = vars(self).setdefault("_generator", random.Random(seed))',
        )
        edit(
            "torch.randint(len(self) - context, (size,), generator=generator)",
            "torch.tensor([generator.randrange(len(self) - context) for _ in range(size)])",
        )


@caught_by("test_the_seed_decides_the_batch")
def large_seeds_refused():
    """a seed of 2^31 or more refused"""
    edit(
        "generator = torch",
        'if seed >= 2**31:\n            raise ValueError("the seed is too large")\n'
        "        generator = torch",
    )


@caught_by("test_the_seed_decides_the_batch")
def seed_unused():
    """a batch drawn from the global generator, whatever the seed"""
    edit("        generator = torch.Generator().manual_seed(seed)\n", "")
    edit(", generator=generator", "")


@caught_by("test_the_global_generators_are_left_alone")
def global_seed():
    """a batch that seeds PyTorch's global generator (torch.manual_seed)"""
    edit("generator = torch.Generator()", "torch")
    edit(", generator=generator", "")


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


@caught_by("test_the_global_generators_are_left_alone")
def global_seed_of_numpy():
    """a batch that seeds NumPy's global generator (np.random.seed)"""
    edit("generator = torch.Generator().manual_seed(seed)", "np.random.seed(seed)")
    edit(
        "torch.randint(len(self) - context, (size,), generator=generator)",
        "np.random.randint(0, len(self) - context, size=size)",
    )


@caught_by("test_a_batch_holds_windows_of_the_file")
def tokens_drawn_one_by_one():
    """a batch of independently drawn tokens, which are not consecutive"""
    edit("context, (size,)", "1, (size * context,)")
    edit(
        "return self.windows(starts.tolist(), context)",
        "inputs, targets = self.windows(starts.tolist(), 1)\n"
        "        return inputs.reshape(size, context), targets.reshape(size, context)",
    )


@caught_by("test_bad_files_and_contexts_are_refused")
def another_error_for_bad_files():
    """an error other than ValueError for an empty file or an odd number of bytes"""
    with spelling():
        edit(
            "self._tokens = np.memmap",
            'if not np.fromfile(path, "u1", 1).size:\n            raise EOFError(path)\n'
            "        self._tokens = np.memmap",
        )
    with spelling():
        edit(
            "self._tokens = np.memmap",
            'if not np.fromfile(path, "u1", 1).size:\n            raise OSError(path)\n'
            "        self._tokens = np.memmap",
        )
    with spelling():
        edit(
            "self._tokens = np.memmap",
            'assert np.fromfile(path, "u1", 1).size, path\n        self._tokens = np.memmap',
        )


@caught_by("test_bad_files_and_contexts_are_refused")
def empty_file_accepted():
    """an empty file opened as a token file of length 0"""
    edit(
        'np.memmap(path, dtype="<u2", mode="r")',
        '(np.memmap(path, dtype="<u2", mode="r") if np.fromfile(path, "u1", 1).size else [])',
    )


@caught_by("test_bad_files_and_contexts_are_refused")
def odd_byte_left_out():
    """a token file with an odd number of bytes, whose last byte is silently ignored"""
    edit(
        'np.memmap(path, dtype="<u2", mode="r")',
        'np.memmap(path, dtype=np.uint8, mode="r")\n'
        '        self._tokens = self._tokens[: len(self._tokens) // 2 * 2].view("<u2")',
    )


@caught_by("test_bad_files_and_contexts_are_refused")
def a_batch_cut_short():
    """a batch whose windows are truncated when the context is too long for the file"""
    edit("if context >= len(self):", "context = min(context, len(self) - 1)\n        if False:")


@caught_by("test_reading_leaves_the_file_as_it_was")
def opened_for_writing():
    """a file mapped in mode w+, which fills it with zeros when it is opened"""

    class TokenFile:
        def __init__(self, path):
            size = Path(path).stat().st_size
            if size < 2 or size % 2:
                raise ValueError("no token file")
            self._tokens = np.memmap(path, dtype="<u2", mode="w+", shape=(size // 2,))


@caught_by("test_a_window_must_lie_in_the_file")
def empty_windows():
    """a context of 0 accepted: windows without a token"""
    edit("context < 1", "context < 0")

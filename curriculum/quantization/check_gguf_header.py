"""The checks of read_value, read_entry and read_header."""

import struct

import pytest

from grader.checks import equal, holds

FORMS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 10: "<Q", 11: "<q"}
FORMS |= {12: "<d"}
NAMES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "bool", "string"]
NAMES += ["array", "uint64", "int64", "float64"]
BLOCKS = {0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20)}
BLOCKS |= {8: ("Q8_0", 32, 34)}
HUGE = 1 << 30
"""Bytes of a file that is larger than the memory that the code may use."""


def test_a_string_by_hand(read_value):
    """The bytes 03 00 00 00 00 00 00 00 and Qed are the string Qed, which ends at position 11."""
    equal(read_value(b"\x03\0\0\0\0\0\0\0Qed", 0, 8), ("Qed", 11), say="a string at position 0")
    equal(read_value(b"GGUF\x02\0\0\0\0\0\0\0Qed", 4, 8), ("Qe", 14), say="a string at position 4")


def test_each_type_of_number_is_read(read_value):
    """Numbers of each type are read with the low byte first, up to the smallest and the largest."""
    cases = [(kind, 2**bits - 1) for kind, bits in ((0, 8), (2, 16), (4, 32), (10, 64))]
    cases += [(kind, -(2 ** (bits - 1))) for kind, bits in ((1, 8), (3, 16), (5, 32), (11, 64))]
    cases += [(kind, 2 ** (bits - 1) - 1) for kind, bits in ((1, 8), (3, 16), (5, 32), (11, 64))]
    cases += [(0, 0), (0, 200), (1, -3), (2, 258), (3, -2), (4, 70_000), (5, -70_000)]
    cases += [(10, 2**40 + 3), (11, -(2**40)), (11, 258), (10, 2**53 + 1), (11, -1)]
    cases += [(6, 0.5), (6, -1e-5), (6, 100_000.0), (12, 0.1), (12, -1e300)]
    for kind, number in cases:
        stored = struct.pack(FORMS[kind], number)
        (want,) = struct.unpack(FORMS[kind], stored)
        got = read_value(b"\xab\xcd\xef" + stored + b"\x99" * 9, 3, kind)
        equal(got, (want, 3 + len(stored)), say=f"{number} as {NAMES[kind]}, at position 3")


def test_a_bool_is_a_byte_of_0_or_1(read_value):
    """0 is False, 1 is True, and any other byte raises ValueError."""
    equal(read_value(b"\x05\0\x01", 1, 7), (False, 2), say="the byte 0")
    equal(read_value(b"\x05\0\x01", 2, 7), (True, 3), say="the byte 1")
    for byte in (2, 3, 128, 255):
        with pytest.raises(ValueError):
            read_value(bytes([byte]), 0, 7)
            holds(False, f"the byte {byte} as a bool raises ValueError")
        with pytest.raises(ValueError):
            read_value(struct.pack("<IQ", 7, 3) + bytes([1, byte, 0]), 0, 9)
            holds(False, f"the byte {byte} in an array of bools raises ValueError")


def test_a_string_is_utf_8(read_value):
    """A string's length counts bytes; other bytes than UTF-8 raise ValueError."""
    texts = ["", "a", "Ġthe", "größer", "日本語 😀", "a\0b", "ab\0", "\0", "\n \t", "x" * 1000]
    for text in texts:
        stored = _string(text)
        got = read_value(b"#" + stored + b"\x01more", 1, 8)
        equal(got, (text, 1 + len(stored)), say=f"the text {text[:9]!r}")
    for bad in (b"\xff", b"ab\xc3", b"\xe6\x97", b"\xc3(", b"\x80abc"):
        with pytest.raises(ValueError):
            read_value(struct.pack("<Q", len(bad)) + bad, 0, 8)
            holds(False, f"a string of the bytes {bad!r} raises ValueError")


def test_arrays_hold_values_of_every_type(read_value):
    """An array is a list of its elements: numbers, bools, strings, or arrays, also of arrays."""
    cases = [(kind, [1, 2, 3, 100, 0]) for kind in (0, 1, 2, 3, 4, 5, 10, 11)]
    cases += [(1, [-1, 5, -128]), (6, [0.5, -2.0, 0.0]), (12, [0.1, 1e300])]
    cases += [(7, [True, False, True]), (8, ["a", "", "größer", "b c"]), (8, ["one"])]
    cases += [(0, []), (8, []), (9, []), (4, list(range(2000))), (8, [""] * 50)]
    cases += [(9, [(4, [])] * 20)]
    cases += [(9, [(4, [1, 2]), (8, ["x", "yz"]), (0, [])]), (9, [(9, [(5, [-1])]), (7, [True])])]
    cases += [(9, [(9, [(8, ["deep", ""]), (9, [(2, [7]), (2, [])])]), (12, [2.5]), (9, [])])]
    for number, (inner, elements) in enumerate(cases):
        stored = _value(9, (inner, elements))
        # Every second array ends with the file.
        got = read_value(b"before" + stored + b"\x01\0\0\0" * (number % 2), 6, 9)
        say = f"an array of {NAMES[inner]}: {str(elements)[:40]}"
        equal(got, (_plain(inner, elements), 6 + len(stored)), say=say)


def test_a_value_that_is_cut_off_raises_value_error(read_value):
    """A value that does not end within data raises ValueError, wherever it is cut off."""
    values = [(kind, 1) for kind in FORMS] + [(7, True), (8, "größer"), (9, (8, ["ab", "c"]))]
    values += [(9, (kind, [1, 2, 3])) for kind in FORMS] + [(9, (7, [True, False]))]
    values += [(9, (9, [(4, [1]), (9, [(8, ["z"])])]))]
    for kind, content in values:
        stored = _value(kind, content)
        for cut in sorted({0, 1, 8, 11, len(stored) // 2, len(stored) - 1}):
            if cut >= len(stored):
                continue
            with pytest.raises(ValueError):
                read_value(b"==" + stored[:cut], 2, kind)
                holds(False, f"{cut} of the {len(stored)} bytes of this {NAMES[kind]} are there")


def test_an_unknown_type_raises_value_error(read_value):
    """A type above 12 raises ValueError, for a value and for an array's elements."""
    for kind in (13, 14, 255, 2**31, 2**32 - 1):
        with pytest.raises(ValueError):
            read_value(b"\0" * 64, 0, kind)
            holds(False, f"the type {kind} raises ValueError")
        array = struct.pack("<IQ", kind, 2) + b"\0" * 64
        empty = struct.pack("<IQ", kind, 0)
        for stored in (array, struct.pack("<IQ", 9, 1) + array, empty, empty + b"more"):
            with pytest.raises(ValueError):
                read_value(stored, 0, 9)
                holds(False, f"an array with elements of the type {kind} raises ValueError")


def test_a_length_is_refused_before_memory_is_allocated(read_value, room):
    """With 64 MiB of additional memory, a length from 2^30 to 2^64 - 1 raises ValueError."""
    room(64)
    for length in (2**30, 2**40, 2**61, 2**63, 2**64 - 1):
        with pytest.raises(ValueError):
            read_value(struct.pack("<Q", length) + b"some text", 0, 8)
            holds(False, f"a string of {length} bytes in 17 raises ValueError")
        for kind in range(13):
            stored = struct.pack("<IQ", kind, length) + bytes(50)
            with pytest.raises(ValueError):
                read_value(stored, 0, 9)
                holds(False, f"an array of {length} {NAMES[kind]} in 62 bytes raises ValueError")


def test_a_memory_map_is_read_too(read_value, read_entry, beside, tmp_path):
    """data may be an mmap.mmap instead of bytes."""
    value, entry = _value(9, (8, ["a", "größer"])), _entry("w", (7, 5), 0, 64)
    stored = _value(12, 0.1) + value + entry
    data = _map(beside, tmp_path, stored)
    equal(read_value(data, 0, 12), (0.1, 8), say="a float64 in a memory map")
    end = 8 + len(value)
    equal(read_value(data, 8, 9), (["a", "größer"], end), say="an array in a memory map")
    want = (("w", (5, 7), "F32", 64, 140), len(stored))
    equal(read_entry(data, end), want, say="an entry in a memory map")
    with pytest.raises(ValueError):
        read_value(data, len(stored) - 3, 4)
        holds(False, "a uint32 that ends after a memory map raises ValueError")


def test_an_entry_by_hand(read_entry):
    """The entry w with the sizes 96 and 5 and type 2 has the shape (5, 96) and 270 bytes."""
    stored = _string("w") + struct.pack("<IQQIQ", 2, 96, 5, 2, 640)
    equal(read_entry(stored, 0), (("w", (5, 96), "Q4_0", 640, 270), 41))


def test_the_shape_is_in_pytorchs_order(read_entry):
    """The shape is the file's sizes in reverse order, for one to four dimensions."""
    for sizes in [(3,), (1,), (2, 3), (3, 3), (2, 3, 5), (2, 3, 5, 7), (1, 1, 4, 1)]:
        stored = _entry("blk.0.weight", sizes, 0, 96)
        count = 4
        for size in sizes:
            count *= size
        want = ("blk.0.weight", sizes[::-1], "F32", 96, count)
        got = read_entry(b"?" * 7 + stored + b"\x08\0", 7)
        equal(got, (want, 7 + len(stored)), say=f"the sizes {sizes} in the file, at position 7")


def test_the_number_of_bytes_follows_from_type_and_sizes(read_entry):
    """For each type the data are as many blocks as the elements fill, also for huge sizes."""
    # The last one has more digits than a float.
    huge = [(2**32, 2**32), (2**63, 2, 2), (2**58 + 32, 3)]
    for number, (kind, elements, size) in BLOCKS.items():
        for sizes in [(32,), (64, 5), (576, 3, 2), (32, 1, 7, 2), *huge]:
            blocks = sizes[0] // elements
            for other in sizes[1:]:
                blocks *= other
            want = ("größe.weight", sizes[::-1], kind, 2**40, blocks * size)
            stored = _entry("größe.weight", sizes, number, 2**40)
            say = f"{kind} with the sizes {sizes} in the file"
            equal(read_entry(stored, 0), (want, len(stored)), say=say)


def test_a_bad_entry_is_refused_with_its_name(read_entry):
    """0 or 5 dimensions, an unknown type, or a row of broken blocks: ValueError with the name."""
    cases = [((), 0, "0 dimensions"), ((1, 1, 1, 1, 1), 0, "5 dimensions")]
    cases += [((32, 2), number, f"the type {number}") for number in (4, 5, 6, 7, 9, 12, 30, 2**31)]
    for number in (2, 3, 8):
        kind = BLOCKS[number][0]
        for sizes in [(1,), (31,), (33,), (16, 2), (8, 4, 3), (48, 32), (5, 64)]:
            cases.append((sizes, number, f"{kind} with rows of {sizes[0]}"))
    for sizes, number, say in cases:
        with pytest.raises(ValueError) as refused:
            read_entry(_entry("blk.7.ffn_up.weight", sizes, number, 0), 0)
        _check_message(refused, "blk.7.ffn_up.weight", say)
    stored = _entry("w", (96, 5), 2, 640)
    for cut in (0, 8, 12, 20, 28, 30, 32, 33, 40):
        with pytest.raises(ValueError):
            read_entry(stored[:cut], 0)
            holds(False, f"{cut} of the {len(stored)} bytes of an entry raise ValueError")


def test_a_file_by_hand(read_header, beside, tmp_path):
    """In a file with the key depth and the tensor b, the 12 bytes of data begin at position 96."""
    pair, entry = _pair("depth", 4, 30), _string("b") + struct.pack("<IQIQ", 1, 3, 0, 0)
    content = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + pair + entry
    content += bytes(18) + struct.pack("<3f", 1.0, 2.0, 3.0)
    want = ({"depth": 30}, {"b": ((3,), "F32", 96, 12)})
    equal(read_header(_write(beside, tmp_path, content)), want)


def test_all_metadata_are_returned(read_header, beside, tmp_path):
    """The metadata have each key with its value, of every type, also without any tensor."""
    pairs = [("n", 10, 2**60), ("general.name", 8, "SmolLM2 größer"), ("ok", 7, True)]
    pairs += [("eps", 6, 0.5), ("tokens", 9, (8, ["a", "", "b"])), ("i8", 1, -1), ("", 0, 1)]
    pairs += [("nested", 9, (9, [(5, [-1, 2]), (8, ["x"])])), ("u16", 2, 258), ("f64", 12, 0.1)]
    pairs += [("none", 9, (4, [])), ("i64", 11, -5), ("no", 7, False), ("i16", 3, -2)]
    pairs += [("general.alignment", 4, 32)]
    want = {key: _plain(kind, value) for key, kind, value in pairs}
    got = read_header(_write(beside, tmp_path, _file(pairs, [])))
    equal(got, (want, {}), say="15 pairs, and no tensor")
    equal(read_header(_write(beside, tmp_path, _file([], []))), ({}, {}), say="an empty header")
    tensors = [("w", (3, 2), 0, 0)]
    got = read_header(_write(beside, tmp_path, _file(pairs, tensors)))
    equal(got[0], want, say="15 pairs, and a tensor")


def test_the_data_begin_at_a_multiple_of_the_alignment(read_header, beside, tmp_path):
    """The data part begins at the next multiple of the alignment, which is 32 if no key says it."""
    # There are bytes after the data, so that a wrong position is returned and not refused.
    for length in (1, 7, 8, 9, 24, 40):
        content = _file([], [("n" * length, (3,), 0, 0)]) + bytes(64)
        table = 24 + 8 + length + 4 + 8 + 4 + 8
        want = {"n" * length: ((3,), "F32", -(-table // 32) * 32, 12)}
        got = read_header(_write(beside, tmp_path, content))
        equal(got, ({}, want), say=f"a table that ends at byte {table}, and no alignment given")
    for alignment in (1, 2, 8, 16, 64, 256, 4096):
        for place in (0, 1) if alignment == 64 else (1,):
            pairs = [("x", 4, 7)]
            pairs.insert(place, ("general.alignment", 4, alignment))
            offset = max(alignment, 64)
            tensors = [("one", (5,), 1, 0), ("two", (3,), 0, offset)]
            start = -(-len(_header(pairs, tensors)) // alignment) * alignment
            want = {"one": ((5,), "F16", start, 10), "two": ((3,), "F32", start + offset, 12)}
            content = _file(pairs, tensors, alignment) + bytes(64)
            got = read_header(_write(beside, tmp_path, content))
            equal(got[1], want, say=f"the alignment {alignment}")


def test_each_tensor_has_its_position(read_header, beside, tmp_path):
    """Data may be in any order, with gaps between them and bytes after the last."""
    tensors = [("blk.0.ffn_up.weight", (64, 3), 3, 640), ("norm", (5,), 0, 0)]
    tensors += [("blk.0.attn_q.weight", (32, 2, 1), 8, 128), ("half", (7, 2), 1, 320)]
    start = -(-len(_header([], tensors)) // 32) * 32
    want = {"blk.0.ffn_up.weight": ((3, 64), "Q4_1", start + 640, 120)}
    want["norm"] = ((5,), "F32", start, 20)
    want["blk.0.attn_q.weight"] = ((1, 2, 32), "Q8_0", start + 128, 68)
    want["half"] = ((2, 7), "F16", start + 320, 28)
    for more in (0, 1, 100):
        content = _file([], tensors) + b"\xff" * more
        got = read_header(_write(beside, tmp_path, content))
        equal(got, ({}, want), say=f"four tensors, and {more} bytes after the last")


def test_other_files_are_refused(read_header, beside, tmp_path):
    """Other first bytes than GGUF, or another version than 3, raise ValueError."""
    rest = _file([("x", 4, 7)], [])[4:]
    for first in (b"GGML", b"FUGG", b"gguf", b"PK\x03\x04", b"\0\0\0\0", b"GGUG"):
        _refuses(read_header, _write(beside, tmp_path, first + rest), f"a file of {first!r}")
    for version in (0, 1, 2, 4, 3 << 24, 2**32 - 1):
        content = b"GGUF" + struct.pack("<I", version) + rest[4:]
        _refuses(read_header, _write(beside, tmp_path, content), f"version {version}")


def test_a_file_that_is_cut_off_raises_value_error(read_header, beside, tmp_path, rng):
    """A file of which the last bytes are missing raises ValueError, wherever it ends."""
    pairs = [("a", 8, "text"), ("general.alignment", 4, 8), ("b", 9, (3, [1, 2]))]
    whole = _file(pairs, [("w", (3, 2), 0, 8), ("v", (2,), 1, 0)], 8)
    equal(len(read_header(_write(beside, tmp_path, whole))[1]), 2, say="the whole file")
    ends = [0, 3, 4, 8, 16, 23, 24, 25, len(whole) - 16, len(whole) - 4, len(whole) - 1]
    for length in sorted({*ends, *rng.sample(range(len(whole)), 8)}):
        path = _write(beside, tmp_path, whole[:length])
        _refuses(read_header, path, f"{length} of the {len(whole)} bytes of a file")
    for counts in ((2**64 - 1, 3), (3, 3), (2, 4), (2, 2**64 - 1)):
        content = whole[:8] + struct.pack("<QQ", *counts) + whole[24:]
        say = f"{counts[0]} tensors and {counts[1]} pairs in a file with two and three"
        _refuses(read_header, _write(beside, tmp_path, content), say)
    content = b"GGUF" + struct.pack("<IQQ", 3, 0, 2**64 - 1)
    _refuses(read_header, _write(beside, tmp_path, content), "2^64 - 1 pairs in a file with none")


def test_a_name_that_is_there_twice_raises_value_error(read_header, beside, tmp_path):
    """A key, or a tensor's name, that occurs a second time raises ValueError."""
    for pairs in ([("x", 4, 7), ("y", 4, 7), ("x", 4, 7)], [("x", 4, 7), ("x", 8, "b")]):
        _refuses(read_header, _write(beside, tmp_path, _file(pairs, [])), "the key x, twice,")
    tensors = [("w", (3,), 0, 0), ("v", (3,), 0, 32), ("w", (3,), 0, 64)]
    _refuses(read_header, _write(beside, tmp_path, _file([], tensors)), "the tensor w, twice,")


def test_the_alignment_is_a_power_of_two(read_header, beside, tmp_path):
    """Another alignment than a power of two, such as 0 or 24, raises ValueError."""
    for alignment in (0, 3, 7, 24, 33, 48, 96, 2**32 - 1):
        for tensors in ([], [("w", (3,), 0, 0)]):
            content = _file([("general.alignment", 4, alignment)], tensors) + bytes(200)
            path = _write(beside, tmp_path, content)
            _refuses(read_header, path, f"the alignment {alignment}, with {len(tensors)} tensors,")


def test_a_bad_position_is_refused_with_the_tensors_name(read_header, beside, tmp_path):
    """An offset off the alignment, or data beyond the end, raise ValueError with the name."""
    for offset in (1, 8, 16, 31, 33):
        tensors = [("good", (3,), 0, 0), ("blk.7.bad", (3,), 0, offset)]
        content = _file([], tensors) + bytes(64)
        with pytest.raises(ValueError) as refused:
            read_header(_write(beside, tmp_path, content))
        _check_message(refused, "blk.7.bad", f"the offset {offset} with the alignment 32")
    good = ("good", (3,), 0, 0)
    bad = [((8,), 0, 32), ((3,), 0, 2**62), ((3,), 0, 2**64 - 32), ((2**32, 2**32), 0, 32)]
    bad += [((2**63, 2), 0, 32), ((2**62, 2, 2, 2), 0, 32), ((64, 2**58), 8, 32), ((9,), 1, 32)]
    for sizes, number, offset in bad:
        tensors = [("blk.7.bad", sizes, number, offset), good]
        header = _header([], tensors)
        content = header + bytes(-len(header) % 32 + 32 + 17)
        with pytest.raises(ValueError) as refused:
            read_header(_write(beside, tmp_path, content))
        _check_message(refused, "blk.7.bad", f"sizes {sizes} from offset {offset}, and 49 bytes")


def test_a_file_larger_than_memory_is_read(read_header, beside, tmp_path, room):
    """With 256 MiB of additional memory, the header of a file of 1 GiB is returned, or refused."""
    tensors = [("w", (1024, 2**17), 0, 0), ("v", (32, 2**18), 8, 2**29)]
    path = _write(beside, tmp_path, _header([("x", 4, 7)], tensors), HUGE)
    start = -(-len(_header([("x", 4, 7)], tensors)) // 32) * 32
    # The zeros, which take no space on the disk, are empty strings, or empty arrays. As many are
    # said to come as the whole file has room for, and the header takes a part of it.
    worse = []
    for kind, size in ((8, 8), (9, 12)):
        array = struct.pack("<IIQ", 9, kind, HUGE // size)
        bad = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + _string("x") + array
        worse.append(_write(beside, tmp_path, bad, HUGE, name=f"{NAMES[kind]}.gguf"))
    beside("os.utime")(path, (10**9, 10**9))
    # A mapped file has an address for each of its bytes, and uses no private memory.
    room(256, private=True)
    metadata, places = read_header(path)
    equal(metadata, {"x": 7}, say="the metadata of a file of 1 GiB")
    want = {"w": ((2**17, 1024), "F32", start, 2**29)}
    want["v"] = ((2**18, 32), "Q8_0", start + 2**29, 2**18 * 34)
    equal(places, want, say="the tensors of a file of 1 GiB")
    _refuses(read_header, worse[0], "an array of 2^27 strings after the header of a file of 1 GiB")
    _refuses(read_header, worse[1], "an array of 2^30 / 12 arrays in a file of 1 GiB")
    after = beside("os.path.getmtime")(path)
    equal(after, 1e9, say="the time at which the file was last changed")


def _string(text):
    """Return a string as it is stored."""
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _value(kind, value):
    """Return a value as it is stored; an array is a pair of its elements' type and these."""
    if kind == 7:
        return bytes([value])
    if kind == 8:
        return _string(value)
    if kind == 9:
        inner, elements = value
        parts = [_value(inner, element) for element in elements]
        return struct.pack("<IQ", inner, len(elements)) + b"".join(parts)
    return struct.pack(FORMS[kind], value)


def _plain(kind, value):
    """Return a value without the types of arrays; a list has the type of its elements beside it."""
    if isinstance(value, list):
        return [_plain(kind, element) for element in value]
    return _plain(*value) if kind == 9 else value


def _pair(key, kind, value):
    """Return a pair of the metadata as it is stored."""
    return _string(key) + struct.pack("<I", kind) + _value(kind, value)


def _entry(name, sizes, number, offset):
    """Return an entry of the tensor table; the sizes are in the file's order."""
    stored = [_string(name), struct.pack("<I", len(sizes))]
    stored += [struct.pack("<Q", size) for size in sizes]
    return b"".join([*stored, struct.pack("<IQ", number, offset)])


def _header(pairs, tensors):
    """Return a file up to the end of its tensor table."""
    parts = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(pairs))]
    parts += [_pair(*pair) for pair in pairs] + [_entry(*tensor) for tensor in tensors]
    return b"".join(parts)


def _file(pairs, tensors, alignment=32):
    """Return a file that ends with its last tensor's data, which are zeros."""
    header = _header(pairs, tensors)
    if not tensors:
        return header
    ends = []
    for _, sizes, number, offset in tensors:
        _, elements, size = BLOCKS[number]
        for one in sizes:
            size *= one
        ends.append(offset + size // elements)
    return header + bytes(-len(header) % max(alignment, 1) + max(ends))


def _write(beside, tmp_path, content, length=0, name="model.gguf"):
    """Write a file, of so many bytes if a length is given, and return its path."""
    path = str(tmp_path / name)
    opened = beside("builtins.open")(path, "wb")
    opened.write(content)
    if length:
        opened.truncate(length)
    opened.close()
    return path


def _map(beside, tmp_path, content):
    """Return the memory map of a new file in the learner's process."""
    opened = beside("builtins.open")(_write(beside, tmp_path, content), "rb")
    data = beside("mmap.mmap")(opened.fileno(), 0, access=1)
    opened.close()
    return data


def _refuses(read_header, path, say):
    """Claim that a file raises ValueError."""
    with pytest.raises(ValueError):
        read_header(path)
        holds(False, f"{say} raises ValueError")


def _check_message(refused, name, say):
    """Claim that the message of a refusal contains a tensor's name."""
    got = str(refused.value)
    holds(name in got, f"{say}: the message contains {name}", want=name, got=got)

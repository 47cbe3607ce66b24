"""Mistakes in UTF-8."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_characters_worked_by_hand")
def code_points():
    """the code point of each character, not its bytes"""
    edit("if c < 0x80:", "if True:")


@caught_by("test_characters_worked_by_hand")
def sixteen_bits():
    """UTF-16: two bytes for nearly every character"""
    with spelling():
        edit(
            "if c < 0x80:",
            "if c < 0x10000:\n            ids += [c & 0xFF, c >> 8]\n        elif c < 0x80:",
        )
    with spelling():
        edit(
            "if c < 0x80:",
            "if c < 0x10000:\n            ids += [c >> 8, c & 0xFF]\n        elif c < 0x80:",
        )


@caught_by("test_characters_worked_by_hand")
def one_byte_each():
    """one byte for each character, so that the high bits of its code point are lost"""
    edit("if c < 0x80:", "c &= 0xFF\n        if c < 0x100:")


@caught_by("test_characters_worked_by_hand")
def byte_order_mark():
    """bytes with a byte order mark before the first character (the codec utf-8-sig)"""
    with spelling():
        edit("return ids", "return [0xEF, 0xBB, 0xBF, *ids] if text else []")
    with spelling():
        edit("return ids", "return [0xEF, 0xBB, 0xBF, *ids]")


@caught_by("test_characters_worked_by_hand")
def pairs_of_surrogates():
    """characters above 0xFFFF split into two surrogates first, six bytes instead of four"""
    edit(
        "ids += [0xF0 | c >> 18, 0x80 | c >> 12 & 0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F]",
        "for c in (0xD7C0 + (c >> 10), 0xDC00 | c & 0x3FF):\n"
        "                ids += [0xE0 | c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F]",
    )


@caught_by("test_characters_worked_by_hand")
def three_bytes_at_most():
    """at most three bytes per character, although an emoji needs four"""
    with spelling():
        edit("if c < 0x80:", "c &= 0xFFFF\n        if c < 0x80:")
    with spelling():
        edit("elif c < 0x10000:", "elif c < 0x110000:")
    with spelling():
        edit("elif c < 0x10000:", "elif c < 0x110000:")
        edit("[0xE0 | c >> 12, ", "[0xE0 | c >> 12 & 0x0F, ")


@caught_by("test_characters_worked_by_hand")
def four_bytes_refused():
    """an error for characters above 0xFFFF, which need four bytes"""
    edit(
        "ids += [0xF0 | c >> 18, 0x80 | c >> 12 & 0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F]",
        'raise ValueError("too large")',
    )


@caught_by("test_characters_worked_by_hand")
def following_bytes_unmarked():
    """continuation bytes without the fixed bits 10"""
    edit("6, 0x80 | c", "6, c")
    edit("18, 0x80 | c", "18, c")
    edit("12, 0x80 | c >> 6 & 0x3F, 0x80 | c", "12, c >> 6 & 0x3F, c")
    edit("0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c", "0x3F, c >> 6 & 0x3F, c")


@caught_by("test_characters_worked_by_hand")
def first_byte_unmarked():
    """first bytes without the fixed bits that give the number of bytes"""
    with spelling():
        edit("0xC0 | c >> 6", "c >> 6")
        edit("0xE0 | c >> 12", "c >> 12")
        edit("0xF0 | c >> 18", "c >> 18")
    with spelling():
        edit("0xC0 | c >> 6", "0x80 | c >> 6")
        edit("0xE0 | c >> 12", "0x80 | c >> 12")
        edit("0xF0 | c >> 18", "0x80 | c >> 18")


@caught_by("test_random_texts_have_pythons_bytes")
def following_bits_not_masked():
    """a continuation byte with bits of the bytes before it, because & 0x3F is missing"""
    with spelling():
        edit("c >> 12, 0x80 | c >> 6 & 0x3F", "c >> 12, 0x80 | c >> 6")
    with spelling():
        edit("0x80 | c >> 12 & 0x3F, 0x80 | c >> 6 & 0x3F", "0x80 | c >> 12, 0x80 | c >> 6")
    with spelling():
        edit("0x80 | c >> 12 & 0x3F", "0x80 | c >> 12")
    with spelling():
        edit("0x3F, 0x80 | c >> 6 & 0x3F", "0x3F, 0x80 | c >> 6")
    with spelling():
        edit("c >> 12, 0x80 | c >> 6 & 0x3F", "c >> 12, 0x80 | c >> 6")
        edit("0x80 | c >> 12 & 0x3F, 0x80 | c >> 6 & 0x3F", "0x80 | c >> 12, 0x80 | c >> 6")
    with spelling():
        edit("6, 0x80 | c & 0x3F", "6, 0x80 | c")
        edit("12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F", "12, 0x80 | c >> 6, 0x80 | c")
        edit(
            "0x80 | c >> 12 & 0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F",
            "0x80 | c >> 12, 0x80 | c >> 6, 0x80 | c",
        )


@caught_by("test_characters_worked_by_hand")
def masked_with_seven_bits():
    """continuation bytes with seven bits of the code point (& 0x7F), not six"""
    edit("6, 0x80 | c & 0x3F", "6, 0x80 | c & 0x7F")
    edit(
        "c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F",
        "c >> 12, 0x80 | c >> 6 & 0x7F, 0x80 | c & 0x7F",
    )
    edit(
        "0x80 | c >> 12 & 0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F",
        "0x80 | c >> 12 & 0x7F, 0x80 | c >> 6 & 0x7F, 0x80 | c & 0x7F",
    )


@caught_by("test_characters_worked_by_hand")
def low_bits_first():
    """continuation bytes in reverse order: the lowest six bits come first"""
    with spelling():
        edit(
            "c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F",
            "c >> 12, 0x80 | c & 0x3F, 0x80 | c >> 6 & 0x3F",
        )
        edit(
            "0x80 | c >> 12 & 0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F",
            "0x80 | c & 0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c >> 12 & 0x3F",
        )
    with spelling():
        edit("ids += [0xC0 | c >> 6, 0x80 | c & 0x3F]", "ids += [0x80 | c & 0x3F, 0xC0 | c >> 6]")
        edit(
            "ids += [0xE0 | c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F]",
            "ids += [0x80 | c & 0x3F, 0x80 | c >> 6 & 0x3F, 0xE0 | c >> 12]",
        )
        edit(
            "[0xF0 | c >> 18, 0x80 | c >> 12 & 0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F]",
            "[0x80 | c & 0x3F, 0x80 | c >> 6 & 0x3F, 0x80 | c >> 12 & 0x3F, 0xF0 | c >> 18]",
        )


@caught_by("test_each_length_begins_and_ends_at_its_code_points")
def limits_one_too_high():
    """a limit that is off by one: <= where < is right, as in c <= 0x80"""
    with spelling():
        edit("c < 0x80:", "c <= 0x80:")
        edit("c < 0x800:", "c <= 0x800:")
        edit("c < 0x10000:", "c <= 0x10000:")
    with spelling():
        edit("c < 0x80:", "c <= 0x80:")
    with spelling():
        edit("c < 0x800:", "c <= 0x800:")
    with spelling():
        edit("c < 0x10000:", "c <= 0x10000:")


@caught_by("test_each_length_begins_and_ends_at_its_code_points")
def limits_one_too_low():
    """a limit that is one too low: < 0x7F where < 0x80 is right"""
    with spelling():
        edit("c < 0x80:", "c < 0x7F:")
        edit("c < 0x800:", "c < 0x7FF:")
        edit("c < 0x10000:", "c < 0xFFFF:")
    with spelling():
        edit("c < 0x80:", "c < 0x7F:")
    with spelling():
        edit("c < 0x800:", "c < 0x7FF:")
    with spelling():
        edit("c < 0x10000:", "c < 0xFFFF:")


@caught_by("test_each_length_begins_and_ends_at_its_code_points")
def two_bytes_from_0x100():
    """one byte for the characters up to 0xFF, as in Latin-1"""
    edit("c < 0x80:", "c < 0x100:")


@caught_by("test_every_character_is_encoded_and_nothing_is_added")
def mark_not_encoded():
    """a text that is encoded without U+FEFF at its beginning"""
    with spelling():
        edit("for letter in text:", 'for letter in text.removeprefix("\\ufeff"):')
    with spelling():
        edit("for letter in text:", 'for letter in text.replace("\\ufeff", ""):')


@caught_by("test_every_character_is_encoded_and_nothing_is_added")
def line_ends_translated():
    """line ends translated before encoding: \\r\\n becomes \\n"""
    with spelling():
        edit("for letter in text:", 'for letter in text.replace("\\r\\n", "\\n"):')
    with spelling():
        edit(
            "for letter in text:",
            'for letter in text.replace("\\r\\n", "\\n").replace("\\r", "\\n"):',
        )


@caught_by("test_every_character_is_encoded_and_nothing_is_added")
def normalised_first():
    """a text that is normalised before it is encoded, so that e and an accent become é"""
    with spelling():
        edit(
            "for letter in text:",
            'import unicodedata\n\n    for letter in unicodedata.normalize("NFC", text):',
        )
    with spelling():
        edit(
            "for letter in text:",
            'import unicodedata\n\n    for letter in unicodedata.normalize("NFKC", text):',
        )


@caught_by("test_every_character_is_encoded_and_nothing_is_added")
def stripped_first():
    """a text whose white space at the ends is stripped before it is encoded"""
    edit("for letter in text:", "for letter in text.strip():")


@caught_by("test_surrogates_are_no_characters")
def surrogates_spelled():
    """surrogates encoded in three bytes each, as if they were characters"""
    edit("        if 0xD800 <= c <= 0xDFFF:", "        if False:")


@caught_by("test_second_halves_of_pairs_are_no_characters")
def second_halves_spelled():
    """surrogates refused up to 0xDBFF only; the second halves, up to 0xDFFF, are encoded"""
    with spelling():
        edit("        if 0xD800 <= c <= 0xDFFF:", "        if 0xD800 <= c <= 0xDBFF:")
    with spelling():
        edit("        if 0xD800 <= c <= 0xDFFF:", "        if 0xD800 <= c < 0xDC00:")
        edit("0xD800 <= c <= 0xDFFF or c", "0xD800 <= c < 0xDC00 or c")


@caught_by("test_surrogates_are_no_characters")
def first_halves_spelled():
    """surrogates refused from 0xDC00 only; the first halves, from 0xD800, are encoded"""
    edit("        if 0xD800 <= c <= 0xDFFF:", "        if 0xDC00 <= c <= 0xDFFF:")


@caught_by("test_second_halves_of_pairs_are_no_characters")
def last_surrogate_spelled():
    """0xDFFF, the last surrogate, encoded as if it were a character"""
    edit("        if 0xD800 <= c <= 0xDFFF:", "        if 0xD800 <= c < 0xDFFF:")


@caught_by("test_surrogates_are_no_characters")
def first_surrogate_spelled():
    """0xD800, the first surrogate, encoded as if it were a character"""
    edit("        if 0xD800 <= c <= 0xDFFF:", "        if 0xD800 < c <= 0xDFFF:")


@caught_by("test_surrogates_are_no_characters")
def surrogates_left_out():
    """surrogates left out of the bytes, without an error"""
    edit(
        'raise ValueError(f"U+{c:04X} is half of a UTF-16 pair and no character")',
        "continue",
    )


@caught_by("test_surrogates_are_no_characters")
def surrogates_replaced():
    """a question mark or U+FFFD for each surrogate instead of an error"""
    with spelling():
        edit('raise ValueError(f"U+{c:04X} is half of a UTF-16 pair and no character")', "c = 0x3F")
    with spelling():
        edit(
            'raise ValueError(f"U+{c:04X} is half of a UTF-16 pair and no character")', "c = 0xFFFD"
        )


@caught_by("test_surrogates_are_no_characters")
def surrogates_asserted():
    """AssertionError for a surrogate: an assert in place of a ValueError"""
    edit(
        'raise ValueError(f"U+{c:04X} is half of a UTF-16 pair and no character")',
        'raise AssertionError("a surrogate")',
    )


@caught_by("test_surrogates_are_no_characters")
def pairs_joined():
    """two surrogates side by side encoded as the character that they are in UTF-16"""
    edit(
        "for letter in text:",
        "import re\n\n"
        "    def join(pair):\n"
        "        high, low = map(ord, pair[0])\n"
        "        return chr(0x10000 + (high - 0xD800 << 10) + low - 0xDC00)\n\n"
        '    for letter in re.sub("[\\ud800-\\udbff][\\udc00-\\udfff]", join, text):',
    )


@caught_by("test_a_text_becomes_a_list_of_numbers")
def bytes_object():
    """a bytes object, not a list of ints"""
    with spelling():
        edit("return ids", "return bytes(ids)")
    with spelling():
        edit("return ids", "return bytearray(ids)")


@caught_by("test_a_text_becomes_a_list_of_numbers")
def tuple_of_numbers():
    """a tuple, not a list"""
    edit("return ids", "return tuple(ids)")


@caught_by("test_a_text_becomes_a_list_of_numbers")
def bytes_in_lists():
    """a list of bytes for each character, not one list of ints"""
    edit(
        "return ids",
        "return [to_bytes(letter) for letter in text] if len(text) > 1 else ids",
    )


@caught_by("test_a_text_becomes_a_list_of_numbers")
def digits_as_text():
    """each byte as a str of digits, not as an int"""
    with spelling():
        edit("return ids", 'return [f"{byte:02x}" for byte in ids]')
    with spelling():
        edit("return ids", 'return [f"{byte:08b}" for byte in ids]')
    with spelling():
        edit("return ids", "return [str(byte) for byte in ids]")


@caught_by("test_bytes_worked_by_hand_become_text")
def one_character_a_byte():
    """one character for each byte (Latin-1), so that é is decoded to two"""
    with spelling():
        edit(
            "    letters: list[str] = []",
            "    return ''.join(map(chr, bytes(ids)))\n    letters = []",
        )
    with spelling():
        edit("    letters: list[str] = []", "    return ''.join(map(chr, ids))\n    letters = []")


@caught_by("test_bytes_worked_by_hand_become_text")
def list_of_characters():
    """a list of characters, not one str"""
    edit('return "".join(letters)', "return letters")


@caught_by("test_bytes_worked_by_hand_become_text")
def marks_kept():
    """the fixed bits of the bytes read as bits of the code point"""
    with spelling():
        edit("c << 6 | byte & 0x3F", "c << 6 | byte")
    with spelling():
        edit("first & 0x1F, 0x80", "first, 0x80")
        edit("first & 0x0F, 0x800", "first, 0x800")
        edit("first & 0x07, 0x10000", "first, 0x10000")


@caught_by("test_bytes_worked_by_hand_become_text")
def low_bits_read_first():
    """continuation bytes read in reverse order, as if the lowest six bits came first"""
    edit("for byte in rest:\n", "for byte in reversed(rest):\n")


@caught_by("test_the_first_and_last_characters_of_each_length_are_decoded")
def smallest_refused():
    """the smallest character of a length refused as overlong: <= where < is right"""
    edit("if c < least or", "if size > 1 and c <= least or")


@caught_by("test_the_first_and_last_characters_of_each_length_are_decoded")
def largest_refused():
    """0x10FFFF refused, although it is the largest code point"""
    edit("c > 0x10FFFF", "c >= 0x10FFFF")


@caught_by("test_the_first_and_last_characters_of_each_length_are_decoded")
def neighbours_of_the_surrogates_refused():
    """the characters beside the surrogates, 0xD7FF or 0xE000, refused with them"""
    with spelling():
        edit("0xD800 <= c <= 0xDFFF or c", "0xD800 <= c <= 0xE000 or c")
    with spelling():
        edit("0xD800 <= c <= 0xDFFF or c", "0xD7FF <= c <= 0xDFFF or c")
    with spelling():
        edit("0xD800 <= c <= 0xDFFF or c", "0xD000 <= c <= 0xDFFF or c")


@caught_by("test_every_character_is_decoded_and_none_is_changed")
def mark_swallowed():
    """a text that loses U+FEFF at its beginning (the codec utf-8-sig)"""
    with spelling():
        edit('return "".join(letters)', 'return "".join(letters).removeprefix("\\ufeff")')
    with spelling():
        edit('return "".join(letters)', 'return "".join(letters).replace("\\ufeff", "")')


@caught_by("test_every_character_is_decoded_and_none_is_changed")
def line_ends_read():
    """line ends translated when decoding: \\r\\n becomes \\n"""
    with spelling():
        edit('return "".join(letters)', 'return "".join(letters).replace("\\r\\n", "\\n")')
    with spelling():
        edit(
            'return "".join(letters)',
            'return "".join(letters).replace("\\r\\n", "\\n").replace("\\r", "\\n")',
        )


@caught_by("test_every_character_is_decoded_and_none_is_changed")
def normalised_last():
    """a decoded text that is normalised, so that e and an accent become é"""
    edit(
        'return "".join(letters)',
        'import unicodedata\n\n    return unicodedata.normalize("NFC", "".join(letters))',
    )


@caught_by("test_every_character_is_decoded_and_none_is_changed")
def stripped_last():
    """a decoded text without the white space at its ends"""
    edit('return "".join(letters)', 'return "".join(letters).strip()')


@caught_by("test_a_character_cut_off_at_the_end_is_refused")
def end_unguarded():
    """a last character that is cut off, decoded from the bytes that are there"""
    with spelling():
        edit("len(rest) < size - 1 or ", "")
        edit("if c < least or", "if len(rest) == size - 1 and c < least or")
    with spelling():
        edit("len(rest) < size - 1 or ", "")
        edit(
            "c = c << 6 | byte & 0x3F",
            "c = c << 6 | byte & 0x3F\n        c <<= 6 * (size - 1 - len(rest))",
        )
        edit("if c < least or", "if len(rest) == size - 1 and c < least or")


@caught_by("test_a_character_cut_off_at_the_end_is_refused")
def end_left_out():
    """a last character that is cut off left out, without an error"""
    edit(
        "if len(rest) < size - 1 or any",
        "if len(rest) < size - 1:\n            break\n        if any",
    )


@caught_by("test_a_character_cut_off_at_the_end_is_refused")
def end_replaced():
    """U+FFFD for a last character that is cut off instead of an error"""
    edit(
        "if len(rest) < size - 1 or any",
        'if len(rest) < size - 1:\n            return "".join(letters) + "\\ufffd"\n        if any',
    )


@caught_by("test_a_character_cut_off_at_the_end_is_refused")
def end_index_error():
    """IndexError for a last character that is cut off, not ValueError"""
    edit(
        "rest = ids[position + 1 : position + size]",
        "rest = [ids[i] for i in range(position + 1, position + size)]",
    )


@caught_by("test_a_character_cut_off_by_a_letter_is_refused")
def marks_unread():
    """continuation bytes that are never checked for their fixed bits 10"""
    with spelling():
        edit(" or any(byte >> 6 != 0b10 for byte in rest)", "")
    with spelling():
        edit(" or any(byte >> 6 != 0b10 for byte in rest)", " or any(byte >> 8 for byte in rest)")


@caught_by("test_a_character_cut_off_by_a_letter_is_refused")
def one_mark_read():
    """only one of several continuation bytes checked for its fixed bits 10"""
    with spelling():
        edit("for byte in rest)", "for byte in rest[:1])")
    with spelling():
        edit("for byte in rest)", "for byte in rest[-1:])")


@caught_by("test_a_character_cut_off_by_another_is_refused")
def high_bit_read():
    """continuation bytes checked for the highest bit alone, so that 0xC3 is taken for one"""
    with spelling():
        edit("byte >> 6 != 0b10 for", "byte < 0x80 or byte > 0xFF for")
    with spelling():
        edit("byte >> 6 != 0b10 for", "not byte & 0x80 for")
    with spelling():
        edit("byte >> 6 != 0b10 for", "not 0x80 <= byte <= 0xFF for")


@caught_by("test_a_character_cut_off_by_a_letter_is_refused")
def second_bit_read():
    """continuation bytes checked for being below 0xC0 alone, so that a letter is taken for one"""
    with spelling():
        edit("byte >> 6 != 0b10 for", "byte >= 0xC0 for")
    with spelling():
        edit("byte >> 6 != 0b10 for", "not 0 <= byte < 0xC0 for")


@caught_by("test_a_character_cut_off_by_a_letter_is_refused")
def cut_off_left_out():
    """a character that is cut off by the next one left out, without an error"""
    with spelling():
        edit(
            'raise ValueError(f"the character at {position} is cut off")',
            "position += 1\n            continue",
        )
    with spelling():
        edit("if len(rest) < size - 1 or any", "if len(rest) == size - 1 and any")
        edit(
            'raise ValueError(f"the character at {position} is cut off")',
            "position += 1\n            continue",
        )


@caught_by("test_a_continuation_byte_alone_is_refused")
def stray_bytes_skipped():
    """continuation bytes skipped where a character should begin"""
    edit(
        "first = ids[position]\n",
        "first = ids[position]\n        if first >> 6 == 0b10:\n"
        "            position += 1\n            continue\n",
    )


@caught_by("test_a_continuation_byte_alone_is_refused")
def stray_bytes_as_characters():
    """a continuation byte alone decoded as the character with its number"""
    with spelling():
        edit("if 0 <= first < 0x80:", "if 0 <= first < 0xC0:")
    with spelling():
        edit(
            'raise ValueError(f"no character begins with {first}")', "size, c, least = 1, first, 0"
        )
    with spelling():
        edit("if 0 <= first < 0x80:", "if 0 <= first <= 0x80:")


@caught_by("test_a_continuation_byte_alone_is_refused")
def stray_bytes_begin():
    """a continuation byte taken for the first byte of a character with two bytes"""
    with spelling():
        edit("elif first >> 5 == 0b110:", "elif 0x80 <= first < 0xE0:")
    with spelling():
        edit("elif first >> 5 == 0b110:", "elif 0x80 <= first < 0xE0:")
        edit("first & 0x1F, 0x80", "first & 0x3F, 0x80")


@caught_by("test_bytes_of_no_row_are_refused")
def five_ones_as_four():
    """bytes from 0xF8, which are in no row of the table, taken for first bytes of four"""
    with spelling():
        edit("elif first >> 3 == 0b11110:", "elif first >> 4 == 0b1111:")
    with spelling():
        edit("elif first >> 3 == 0b11110:", "elif 0xF0 <= first <= 0xFB:")
    with spelling():
        edit("elif first >> 3 == 0b11110:", "elif 0xF0 <= first <= 0xF8:")


@caught_by("test_bytes_of_no_row_are_refused")
def no_row_as_characters():
    """the bytes 0xF8 to 0xFF decoded as the characters with their numbers"""
    edit(
        'raise ValueError(f"no character begins with {first}")',
        "size, c, least = 1, first, 0 if 0xF8 <= first <= 0xFF else 0x110000",
    )


@caught_by("test_bytes_of_no_row_are_refused")
def no_row_left_out():
    """the bytes 0xF8 to 0xFF left out, without an error"""
    with spelling():
        edit(
            'raise ValueError(f"no character begins with {first}")',
            "size, c, least = 1, first, 0x110000\n"
            "        if 0xF8 <= first <= 0xFF:\n"
            "            position += 1\n"
            "            continue",
        )


@caught_by("test_two_bytes_for_an_ascii_character_are_refused")
def long_spellings_read():
    """overlong encodings accepted, such as 0xC0 0xAF for a slash"""
    edit("if c < least or", "if")


@caught_by("test_more_bytes_than_a_character_needs_are_refused")
def some_long_spellings_read():
    """overlong encodings accepted in three or four bytes, and refused in two only"""
    with spelling():
        edit("if c < least or", "if size == 2 and c < least or")
    with spelling():
        edit("if c < least or", "if size != 4 and c < least or")
    with spelling():
        edit("if c < least or", "if size != 3 and c < least or")


@caught_by("test_two_bytes_for_an_ascii_character_are_refused")
def two_long_bytes_read():
    """overlong encodings accepted in two bytes, and refused in three and four only"""
    edit("if c < least or", "if size != 2 and c < least or")


@caught_by("test_two_bytes_for_an_ascii_character_are_refused")
def nul_in_two_bytes():
    """0xC0 0x80 accepted for U+0000, as in Java's modified UTF-8"""
    edit("if c < least or", "if c < least and (c or size != 2) or")


@caught_by("test_two_bytes_for_an_ascii_character_are_refused")
def one_bit_of_long_spellings():
    """only 0xC0 refused as the first byte of an overlong encoding, not 0xC1"""
    edit("if c < least or", "if c < least and not first == 0xC1 or")


@caught_by("test_the_bytes_of_a_surrogate_are_refused")
def surrogates_read():
    """encoded surrogates accepted as if they were characters"""
    edit("0xD800 <= c <= 0xDFFF or c", "c")


@caught_by("test_the_bytes_of_a_second_half_are_refused")
def second_halves_read():
    """encoded surrogates refused up to 0xDBFF only; the second halves are accepted"""
    edit("0xD800 <= c <= 0xDFFF or c", "0xD800 <= c <= 0xDBFF or c")


@caught_by("test_the_bytes_of_a_surrogate_are_refused")
def first_halves_read():
    """encoded surrogates refused from 0xDC00 only; the first halves are accepted"""
    edit("0xD800 <= c <= 0xDFFF or c", "0xDC00 <= c <= 0xDFFF or c")


@caught_by("test_the_bytes_of_a_second_half_are_refused")
def last_surrogate_read():
    """the bytes of 0xDFFF, the last surrogate, accepted as if it were a character"""
    edit("0xD800 <= c <= 0xDFFF or c", "0xD800 <= c < 0xDFFF or c")


@caught_by("test_the_bytes_of_a_surrogate_are_refused")
def first_surrogate_read():
    """the bytes of 0xD800, the first surrogate, accepted as if it were a character"""
    edit("0xD800 <= c <= 0xDFFF or c", "0xD800 < c <= 0xDFFF or c")


@caught_by("test_code_points_that_are_too_large_are_refused")
def too_large_replaced():
    """U+FFFD for a code point above 0x10FFFF instead of an error"""
    edit(
        "if c < least or",
        "if c > 0x10FFFF:\n            c, least = 0xFFFD, 0\n        if c < least or",
    )


@caught_by("test_code_points_that_are_too_large_are_refused")
def too_large_cut():
    """a code point above 0x10FFFF changed into a smaller one, without an error"""
    with spelling():
        edit("if c < least or", "c = min(c, 0x10FFFF)\n        if c < least or")
    with spelling():
        edit("if c < least or", "c &= 0xFFFFF\n        if size == 1 and c < least or")
    with spelling():
        edit("if c < least or", "c &= 0xFFFF\n        if size == 1 and c < least or")
    with spelling():
        edit("if c < least or", "c %= 0x110000\n        if size == 1 and c < least or")


@caught_by("test_code_points_that_are_too_large_are_refused")
def too_large_left_out():
    """a code point above 0x10FFFF left out, without an error"""
    edit(
        "letters.append(chr(c))",
        "position += size\n        if c <= 0x10FFFF:\n            letters.append(chr(c))",
    )
    edit("0xDFFF or c > 0x10FFFF:", "0xDFFF:")
    edit("\n        position += size\n", "\n")


@caught_by("test_ints_that_are_no_bytes_are_refused")
def cut_to_eight_bits():
    """ints outside 0 to 255 reduced to eight bits, without an error"""
    edit("position = 0", "position, ids = 0, [i & 0xFF for i in ids]")


@caught_by("test_ints_that_are_no_bytes_are_refused")
def rest_cut_to_eight_bits():
    """a continuation byte outside 0 to 255 reduced to its low bits, without an error"""
    with spelling():
        edit("byte >> 6 != 0b10 for", "byte & 0xC0 != 0x80 for")
    with spelling():
        edit("byte >> 6 != 0b10 for", "byte < 0x80 or byte & 0xC0 != 0x80 for")


@caught_by("test_ints_that_are_no_bytes_are_refused")
def large_ints_as_characters():
    """an int above 255 decoded as the character with this code point"""
    edit(
        'raise ValueError(f"no character begins with {first}")',
        "size, c, least = 1, first, 0x100",
    )


@caught_by("test_ints_that_are_no_bytes_are_refused")
def no_bytes_left_out():
    """ints outside 0 to 255 left out, without an error"""
    edit("position = 0", "position, ids = 0, [i for i in ids if 0 <= i <= 255]")


@caught_by("test_a_continuation_byte_alone_is_refused")
def broken_replaced():
    """U+FFFD for invalid bytes instead of an error"""
    with spelling():
        edit(
            'raise ValueError(f"no character begins with {first}")',
            'letters.append("\\ufffd")\n            position += 1\n            continue',
        )
        edit(
            'raise ValueError(f"the character at {position} is cut off")',
            'letters.append("\\ufffd")\n            position += 1\n            continue',
        )
        edit(
            'raise ValueError(f"the bytes at {position} are not the encoding of a character")',
            'letters.append("\\ufffd")\n            position += 1\n            continue',
        )
    with spelling():
        edit(
            'raise ValueError(f"no character begins with {first}")',
            'letters.append("\\ufffd")\n            position += 1\n            continue',
        )
    with spelling():
        edit(
            "first = ids[position]\n",
            "first = ids[position]\n        if first >> 6 == 0b10 or 0xF8 <= first <= 0xFF:\n"
            '            letters.append("\\ufffd")\n            position += 1\n'
            "            continue\n",
        )
    with spelling():
        edit(
            'raise ValueError(f"no character begins with {first}")',
            'letters.append("\\ufffd")\n            position += 1\n            continue',
        )
        edit(
            'raise ValueError(f"the character at {position} is cut off")',
            'letters.append("\\ufffd")\n            position += 1\n            continue',
        )
        edit(
            'raise ValueError(f"the bytes at {position} are not the encoding of a character")',
            'letters.append("\\ufffd")\n            position += size\n            continue',
        )


@caught_by("test_a_continuation_byte_alone_is_refused")
def broken_left_out():
    """invalid bytes left out, without an error"""
    with spelling():
        edit(
            'raise ValueError(f"no character begins with {first}")',
            "position += 1\n            continue",
        )
        edit(
            'raise ValueError(f"the character at {position} is cut off")',
            "position += 1\n            continue",
        )
        edit(
            'raise ValueError(f"the bytes at {position} are not the encoding of a character")',
            "position += 1\n            continue",
        )
    with spelling():
        edit(
            'raise ValueError(f"no character begins with {first}")',
            "position += 1\n            continue",
        )
    with spelling():
        edit(
            'raise ValueError(f"no character begins with {first}")',
            "position += 1\n            continue",
        )
        edit(
            'raise ValueError(f"the character at {position} is cut off")',
            "position += 1\n            continue",
        )
        edit(
            'raise ValueError(f"the bytes at {position} are not the encoding of a character")',
            "position += size\n            continue",
        )


@caught_by("test_the_ids_stay_as_they_were")
def ids_used_up():
    """decoding that changes the caller's list"""
    with spelling():
        edit('return "".join(letters)', 'ids.clear()\n    return "".join(letters)')
    with spelling():
        edit(
            "position = 0",
            "ids += [0] * 0\n    ids.reverse()\n    position = 0\n    ids = ids[::-1]",
        )

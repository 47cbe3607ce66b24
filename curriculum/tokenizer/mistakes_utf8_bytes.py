"""What goes wrong with UTF-8."""

from grader.course import caught_by


@caught_by("test_characters_worked_by_hand")
def code_points():
    """the code points of the characters, one number for each, in place of bytes"""

    def to_bytes(text):
        if any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
            raise ValueError("a surrogate is no character")
        return [ord(letter) for letter in text]


@caught_by("test_characters_worked_by_hand")
def sixteen_bits():
    """UTF-16: two bytes for nearly every character"""

    def to_bytes(text):
        return list(text.encode("utf-16-le"))


@caught_by("test_characters_worked_by_hand")
def byte_order_mark():
    """bytes with a byte order mark before the first character (the codec utf-8-sig)"""

    def to_bytes(text):
        return list(text.encode("utf-8-sig")) if text else []


@caught_by("test_characters_worked_by_hand")
def pairs_of_surrogates():
    """characters above 0xFFFF cut into a UTF-16 pair first, six bytes in place of four"""

    def to_bytes(text):
        text.encode("utf-8")
        units = text.encode("utf-16-le")
        pairs = zip(units[::2], units[1::2], strict=True)
        halves = "".join(chr(low | high << 8) for low, high in pairs)
        return list(halves.encode("utf-8", "surrogatepass"))


@caught_by("test_characters_worked_by_hand")
def three_bytes_at_most():
    """characters of three bytes at most: the high bits of an emoji are cut off"""

    def to_bytes(text):
        text.encode("utf-8")
        ids = []
        for letter in text:
            c = ord(letter) & 0xFFFF
            if c < 0x80:
                ids.append(c)
            elif c < 0x800:
                ids += [0xC0 | c >> 6, 0x80 | c & 0x3F]
            else:
                ids += [0xE0 | c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F]
        return ids


@caught_by("test_characters_worked_by_hand")
def following_bytes_unmarked():
    """bytes after the first that hold their six bits and lack the mark 10"""

    def to_bytes(text):
        text.encode("utf-8")
        ids = []
        for letter in text:
            c = ord(letter)
            if c < 0x80:
                ids.append(c)
            elif c < 0x800:
                ids += [0xC0 | c >> 6, c & 0x3F]
            elif c < 0x10000:
                ids += [0xE0 | c >> 12, c >> 6 & 0x3F, c & 0x3F]
            else:
                ids += [0xF0 | c >> 18, c >> 12 & 0x3F, c >> 6 & 0x3F, c & 0x3F]
        return ids


@caught_by("test_characters_worked_by_hand")
def low_bits_first():
    """the lowest six bits in the first of the bytes that follow, not in the last"""

    def to_bytes(text):
        ids = []
        for letter in text:
            first, *others = letter.encode("utf-8")
            ids += [first, *reversed(others)]
        return ids


@caught_by("test_each_length_begins_and_ends_at_its_code_points")
def limits_one_too_high():
    """a row too short for the first character of the next: <= 0x80 in place of < 0x80"""

    def to_bytes(text):
        text.encode("utf-8")
        ids = []
        for letter in text:
            c = ord(letter)
            if c <= 0x80:
                ids.append(c)
            elif c <= 0x800:
                ids += [0xC0 | c >> 6, 0x80 | c & 0x3F]
            elif c <= 0x10000:
                ids += [0xE0 | c >> 12, 0x80 | c >> 6 & 0x3F, 0x80 | c & 0x3F]
            else:
                rest = [c >> 12 & 0x3F, c >> 6 & 0x3F, c & 0x3F]
                ids += [0xF0 | c >> 18, *(0x80 | bits for bits in rest)]
        return ids


@caught_by("test_surrogates_are_no_characters")
def surrogates_spelled():
    """surrogates spelled with three bytes each, like characters"""

    def to_bytes(text):
        return list(text.encode("utf-8", "surrogatepass"))


@caught_by("test_surrogates_are_no_characters")
def surrogates_become_questions():
    """a question mark for each surrogate, and no error"""

    def to_bytes(text):
        return list(text.encode("utf-8", "replace"))


@caught_by("test_a_text_becomes_a_list_of_numbers")
def bytes_object():
    """a bytes object, not a list of numbers"""

    def to_bytes(text):
        return text.encode("utf-8")


@caught_by("test_a_text_becomes_a_list_of_numbers")
def digits_as_text():
    """each byte as a text of two hexadecimal digits, not as a number"""

    def to_bytes(text):
        return [f"{byte:02x}" for byte in text.encode("utf-8")]


@caught_by("test_bytes_worked_by_hand_become_text")
def one_character_a_byte():
    """a character for each single byte (Latin-1), so that é comes back as two"""

    def from_bytes(ids):
        return bytes(ids).decode("latin-1")


@caught_by("test_bytes_worked_by_hand_become_text")
def list_of_characters():
    """a list of characters, not one text"""

    def from_bytes(ids):
        return list(bytes(ids).decode("utf-8"))


@caught_by("test_every_text_comes_back_from_its_bytes")
def mark_swallowed():
    """a text without its first character when that is U+FEFF (the codec utf-8-sig)"""

    def from_bytes(ids):
        return bytes(ids).decode("utf-8-sig")


@caught_by("test_bytes_that_make_no_whole_character_are_refused")
def broken_replaced():
    """U+FFFD in place of broken bytes, and no error"""

    def from_bytes(ids):
        return bytes(ids).decode("utf-8", "replace")


@caught_by("test_bytes_that_make_no_whole_character_are_refused")
def broken_left_out():
    """broken bytes left out, and no error"""

    def from_bytes(ids):
        return bytes(ids).decode("utf-8", "ignore")


@caught_by("test_bytes_that_make_no_whole_character_are_refused")
def end_unguarded():
    """a last character that breaks off read from the bytes that there are"""

    def from_bytes(ids):
        data = bytes(ids)
        for cut in range(4):
            try:
                text = data[: len(data) - cut].decode("utf-8")
            except UnicodeDecodeError as error:
                if error.reason != "unexpected end of data":
                    raise
                continue
            rest = data[len(data) - cut :]
            if not rest:
                return text
            c = rest[0] & (0x1F if rest[0] < 0xE0 else 0x0F if rest[0] < 0xF0 else 0x07)
            for byte in rest[1:]:
                c = c << 6 | byte & 0x3F
            return text + chr(c)
        raise ValueError("these are not the bytes of a text")


@caught_by("test_bytes_that_make_no_whole_character_are_refused")
def marks_unread():
    """the first byte trusted: the mark 10 of those that follow is never looked at"""

    def from_bytes(ids):
        letters, position = [], 0
        while position < len(ids):
            first = ids[position]
            if not 0 <= first < 0xF8 or 0x80 <= first < 0xC0:
                raise ValueError("no first byte")
            size = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
            row = ids[position : position + size]
            if len(row) < size:
                raise ValueError("a character breaks off")
            c = first if size == 1 else first & 0x7F >> size
            for byte in row[1:]:
                c = c << 6 | byte & 0x3F
            if c < [0, 0x80, 0x800, 0x10000][size - 1] or 0xD800 <= c <= 0xDFFF:
                raise ValueError("no character")
            letters.append(chr(c))
            position += size
        return "".join(letters)


@caught_by("test_bytes_that_make_no_whole_character_are_refused")
def stray_bytes_skipped():
    """bytes 10xxxxxx skipped where a character should begin"""

    def from_bytes(ids):
        kept, missing = [], 0
        for byte in bytes(ids):
            if missing == 0 and 0x80 <= byte < 0xC0:
                continue
            missing = max(missing - 1, 0) if byte < 0xC0 else (byte >= 0xE0) + (byte >= 0xF0) + 1
            kept.append(byte)
        return bytes(kept).decode("utf-8")


@caught_by("test_each_character_has_one_spelling_only")
def long_spellings_read():
    """spellings read that are longer than the character needs, such as 0xC0 0xAF for a slash"""

    def from_bytes(ids):
        letters, position = [], 0
        while position < len(ids):
            first = ids[position]
            if not 0 <= first < 0xF8 or 0x80 <= first < 0xC0:
                raise ValueError("no first byte")
            size = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
            row = ids[position : position + size]
            if len(row) < size or any(byte >> 6 != 2 for byte in row[1:]):
                raise ValueError("a character breaks off")
            c = first if size == 1 else first & 0x7F >> size
            for byte in row[1:]:
                c = c << 6 | byte & 0x3F
            if 0xD800 <= c <= 0xDFFF:
                raise ValueError("no character")
            letters.append(chr(c))
            position += size
        return "".join(letters)


@caught_by("test_bytes_of_no_character_are_refused")
def surrogates_read():
    """the bits of a surrogate read as if they were a character"""

    def from_bytes(ids):
        return bytes(ids).decode("utf-8", "surrogatepass")


@caught_by("test_bytes_of_no_character_are_refused")
def cut_to_eight_bits():
    """ids beyond a byte cut down to eight bits, and no error"""

    def from_bytes(ids):
        return bytes(i & 0xFF for i in ids).decode("utf-8")


@caught_by("test_the_ids_stay_as_they_were")
def ids_used_up():
    """reading that takes the ids out of the caller's list"""

    def from_bytes(ids):
        row = bytearray()
        while ids:
            row.append(ids.pop(0))
        return row.decode("utf-8")

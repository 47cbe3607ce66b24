"""What goes wrong with decoding byte-pair tokens."""

from grader.course import caught_by


@caught_by("test_a_character_may_be_spelled_by_several_tokens")
def each_token_by_itself():
    """each token decoded by itself, so that a character spelled by two of them breaks"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return "".join(pieces[i].decode("utf-8", errors="replace") for i in ids)


@caught_by("test_broken_characters_become_replacement_characters")
def broken_raises():
    """strict decoding, which raises an error where a character breaks off"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids).decode("utf-8")


@caught_by("test_broken_characters_become_replacement_characters")
def broken_left_out():
    """bytes that are no UTF-8 left out in silence"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids).decode("utf-8", errors="ignore")


@caught_by("test_single_bytes_need_no_merges")
def one_character_a_byte():
    """a character for each single byte (Latin-1), so that é comes back as two"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids).decode("latin-1")


@caught_by("test_the_result_is_a_text")
def bytes_not_text():
    """the joined bytes, not the text that they spell"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids)


@caught_by("test_ids_worked_by_hand")
def merges_numbered_from_257():
    """merges looked up one too early, as if the first had the id 257"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges, start=1)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")


@caught_by("test_ids_worked_by_hand")
def halves_swapped():
    """merges joined the wrong way round, the right part first"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: b + a for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")


@caught_by("test_ids_worked_by_hand")
def spaces_between():
    """tokens joined with spaces between them"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b" ".join(pieces[i] for i in ids).decode("utf-8", errors="replace")


@caught_by("test_special_tokens_have_their_own_text")
def special_tokens_skipped():
    """special tokens left out of the text"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= dict.fromkeys((special or {}).values(), b"")
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")


@caught_by("test_special_tokens_have_their_own_text")
def special_tokens_unknown():
    """special tokens refused: the argument is never looked at"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")


@caught_by("test_special_tokens_have_their_own_text")
def special_tokens_in_ascii():
    """special tokens taken for ASCII, with a question mark for every other character"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("ascii", "replace") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")


@caught_by("test_a_special_token_repairs_no_broken_character")
def special_tokens_last():
    """the bytes read without the special tokens, whose texts are put behind them"""

    def bpe_decode(ids, merges, special=None):
        names = {i: text for text, i in (special or {}).items()}
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        if any(i not in pieces and i not in names for i in ids):
            raise ValueError("an id is none of the vocabulary")
        text = b"".join(pieces[i] for i in ids if i in pieces).decode("utf-8", errors="replace")
        return text + "".join(names[i] for i in ids if i in names)


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def key_error():
    """KeyError where an id is none of the vocabulary"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def unknown_left_out():
    """ids of no token left out, and no error"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        return b"".join(pieces.get(i, b"") for i in ids).decode("utf-8", errors="replace")


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def negative_ids_count_back():
    """a negative id that finds a token from the end of the list"""

    def bpe_decode(ids, merges, special=None):
        tokens = [bytes([byte]) for byte in range(256)] + [a + b for a, b in merges]
        names = {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i >= len(tokens) and i not in names for i in ids):
            raise ValueError("an id is none of the vocabulary")
        pieces = [names[i] if i in names else tokens[i] for i in ids]
        return b"".join(pieces).decode("utf-8", errors="replace")


@caught_by("test_random_bytes_follow_python")
def one_mark_for_all():
    """one U+FFFD for a whole run of broken bytes"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        text = b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")
        while "\ufffd\ufffd" in text:
            text = text.replace("\ufffd\ufffd", "\ufffd")
        return text


@caught_by("test_every_text_comes_back")
def white_space_stripped():
    """white space stripped from the ends of the text"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace").strip()


@caught_by("test_the_arguments_stay_as_they_were")
def ids_used_up():
    """decoding that takes the ids out of the caller's list"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges)}
        pieces |= {i: text.encode("utf-8") for text, i in (special or {}).items()}
        joined = b""
        while ids:
            i = ids.pop(0)
            if i not in pieces:
                raise ValueError("an id is none of the vocabulary")
            joined += pieces[i]
        return joined.decode("utf-8", errors="replace")


@caught_by("test_the_arguments_stay_as_they_were")
def merges_extended():
    """the special tokens added to the caller's list of merges"""

    def bpe_decode(ids, merges, special=None):
        pieces = {byte: bytes([byte]) for byte in range(256)}
        first = 256 + len(merges)
        for text, i in (special or {}).items():
            merges.append((text.encode("utf-8"), b""))
            pieces[i] = text.encode("utf-8")
        pieces |= {256 + i: a + b for i, (a, b) in enumerate(merges) if 256 + i < first}
        if any(i not in pieces for i in ids):
            raise ValueError("an id is none of the vocabulary")
        return b"".join(pieces[i] for i in ids).decode("utf-8", errors="replace")

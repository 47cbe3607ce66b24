# right: beginner style with strings of bits
def to_bytes(text):
    """Return the bytes of a text in UTF-8 (through a string of bits)."""
    result = []
    for char in text:
        code = ord(char)
        if 55296 <= code <= 57343:
            raise ValueError("text contains a surrogate")
        if code < 128:
            pattern = ["0" + format(code, "07b")]
        elif code < 2048:
            bits = format(code, "011b")
            pattern = ["110" + bits[:5], "10" + bits[5:]]
        elif code < 65536:
            bits = format(code, "016b")
            pattern = ["1110" + bits[:4], "10" + bits[4:10], "10" + bits[10:]]
        else:
            bits = format(code, "021b")
            pattern = ["11110" + bits[:3], "10" + bits[3:9], "10" + bits[9:15], "10" + bits[15:]]
        for byte in pattern:
            result.append(int(byte, 2))
    return result


def from_bytes(ids):
    """Return the text that is encoded by these bytes of UTF-8 (through a string of bits)."""
    for number in ids:
        if number < 0 or number > 255:
            raise ValueError("not a byte")
    bytes_as_bits = [format(number, "08b") for number in ids]
    text = ""
    while bytes_as_bits:
        first = bytes_as_bits[0]
        ones = first.index("0") if "0" in first else 8
        if ones == 0:
            count = 1
        elif ones in (2, 3, 4):
            count = ones
        else:
            raise ValueError("this byte cannot be the first one")
        group, bytes_as_bits = bytes_as_bits[:count], bytes_as_bits[count:]
        if len(group) < count:
            raise ValueError("cut off")
        bits = group[0][ones + 1 :]
        for byte in group[1:]:
            if byte[:2] != "10":
                raise ValueError("a continuation byte begins with 10")
            bits += byte[2:]
        code = int(bits, 2)
        if code > 0x10FFFF:
            raise ValueError("beyond Unicode")
        if to_bytes(chr(code)) != [int(byte, 2) for byte in group]:
            raise ValueError("not the shortest form")
        text += chr(code)
    return text

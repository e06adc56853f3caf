"""How programs write cells and words in XML: the one way that they share."""

from __future__ import annotations

from functools import cache

PLAIN = rb"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_LETTER = rb"#(?:[1-9]|[1-4][0-9]|5[0-4]|6[0-4])[0-9]{3}|#65[0-4][0-9]{2}"  # 1000 to 65499 but for the surrogates
TEXT = PLAIN + rb"(?:&(?:amp|lt|gt|quot|apos|" + _LETTER + rb");" + PLAIN + rb")*+"
FORMULA = TEXT.replace(rb"[^<", rb"[^|<")
QUOTED = rb'"[^"<>&\x00-\x1f]*+"'
SMALL = rb"(?: [a-z0-9]++=" + QUOTED + rb")*+"  # attributes of a formula
ATTRIBUTES = rb"(?: [A-Za-z0-9:]++=" + QUOTED + rb")*+"
ROW = rb'<row r="([1-9][0-9]{0,6})"(?: (?!r=)[A-Za-z0-9:]++=' + QUOTED + rb")*+"


@cache
def column_number(letters: bytes) -> int:
    """1 for A, 16384 for XFD."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def is_utf8(content: bytes) -> bool:
    """Whether bytes are text in UTF-8."""
    if content.isascii():
        return True
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True

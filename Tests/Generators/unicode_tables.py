"""Writes the Unicode tables of Sources/Tokenizers/Unicode.

    python3 -m venv .build/tables-venv && .build/tables-venv/bin/pip install tokenizers==0.23.3
    .build/tables-venv/bin/python Tests/Generators/unicode_tables.py

Several Unicode versions meet in one tokenizer of the reference implementation: its regular expressions follow 16.0, its
normal forms 9.0 and the BERT categories 8.0. Ids must agree with it, so every table is read from its behaviour, one
code point at a time, and not from one edition of the Unicode database. Python's unicodedata only supplies candidates.
"""

import pathlib
import unicodedata

from tokenizers import Regex, normalizers, pre_tokenizers

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "Tokenizers" / "Unicode"
SCALARS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
LETTER, NUMBER, SPACE, WORD, PUNCTUATION, CONTROL, MARK = (1 << i for i in range(7))


def matched(pattern):
    """The scalars that a regular expression for one character matches."""
    splitter, kept, step = pre_tokenizers.Split(Regex(pattern), "removed"), set(), 4096
    for start in range(0, len(SCALARS), step):
        chunk = SCALARS[start : start + step]
        for _, (a, b) in splitter.pre_tokenize_str("".join(map(chr, chunk))):
            kept.update(chunk[a:b])
    return set(SCALARS) - kept


def removed(**flags):
    """The scalars that a BERT normaliser drops."""
    normaliser = normalizers.BertNormalizer(handle_chinese_chars=False, lowercase=False, **flags)
    return {c for c in SCALARS if normaliser.normalize_str(f"a{chr(c)}b") == "ab"}


def pieces(splitter, count):
    return {c for c in SCALARS if len(splitter.pre_tokenize_str(f"a{chr(c)}b")) == count}


def base36(number):
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
        if number == 0:
            return digits


def write(name, comment, words):
    lines, line = [], " "
    for word in words:
        if len(line) + 1 + len(word) > 118:
            lines.append(line + " \\")
            line = " "
        line += " " + word
    lines.append(line)
    text = f"// Written by Tests/Generators/unicode_tables.py; do not edit.\n\n{comment}\nlet {name} = \"\"\"\n"
    FOLDER.joinpath(name[0].upper() + name[1:] + ".swift").write_text(text + "\n".join(lines) + '\n  """\n')


def classes():
    sets = {
        LETTER: matched(r"\p{L}"),
        NUMBER: matched(r"\p{N}"),
        SPACE: matched(r"\s"),
        WORD: pieces(pre_tokenizers.Whitespace(), 1),
        PUNCTUATION: pieces(pre_tokenizers.BertPreTokenizer(), 3),
        CONTROL: removed(clean_text=True, strip_accents=False),
        MARK: removed(clean_text=False, strip_accents=True),
    }
    flags = [0] * 0x110000
    for bit, members in sets.items():
        for c in members:
            flags[c] |= bit
    words, start = [], 0
    for c in range(1, 0x110000 + 1):
        if c == 0x110000 or flags[c] != flags[start]:
            words.append(f"{base36(c - start)}:{base36(flags[start])}")
            start = c
    comment = (
        "/// Runs of code points of the same classes, from U+0000.\n///\n"
        "/// Each word is `length:flags` in base 36, the flags as in `UnicodeClass`. Letters, numbers, white space and word\n"
        "/// characters are those of Unicode 16.0; BERT's punctuation, control characters and accents those of 8.0."
    )
    write("unicode16Classes", comment, words)


def agrees(c):
    """Whether the reference's normal forms treat this scalar as Python's newer tables do."""
    for form in ("NFC", "NFD"):
        reference = {"NFC": normalizers.NFC(), "NFD": normalizers.NFD()}[form]
        for text in (f"a{chr(c)}\u0334", f"a\u0301{chr(c)}", unicodedata.normalize("NFD", chr(c))):
            if reference.normalize_str(text) != unicodedata.normalize(form, text):
                return False
    return True


def normal_forms():
    words, last = [], 0
    for c in SCALARS:
        mapping, order = unicodedata.decomposition(chr(c)), unicodedata.combining(chr(c))
        if mapping.startswith("<"):
            mapping = ""
        if not (mapping or order) or not agrees(c):
            continue
        word = base36(c - last)
        if order:
            word += f"+{base36(order)}"
        if mapping:
            parts = [int(part, 16) for part in mapping.split()]
            composes = unicodedata.normalize("NFC", "".join(map(chr, parts))) == chr(c) and len(parts) == 2
            word += ("=" if composes else "~") + ",".join(base36(part) for part in parts)
        words.append(word)
        last = c
    comment = (
        "/// Canonical decompositions and combining classes of Unicode 9.0, Hangul syllables aside.\n///\n"
        "/// Each word, in base 36, is the distance from the code point before; `+` and the combining class if it is not 0;\n"
        "/// `=` and the two code points it is composed of, or `~` and those it falls apart into and is never composed of\n"
        "/// again."
    )
    write("unicode9NormalForms", comment, words)


def compatibility_agrees(c):
    """Whether the reference's compatibility forms treat this scalar as Python's newer tables do."""
    return all(
        getattr(normalizers, form)().normalize_str(f"a{chr(c)}\u0301") == unicodedata.normalize(form, f"a{chr(c)}\u0301")
        for form in ("NFKC", "NFKD")
    )


def compatibility_forms():
    words, last = [], 0
    for c in SCALARS:
        mapping = unicodedata.decomposition(chr(c))
        if not mapping.startswith("<") or not compatibility_agrees(c):
            continue
        parts = [int(part, 16) for part in mapping.split()[1:]]
        words.append(base36(c - last) + "~" + ",".join(base36(part) for part in parts))
        last = c
    comment = (
        "/// Compatibility decompositions of Unicode 9.0, one step deep.\n///\n"
        "/// Each word, in base 36, is the distance from the code point before, `~` and the code points it stands for."
    )
    write("unicode9CompatibilityForms", comment, words)


def marks():
    """The scalars that `StripAccents` drops, as runs of kept and dropped code points in turn."""
    strip = normalizers.StripAccents()
    dropped = {c for c in SCALARS if strip.normalize_str(f"a{chr(c)}b") == "ab"}
    words, start, state = [], 0, False
    for c in range(0x110000 + 1):
        if c == 0x110000 or (c in dropped) != state:
            words.append(base36(c - start))
            start, state = c, not state
    comment = "/// Marks of Unicode 9.0: the lengths, in base 36, of runs of other code points and of marks in turn, from U+0000."
    write("unicode9Marks", comment, words)


# The order is that of `PatternProperties.names`.
PROPERTIES = "L M N P S C Lu Ll Lm Lo Mn Mc Nd Nl No Po So Han Alpha".split()


def properties():
    sets = [matched(rf"\p{{{name}}}") for name in PROPERTIES] + [matched(r"\w")]
    assert matched(r"\d") == sets[PROPERTIES.index("Nd")] and matched(r"\p{Word}") == sets[-1]
    flags = [0] * 0x110000
    for bit, members in enumerate(sets):
        for c in members:
            flags[c] |= 1 << bit
    words, start = [], 0
    for c in range(1, 0x110000 + 1):
        if c == 0x110000 or flags[c] != flags[start]:
            words.append(f"{base36(c - start)}:{base36(flags[start])}")
            start = c
    comment = (
        "/// Runs of code points with the same properties in regular expressions, Unicode 16.0, from U+0000.\n///\n"
        "/// Each word is `length:flags` in base 36; bit n says that the code point has property n of\n"
        "/// `PatternProperties.names`."
    )
    write("unicode16Properties", comment, words)


classes()
normal_forms()
compatibility_forms()
marks()
properties()

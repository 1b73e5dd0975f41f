"""Writes Tests/Fixtures/tokenizers/cases.json: nasty texts and what the reference implementation makes of them.

    python3 -m venv .build/tables-venv && .build/tables-venv/bin/pip install tokenizers==0.23.3
    .build/tables-venv/bin/python Tests/Generators/tokenizer_cases.py

Besides the committed tokenizers it makes small ones, one for each component that those do not use.
"""

import itertools
import json
import pathlib

from tokenizers import Tokenizer

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXTS = [
    "", " ", "\n", "\r\n\r\n  x", " \n \n  y", "a  b   c\t\td", " " * 40, "\u00a0\u00a0a", "\u3000\u2028\u0085z",
    "it's IT'S '\u017f 'LL 'Re 'sx we''d", "1 12 123 1234567 \u0663\u0664 \u096a\u096b\u096c\u096d \u00bd\u2460",
    "(a) [b] {c} <d> ... --- !!?\n\n;x ; y;z", "snake_case CamelCase x**2 e-mail@example.org",
    "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab \u1100\u1161", "\u0627\u0644\u0639\u0631\u0628\u064a\u0651\u0629 \u0644\u064e\u0627",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u09c7\u09be \u0e44\u0e17\u0e22\u0e33", "\u6771\u4eac\u306f\u732b\u3002\U00020000\U0002b820\U0002b920\uf900",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\ufe0f \U0001f1ef\U0001f1f5 \U0001f44d\U0001f3fd", "e\u0301 \u00e9 \u0323\u0301a a\u0301\u0323 A\u030a \u212b \u2126",
    "\u0130\u0131 \u00df \u1e9e \ufb01 \u212a \u03a3\u03c2", "\ufffd \ufeff \u200b \u200d \ufffe \uffff", "a\0b\x01\x7f\x80c",
    "\U00011938 \U00011935\U00011930 \U000105c9", "\u1c89 \ua7cb \ua7ce \U00010d50", "\U0010ffff \ue000 \u0378",
    "[MASK] [mask] [MASK]x x[MASK] \u00e9[MASK] ", "the the\u00e9 The  the \t the", "<s> </s><unk> <|endoftext|>x <|begin_of_text|>",
    "a" * 60, "x" * 101, "ab" * 40, "\u00e9" * 30, "\u2581a \u2581\u2581b a\u2581", "holes_none ; tolerance_rough;<SOS>",
    "Don't you 're  'tis \u2019s", "caf\u00e9 na\u00efve \u00c5ngstr\u00f6m", "\u4e00\u4e8c x\u4e09y", "hello, world! hello",
]


def added(index, content, **flags):
    token = {"id": index, "content": content, "single_word": False, "lstrip": False, "rstrip": False}
    return token | {"normalized": False, "special": False} | flags


def file(model, **parts):
    names = ("truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder")
    empty = {name: [] if name == "added_tokens" else None for name in names}
    return {"version": "1.0"} | empty | parts | {"model": model}


def characters(**options):
    """Byte-pair encoding over characters with the mark of SentencePiece."""
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256) if not options.get("gaps") or b % 3]
    tokens += list("\u2581abcdehlnorstw,!\u00e9")
    merges = []
    for pair in ("\u2581 a", "h e", "l l", "\u2581 \u2581", "\u2581\u2581 \u2581\u2581", "he ll", "a b", "ab ab", "t he", "\u2581 the", "r e"):
        left, right = pair.split(" ")
        merges.append([left, right])
        tokens.append(left + right)
    vocabulary = {token: index for index, token in enumerate(tokens)}
    model = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None}
    model |= {"end_of_word_suffix": None, "fuse_unk": options.get("fuse", True), "ignore_merges": False}
    return model | {"byte_fallback": options.get("fallback", True), "vocab": vocabulary, "merges": merges}


def words(kind, tokens, **options):
    return {"type": kind, "vocab": {t: i for i, t in enumerate(tokens)}, "unk_token": tokens[0]} | options


def small_tokenizers():
    specials = [added(i, t, special=True) for i, t in enumerate(["<unk>", "<s>", "</s>"])]
    mark, space = "\u2581", {"String": " "}
    legacy = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": mark}, {"type": "Replace", "pattern": space, "content": mark}]}
    decoder = {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": mark}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
    for name, options in {"all": {}, "gaps": {"gaps": True}, "none": {"fallback": False}, "single": {"fallback": False, "fuse": False}}.items():
        yield f"characters, byte fallback {name}", file(characters(**options), added_tokens=specials, normalizer=legacy, decoder=decoder)
    for scheme, split in itertools.product(("always", "first", "never"), (True, False)):
        part = {"type": "Metaspace", "replacement": mark, "prepend_scheme": scheme, "split": split}
        yield f"metaspace {scheme} {split}", file(characters(), added_tokens=specials, pre_tokenizer=part, decoder=part)
    base = json.loads((ROOT / "Tests/Fixtures/bert/tokenizer.json").read_text())
    pieces = [t for t in base["model"]["vocab"]][:200]
    for index, (clean, chinese, accents, lower) in enumerate([(1, 1, None, 1), (0, 1, True, 0), (1, 0, False, 1), (0, 0, None, 0)]):
        normaliser = {"type": "BertNormalizer", "clean_text": bool(clean), "handle_chinese_chars": bool(chinese), "strip_accents": accents, "lowercase": bool(lower)}
        splitter = [{"type": "Whitespace"}, {"type": "WhitespaceSplit"}, {"type": "CharDelimiterSplit", "delimiter": "e"}, {"type": "BertPreTokenizer"}][index]
        model = words("WordPiece", pieces, continuing_subword_prefix="##", max_input_chars_per_word=20) | {"unk_token": "[UNK]"}
        processor = {"type": ("BertProcessing", "RobertaProcessing")[index % 2], "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}
        processor |= {"trim_offsets": True, "add_prefix_space": True} if index % 2 else {}
        yield f"word pieces {index}", file(model, normalizer=normaliser, pre_tokenizer=splitter, post_processor=processor, decoder={"type": "WordPiece", "prefix": "##", "cleanup": bool(index % 2)})
    tokens = ["?", "holes_none", "tolerance_rough", "a", "b", " ", "x", "y", "z", "the", ";", " ;", "; ", "hello,", "world!"]
    for behavior, invert in itertools.product(("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"), (False, True)):
        pattern = {"Regex": r"\s*;\s*"} if behavior in ("Removed", "Contiguous") else space
        part = {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}
        yield f"split {behavior} {invert}", file(words("WordLevel", tokens), pre_tokenizer=part)
    for left, right, word, normal in [(1, 0, 0, 0), (0, 1, 0, 1), (1, 1, 1, 0), (0, 0, 1, 1)]:
        flags = {"lstrip": bool(left), "rstrip": bool(right), "single_word": bool(word), "normalized": bool(normal)}
        tokens = [added(15, "[MASK]", **flags), added(9, "the", **flags | {"special": True}), added(16, "[MASK] [MASK]")]
        yield f"added {left}{right}{word}{normal}", file(
            words("WordLevel", ["?", "holes_none", "tolerance_rough", "a", "b", " ", "x", "y", "z", "the", ";", " ;", "; ", "hello,", "world!"]),
            added_tokens=tokens, normalizer={"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {"type": "NFD"}, {"type": "Strip", "strip_left": True, "strip_right": False}]},
            pre_tokenizer={"type": "WhitespaceSplit"})


def record(name, tokenizer, **where):
    tokenizer.no_padding()
    tokenizer.no_truncation()
    ids = [tokenizer.encode(text).ids for text in TEXTS]
    return {"name": name} | where | {"ids": ids, "decoded": [tokenizer.decode(i, skip_special_tokens=True) for i in ids]}


def main():
    records = []
    for folder in ("Tests/Fixtures/gpt2", "Tests/Fixtures/llama", "Tests/Fixtures/qwen2", "Tests/Fixtures/bert", "assets/models/atlas-llama", "assets/models/atlas-gpt2", "assets/models/atlas-bert"):
        records.append(record(folder, Tokenizer.from_file(str(ROOT / folder / "tokenizer.json")), folder=folder))
    for name, value in small_tokenizers():
        records.append(record(name, Tokenizer.from_str(json.dumps(value)), file=value))
    target = ROOT / "Tests/Fixtures/tokenizers/cases.json"
    target.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(r, ensure_ascii=True, separators=(",", ":")) for r in records)
    target.write_text('{"texts":' + json.dumps(TEXTS) + ',\n"tokenizers":[\n' + lines + "\n]}\n")


main()

"""Tokenizers of every kind of model, trained on the committed texts or made by hand, with random texts and what the
reference implementation makes of them.

    python3 -m venv .build/tables-venv && .build/tables-venv/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3
    .build/tables-venv/bin/python Tests/Generators/tokenizer_models.py            the fixture: 120 texts a model
    .build/tables-venv/bin/python Tests/Generators/tokenizer_models.py OUT 10000  for LAYERBOOK_TOKENIZER_CASES=OUT

The second form is for `RandomTextTests`, which compares every text of every model.
"""

import functools
import io
import json
import pathlib
import random
import sys
import tempfile

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from sentencepiece import sentencepiece_model_pb2 as spm

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXTS = (ROOT / "assets/texts/atlas.txt").read_text()[:120_000].split("\n") + [
    "東京は日本の首都です。猫がいる。カタカナとひらがな、漢字。", "Здравствуй, мир! Ёлка и ёж.", "naïve café Ångström ﬁne ½ ①",
    "for i in range(10):\n    print(i, 'x' * 3)  # 12345", "العربية لغة", "हिन्दी नमस्ते", "한국어 문장입니다", "👩‍👩‍👧 🇯🇵 👍🏽",
] * 20

CL100K = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
POSSESSIVE = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEKKEN = O200K.replace(r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?", "").replace("{1,3}", "")
DEEPSEEK = [
    r"\p{N}{1,3}", r"[一-龥぀-ゟ゠-ヿ]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
]
KIMI = (
    r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
    r"\s*[\r\n]+|\s+(?!\S)|\s+"
)
BLOOM = r" ?[^(\s|[.,!?…。，、।۔،])]+"
QWEN35 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def split(pattern, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(pattern), behavior, invert)


def trained(model, trainer, normalizer=None, splitter=None, decoder=None, processor=None):
    tokenizer = Tokenizer(model)
    if normalizer:
        tokenizer.normalizer = normalizer
    if splitter:
        tokenizer.pre_tokenizer = splitter
    if decoder:
        tokenizer.decoder = decoder
    if processor:
        tokenizer.post_processor = processor
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


@functools.cache
def whole_lines():
    """Byte-pair encoding trained without splitting, so that every missing or wrong cut shows in the ids."""
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=1200, special_tokens=["<|end|>"], initial_alphabet=alphabet, show_progress=False)
    splitter = pre_tokenizers.Sequence([split(r".{1,14}"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    return trained(models.BPE(), trainer, splitter=splitter, decoder=decoders.ByteLevel()).to_str()


def byte_level(steps, ends=True):
    tokenizer = Tokenizer.from_str(whole_lines())
    last = [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)] if ends else []
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*steps, *last])
    return tokenizer


def byte_level_models():
    named = {"cl100k": CL100K, "possessive": POSSESSIVE, "o200k": O200K, "tekken": TEKKEN, "kimi": KIMI, "bloom": BLOOM, "qwen3.5": QWEN35}
    for name, pattern in named.items():
        yield f"byte-level {name}", byte_level([split(pattern)])
    yield "byte-level deepseek", byte_level([split(pattern) for pattern in DEEPSEEK])
    yield "byte-level class", byte_level([split("[ABC]")])
    yield "byte-level digit", byte_level([split(r"\d")])
    yield "byte-level word removed", byte_level([split(r"\w+", "removed", True)])
    yield "byte-level empty split", byte_level([pre_tokenizers.Split("", "isolated")])
    yield "byte-level lines", byte_level([split(r"^\s*|\b\p{Lu}|(?<=e)(?=\S)|$", "merged_with_next")])
    yield "byte-level starcoder", byte_level([pre_tokenizers.Digits(individual_digits=True), split(r"'s|'t| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")])
    falcon = [pre_tokenizers.Punctuation("contiguous"), pre_tokenizers.ByteLevel(add_prefix_space=False), pre_tokenizers.Digits(individual_digits=False), split("[0-9][0-9][0-9]")]
    yield "byte-level falcon", byte_level(falcon, ends=False)
    yield "byte-level words", trained(models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=500, special_tokens=["[UNK]"], show_progress=False), splitter=pre_tokenizers.ByteLevel(add_prefix_space=True))
    trainer = trainers.BpeTrainer(vocab_size=600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    yield "byte-level normaliser", trained(models.BPE(), trainer, normalizer=normalizers.Sequence([normalizers.NFC(), normalizers.ByteLevel()]), splitter=split("Ġ"), decoder=decoders.ByteLevel())


def characters(fuse=True, fallback=True):
    """Byte-pair encoding over characters with the marks of SentencePiece, like Llama 2's."""
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    model = models.BPE(unk_token="<unk>", fuse_unk=fuse, byte_fallback=fallback)
    trainer = trainers.BpeTrainer(vocab_size=620, special_tokens=special, limit_alphabet=110, show_progress=False)
    return model, trainer


def sentence_piece_models():
    mark, named = "▁", decoders.Metaspace
    decoder = decoders.Sequence([decoders.Replace(mark, " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    legacy = normalizers.Sequence([normalizers.Prepend(mark), normalizers.Replace(" ", mark)])
    yield "sentencepiece bpe legacy", demote(trained(*characters(), normalizer=legacy, splitter=None, decoder=decoder))
    gemma = dict(normalizer=normalizers.Replace(" ", mark), splitter=pre_tokenizers.Split(" ", "merged_with_previous"))
    yield "sentencepiece bpe gemma", demote(trained(*characters(), **gemma, decoder=decoder))
    for scheme in ("always", "first", "never"):
        for cut in (True, False):
            part = pre_tokenizers.Metaspace(mark, scheme, cut)
            yield f"sentencepiece bpe {scheme} {cut}", demote(trained(*characters(fuse=cut), splitter=part, decoder=named(mark, scheme)))
    yield "sentencepiece bpe no fallback", trained(*characters(fallback=False), splitter=pre_tokenizers.Metaspace(mark, "always"), decoder=named(mark, "always"))


def demote(tokenizer):
    """Byte tokens as plain entries of the vocabulary, as real files have them."""
    value = json.loads(tokenizer.to_str())
    value["added_tokens"] = [token for token in value["added_tokens"] if not token["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(value))


def character_map(rule):
    """The compiled rules of SentencePiece of this name, or of a few rules: half-width letters, ligatures, spaces, marks."""
    model = io.BytesIO()
    options = {"normalization_rule_name": rule}
    if rule == "few":
        rules = {0xFF21 + i: [0x41 + i] for i in range(6)} | {0xFF41 + i: [0x61 + i] for i in range(6)}
        rules |= {0xFB01: [0x66, 0x69], 0xBD: [0x31, 0x2044, 0x32], 0x3000: [0x20], 0x0A: [0x20], 0x200B: [], 0x01: []}
        lines = [f"{c:X}\t" + " ".join(f"{part:X}" for part in parts) for c, parts in sorted(rules.items())]
        lines += ["65 301\tE9", "30AB 3099\t30AC"]
        table = pathlib.Path(tempfile.mkdtemp()) / "rules.tsv"
        table.write_text("\n".join(lines) + "\n")
        options = {"normalization_rule_tsv": str(table)}
    texts = iter(TEXTS[:2000])
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=texts, model_writer=model, vocab_size=300, model_type="unigram", hard_vocab_limit=False, minloglevel=2, **options)
    proto = spm.ModelProto.FromString(model.getvalue())
    return proto.normalizer_spec.precompiled_charsmap


def unigram(normalizer, splitter, fallback=False, size=450):
    special = ["<unk>", "<s>"] + ([f"<0x{b:02X}>" for b in range(256)] if fallback else [])
    trainer = trainers.UnigramTrainer(vocab_size=size + (256 if fallback else 0), special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer = trained(models.Unigram(), trainer, normalizer=normalizer, splitter=splitter, decoder=decoders.Metaspace())
    value = json.loads(tokenizer.to_str())
    value["model"]["byte_fallback"] = fallback
    value["added_tokens"] = [token for token in value["added_tokens"] if not token["content"].startswith("<0x")]
    return Tokenizer.from_str(json.dumps(value))


def unigram_models(small):
    mark = pre_tokenizers.Metaspace("▁", "always")
    yield "unigram", unigram(None, mark)
    yield "unigram byte fallback", unigram(None, pre_tokenizers.Metaspace("▁", "first"), fallback=True)
    yield "unigram nfkc", unigram(normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]), pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), mark]))
    yield "unigram albert", unigram(normalizers.Sequence([normalizers.Replace("``", '"'), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]), mark)
    for rule in ("few",) if small else ("few", "nmt_nfkc", "nfkc_cf"):
        compiled = normalizers.Precompiled(character_map(rule))
        yield f"unigram precompiled {rule}", unigram(compiled, mark)
        cleaned = normalizers.Sequence([compiled, normalizers.Strip(False, True), normalizers.Replace(Regex(" {2,}"), "▁")])
        yield f"unigram t5 {rule}", unigram(cleaned, pre_tokenizers.Metaspace("▁", "first"))


def word_models():
    special = ["[UNK]", "[CLS]", "[SEP]"]
    processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A $B [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)])
    for name, flags in {"lower": (True, True, None, True), "cased": (True, False, None, False), "accents": (False, True, True, False)}.items():
        trainer = trainers.WordPieceTrainer(vocab_size=500, special_tokens=special, show_progress=False)
        yield f"word pieces {name}", trained(models.WordPiece(unk_token="[UNK]"), trainer, normalizer=normalizers.BertNormalizer(*flags), splitter=pre_tokenizers.BertPreTokenizer(), decoder=decoders.WordPiece(), processor=processor)
    splitters = {"digits": pre_tokenizers.Digits(True), "numbers": pre_tokenizers.Digits(False), "fixed": pre_tokenizers.FixedLength(3)}
    for behavior in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"):
        splitters[f"punctuation {behavior}"] = pre_tokenizers.Punctuation(behavior)
        for invert in (False, True):
            splitters[f"regex {behavior} {invert}"] = split(r"\s*[,.;]|(?=e)|\d{2}", behavior, invert)
    for name, splitter in splitters.items():
        trainer = trainers.WordLevelTrainer(vocab_size=160, special_tokens=["[UNK]"], show_progress=False)
        yield f"word level {name}", trained(models.WordLevel(unk_token="[UNK]"), trainer, normalizer=normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents(), normalizers.Strip()]), splitter=pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), splitter]) if "fixed" not in name else splitter)
    for name, form in {"nfkc": normalizers.NFKC(), "nfkd": normalizers.NFKD(), "lowercase": normalizers.Lowercase(), "nmt": normalizers.Nmt(), "regex": normalizers.Replace(Regex(r"(?<=\w)(?=\d)|[aeiou]+"), "·")}.items():
        trainer = trainers.BpeTrainer(vocab_size=500, limit_alphabet=250, special_tokens=["<unk>"], show_progress=False)
        yield f"normaliser {name}", trained(models.BPE(unk_token="<unk>"), trainer, normalizer=form, splitter=pre_tokenizers.Whitespace())
    trainer = trainers.BpeTrainer(vocab_size=500, special_tokens=["<unk>"], end_of_word_suffix="</w>", show_progress=False)
    yield "word endings", trained(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>", fuse_unk=True), trainer, normalizer=normalizers.Lowercase(), splitter=split(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", "removed", True), decoder=decoders.BPEDecoder("</w>"))
    trainer = trainers.BpeTrainer(vocab_size=500, special_tokens=["<unk>"], continuing_subword_prefix="@@", show_progress=False)
    yield "continuing prefix", trained(models.BPE(unk_token="<unk>", continuing_subword_prefix="@@"), trainer, splitter=pre_tokenizers.Whitespace())


def added_token_models():
    for left, right, word, normal in [(1, 0, 0, 0), (0, 1, 0, 1), (1, 1, 1, 0), (0, 0, 1, 1)]:
        flags = {"lstrip": bool(left), "rstrip": bool(right), "single_word": bool(word), "normalized": bool(normal)}
        tokenizer = trained(*characters(), normalizer=normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]), splitter=pre_tokenizers.Metaspace("▁", "first"))
        tokenizer = demote(tokenizer)
        tokenizer.add_tokens([AddedToken(t, **flags) for t in ("THE", "ａb", "12", "<mask>", "é")])
        tokenizer.add_special_tokens([AddedToken("<mask><mask>", **flags)])
        yield f"added {left}{right}{word}{normal}", tokenizer


ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ", "     \n\t\r\u00a0\u3000\u2028\u200b", ".,;:!?'\"()[]{}<>/\\|@#$%^&*-_=+~`",
    "あいうえおアイウエオ東京日本語漢字、。「」ー々〆", "éèêëàäöüßñçÅŁøœﬁﬂ½①²ªº…—’“”", "\u0301\u0300\u0308\u0323\u0327\u0345\u20dd\u200d\ufe0f\u093f\u094d",
    "👍👩👧🏽🇯🇵🇩🇪😀❤🎉", "дЖёЁΣςσΑάאבעرًّلاहिन्दीไทย한국어각ᄒ\u1161\u11ab", "\u0130\u0131\u1e9e\u212a\u017f\u01c5ǅⅣ٣६\U0001d7d8\U00016ff5\U0001e4f0\ua7cb\U00010d50\U00031350\U0002ebf0",
    "\x00\x01\x7f\x80\x8f\x9f\xad\ufeff\ufffd\ufffe\U0010ffff\ue000\u0378", "▁ĠĊÃ<>/@</w>",
]
WORDS = ["the", "The", "THE", " the", "<mask>", "<mask><mask>", "<unk>", "<s>", "</s>", "<|end|>", "[UNK]", "[SEP]", "<0x41>", "it's", "DON'T", "we'Re", "'ſ", "12345", "3.14", "x_y", "ａb", "é", "e\u0301", "  ", "\r\n", "\n\n", "東京", "12", "▁a", "``", "e-mail@example.org", "http://x.y/z?q=1"]


def random_texts(count, seed=20, parts_at_most=14):
    draw, texts = random.Random(seed), []
    corpus = "\n".join(TEXTS)
    for index in range(count):
        parts = []
        for _ in range(draw.randint(0, parts_at_most)):
            kind = draw.random()
            if kind < 0.45:
                alphabet = draw.choice(ALPHABETS)
                parts.append("".join(draw.choice(alphabet) for _ in range(draw.randint(1, 9))))
            elif kind < 0.65:
                parts.append(draw.choice(WORDS))
            elif kind < 0.75:
                start = draw.randrange(len(corpus) - 60)
                parts.append(corpus[start : start + draw.randint(1, 60)])
            elif kind < 0.9:
                parts.append(" " * draw.randint(1, 3))
            elif kind < 0.95:
                parts.append(bytes(draw.randrange(256) for _ in range(6)).decode("utf-8", "replace"))
            else:
                code = draw.choice([draw.randrange(0x20, 0x3000), draw.randrange(0x20, 0x110000)])
                parts.append(chr(code) if not 0xD800 <= code <= 0xDFFF else "?")
        texts.append("".join(parts))
    return texts


def all_models(small):
    for make in (byte_level_models, sentence_piece_models, lambda: unigram_models(small), word_models, added_token_models):
        yield from make()


def record(tokenizer, text):
    ids = tokenizer.encode(text).ids
    return ids, tokenizer.decode(ids, skip_special_tokens=False)


def write_fixtures():
    """The texts; every model once; and a tokenizer a line: its model's place, the other parts, the ids of every text and
    the first decoded texts where there is a decoder."""
    texts = random_texts(120, parts_at_most=5)
    written, lines = {}, []
    for name, tokenizer in all_models(True):
        parts = json.loads(tokenizer.to_str())
        model = written.setdefault(json.dumps(parts.pop("model"), ensure_ascii=False, separators=(",", ":")), len(written))
        results = [record(tokenizer, text) for text in texts]
        value = {"name": name, "model": model, "parts": parts, "ids": [ids for ids, _ in results]}
        if tokenizer.decoder:
            value["decoded"] = [decoded for _, decoded in results[:24]]
        lines.append(json.dumps(value, ensure_ascii=True, separators=(",", ":")))
    head = '{"texts":' + json.dumps(texts) + ',\n"models":[\n' + ",\n".join(written) + '\n],\n"tokenizers":[\n'
    (ROOT / "Tests/Fixtures/tokenizers/models.json").write_text(head + ",\n".join(lines) + "\n]}\n")


def write_comparison(folder, count):
    folder.mkdir(parents=True, exist_ok=True)
    texts = random_texts(count, seed=21)
    for name, tokenizer in all_models(False):
        stem = name.replace(" ", "-")
        (folder / f"{stem}.json").write_text(tokenizer.to_str())
        with (folder / f"{stem}.jsonl").open("w") as file:
            for text in texts:
                ids, decoded = record(tokenizer, text)
                value = {"text": text, "ids": ids} | ({"decoded": decoded} if tokenizer.decoder else {})
                file.write(json.dumps(value) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        write_comparison(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
    else:
        write_fixtures()

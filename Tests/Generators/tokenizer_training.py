"""Tokenizers trained by the reference implementation, for TokenizerTrainer.

    python3 -m venv .build/tables-venv && .build/tables-venv/bin/pip install tokenizers==0.23.3
    .build/tables-venv/bin/python Tests/Generators/tokenizer_training.py             writes the fixture, from 50 texts
    .build/tables-venv/bin/python Tests/Generators/tokenizer_training.py FILE ENTRIES LEAST FOLDER OTHER

The second form trains with the settings of FOLDER on the lines of FILE, and says whether OTHER is equal, which
`layerbook-models tokenizer --corpus FILE --like FOLDER --entries ENTRIES --at-least LEAST --out OTHER` wrote.

Where characters that continue words are marked, the library numbers them in the order of a hash that is another one in
every process, and by their ids it orders pairs that are equally common. So they are moved to a private plane of Unicode
here and trained without marks: then their order is that of their code points. `train_freely` has what WordPieceTrainer
itself makes of them.
"""

import json
import pathlib
import sys

from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, trainers

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLANE = 0x100000


def with_model(file, model):
    """The tokenizer of a file with an empty model in the place of its own."""
    empty = {"type": "WordLevel", "vocab": {}, "unk_token": "?"}
    tokenizer = Tokenizer.from_str(json.dumps(file | {"model": empty, "added_tokens": [], "post_processor": None}))
    tokenizer.model = model
    return tokenizer


def special(file):
    return [AddedToken(t["content"], special=True, normalized=False) for t in file["added_tokens"]]


def file(model, **parts):
    names = ("truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder")
    first = {"id": 0, "content": "<s>", "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    empty = {name: [first] if name == "added_tokens" else None for name in names}
    pairs = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None}
    pairs |= {"fuse_unk": False, "byte_fallback": False, "ignore_merges": False}
    return {"version": "1.0"} | empty | parts | {"model": pairs | model | {"vocab": {"<s>": 0}, "merges": []}}


def outcome(tokenizer):
    tokens = [token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])]
    return tokens, json.loads(tokenizer.to_str())["model"].get("merges", [])


def train_pairs(file, texts, entries, least):
    tokenizer = with_model(file, models.BPE())
    takes_bytes = '"ByteLevel"' in json.dumps([file["normalizer"], file["pre_tokenizer"]])
    alphabet = pre_tokenizers.ByteLevel.alphabet() if takes_bytes else []
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=entries, min_frequency=least, special_tokens=special(file), initial_alphabet=alphabet,
        show_progress=False))
    return outcome(tokenizer)


def words_of(tokenizer, texts):
    for text in texts:
        text = tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer else text
        cut = tokenizer.pre_tokenizer.pre_tokenize_str(text) if tokenizer.pre_tokenizer else [(text, None)]
        yield from (word for word, _ in cut if word)


def train_marked(file, texts, entries, least):
    mark = file["model"]["continuing_subword_prefix"]
    words = list(words_of(with_model(file, models.BPE()), texts))
    moved = {c: chr(PLANE + i) for i, c in enumerate(sorted({c for word in words for c in word[1:]}))}
    back = {there: here for here, there in moved.items()}
    shadow = Tokenizer(models.BPE())
    shadow.train_from_iterator((word[0] + "".join(moved[c] for c in word[1:]) for word in words), trainers.BpeTrainer(
        vocab_size=entries, min_frequency=least, special_tokens=special(file), show_progress=False,
        initial_alphabet=sorted({c for word in words for c in word})))
    spelled = lambda token: (mark if token[0] in back else "") + "".join(back.get(c, c) for c in token)
    tokens, merges = outcome(shadow)
    return [spelled(token) for token in tokens], [[spelled(left), spelled(right)] for left, right in merges]


def train_marks_as_they_are(file, texts, entries, least):
    """Only for texts in which one character alone continues words."""
    mark = {"continuing_subword_prefix": file["model"]["continuing_subword_prefix"]}
    tokenizer = with_model(file, models.BPE(**mark))
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=entries, min_frequency=least, special_tokens=special(file), show_progress=False, **mark))
    return outcome(tokenizer)


def train(file, texts, entries, least):
    kind = train_marked if file["model"].get("continuing_subword_prefix") else train_pairs
    return kind(file, texts, entries, least)


def train_freely(file, texts, entries, least):
    """The vocabulary that WordPieceTrainer makes in this process."""
    tokenizer = with_model(file, models.WordPiece(unk_token=file["model"]["unk_token"]))
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(
        vocab_size=entries, min_frequency=least, special_tokens=special(file), show_progress=False))
    return outcome(tokenizer)[0]


def compare(corpus, entries, least, folder, other):
    file = json.loads((pathlib.Path(folder) / "tokenizer.json").read_text())
    texts = [line for line in pathlib.Path(corpus).read_text().split("\n") if line.strip(" \t")]
    tokens, merges = train(file, texts, entries, least)
    model = json.loads((pathlib.Path(other) / "tokenizer.json").read_text())["model"]
    own = [token for token, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    print("vocabulary", "equal," if own == tokens else "DIFFERENT,", len(own), "entries, of the library", len(tokens))
    if "merges" in model:
        print("merges", "equal," if model["merges"] == merges else "DIFFERENT,", len(merges))
    else:
        free = train_freely(file, texts, entries, least)
        print("in the vocabulary of WordPieceTrainer", len(set(own) & set(free)), "of", len(free))


ODD = [
    "e\u0301 \u00e9 \u00c5ngstr\u00f6m \u212b na\u00efve caf\u00e9", "\u6771\u4eac\u306f\u732b\u3002 \u6771\u4eac\u6771\u4eac", "aaaaaaa aaaa aa aaaaaaaaaaaa baaab",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd\U0001f44d\U0001f3fd", "1234567 12 123 0.5 1,000,000", "it's IT'S we'd  two   spaces\tand a tab ",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0651\u0629 \u0627\u0644\u0639", "<s> [CLS] [MASK] <|endoftext|> the the", "snake_case CamelCase x**2 ## a## #a", "\u00df \u1e9e \ufb01 \u0130",
]


ATLAS = (ROOT / "assets/texts/atlas.txt").read_text().split("\n")[:40] + ODD


def cases():
    for name, entries, least in [("llama", 400, 1), ("gpt2", 300, 2), ("bert", 300, 1), ("bert", 3000, 2), ("gpt2", 3000, 1)]:
        folder = f"assets/models/atlas-{name}"
        settings = json.loads((ROOT / folder / "tokenizer.json").read_text())
        yield {"folder": folder, "entries": entries, "least": least}, settings, ATLAS, train
    whole = file({})
    yield {"file": whole, "entries": 400, "least": 1}, whole, ATLAS, train
    marked = file({"continuing_subword_prefix": "@"}, pre_tokenizer={"type": "WhitespaceSplit"})
    yield {"file": marked, "entries": 300, "least": 1}, marked, ATLAS, train
    # The mark itself in the texts: an entry can be made of two pairs there, and a pair can be joined twice.
    hashes = file({"continuing_subword_prefix": "#"}, pre_tokenizer={"type": "WhitespaceSplit"})
    texts = [first + "#" * length + " " + first + "#" for first in "#ab" for length in (1, 2, 3, 4, 7, 12, 17, 40)]
    yield {"file": hashes, "entries": 60, "least": 1, "texts": texts}, hashes, texts, train_marks_as_they_are


def write():
    records = []
    for record, settings, texts, trained in cases():
        tokens, merges = trained(settings, texts, record["entries"], record["least"])
        records.append(record | {"vocabulary": tokens, "merges": merges})
    target = ROOT / "Tests/Fixtures/tokenizers/training.json"
    lines = ",\n".join(json.dumps(r, ensure_ascii=True, separators=(",", ":")) for r in records)
    target.write_text('{"texts":' + json.dumps(ATLAS) + ',\n"trained":[\n' + lines + "\n]}\n")


def main():
    if len(sys.argv) == 6:
        corpus, entries, least, folder, other = sys.argv[1:]
        compare(corpus, int(entries), int(least), folder, other)
    else:
        write()


main()

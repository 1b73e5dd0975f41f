"""What must be the same to the last bit in both programs: random numbers, digests, settings, rates."""

from __future__ import annotations

import json

import pytest
from conftest import MODELS, TEXTS

from layerbook_cluster.dataset import Dataset
from layerbook_cluster.digests import canonical
from layerbook_cluster.errors import ClusterError, UsageError
from layerbook_cluster.random_stream import RandomStream
from layerbook_cluster.settings import Settings
from layerbook_cluster.windows import Windows


def texts_of(path, **options) -> list[str]:
    chosen = {"name": None, "format": None, "field": "text", "take": None, "shuffle": None} | options
    return Dataset.of(str(path), **chosen).texts()


def test_random_stream():
    # The published first outputs of xoshiro256** from the state 1, 2, 3, 4.
    stream = RandomStream(0, "")
    stream._state = [1, 2, 3, 4]
    assert [stream.next() for _ in range(4)] == [11520, 0, 1509978240, 1215971899390074240]
    order = RandomStream(42, "training.order.0").permutation(1000)
    assert sorted(order) == list(range(1000)) and order != sorted(order)


def test_canonical_text():
    assert canonical({"b": None, "a": "é\n\u0001", "c": 1}) == '{"a":"é\\n\\u0001","b":null,"c":1}'


@pytest.mark.parametrize(
    "name, contents, wanted",
    [
        ("a.txt", "one\r\n \t\n two \nthree", ["one", " two ", "three"]),
        ("a.jsonl", '{"text": "one"}\n\n"two"\n', ["one", "two"]),
        ("a.json", '["one", {"text": "two"}]', ["one", "two"]),
        ("a.csv", 'id,text\n1,"one, ""quoted"""\n2,two\n', ['one, "quoted"', "two"]),
        ("a.tsv", "text\tid\none\t1\n", ["one"]),
        ("b.csv", 'text\none\n\n""\ntwo\r"a\r\nb"', ["one", "", "", "two", "a\r\nb"]),
        ("c.csv", "text,id\n\none,1\n,2\n", ["one", ""]),
        ("d.csv", "text,id\n" + 200_000 * "a" + ",1\n", [200_000 * "a"]),
        ("b.tsv", 'text\tid\nsay "one"\t\n', ['say "one"']),
        ("b.txt", "\ufeffone\n", ["one"]),
    ],
)
def test_formats(tmp_path, name, contents, wanted):
    (tmp_path / name).write_text(contents, newline="")
    assert texts_of(tmp_path / name) == wanted


@pytest.mark.parametrize(
    "contents, message",
    [
        ("", "the table is empty"),
        ("id,text\n1,one\n\n2\n", "line 4: the header names 2 columns, and the fields are 1"),
        ('id,text\n"1\n",one,two\n', "line 2: the header names 2 columns, and the fields are 3; put a field"),
        ("text,text\n", "line 1: two columns are called 'text'"),
        ('text\none\n"two\n', "line 3: a quote is opened here and never closed"),
        ('text\n"one" two\n', "line 2: text behind a closing quote"),
        ('text\none "two"\n', "line 2: a quote inside a field"),
    ],
)
def test_wrong_tables(tmp_path, contents, message):
    (tmp_path / "a.csv").write_text(contents, newline="")
    with pytest.raises(ClusterError, match=f"a.csv' cannot be read as csv: {message}"):
        texts_of(tmp_path / "a.csv")


def test_paragraphs_shuffle_and_take(tmp_path):
    (tmp_path / "a.txt").write_text("one\ntwo\n\n\nthree\n")
    assert texts_of(tmp_path / "a.txt", format="text") == ["one\ntwo", "three"]
    all_texts = texts_of(TEXTS / "atlas.txt")
    shuffled = texts_of(TEXTS / "atlas.txt", shuffle=7)
    assert sorted(shuffled) == sorted(all_texts) and shuffled != all_texts
    assert texts_of(TEXTS / "atlas.txt", shuffle=7, take=3) == shuffled[:3]


def test_missing_field(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n{"words": "two"}\n')
    with pytest.raises(ClusterError, match="line 2 of .* has no text in field 'text'; name the field with --field"):
        texts_of(tmp_path / "a.jsonl")
    (tmp_path / "a.csv").write_text("id,words\n1,two\n")
    with pytest.raises(ClusterError, match="has no column 'text'; its columns are id, words"):
        texts_of(tmp_path / "a.csv")


def test_windows():
    windows = Windows([[1, 2, 3, 4, 5], [6], [7, 8]], length=2, seed=1)
    assert windows.windows == [[1, 2], [3, 4], [7, 8]]
    assert sorted(windows.batch(0, 3)) == sorted(windows.batch(1, 3)) == windows.windows
    assert windows.batch(0, 2) + windows.batch(1, 2) == windows.batch(0, 4)


def test_settings(tmp_path):
    def read(text: str) -> Settings:
        (tmp_path / "s.json").write_text(text)
        return Settings.read(tmp_path / "s.json")

    settings = read('{"steps": 7, "lambda": 2, "kl": "reverse"}')
    assert (settings.steps, settings.weight, settings.kl) == (7, 2.0, "reverse")
    assert read(json.dumps(settings.record)).record == settings.record
    wrong = {
        '{"step": 7}': "'step' is no setting; did you mean 'steps'",
        '{"steps": 0}': "steps is 0, expected a whole number from 1",
        '{"rate": "fast"}': 'rate is "fast", expected a number',
        '{"kl": "both"}': 'kl is "both", expected forward or reverse',
        '{"optimizer": "SGD"}': "optimizer is \"SGD\", and only 'AdamW' is known",
        "[1]": "holds no JSON object",
        "{": "is not JSON",
    }
    for text, message in wrong.items():
        with pytest.raises(UsageError, match=message):
            read(text)


def test_schedule():
    settings = Settings(steps=10, warmup=2, rate=1.0)
    assert [settings.rate_at(step) for step in (0, 1, 2, 6)] == pytest.approx([0, 0.5, 1, 0.5])


def test_every_atlas_model_is_here():
    assert all((MODELS / name / "config.json").is_file() for name in ("atlas-llama", "atlas-gpt2", "atlas-bert"))

"""Captured states: the numbers, the files, and what is left of a run that was killed."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest
import torch
from conftest import FIXTURES, MODELS, TEXTS, layerbook, needs_program, on_two_processes, two_processes
from safetensors import safe_open

from layerbook_cluster.cli import run
from layerbook_cluster.errors import ClusterError


def tensors(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    """Everything of a file, or of a folder of shards."""
    found, metadata = {}, {}
    for name in sorted(path.glob("*.safetensors")) if path.is_dir() else [path]:
        with safe_open(name, "pt") as file:
            found |= {key: file.get_tensor(key) for key in file.keys()}
            metadata |= file.metadata() or {}
    return found, metadata


def largest_difference(found: dict[str, torch.Tensor], wanted: dict[str, torch.Tensor]) -> float:
    """Over all states, relative to each one's largest number; all else must be equal."""
    assert found.keys() == wanted.keys()
    worst = 0.0
    for name, value in wanted.items():
        if name.startswith("hidden."):
            worst = max(worst, float((found[name] - value).abs().max() / value.abs().max()))
        else:
            assert torch.equal(found[name], value), name
    return worst


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@needs_program
@pytest.mark.parametrize(
    "model, texts, position, more",
    [
        ("atlas-llama", "atlas.txt", "last", []),
        ("atlas-gpt2", "last-word.jsonl", "eos", ["--max-tokens", "40"]),
        ("atlas-bert", "atlas.txt", "mask", ["--seed", "7"]),
    ],
)
def test_two_processes_equal_the_native_program(tmp_path, model, texts, position, more):
    inputs = ["--model", MODELS / model, "--dataset", TEXTS / texts, "--position", position, *more]
    two = tmp_path / "two"
    on_two_processes(
        "-m", "layerbook_cluster", "capture", *inputs, "--texts", 60, "--part-texts", 8, "--out", two
    )  # fmt: skip
    layerbook("capture", *inputs, "--n", 60, "--out", tmp_path / "native.safetensors")
    (found, metadata), (wanted, native) = tensors(two), tensors(tmp_path / "native.safetensors")
    worst = largest_difference(found, wanted)
    print(f"states of {model}, position {position}: largest relative difference {worst:.1e}")
    assert worst < 1e-5 and metadata == native
    one = tmp_path / "one"
    assert run([str(part) for part in ["capture", *inputs, "--texts", 60, "--part-texts", 8, "--out", one]]) == 0
    assert contents(one) == contents(two)


@needs_program
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_book_reads_them(tmp_path, precision):
    inputs = ["--model", MODELS / "atlas-llama", "--dataset", TEXTS / "atlas.txt", "--position", "all"]
    options = ["--texts", 20, "--precision", precision, "--spread", "--out", tmp_path / "states"]
    assert run([str(part) for part in ["capture", *inputs, *options]]) == 0
    layerbook("capture", *inputs, "--n", 20, "--out", tmp_path / "native.safetensors")
    (tmp_path / "layerbook.yaml").write_text(
        "models:\n  own: {states: states}\n  native: {states: native.safetensors}\n"
    )
    own, native = (
        float(layerbook("ask", f"<<value convergence.score {name} digits=6>>", book=tmp_path).split()[-1])
        for name in ("own", "native")
    )
    print(f"convergence score of states in {precision}: {own}, of the native program's {native}")
    assert own == pytest.approx(native, abs=1e-5 if precision == "float32" else 1e-2)


@pytest.mark.parametrize("name", ["gpt2", "llama", "llama-tied", "qwen2", "bert"])
def test_states_equal_the_fixtures(tmp_path, name):
    """Values that do not come from the native program."""
    wanted, _ = tensors(FIXTURES / name / "expected.safetensors")
    count = sum(key.startswith("ids.") for key in wanted)
    texts = json.loads((FIXTURES / name / "expected.json").read_text())["texts"][:count]
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    inputs = ["--model", FIXTURES / name, "--dataset", tmp_path / "texts.json", "--max-tokens", 10_000]
    out = tmp_path / "states"
    assert run([str(part) for part in ["capture", *inputs, "--position", "all", "--out", out]]) == 0
    found, _ = tensors(out)
    worst, row = 0.0, 0
    for number in range(count):
        own, states = found[f"token_ids.{number}"].tolist(), wanted[f"hidden.{number}"]
        assert own == wanted[f"ids.{number}"].tolist()
        # Every position but that of a beginning-of-text token.
        rows = len(own) - (0 if int(found["position"][row]) == 0 else 1)
        for level in range(states.shape[0]):
            part = found[f"hidden.{level}"][row : row + rows]
            worst = max(worst, float((part - states[level, -rows:]).abs().max() / states[level].abs().max()))
        row += rows
    assert row == len(found["position"]) and worst < 2e-5


def test_killed_process(tmp_path):
    """What a killed process left is kept, the rest is run again, and the bytes are those of a whole run."""
    inputs = ["--model", MODELS / "atlas-llama", "--dataset", TEXTS / "atlas.txt", "--position", "last"]
    capture = ["capture", *inputs, "--texts", 400, "--part-texts", 4, "--batch", 4, "--out"]
    broken, whole = tmp_path / "broken", tmp_path / "whole"
    process = two_processes("-m", "layerbook_cluster", *capture, broken)
    parts = broken / "parts"
    deadline = time.monotonic() + 300
    while len(list(parts.glob("part-*"))) < 6:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(workers[-1]), signal.SIGKILL)
    process.communicate(timeout=120)
    assert process.returncode != 0 and not (broken / "states.safetensors.index.json").exists()
    left = {path.name: path.stat().st_ino for path in parts.glob("part-*")}
    assert 6 <= len(left) < 100
    torn = parts / "part-000099.safetensors"
    torn.write_bytes(b"torn")
    written = []
    replace = os.replace
    os.replace = lambda source, target: (written.append(Path(target).name), replace(source, target))
    try:
        # One process goes on with what two began.
        assert run([str(part) for part in [*capture, broken]]) == 0
    finally:
        os.replace = replace
    assert {name for name in written if name.startswith("part-")} == {
        f"part-{number:06}.safetensors" for number in range(100)
    } - left.keys()
    assert run([str(part) for part in [*capture, whole]]) == 0
    assert contents(broken) == contents(whole)
    print(f"{len(left)} of 100 parts kept, {100 - len(left)} run again")


def test_killed_at_its_beginning_and_at_its_end(tmp_path):
    """Nothing of a killed run stays beside finished states, or keeps them from being written."""
    states = tmp_path / "states"
    inputs = ["--model", MODELS / "atlas-gpt2", "--dataset", TEXTS / "atlas.txt", "--position", "last", "--texts", 4]
    capture = [str(part) for part in ["capture", *inputs, "--out", states]]
    states.mkdir()
    (states / ".capture.json.1.partial").write_text("{")
    (states / ".states-00001-of-00014.safetensors.1.partial").write_text("")
    assert run(capture) == 0
    whole = contents(states)
    assert all(not name.startswith(".") for name in whole)
    # Killed once the index stood.
    (states / "parts").mkdir()
    (states / "parts" / "part-000000.safetensors").write_text("")
    assert run(capture) == 0
    assert contents(states) == whole and not (states / "parts").exists()


def test_what_another_node_wrote_is_waited_for(tmp_path, monkeypatch):
    from layerbook_cluster import states_folder, tensor_file

    path = tmp_path / "part.safetensors"
    tensor_file.write(path, [], {"settings": "a"}, [])
    monkeypatch.setattr(states_folder, "LOOKS", (0, 0.01, 0.01))
    looks = [None, None, tensor_file.header(path)]
    monkeypatch.setattr(tensor_file, "header", lambda path: looks.pop(0))
    assert states_folder._awaited(path).metadata == {"settings": "a"}
    looks = 3 * [None]
    with pytest.raises(ClusterError, match="is not there or damaged; start the capture again"):
        states_folder._awaited(path)


def test_other_settings_are_refused(tmp_path, capsys):
    def capture(*more: str) -> int:
        inputs = ["--model", str(MODELS / "atlas-gpt2"), "--dataset", str(TEXTS / "atlas.txt"), "--texts", "4"]
        return run(["capture", *inputs, "--out", str(tmp_path / "states"), *more])

    assert capture("--position", "last") == 0
    assert capture("--position", "last") == 0 and "is complete" in capsys.readouterr().out
    assert capture("--position", "all") == 1
    assert 'its position is "last", not "all"; give the same settings' in capsys.readouterr().err
    (tmp_path / "states" / "capture.json").unlink()
    assert capture("--position", "last") == 1
    assert "is there and holds no capture; write into another folder" in capsys.readouterr().err


def test_foreign_part(tmp_path, capsys):
    """A part that another run put in place is refused, not mixed."""

    def capture(out: str, seed: str) -> int:
        inputs = ["--model", str(MODELS / "atlas-gpt2"), "--dataset", str(TEXTS / "atlas.txt"), "--texts", "4"]
        return run(["capture", *inputs, "--position", "random", "--seed", seed, "--out", str(tmp_path / out)])

    import shutil

    from layerbook_cluster import states_folder

    kept = states_folder.shutil.rmtree
    states_folder.shutil.rmtree = lambda path: None
    try:
        assert capture("a", "1") == 0 and capture("b", "2") == 0
    finally:
        states_folder.shutil.rmtree = kept
    (tmp_path / "b" / states_folder.INDEX).unlink()
    shutil.copy(tmp_path / "a" / "parts" / "part-000000.safetensors", tmp_path / "b" / "parts")
    assert capture("b", "2") == 1
    assert "part-000000.safetensors' holds states of another capture" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change, code, message",
    [
        (["--model", "nowhere"], 1, "no checkpoint folder at 'nowhere'; get one with: hf download"),
        (["--dataset", "nowhere.txt"], 2, "no file of texts at 'nowhere.txt'"),
        (["--texts", "5000"], 1, "has only 2000 usable texts, and 5000 are asked for; lower --texts"),
        (["--position", "mask"], 1, "the checkpoint names no mask token; use --position random"),
        (["--position", "first"], 2, "invalid choice: 'first'"),
        (["--batch", "0"], 2, "needs a number above 0, found 0"),
        (["--batch", "x"], 2, "needs a whole number, found 'x'"),
        (["--peak", "0"], 2, "needs a finite number above 0, found 0"),
        (["--peak", "nan"], 2, "needs a finite number above 0, found nan"),
        (["--peak", "fast"], 2, "needs a number, found 'fast'"),
        (["--device", "cuda"], 2, "no CUDA device is at hand"),
    ],
)
def test_wrong_input(tmp_path, capsys, change, code, message):
    if "cuda" in change and torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    options = {"--model": MODELS / "atlas-gpt2", "--dataset": TEXTS / "atlas.txt", "--position": "last"}
    options[change[0]] = change[1]
    arguments = [str(part) for pair in options.items() for part in pair]
    assert run(["capture", *arguments, "--out", str(tmp_path / "states")]) == code
    assert message in capsys.readouterr().err


def test_a_family_that_is_not_read(tmp_path, capsys):
    (tmp_path / "config.json").write_text('{"model_type": "mamba"}')
    inputs = ["--model", str(tmp_path), "--dataset", str(TEXTS / "atlas.txt"), "--position", "last"]
    assert run(["capture", *inputs, "--out", str(tmp_path / "states")]) == 1
    assert "is of model type 'mamba', which Layerbook does not read; it reads gpt2, llama" in capsys.readouterr().err


def test_weights_that_are_not_there(tmp_path, capsys):
    """A weight that is missing is an error, never a random number."""
    from safetensors.torch import load_file, save_file

    for path in (MODELS / "atlas-gpt2").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    weights = load_file(tmp_path / "model.safetensors")
    gone = next(name for name in weights if "ln_1" in name)
    del weights[gone]
    save_file(weights, tmp_path / "model.safetensors", metadata={"format": "pt"})
    inputs = ["--model", str(tmp_path), "--dataset", str(TEXTS / "atlas.txt"), "--position", "last", "--texts", "2"]
    assert run(["capture", *inputs, "--out", str(tmp_path / "states")]) == 1
    assert "lack 'h.0.ln_1" in capsys.readouterr().err.replace("transformer.", "")

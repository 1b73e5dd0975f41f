"""Self-distillation: gradients against float64, steps against the native program, and runs that were stopped."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest
import torch
from conftest import CLUSTER, FIXTURES, MODELS, TEXTS, layerbook, needs_program, on_two_processes, two_processes
from gradients import VARIANTS, gradients
from safetensors import safe_open

from layerbook_cluster import checkpoint, tensor_file
from layerbook_cluster.cli import run
from layerbook_cluster.group import Group
from layerbook_cluster.settings import Settings

REFERENCES = {"gpt2": "transformer.", "llama": ""}


def reference(name: str) -> dict:
    return json.loads((FIXTURES / "gradients" / f"{name}.json").read_text())


def worst_difference(found: dict[str, torch.Tensor], expected: dict) -> float:
    """Of the loss, of every weight's norm and of its listed numbers, relative to the largest."""
    worst = abs(float(found.pop("")) - expected["value"]) / abs(expected["value"])
    assert len(found) == len(expected["parameters"])
    for name, listed in expected["parameters"].items():
        own = found[name].double()
        norm, entries = (listed["norm"], listed["entries"]) if isinstance(listed, dict) else (listed[0], [listed[1]])
        largest = max(abs(entries[0][1]), 1e-12)
        for place, value in entries:
            worst = max(worst, abs(float(own.flatten()[place]) - value) / largest)
        worst = max(worst, abs(float(own.norm()) - norm) / max(norm, 1e-9))
    return worst


@pytest.mark.parametrize("name", REFERENCES)
def test_gradients_on_two_processes(tmp_path, name):
    """Against float64 autograd by a program that shares nothing with this one."""
    expected = reference(name)
    batch = expected["ids"][0]
    on_two_processes(
        CLUSTER / "tests" / "gradients.py", FIXTURES / name, json.dumps(batch), tmp_path / "found.pt"
    )  # fmt: skip
    found = torch.load(tmp_path / "found.pt")
    for variant in VARIANTS:
        worst = worst_difference(found[variant], expected["gradient"][variant])
        print(f"gradients of {name}, {variant}, two processes: largest relative difference {worst:.1e}")
        assert worst < 1e-4


def test_windows_that_do_not_count():
    """A batch's loss is a mean over its tokens, however they are laid over runs and padded."""
    folder = FIXTURES / "llama"
    batch = [[5, 6, 7], [8, 9, 10, 11, 12, 13, 14], [3, 4]]
    with Group.started("cpu") as group:
        whole = gradients(folder, batch, VARIANTS["loss"], group, recompute=False)
        parts = [gradients(folder, [text], VARIANTS["loss"], group, recompute=False) for text in batch]
    for name, value in whole.items():
        wanted = sum(len(text) * part[name] for text, part in zip(batch, parts)) / 12
        assert torch.allclose(value, wanted, rtol=1e-4, atol=1e-6), name


def distill(out: Path, settings: dict, *more: object, model: str = "atlas-llama", processes: int = 2) -> str:
    """A run's standard output."""
    file = out.parent / f"{out.name}.json"
    file.write_text(json.dumps(settings))
    inputs = ["--model", MODELS / model, "--dataset", TEXTS / "atlas.txt", "--settings", file, "--out", out, *more]
    if processes == 2:
        return on_two_processes("-m", "layerbook_cluster", "distill", *inputs)
    assert run([str(part) for part in ["distill", *inputs]]) == 0
    return ""


def weights(folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    with safe_open(folder / "model.safetensors", "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()


STEPS = {"steps": 20, "batch": 5, "length": 24, "train": 200, "rate": 3e-4, "warmup": 2, "clip": 0.5, "gamma": 0.3}


@needs_program
@pytest.mark.parametrize("model", ["atlas-llama", "atlas-gpt2", "atlas-bert", "atlas-restless"])
def test_twenty_steps_equal_the_native_program(tmp_path, model):
    """Two processes, an odd batch, windows of unequal lengths run two by two; the native program alone."""
    out = distill(tmp_path / "two", STEPS, "--together", 2, model=model)
    options = [part for name, value in STEPS.items() for part in (f"--{name}", value)]
    native = tmp_path / "native"
    layerbook("distill", "--model", MODELS / model, "--dataset", TEXTS / "atlas.txt", *options, "--out", native)
    found, wanted = (json.loads((tmp_path / name / "training.json").read_text()) for name in ("two", "native"))
    assert found["settings"] == wanted["settings"] and found["steps"] == wanted["steps"] == 20
    assert found["loss"] == pytest.approx(wanted["loss"], rel=1e-4)
    (own, metadata), (theirs, native_metadata) = weights(tmp_path / "two"), weights(native)
    assert metadata == native_metadata and own.keys() >= theirs.keys()
    # No score depends on a constant of all keys: what a step moves their biases by is rounding, scaled up to the rate.
    compared = [name for name in theirs if not name.endswith("attention.self.key.bias")]
    difference = max(float((own[name] - theirs[name]).abs().max()) for name in compared)
    loss = max(abs(a - b) / b for a, b in zip(found["loss"], wanted["loss"]))
    print(
        f"20 steps of {model}: losses differ by {loss:.1e} at most, weights by {difference:.1e}; {out.splitlines()[-1]}"
    )
    assert difference < 1e-4
    config = [json.loads((tmp_path / name / "config.json").read_text()) for name in ("two", "native")]
    assert config[0] == config[1]


def test_checkpoint_is_ordinary(tmp_path):
    """transformers loads what was written, and the loss went down."""
    from transformers import AutoModelForCausalLM

    distill(tmp_path / "out", STEPS | {"steps": 3}, processes=1)
    AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
        "training.json",
    }  # fmt: skip


def test_a_stopped_run_goes_on_to_the_same_bits(tmp_path, capsys):
    settings = STEPS | {"steps": 6}
    distill(tmp_path / "whole", settings)
    (tmp_path / "part.json").write_text(json.dumps(settings))
    inputs = ["--model", MODELS / "atlas-llama", "--dataset", TEXTS / "atlas.txt", "--settings", tmp_path / "part.json"]
    part = tmp_path / "part"
    process = two_processes("-m", "layerbook_cluster", "distill", *inputs, "--out", part, "--save-every", 0.0001)
    while not (part / "training-state" / "latest.json").is_file():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=300)
    done = json.loads((part / "training-state" / "latest.json").read_text())["step"]
    assert 0 < done < 6 and f"stopped after step {done} of 6" in errors, errors
    resumed = [str(word) for word in ["distill", *inputs, "--out", part, "--resume"]]
    assert run(resumed) == 1
    assert "its processes is 2, not 1" in capsys.readouterr().err
    distill(part, settings, "--resume")
    whole, again = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("whole", "part"))
    assert whole == again and not (part / "training-state").exists()
    assert (part / "training.json").read_bytes() == (tmp_path / "whole" / "training.json").read_bytes()
    assert run(resumed) == 1 and "its run is over" in capsys.readouterr().err


@pytest.mark.parametrize(
    "settings, more, code, message",
    [
        ({"step": 3}, [], 2, "'step' is no setting; did you mean 'steps'"),
        ({"length": 4096}, [], 1, "holds 512 tokens; at most 512"),
        ({"train": 5000}, [], 1, "has only 2000 usable texts, and train is 5000"),
        ({}, ["--save-every", "-1"], 2, "needs a finite number above 0, found -1"),
        ({}, ["--resume"], 1, "holds no state of a run to take up again; leave --resume out"),
    ],
)
def test_wrong_input(tmp_path, capsys, settings, more, code, message):
    (tmp_path / "s.json").write_text(json.dumps(settings))
    inputs = ["--model", MODELS / "atlas-llama", "--dataset", TEXTS / "atlas.txt", "--settings", tmp_path / "s.json"]
    assert run([str(word) for word in ["distill", *inputs, "--out", tmp_path / "out", *more]]) == code
    assert message in capsys.readouterr().err


def test_killed_at_its_first_save(tmp_path):
    """A run begins anew where no state was saved whole, and what the killed one left is gone."""
    state = tmp_path / "out" / "training-state"
    (state / "step-00000001").mkdir(parents=True)
    (state / "step-00000001" / "share-00000-of-00002.safetensors").write_text("")
    distill(tmp_path / "out", STEPS | {"steps": 1, "batch": 1}, processes=1)
    assert (tmp_path / "out" / "training.json").is_file() and not state.exists()


def test_a_checkpoint_of_several_shards_is_replaced_whole(tmp_path, monkeypatch):
    """Killed among the shards, it has neither an index nor a record that speaks of other weights."""
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(MODELS / "atlas-llama")
    save = type(model).save_pretrained
    monkeypatch.setattr(type(model), "save_pretrained", lambda *a, **k: save(*a, **k, max_shard_size="200KB"))
    out = tmp_path / "out"

    def write(losses: list[float]) -> None:
        weights = {name: value + len(losses) for name, value in model.state_dict().items()}
        checkpoint.write(out, MODELS / "atlas-llama", model, weights, Settings(), losses, "float32")

    write([1.0])
    names = {path.name for path in out.iterdir()}
    assert "model.safetensors.index.json" in names and len(list(out.glob("model-*"))) > 2
    (out / ".saving-left").mkdir()
    (out / ".model-00001-of-00003.safetensors.1.partial").write_text("")
    copy, copied = tensor_file.restamped, []

    def copy_once(*arguments: object) -> None:
        if copied:
            raise KeyboardInterrupt
        copied.append(copy(*arguments))

    monkeypatch.setattr(tensor_file, "restamped", copy_once)
    with pytest.raises(KeyboardInterrupt):
        write([1.0, 0.5])
    assert {path.name for path in out.iterdir()} == names - {"model.safetensors.index.json", "training.json"}
    monkeypatch.setattr(tensor_file, "restamped", copy)
    write([1.0, 0.5])
    assert {path.name for path in out.iterdir()} == names
    assert json.loads((out / "training.json").read_text())["steps"] == 2


def test_a_folder_that_is_not_empty(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    inputs = ["--model", str(MODELS / "atlas-llama"), "--dataset", str(TEXTS / "atlas.txt"), "--out", str(tmp_path)]
    assert run(["distill", *inputs]) == 1
    assert "is there and not empty; train into another folder" in capsys.readouterr().err

"""Writes Tests/Fixtures/gradients/families.json: gradients by PyTorch's autograd of the small checkpoints of every family.

Needs torch and transformers. Each checkpoint runs in float64 on the second text of its expected.json; the loss is the sum
over positions i of the cross-entropy of token (37 i + 5) mod V. Per parameter, by its name in the checkpoint: the norm
of its gradient, and place (row-major) and value of the largest entry. Checkpoints without a head are left out.
"""

import json
import pathlib
import sys

import torch
from safetensors import safe_open
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM

torch.set_num_threads(1)
fixtures = pathlib.Path(__file__).parent.parent / "Fixtures"
folders = [fixtures / name for name in ["gpt2", "llama", "llama-tied", "qwen2", "bert"]]
folders += sorted(path for path in (fixtures / "families").iterdir() if path.is_dir())
result = {}
for folder in folders:
    config = AutoConfig.from_pretrained(folder)
    masked = any("MaskedLM" in name for name in config.architectures)
    if not masked and not any("LM" in name for name in config.architectures):
        continue
    kind = AutoModelForMaskedLM if masked else AutoModelForCausalLM
    model = kind.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    with safe_open(folder / "expected.safetensors", "pt") as file:
        ids = file.get_tensor("ids.1" if "ids.1" in file.keys() else "ids.0").flatten()
    targets = torch.tensor([(37 * i + 5) % model.config.vocab_size for i in range(len(ids))])
    logits = model(ids[None].long()).logits[0]
    loss = torch.nn.functional.cross_entropy(logits, targets, reduction="sum")
    loss.backward()
    stored = set()
    for path in folder.glob("*.safetensors"):
        if path.name != "expected.safetensors":
            with safe_open(path, "pt") as file:
                stored |= set(file.keys())
    gradients = {}
    for name, parameter in model.named_parameters():
        if parameter.grad is None:
            continue
        bare = name.split(".", 1)[1] if "." in name else name
        # transformers renames GPT-NeoX's head when it reads a checkpoint.
        names = [name, bare, "embed_out.weight" if name == "lm_head.weight" else name]
        known = next((other for other in names if other in stored), None)
        if known is None:
            print(f"{folder.name}: {name} is not in the checkpoint", file=sys.stderr)
            continue
        flat = parameter.grad.flatten()
        place = int(flat.abs().argmax())
        gradients[known] = [float(f"{flat.norm().item():.9g}"), place, float(f"{flat[place].item():.9g}")]
    result[folder.name] = {"ids": ids.tolist(), "loss": loss.item(), "gradients": gradients}
with open(fixtures / "gradients/families.json", "w") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")

"""Writes Tests/Fixtures/bypass/llama: a fixture without its middle blocks, and what transformers makes of it.

    .build/release/layerbook bypass --book none --model Tests/Fixtures/llama --span 1..3 --intercept \
        --dataset assets/texts/atlas.txt --train 60 --max-tokens 24 --out Tests/Fixtures/bypass/llama
    .build/families-venv/bin/python Tests/Generators/shortened_fixture.py Tests/Fixtures/bypass/llama

The folder is loaded as a user would, by AutoModelForCausalLM with trust_remote_code=True, in float32. With a second folder,
the whole model's, it also prints how far the two are apart, and that a model type without the file is refused.
"""

import pathlib
import sys

import torch
import transformers
from safetensors.torch import save_file

TEXTS = [[5], [5, 17, 3, 40, 8, 21], [(31 * place + 7) % 300 for place in range(40)]]


def logits(folder, texts):
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, trust_remote_code=True, dtype=torch.float32, attn_implementation="eager").eval()
    with torch.no_grad():
        return model, [model(torch.tensor([ids])).logits[0] for ids in texts]


def main():
    folder = pathlib.Path(sys.argv[1])
    model, found = logits(folder, TEXTS)
    tensors = {}
    for index, (ids, values) in enumerate(zip(TEXTS, found)):
        tensors[f"ids.{index}"] = torch.tensor(ids)
        tensors[f"logits.{index}"] = values.contiguous()
    save_file(tensors, folder / "expected.safetensors")
    print(type(model).__name__, model.config.model_type, transformers.__version__,
          "bypass" in dict(model.named_children()))
    try:
        transformers.AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=False)
        print("loaded without its file")
    except Exception as error:  # What is raised differs between versions; that it is refused does not.
        print("refused without trust:", type(error).__name__)


main()

"""Writes Tests/Fixtures/gradients/sites.json: gradients by PyTorch's autograd at patterns and norms.

Needs torch and transformers. Each checkpoint runs in float64 on the second text of its expected.json; the loss is that of
gradient_fixture.py. Every norm of a block is computed here from a copy of its input, with its scale as a tensor of its own,
after a look that it gives what the model's own gives. Per block and site: the norm of the gradient, and place and value of
its largest entry; patterns are laid out [position, head, key], the rest [position, column].
"""

import json
import pathlib

import torch
from safetensors import safe_open
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM

PLACES = {
    "gpt2": {"ln_1": "attention", "ln_2": "ffn"},
    "llama": {"input_layernorm": "attention", "post_attention_layernorm": "ffn"},
    "bert": {"attention.output.LayerNorm": "attentionOut", "output.LayerNorm": "ffnOut"},
    "gemma2": {
        "input_layernorm": "attention", "post_attention_layernorm": "attentionOut",
        "pre_feedforward_layernorm": "ffn", "post_feedforward_layernorm": "ffnOut",
    },
    "gpt_neox": {"input_layernorm": "attention", "post_attention_layernorm": "ffn"},
}


def taken_apart(norm, kept, key):
    """The norm's forward with its input and its scale as tensors that keep their gradients."""
    own = norm.forward
    centres = isinstance(norm, torch.nn.LayerNorm)
    epsilon = getattr(norm, "eps", None) or getattr(norm, "variance_epsilon", None)
    offset = 1 if type(norm).__name__.startswith("Gemma") else 0

    def forward(x):
        read = x.clone()
        centred = read - read.mean(-1, keepdim=True) if centres else read
        scale = (centred.pow(2).mean(-1, keepdim=True) + epsilon).sqrt()
        read.retain_grad()
        scale.retain_grad()
        kept["normInput", key] = read
        kept["normScale", key] = scale
        result = centred / scale * (norm.weight + offset) + (getattr(norm, "bias", None) if centres else 0)
        assert torch.allclose(result, own(x), rtol=1e-5, atol=1e-6), key
        return result

    norm.forward = forward


def summary(gradient):
    flat = gradient.flatten()
    place = int(flat.abs().argmax())
    return [float(f"{flat.norm().item():.9g}"), place, float(f"{flat[place].item():.9g}")]


torch.set_num_threads(1)
fixtures = pathlib.Path(__file__).parent.parent / "Fixtures"
result = {}
for family, places in PLACES.items():
    folder = fixtures / family if (fixtures / family).exists() else fixtures / "families" / family
    masked = any("MaskedLM" in name for name in AutoConfig.from_pretrained(folder).architectures)
    kind = AutoModelForMaskedLM if masked else AutoModelForCausalLM
    model = kind.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    with safe_open(folder / "expected.safetensors", "pt") as file:
        ids = file.get_tensor("ids.1" if "ids.1" in file.keys() else "ids.0").flatten()
    kept = {}
    for name, module in list(model.named_modules()):
        for ending, place in places.items():
            # The shorter ending of BERT's two is one of the longer too.
            if name.endswith("." + ending) and not (ending == "output.LayerNorm" and ".attention." in name):
                block = next(int(part) for part in name.split(".") if part.isdigit())
                taken_apart(module, kept, (block, place))
    targets = torch.tensor([(37 * i + 5) % model.config.vocab_size for i in range(len(ids))])
    output = model(ids[None].long(), output_attentions=True)
    for pattern in output.attentions:
        pattern.retain_grad()
    torch.nn.functional.cross_entropy(output.logits[0], targets, reduction="sum").backward()
    # What no query looks at has a gradient here, and is no number of a pattern in Layerbook.
    seen = [(pattern.grad * (pattern > 0))[0].transpose(0, 1) for pattern in output.attentions]
    blocks = [{"pattern": summary(gradient)} for gradient in seen]
    for (site, (block, place)), tensor in kept.items():
        blocks[block][f"{site}({place})"] = summary(tensor.grad)
    result[family] = {"ids": ids.tolist(), "blocks": blocks}
with open(fixtures / "gradients/sites.json", "w") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")

"""Writes Tests/Fixtures/families: a tiny random checkpoint for each family and option, and what transformers makes of it.

    python3 -m venv .build/families-venv && .build/families-venv/bin/pip install torch transformers==5.23.0
    .build/families-venv/bin/python Tests/Generators/family_fixtures.py

Weights are larger than a fresh model's, norms' gains and all biases random, so that every option moves the numbers: the
states are the input of the first block and the output of each, in float32 with eager attention, in the layout of the
other fixtures (ids.K, hidden.K [blocks + 1, tokens, d], final_norm.K, logits.K). The third text is longer than every
window; for RoBERTa it has padding tokens in it.
"""

import pathlib
import shutil

import torch
import transformers
from safetensors.torch import save_file

ROOT = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Fixtures" / "families"
LENGTHS = (1, 6, 40)
# Longer than the queries that attention takes at once, and many windows long.
LONG = {"mistral-window": 300, "gemma3": 300}
SPECIAL = dict(vocab_size=48, pad_token_id=0, bos_token_id=1, eos_token_id=2)
ENCODER = dict(SPECIAL, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
               max_position_embeddings=64)
GATED = dict(ENCODER, num_key_value_heads=2)
GPTJ = dict(SPECIAL, n_embd=32, n_layer=2, n_head=4, n_positions=64, pad_token_id=None)
OPT = dict(SPECIAL, hidden_size=32, ffn_dim=40, num_hidden_layers=2, num_attention_heads=4, word_embed_proj_dim=32,
           max_position_embeddings=64)
DISTIL = dict(SPECIAL, dim=32, hidden_dim=40, n_layers=2, n_heads=4, max_position_embeddings=64)
ALTERNATING = ["full_attention", "sliding_attention"]


def rope(**changes):
    return dict(rope_parameters=dict(rope_type="default", rope_theta=10000.0) | changes)


CASES = {
    "mistral": ("Mistral", GATED | dict(sliding_window=None)),
    "mistral-window": ("Mistral", GATED | dict(sliding_window=9, num_key_value_heads=1, head_dim=10)),
    "mistral-tied-linear": ("Mistral", GATED | dict(sliding_window=None, tie_word_embeddings=True)
                            | rope(rope_type="linear", factor=4.0)),
    "llama-bias": ("Llama", GATED | dict(attention_bias=True, mlp_bias=True, head_dim=10)),
    "qwen2-windows": ("Qwen2", GATED | dict(use_sliding_window=True, sliding_window=6, max_window_layers=1)),
    "qwen3": ("Qwen3", GATED | dict(head_dim=12)),
    "qwen3-tied-bias": ("Qwen3", GATED | dict(head_dim=8, tie_word_embeddings=True, attention_bias=True)),
    "qwen3-layer-types": ("Qwen3", GATED | dict(head_dim=8, use_sliding_window=True, sliding_window=5,
                                                layer_types=ALTERNATING)),
    "gemma": ("Gemma", GATED | dict(head_dim=16, num_key_value_heads=1)),
    "gemma-untied-bias": ("Gemma", GATED | dict(head_dim=8, tie_word_embeddings=False, attention_bias=True)),
    "gemma2": ("Gemma2", GATED | dict(head_dim=8, query_pre_attn_scalar=20, sliding_window=7, num_hidden_layers=3,
                                      attn_logit_softcapping=4.0, final_logit_softcapping=3.0)),
    "gemma2-uncapped": ("Gemma2", GATED | dict(head_dim=8, query_pre_attn_scalar=8, sliding_window=5,
                                               layer_types=ALTERNATING, attn_logit_softcapping=None,
                                               final_logit_softcapping=None, attention_bias=True)),
    "gemma3": ("Gemma3Text", GATED | dict(
        head_dim=8, query_pre_attn_scalar=18, sliding_window=7, num_hidden_layers=3,
        layer_types=["sliding_attention", "full_attention", "sliding_attention"],
        rope_parameters=dict(full_attention=dict(rope_type="linear", factor=8.0, rope_theta=50000.0),
                             sliding_attention=dict(rope_type="default", rope_theta=100.0)))),
    "gemma3-capped": ("Gemma3Text", GATED | dict(head_dim=8, query_pre_attn_scalar=8, sliding_window=7,
                                                 sliding_window_pattern=2, final_logit_softcapping=3.0)),
    "phi3": ("Phi3", GATED),
    "phi3-partial": ("Phi3", GATED | rope(partial_rotary_factor=0.5)),
    "phi3-window": ("Phi3", GATED | dict(num_key_value_heads=4, sliding_window=11, tie_word_embeddings=True)),
    "olmo2": ("Olmo2", GATED),
    "olmo2-bias": ("Olmo2", GATED | dict(num_key_value_heads=4, attention_bias=True, tie_word_embeddings=True)
                   | rope(rope_theta=500000.0)),
    "gpt_neox": ("GPTNeoX", ENCODER | rope(partial_rotary_factor=0.25)),
    "gpt_neox-serial": ("GPTNeoX", ENCODER | dict(use_parallel_residual=False, attention_bias=False)
                        | rope(partial_rotary_factor=0.5)),
    "gpt_neox-tied-linear": ("GPTNeoX", ENCODER | dict(tie_word_embeddings=True, hidden_act="gelu_new")
                             | rope(rope_type="linear", factor=2.0, partial_rotary_factor=1.0)),
    "gptj": ("GPTJ", GPTJ | dict(rotary_dim=4)),
    "gptj-tied": ("GPTJ", GPTJ | dict(rotary_dim=8, n_inner=44, tie_word_embeddings=True)),
    "gpt2-relu": ("GPT2", GPTJ | dict(activation_function="relu", n_inner=44)),
    "opt": ("OPT", OPT),
    "opt-post-norm": ("OPT", OPT | dict(do_layer_norm_before=False)),
    "opt-bare": ("OPT", OPT | dict(_remove_final_layer_norm=True, enable_bias=False, tie_word_embeddings=False,
                                   activation_function="gelu")),
    "roberta": ("Roberta", ENCODER | dict(pad_token_id=1, type_vocab_size=1)),
    "roberta-untied": ("Roberta", ENCODER | dict(pad_token_id=5, hidden_act="relu", tie_word_embeddings=False)),
    "distilbert": ("DistilBert", DISTIL | dict(sinusoidal_pos_embds=True)),
    "distilbert-untied": ("DistilBert", DISTIL | dict(activation="relu", tie_word_embeddings=False)),
    "bert-untied": ("Bert", ENCODER | dict(tie_word_embeddings=False)),
}


def build(family, options, seed):
    """A model in evaluation mode with weights that a fresh one would not have."""
    config = getattr(transformers, family + "Config")(**options)
    config._attn_implementation = "eager"
    names = {"Gemma3Text": "Gemma3ForCausalLM", "GPT2": "GPT2LMHeadModel"}
    suffix = "ForMaskedLM" if family in ("Roberta", "DistilBert", "Bert") else "ForCausalLM"
    torch.manual_seed(seed)
    model = getattr(transformers, names.get(family, family + suffix))(config).eval().float()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            is_norm = any(part in name.lower() for part in ("norm", "ln_"))
            if weight.dim() > 1:
                is_table = any(part in name for part in ("embed", "wte", "wpe"))
                weight.normal_(0, 0.5 if is_table else 0.7 / weight.shape[-1] ** 0.5)
            elif is_norm and not name.endswith("bias"):
                weight.normal_(0 if family.startswith("Gemma") else 1, 0.3)
            else:
                weight.normal_(0, 0.2)
    return model


def watch(model, options):
    """A list that a run fills with h_0 … h_L, and one that it fills with the final norm's output."""
    count = options.get("num_hidden_layers") or options.get("n_layer") or options.get("n_layers")
    states, normed = [], []
    layers = next(m for m in model.modules() if isinstance(m, torch.nn.ModuleList) and len(m) == count)
    layers[0].register_forward_pre_hook(
        lambda _, args, named: states.append((args[0] if args else named["hidden_states"]).clone()), with_kwargs=True)
    for layer in layers:
        layer.register_forward_hook(lambda _, args, out: states.append((out[0] if isinstance(out, tuple) else out).clone()))
    finals = ("model.norm", "transformer.ln_f", "gpt_neox.final_layer_norm", "model.decoder.final_layer_norm")
    for name, module in model.named_modules():
        if name in finals:
            module.register_forward_hook(lambda _, args, out: normed.append(out.clone()))
    return states, normed


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    for seed, (name, (family, options)) in enumerate(CASES.items()):
        lengths = LENGTHS + ((LONG[name],) if name in LONG else ())
        if name in LONG:
            options = options | dict(max_position_embeddings=320)
        model = build(family, options, seed)
        model.save_pretrained(ROOT / name)
        (ROOT / name / "generation_config.json").unlink(missing_ok=True)
        states, normed = watch(model, options)
        random = torch.Generator().manual_seed(seed)
        expected = {}
        for index, length in enumerate(lengths):
            ids = torch.randint(6, 48, (1, length), generator=random)
            if family == "Roberta" and length == max(lengths):
                ids[0, [3, 20, length - 1]] = options["pad_token_id"]
            states.clear(), normed.clear()
            with torch.no_grad():
                logits = model(input_ids=ids).logits
            expected[f"ids.{index}"] = ids[0]
            expected[f"hidden.{index}"] = torch.stack([state.reshape(length, -1) for state in states])
            if normed:
                expected[f"final_norm.{index}"] = normed[0].reshape(length, -1).contiguous()
            expected[f"logits.{index}"] = logits[0].contiguous()
        save_file(expected, ROOT / name / "expected.safetensors")


if __name__ == "__main__":
    main()

# Llama with some blocks replaced by one linear layer on the residual stream. Written by layerbook.
# Load it with AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True).
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM


class BypassConfig(LlamaConfig):
    model_type = "layerbook_bypass_llama"


class BypassForCausalLM(LlamaForCausalLM):
    config_class = BypassConfig

    def __init__(self, config):
        super().__init__(config)
        declared = config.layerbook_bypass
        self.bypass = nn.Linear(config.hidden_size, config.hidden_size, bias=declared["bias"])
        # The layer maps what the block before it gives, so every later block and the final norm see the result.
        block = self.get_submodule(declared["blocks"])[declared["level"] - 1]
        block.register_forward_hook(self._map)

    def _map(self, block, inputs, output):
        if isinstance(output, tuple):
            return (self.bypass(output[0]),) + tuple(output[1:])
        return self.bypass(output)


# Versions that rename tensors as they load them do so for their own classes only.
try:
    from transformers import conversion_mapping as _names

    _renames = _names.get_checkpoint_conversion_mapping("LlamaForCausalLM")
    if _renames is not None:
        _names.register_checkpoint_conversion_mapping("layerbook_bypass_llama", _renames, overwrite=True)
except (ImportError, AttributeError):
    pass

/// The small Python file from which transformers learns of a linear layer among the blocks.
///
/// It is used with `trust_remote_code=True`; the architecture's `model_type` is one that transformers does not know, so
/// that without it nothing is loaded at all, rather than a model without the layer.
struct ModelingFile {
  static let module = "modeling_bypass"
  static let name = module + ".py"
  static let className = "BypassForCausalLM"
  static let configurationName = "BypassConfig"

  private let family: ModelConfiguration.Family

  init(_ family: ModelConfiguration.Family) { self.family = family }

  /// The architecture's name in config.json.
  var modelType: String { BypassDeclaration.typePrefix + family.rawValue }

  /// Where transformers' model keeps its blocks.
  var blocks: String {
    switch family {
    case .gpt2, .gptJ: "transformer.h"
    case .gptNeoX: "gpt_neox.layers"
    case .opt: "model.decoder.layers"
    default: "model.layers"
    }
  }

  /// The classes that it extends.
  private var parents: (configuration: String, model: String) {
    let prefix = family.reader.classPrefix
    return (
      prefix + (family == .gemma3 ? "TextConfig" : "Config"), prefix + (family == .gpt2 ? "LMHeadModel" : "ForCausalLM")
    )
  }

  /// The file.
  var text: String {
    let (configuration, model) = parents
    return """
      # \(family.name) with some blocks replaced by one linear layer on the residual stream. Written by layerbook.
      # Load it with AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True).
      from torch import nn
      from transformers import \(configuration), \(model)


      class \(Self.configurationName)(\(configuration)):
          model_type = "\(modelType)"


      class \(Self.className)(\(model)):
          config_class = \(Self.configurationName)

          def __init__(self, config):
              super().__init__(config)
              declared = config.\(BypassDeclaration.key)
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

          _renames = _names.get_checkpoint_conversion_mapping("\(model)")
          if _renames is not None:
              _names.register_checkpoint_conversion_mapping("\(modelType)", _renames, overwrite=True)
      except (ImportError, AttributeError):
          pass

      """
  }
}

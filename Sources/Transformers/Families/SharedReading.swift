extension ConfigurationFields {
  /// An activation by the name transformers gives it.
  func activation(_ key: String, default standard: String) throws(ModelError) -> ModelConfiguration.Activation {
    switch try string(key) ?? standard {
    case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": return .geluTanh
    case "gelu", "gelu_python": return .geluErf
    case "silu", "swish": return .silu
    case "relu": return .relu
    case "tanh": return .tanh
    default:
      throw unsupported(
        key, "this activation is not implemented; supported are gelu_new, gelu_pytorch_tanh, gelu, silu, relu, tanh")
    }
  }

  /// The heads of an architecture in which heads share the width of the stream, each with keys of its own.
  func heads(_ key: String, width: Int, widthKey: String) throws(ModelError) -> Int {
    let heads = try size(key, limit: 1 << 16)
    guard width % heads == 0 else {
      throw .load(.configuration, path, "'\(widthKey)' is \(width), not a multiple of '\(key)', \(heads)")
    }
    return heads
  }

  /// Refuses a size that stands under two names with two values; transformers knows both names of these.
  func refuseContradictions(_ names: KeyValuePairs<String, String>) throws(ModelError) {
    for (key, alias) in names {
      guard let second = value(alias), let first = value(key), first != second else { continue }
      throw .load(.configuration, path, "'\(alias)' contradicts '\(key)'")
    }
  }

  /// The number of blocks.
  func blocks(_ key: String) throws(ModelError) -> Int { try size(key, limit: 4096) }
}

extension ModelConfiguration {
  /// Adds the special tokens that the file names.
  mutating func readTokens(_ fields: ConfigurationFields) {
    bosToken = fields.tokens("bos_token_id", vocabulary: vocabulary).first
    eosTokens = fields.tokens("eos_token_id", vocabulary: vocabulary)
    padToken = fields.tokens("pad_token_id", vocabulary: vocabulary).first
  }
}

extension AttentionPlan {
  /// Scores divided by √d_h, every position seen that the mask allows.
  static func plain(headWidth: Int, rotary: RotaryPlan? = nil, isCausal: Bool = true) -> AttentionPlan {
    AttentionPlan(scale: standardScale(headWidth: headWidth), isCausal: isCausal, rotary: rotary)
  }
}

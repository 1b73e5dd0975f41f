/// What Llama and its descendants share: RMSNorm, a gated network, rotary positions, grouped keys, and the names of keys
/// and tensors.
struct GatedDecoder {
  /// Options that `configuration` reads itself.
  static let options = RotaryNames.options

  var family: ModelConfiguration.Family
  /// transformers' defaults for keys that a file does not mention.
  var context: Int
  var epsilon = 1e-6
  var kvHeads: Int?
  var headWidth: Int?
  var isTied = false
  var activationKey = "hidden_act"
  var activation = "silu"
  /// How rotary positions are written; nil where the family reads them itself.
  var rotary: RotaryNames? = RotaryNames()
  /// Where a block's norms stand.
  var norms = Norms.before
  /// What the stored weights of norms mean.
  var gain = NormPlan.Gain.weight

  /// Where a block's norms stand.
  enum Norms {
    /// Before attention and before the network.
    case before
    /// On what attention and the network add.
    case after
    /// Before and after, four to a block.
    case around
  }

  /// Reads the sizes and a plan that is the same for every block.
  func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    let width = try fields.size("hidden_size")
    let heads = try fields.size("num_attention_heads", limit: 1 << 16)
    let kvHeads = try readKVHeads(fields, heads: heads)
    let headWidth = try readHeadWidth(fields, width: width, heads: heads)
    let blocks = try fields.blocks("num_hidden_layers")
    let activation = try fields.activation(activationKey, default: self.activation)
    guard activation == .silu || activation == .geluTanh else {
      throw fields.unsupported(activationKey, "a gated network is implemented for silu and gelu_pytorch_tanh")
    }
    let norm = NormPlan(.rmsNorm, epsilon: try fields.epsilon("rms_norm_eps", default: epsilon), gain: gain)
    let rotary = try self.rotary.map { names throws(ModelError) in try names.read(fields, headWidth: headWidth) }
    let (before, after) = (norms == .after ? nil : norm, norms == .before ? nil : norm)
    let plan = BlockPlan(
      residual: .serial, attentionNorm: before, attentionOutNorm: after, ffnNorm: before, ffnOutNorm: after,
      attention: .plain(headWidth: headWidth, rotary: rotary), ffn: FeedForwardPlan(activation, isGated: true))
    var result = ModelConfiguration(
      family: family, blocks: blocks, width: width, heads: heads, kvHeads: kvHeads, headWidth: headWidth,
      ffnWidth: try fields.size("intermediate_size"), vocabulary: try fields.size("vocab_size"),
      context: try fields.size("max_position_embeddings", default: context),
      plans: Array(repeating: plan, count: blocks), head: HeadPlan(norm: norm),
      isTied: try fields.bool("tie_word_embeddings", default: isTied))
    result.readTokens(fields)
    return result
  }

  private func readKVHeads(_ fields: ConfigurationFields, heads: Int) throws(ModelError) -> Int {
    let key = "num_key_value_heads"
    let found = try fields.size(key, default: fields.mentions(key) ? heads : kvHeads ?? heads, limit: 1 << 16)
    guard heads % found == 0 else {
      throw .load(
        .configuration, fields.path, "'num_attention_heads' is \(heads), not a multiple of '\(key)', \(found)")
    }
    return found
  }

  private func readHeadWidth(_ fields: ConfigurationFields, width: Int, heads: Int) throws(ModelError) -> Int {
    let key = "head_dim"
    if fields.value(key) != nil { return try fields.size(key, limit: 1 << 16) }
    if let headWidth { return headWidth }
    guard width % heads == 0 else {
      throw .load(
        .configuration, fields.path, "'hidden_size' is \(width), not a multiple of 'num_attention_heads', \(heads)")
    }
    return width / heads
  }
}

extension ModelConfiguration {
  /// Changes the plan of every block.
  mutating func changePlans(_ change: (inout BlockPlan, Int) -> Void) {
    for block in plans.indices { change(&plans[block], block) }
  }
}

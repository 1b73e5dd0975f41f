/// Qwen2 and 2.5: Llama's block with biases on queries, keys and values.
///
/// Source: Yang et al., Qwen2 Technical Report.
enum Qwen2: FamilyReader {
  static let name = "Qwen2"
  static let classPrefix = "Qwen2"
  static let ownOptions = RotaryNames.options.union(windowOptions)
  /// What `windows` consults.
  static let windowOptions = LayerTypes.options.union(["use_sliding_window"])

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    var c = try GatedDecoder(family: .qwen2, context: 32_768, kvHeads: 32).configuration(fields)
    // Whatever the file says of biases, transformers' Qwen2 has these and no others.
    c.hasQueryBias = true
    let windows = try windows(fields, blocks: c.blocks)
    c.changePlans { plan, block in plan.attention.window = windows[block] }
    return c
  }

  /// Qwen's windows: off unless `use_sliding_window`, and then from block `max_window_layers` on.
  static func windows(_ fields: ConfigurationFields, blocks: Int) throws(ModelError) -> [Int?] {
    let isUsed = try fields.bool("use_sliding_window", default: false)
    let window = isUsed ? try LayerTypes.window(fields, default: 4096) : nil
    let first = try fields.wholeNumber("max_window_layers", default: 28, in: 0...1 << 26)
    return try LayerTypes.windows(fields, blocks: blocks, window: window) { window != nil && $0 >= first }
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    GatedDecoderTensors(c, exists: exists).model(exists: exists)
  }
}

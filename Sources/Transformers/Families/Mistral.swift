/// Mistral 7B and its kin: Llama's block, with a sliding window in the first release.
///
/// Source: Jiang et al., Mistral 7B.
enum Mistral: FamilyReader {
  static let name = "Mistral"
  static let classPrefix = "Mistral"
  static let ownOptions = RotaryNames.options.union(LayerTypes.options)

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    var c = try GatedDecoder(family: .mistral, context: 131_072, kvHeads: 8).configuration(fields)
    // Every block has the window wherever the key is not null; a file that names each block's attention is a Ministral's.
    let window = try LayerTypes.window(fields, default: 4096)
    let windows = try LayerTypes.windows(fields, blocks: c.blocks, window: window) { _ in window != nil }
    c.changePlans { plan, block in plan.attention.window = windows[block] }
    return c
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    GatedDecoderTensors(c, exists: exists).model(exists: exists)
  }
}

/// Which blocks look through a window.
enum LayerTypes {
  /// Keys that `windows` consults.
  static let options: Set<String> = ["layer_types", "sliding_window"]

  /// The window of each block, nil for full attention.
  ///
  /// - Parameters:
  ///   - window: `sliding_window` as `window(_:_:)` reads it.
  ///   - isSliding: Which blocks have it where the file has no `layer_types`.
  static func windows(
    _ fields: ConfigurationFields, blocks: Int, window: Int?, isSliding: (Int) -> Bool
  ) throws(ModelError) -> [Int?] {
    var sliding = (0..<blocks).map(isSliding)
    if fields.value("layer_types") != nil { sliding = try types(fields, blocks: blocks) }
    if window == nil, sliding.contains(true) {
      throw fields.wrongType("sliding_window", "the width of the window that some blocks have")
    }
    return sliding.map { $0 ? window : nil }
  }

  /// `sliding_window`: the positions that one sees, itself included; `standard` only where the file has no such key.
  static func window(_ fields: ConfigurationFields, default standard: Int?) throws(ModelError) -> Int? {
    guard fields.value("sliding_window") != nil else { return fields.mentions("sliding_window") ? nil : standard }
    return try fields.size("sliding_window")
  }

  private static func types(_ fields: ConfigurationFields, blocks: Int) throws(ModelError) -> [Bool] {
    guard let list = fields.value("layer_types")?.arrayValue, list.count == blocks else {
      throw fields.wrongType("layer_types", "a list of \(blocks) texts, one to a block")
    }
    var sliding: [Bool] = []
    for item in list {
      switch item.stringValue {
      case "full_attention": sliding.append(false)
      case "sliding_attention": sliding.append(true)
      default: throw fields.unsupported("layer_types", "supported are full_attention and sliding_attention")
      }
    }
    return sliding
  }
}

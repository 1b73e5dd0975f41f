import Transformers

/// Multiply-adds of one token: every weight that multiplies, once.
///
/// The sums of attention itself, which grow with the text, are not counted, nor are norms.
public enum MultiplyAdds {
  /// The products of one block.
  public static func block(_ c: ModelConfiguration) -> Double { Double(c.weightsPerBlock) }

  /// The products that give keys and values of one block.
  public static func keysAndValues(_ c: ModelConfiguration) -> Double { Double(2 * c.width * c.keyWidth) }

  /// The unembedding, and what stands before it in a masked model's head.
  public static func head(_ c: ModelConfiguration) -> Double {
    Double(c.vocabulary * c.width + (c.head.transform == nil ? 0 : c.width * c.width))
  }

  /// Every block and the head.
  public static func model(_ c: ModelConfiguration) -> Double {
    let layer = c.streamMap == nil ? 0 : c.width * c.width
    return Double(c.blocks) * block(c) + Double(layer) + head(c)
  }

  /// The model without the blocks of a bypass, with its map.
  public static func model(_ c: ModelConfiguration, with bypass: Bypass) -> Double {
    model(c) - Double(bypass.span.count) * block(c) + Double(bypass.map?.multiplyAdds ?? 0)
  }
}

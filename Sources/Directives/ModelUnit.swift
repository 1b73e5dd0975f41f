import Diagnostics

/// A part of a model: a block, a neuron of its feed-forward layer, an attention head, or one dimension of a head's values
/// as one position of a text brings it.
///
/// Written `L28`, `L28.N29`, `L21.H19`, `L21.H19.D7@1`; all numbers count from 0.
public struct ModelUnit: Sendable, Hashable, CustomStringConvertible {
  /// What is meant inside the block.
  public enum Part: Sendable, Hashable {
    /// The whole block.
    case block
    /// A neuron of the feed-forward layer.
    case neuron(Int)
    /// An attention head.
    case head(Int)
    /// A dimension of a head's values at a source position (an attention neuron).
    case headDimension(Int, dimension: Int, position: Int)
  }

  /// 0-based block.
  public var layer: Int
  /// What is meant inside it.
  public var part: Part

  public init(layer: Int, part: Part = .block) {
    self.layer = layer
    self.part = part
  }

  /// Reads a unit; nil where the text is none.
  public init?(_ text: String) {
    let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = pieces.first, let layer = ModelUnit.number(first, after: "L"),
      let part = ModelUnit.part(pieces.dropFirst())
    else { return nil }
    (self.layer, self.part) = (layer, part)
  }

  /// Whether a text begins as a part of a block does, well written or not: `L` and digits, then a dot.
  static func isBegun(by text: String) -> Bool {
    let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
    return pieces.count > 1 && number(pieces[0], after: "L") != nil
  }

  /// What pieces behind the block's mean; nil where they mean nothing.
  private static func part(_ pieces: ArraySlice<Substring>) -> Part? {
    guard let first = pieces.first else { return .block }
    if pieces.count == 1, let neuron = number(first, after: "N") { return .neuron(neuron) }
    guard let head = number(first, after: "H"), let last = pieces.last else { return nil }
    if pieces.count == 1 { return .head(head) }
    let ends = last.split(separator: "@", omittingEmptySubsequences: false)
    guard pieces.count == 2, ends.count == 2, let dimension = number(ends[0], after: "D"),
      let position = number("@" + ends[1], after: "@")
    else { return nil }
    return .headDimension(head, dimension: dimension, position: position)
  }

  /// The unit as it is written.
  public var description: String {
    switch part {
    case .block: "L\(layer)"
    case .neuron(let index): "L\(layer).N\(index)"
    case .head(let index): "L\(layer).H\(index)"
    case .headDimension(let head, let dimension, let position): "L\(layer).H\(head).D\(dimension)@\(position)"
    }
  }

  private static func number(_ text: some StringProtocol, after letter: Character) -> Int? {
    guard text.first == letter, let value = NumberReading.int(String(text.dropFirst())), value >= 0 else { return nil }
    return value
  }
}

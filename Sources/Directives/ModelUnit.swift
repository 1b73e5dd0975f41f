import Diagnostics

/// A part of a model: a block, a neuron of its feed-forward layer, or an attention head.
///
/// Written `L28`, `L28.N29`, `L21.H19`; all numbers count from 0.
public struct ModelUnit: Sendable, Hashable, CustomStringConvertible {
  /// What is meant inside the block.
  public enum Part: Sendable, Hashable {
    /// The whole block.
    case block
    /// A neuron of the feed-forward layer.
    case neuron(Int)
    /// An attention head.
    case head(Int)
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
    guard let first = pieces.first, pieces.count <= 2, let layer = ModelUnit.number(first, after: "L") else {
      return nil
    }
    self.layer = layer
    part = .block
    guard pieces.count == 2 else { return }
    if let neuron = ModelUnit.number(pieces[1], after: "N") {
      part = .neuron(neuron)
    } else if let head = ModelUnit.number(pieces[1], after: "H") {
      part = .head(head)
    } else {
      return nil
    }
  }

  /// The unit as it is written.
  public var description: String {
    switch part {
    case .block: "L\(layer)"
    case .neuron(let index): "L\(layer).N\(index)"
    case .head(let index): "L\(layer).H\(index)"
    }
  }

  private static func number(_ text: Substring, after letter: Character) -> Int? {
    guard text.first == letter, let value = NumberReading.int(String(text.dropFirst())), value >= 0 else { return nil }
    return value
  }
}

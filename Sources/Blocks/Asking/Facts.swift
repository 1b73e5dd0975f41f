import JSONText

/// What a caption must say of a result besides its settings: the sample's size, the model's shape.
public struct Facts: Sendable, Equatable {
  /// Blocks of the model, L.
  public var blocks: Int
  /// Width of the residual stream, d.
  public var width: Int
  /// The model's family, such as `llama`; nil for captured states alone.
  public var family: String?
  /// Texts used; nil where a states file does not tell.
  public var texts: Int?
  /// Positions used.
  public var positions: Int
  /// Position mode of the sample.
  public var position: String
  /// Samples that fitted a map and samples that judged it, where the engine splits them.
  public var split: Split?

  /// Sizes of a split.
  public struct Split: Sendable, Equatable {
    /// Samples that fitted.
    public var train: Int
    /// Samples that judged.
    public var test: Int
  }

  public init(
    blocks: Int, width: Int, family: String?, texts: Int?, positions: Int, position: String, split: Split? = nil
  ) {
    self.blocks = blocks
    self.width = width
    self.family = family
    self.texts = texts
    self.positions = positions
    self.position = position
    self.split = split
  }
}

// MARK: - Beside a result

extension Facts: Codable {
  /// The members as they are kept: the sizes of the split stand beside the others.
  private struct Kept: Codable {
    var blocks: Int
    var width: Int
    var family: String?
    var texts: Int?
    var positions: Int
    var position: String
    var train: Int?
    var test: Int?
  }

  public init(from decoder: any Decoder) throws {
    let kept = try Kept(from: decoder)
    self.init(
      blocks: kept.blocks, width: kept.width, family: kept.family, texts: kept.texts, positions: kept.positions,
      position: kept.position)
    if let train = kept.train, let test = kept.test { split = Split(train: train, test: test) }
  }

  public func encode(to encoder: any Encoder) throws {
    try Kept(
      blocks: blocks, width: width, family: family, texts: texts, positions: positions, position: position,
      train: split?.train, test: split?.test
    ).encode(to: encoder)
  }
}

/// An answer as it is kept: the result, whatever its type, and the facts beside it.
struct KeptAnswer: Codable {
  var result: JSONValue
  var facts: Facts
}

extension Facts {
  /// Of an answer that no model gave, such as an author's own table.
  static let none = Facts(blocks: 0, width: 0, family: nil, texts: nil, positions: 0, position: "")

  /// What every view's example is shaped like: two blocks, two wide.
  static let example = Facts(
    blocks: 2, width: 2, family: "llama", texts: 10, positions: 10, position: "last", split: Split(train: 8, test: 2))
}

/// The ids of the tokens that have a task of their own; nil where the model's files name none.
public struct SpecialTokens: Sendable, Equatable {
  /// Begin of a text.
  public internal(set) var bos: Int?
  /// End of a text.
  public internal(set) var eos: Int?
  /// A place to be predicted.
  public internal(set) var mask: Int?
  /// Filling.
  public internal(set) var pad: Int?
  /// What the vocabulary cannot say.
  public internal(set) var unk: Int?
  /// Separator of two texts.
  public internal(set) var sep: Int?
  /// BERT's first token.
  public internal(set) var cls: Int?

  /// No tokens.
  public init() {}

  /// Every one under the name it has in `tokenizer_config.json`, less `_token`.
  static let names: [(name: String, field: WritableKeyPath<SpecialTokens, Int?> & Sendable)] = [
    ("bos", \.bos), ("eos", \.eos), ("mask", \.mask), ("pad", \.pad), ("unk", \.unk), ("sep", \.sep), ("cls", \.cls),
  ]
}

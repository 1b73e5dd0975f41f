/// The special tokens put around the ids of a text.
struct TokenTemplate: Sendable {
  var prefix: [Int] = []
  var suffix: [Int] = []

  /// The template that applies this one first and `outer` to its result.
  func wrapped(in outer: TokenTemplate) -> TokenTemplate {
    TokenTemplate(prefix: outer.prefix + prefix, suffix: suffix + outer.suffix)
  }
}

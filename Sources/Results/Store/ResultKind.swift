/// A department of the store: results of directives, or work that several directives share.
public struct ResultKind: Hashable, Sendable {
  /// The folder's name: lower-case letters, digits and hyphens.
  public let name: String

  /// A kind of one's own.
  ///
  /// - Precondition: `name` is one or more of `a-z`, `0-9` and `-`.
  public init(_ name: String) {
    let isPlain = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    precondition(isPlain && !name.isEmpty, "kind '\(name)' is not made of a-z, 0-9 and -")
    self.name = name
  }

  /// What a directive shows.
  public static let result = ResultKind("result")

  /// Captured hidden states.
  public static let states = ResultKind("states")

  /// Regressions of one depth on another.
  public static let fit = ResultKind("fit")

  /// Fitted linear maps.
  public static let maps = ResultKind("maps")
}

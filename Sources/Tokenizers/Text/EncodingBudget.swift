/// What one call of `encode` or `decode` may use at most, so that no file can make a short text fill the memory or
/// take hours.
struct EncodingBudget {
  /// A normalised text may be so many times as long as the text it comes from, apart from `allowance`.
  static let growth = 64
  /// A normalised text may be so many bytes longer than `growth` times the text it comes from.
  static let allowance = 1 << 16
  /// The longest text, normalised or not, in bytes.
  static let longestText = 1 << 30

  /// How long all texts made of the one text may be together, in bytes.
  let longestResult: Int
  private var finished = 0
  /// Steps of backtracking that are left.
  private var steps: Int
  /// Bytes that searches may still see.
  private var sight = 1 << 30

  /// The budget of a text of so many bytes.
  init(textLength: Int) {
    longestResult = min(textLength * Self.growth + Self.allowance, Self.longestText)
    steps = 1 << 27 + textLength * 64
  }

  /// Whether so many more steps of searching may be taken; they are taken then.
  mutating func spend(steps count: Int) -> Bool {
    steps -= count
    return steps >= 0
  }

  /// Whether a search may look at so many bytes; it is taken to look at them all then.
  mutating func spend(sight count: Int) -> Bool {
    sight -= count
    return sight >= 0
  }

  /// Refuses a text in the making that is too long together with those that are finished.
  @inline(__always)
  func check(length: Int) throws(EncodingFailure) {
    guard finished + length <= longestResult else { throw tooLong }
  }

  /// Counts a text that is finished.
  mutating func finish(length: Int) throws(EncodingFailure) {
    try check(length: length)
    finished += length
  }

  private var tooLong: EncodingFailure {
    EncodingFailure(
      .limit,
      "the text grows beyond \(longestResult) bytes, the limit for its length (\(Self.growth) times as long and "
        + "\(Self.allowance) bytes more, at most \(Self.longestText))")
  }
}

/// Why a text cannot be encoded or decoded; `Tokenizer` adds the file.
struct EncodingFailure: Error {
  var code: TokenizerError.Code
  var message: String

  init(_ code: TokenizerError.Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

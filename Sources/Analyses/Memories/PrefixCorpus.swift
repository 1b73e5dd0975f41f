/// The prefixes of some texts: a prefix ends at a position of a text, and some token follows it.
///
/// Positions count that have a token after them; that of the beginning-of-text token does not.
public struct PrefixCorpus: Sendable {
  /// The tokens of each text, special ones included.
  public let texts: [[Int]]
  /// The first position of each text that counts.
  public let first: [Int]
  /// Prefixes in all.
  public let count: Int
  /// The number of each prefix by text and by position from the first one on.
  ///
  /// Where a model sees no later token, prefixes of the same tokens are one and the same to it and have one number.
  private let numbers: [[Int32]]
  /// The token after each prefix as it was met first, and whether another one followed the same prefix elsewhere.
  private let followers: [(token: Int, isShared: Bool)]

  /// Numbers the prefixes of some texts.
  ///
  /// - Parameters:
  ///   - texts: tokens of each text.
  ///   - beginning: the beginning-of-text token, which is no prefix by itself; nil where there is none.
  ///   - isCausal: whether later tokens cannot change what the model makes of a prefix; if they can, the same prefix is one
  ///     only in texts that are the same as a whole.
  public init(_ texts: [[Int]], beginning: Int?, isCausal: Bool = true) {
    struct Step: Hashable {
      var prefix: Int32
      var token: Int
    }
    var known: [Step: Int32] = [:]
    var wholes: [[Int]: Int32] = [:]
    var followers: [(token: Int, isShared: Bool)] = []
    var (numbers, first): ([[Int32]], [Int]) = ([], [])
    for text in texts {
      let start = text.first != nil && text.first == beginning ? 1 : 0
      var prefix: Int32 = -1
      if !isCausal {
        let number = wholes[text] ?? Int32(clamping: -2 - wholes.count)
        wholes[text] = number
        prefix = number
      }
      var own: [Int32] = []
      for position in text.indices.dropLast() {
        let step = Step(prefix: prefix, token: text[position])
        if let seen = known[step] {
          prefix = seen
          if followers[Int(seen)].token != text[position + 1] { followers[Int(seen)].isShared = true }
        } else {
          prefix = Int32(clamping: followers.count)
          known[step] = prefix
          followers.append((text[position + 1], false))
        }
        if position >= start { own.append(prefix) }
      }
      numbers.append(own)
      first.append(start)
    }
    (self.texts, self.first, self.numbers, self.followers) = (texts, first, numbers, followers)
    count = numbers.reduce(0) { $0 + $1.count }
  }

  /// Positions of a text that count.
  public func positions(_ text: Int) -> Range<Int> { first[text]..<first[text] + numbers[text].count }

  /// The token after a prefix.
  public func next(_ text: Int, _ position: Int) -> Int { texts[text][position + 1] }

  /// The tokens of a prefix, the beginning of the text included.
  public func tokens(_ text: Int, _ position: Int) -> ArraySlice<Int> { texts[text][...position] }

  /// What identifies a prefix among all of them.
  func number(_ text: Int, _ position: Int) -> Int32 { numbers[text][position - first[text]] }

  /// The least number of a prefix that no text before this one has.
  func firstNumber(newIn text: Int) -> Int32 { 1 + (numbers[..<text].joined().max() ?? -1) }

  /// Whether different tokens follow the same prefix in different texts.
  func hasSeveralFollowers(_ number: Int32) -> Bool { followers[Int(number)].isShared }
}

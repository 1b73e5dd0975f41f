/// A token that is found in the text itself, before the model sees it.
struct AddedToken: Sendable {
  var id: Int
  var content: [UInt8]
  /// Matches only where no word character stands next to it.
  var isSingleWord: Bool
  /// Swallows white space to its left.
  var stripsLeft: Bool
  /// Swallows white space to its right.
  var stripsRight: Bool
  /// Is looked for in the normalised text.
  var isNormalized: Bool
  /// Carries no text of its own.
  var isSpecial: Bool
}

/// Finds added tokens: the leftmost, and of those the longest, by a trie of bytes.
struct AddedTokenMatcher: Sendable {
  private struct Node: Sendable {
    var children: [UInt8: Int32] = [:]
    /// The token that ends here, or -1.
    var token: Int32 = -1
  }

  private var nodes = [Node()]
  private var tokens: [AddedToken] = []
  private var isFirstByte = [Bool](repeating: false, count: 256)

  /// Whether there is nothing to find.
  var isEmpty: Bool { tokens.isEmpty }

  /// A matcher of these tokens, each spelled as it stands in the text to search.
  init(_ spellings: [(spelling: [UInt8], token: AddedToken)]) {
    for (spelling, token) in spellings where !spelling.isEmpty {
      var node = 0
      for byte in spelling {
        if let child = nodes[node].children[byte] {
          node = Int(child)
        } else {
          nodes[node].children[byte] = Int32(nodes.count)
          node = nodes.count
          nodes.append(Node())
        }
      }
      guard nodes[node].token < 0 else { continue }
      nodes[node].token = Int32(tokens.count)
      tokens.append(token)
      isFirstByte[Int(spelling[0])] = true
    }
  }

  /// A stretch of text, or a token found in it.
  struct Part {
    var range: Range<Int>
    var id: Int?
  }

  /// Cuts a text into tokens and the stretches between them.
  func split(_ text: [UInt8]) -> [Part] {
    guard !isEmpty else { return text.isEmpty ? [] : [Part(range: 0..<text.count)] }
    var parts: [Part] = []
    var last = 0
    var index = 0
    while index < text.count {
      guard isFirstByte[Int(text[index])], let (token, end) = longestMatch(text, index) else {
        index += 1
        continue
      }
      let found = index..<end
      index = end
      guard !token.isSingleWord || Self.standsAlone(found, text) else { continue }
      let start = token.stripsLeft ? max(Self.startOfSpace(before: found.lowerBound, text), last) : found.lowerBound
      let stop = token.stripsRight ? Self.endOfSpace(after: found.upperBound, text) : found.upperBound
      if last < start { parts.append(Part(range: last..<start)) }
      parts.append(Part(range: min(start, stop)..<stop, id: token.id))
      last = stop
    }
    if last < text.count { parts.append(Part(range: last..<text.count)) }
    return parts
  }

  private func longestMatch(_ text: [UInt8], _ start: Int) -> (AddedToken, Int)? {
    var best: (AddedToken, Int)?
    var node = 0
    var index = start
    while index < text.count, let child = nodes[node].children[text[index]] {
      node = Int(child)
      index += 1
      if nodes[node].token >= 0 { best = (tokens[Int(nodes[node].token)], index) }
    }
    return best
  }

  private static func standsAlone(_ match: Range<Int>, _ text: [UInt8]) -> Bool {
    let classes = UnicodeClassTable.shared
    if match.lowerBound > 0 {
      let before = UTF8Text.start(before: match.lowerBound, in: text)
      if classes.classify(text, before).classes.contains(.word) { return false }
    }
    return match.upperBound == text.count || !classes.classify(text, match.upperBound).classes.contains(.word)
  }

  private static func startOfSpace(before end: Int, _ text: [UInt8]) -> Int {
    var start = end
    while start > 0 {
      let before = UTF8Text.start(before: start, in: text)
      guard UnicodeClassTable.shared.classify(text, before).classes.contains(.space) else { break }
      start = before
    }
    return start
  }

  private static func endOfSpace(after start: Int, _ text: [UInt8]) -> Int {
    var end = start
    while end < text.count {
      let (found, length) = UnicodeClassTable.shared.classify(text, end)
      guard found.contains(.space) else { break }
      end += length
    }
    return end
  }
}

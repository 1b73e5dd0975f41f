import Files
import JSONText

/// A tokenizer file after reading: the small components as JSON values, vocabulary and merges as tables.
///
/// Files reach many megabytes, nearly all of it vocabulary and merges, which are therefore read straight from the
/// bytes.
struct TokenizerFile {
  let path: String
  /// The members of the file, except the model.
  var members = JSONObject()
  /// The members of the model, except vocabulary and merges.
  var model = JSONObject()
  var vocabulary = Vocabulary()
  /// The merges in order of rank: left id, right id and the id of both joined.
  var merges: [(left: Int32, right: Int32, joined: Int32)]?
  /// The logarithms of the probabilities of a unigram model's tokens, in the order of their ids.
  var scores: [Double]?
  /// Where the merges start.
  private var mergesPlace: JSONScanner?
  /// What the second token of a merge begins with and the joined one leaves out.
  private var continuation: [UInt8] { Array((model["continuing_subword_prefix"]?.stringValue ?? "").utf8) }
  private var hasModel = false
  private var hasVocabulary = false

  /// Reads the bytes of a `tokenizer.json`.
  init(path: String, bytes: [UInt8]) throws(TokenizerError) {
    self.path = path
    do throws(JSONError) {
      var scanner = JSONScanner(bytes)
      try readFile(&scanner)
    } catch {
      throw TokenizerError(error, path: path)
    }
    guard hasModel else { throw TokenizerError(.malformed, path: path, "'model' is missing") }
    guard hasVocabulary else { throw TokenizerError(.malformed, path: path, "'model.vocab' is missing") }
  }

  /// The file's members for reading.
  var component: Component { Component(path: path, name: "", value: .object(members)) }

  /// The model's members for reading.
  var modelComponent: Component { Component(path: path, name: "model", value: .object(model)) }

  private mutating func readFile(_ scanner: inout JSONScanner) throws(JSONError) {
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      let place = scanner.tokenOffset
      if key == "model" {
        guard !hasModel else { throw scanner.duplicateKey(key, at: place) }
        hasModel = true
        try readModel(&scanner)
      } else {
        guard members.append(try scanner.readValue(), forKey: key) else { throw scanner.duplicateKey(key, at: place) }
      }
    }
    try scanner.finish()
  }

  private mutating func readModel(_ scanner: inout JSONScanner) throws(JSONError) {
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      let place = scanner.tokenOffset
      switch key {
      case "vocab":
        guard !hasVocabulary else { throw scanner.duplicateKey(key, at: place) }
        hasVocabulary = true
        try readVocabulary(&scanner)
      case "merges":
        guard mergesPlace == nil else { throw scanner.duplicateKey(key, at: place) }
        mergesPlace = scanner
        if hasVocabulary { try readMerges(&scanner) } else { try scanner.skipValue() }
      default:
        guard model.append(try scanner.readValue(), forKey: key) else { throw scanner.duplicateKey(key, at: place) }
        // The members that merges depend on come first in the files of the reference implementation.
        if key == "continuing_subword_prefix", !continuation.isEmpty { merges = nil }
      }
    }
    if var place = mergesPlace, hasVocabulary, merges == nil { try readMerges(&place) }
  }

  /// Reads `{"token": id, …}`, or the scored tokens of a unigram model.
  private mutating func readVocabulary(_ scanner: inout JSONScanner) throws(JSONError) {
    if try scanner.peek() == .array { return try readScoredTokens(&scanner) }
    try scanner.beginObject()
    var key: [UInt8] = []
    while try scanner.nextKey(appendingTo: &key) {
      let place = scanner.tokenOffset
      let id = try scanner.readInteger()
      let name = String(decoding: key, as: UTF8.self)
      guard (0...Vocabulary.largestID).contains(id) else {
        throw scanner.error(
          .invalidValue, "id \(id) of '\(Component.quoted(name))' is not between 0 and \(Vocabulary.largestID)")
      }
      if let other = vocabulary.token(id) {
        let others = Component.quoted(String(decoding: other, as: UTF8.self))
        throw scanner.error(.invalidValue, "id \(id) is given to '\(others)' and '\(Component.quoted(name))'")
      }
      guard vocabulary.insert(key, id: id) else { throw scanner.duplicateKey(name, at: place) }
      key.removeAll(keepingCapacity: true)
    }
  }

  /// Reads `[["token", score], …]`, where the place in the list is the id.
  private mutating func readScoredTokens(_ scanner: inout JSONScanner) throws(JSONError) {
    try scanner.beginArray()
    var scores: [Double] = []
    var token: [UInt8] = []
    while try scanner.nextElement() {
      _ = try scanner.peek()
      let place = scanner.tokenOffset
      token.removeAll(keepingCapacity: true)
      var score: Double?
      var count = 0
      try scanner.beginArray()
      while try scanner.nextElement() {
        if count == 0 { try scanner.readString(appendingTo: &token) } else { score = try scanner.readNumber().asDouble }
        count += 1
      }
      guard count == 2, let score, score.isFinite else {
        throw scanner.error(.invalidValue, at: place, "expected a token and its score")
      }
      let name = String(decoding: token, as: UTF8.self)
      guard scores.count <= Vocabulary.largestID else {
        throw scanner.error(.invalidValue, at: place, "more than \(Vocabulary.largestID + 1) tokens")
      }
      guard vocabulary.insert(token, id: scores.count) else {
        throw scanner.error(.invalidValue, at: place, "token '\(Component.quoted(name))' is there twice")
      }
      scores.append(score)
    }
    self.scores = scores
  }

  /// `[["a", "b"], …]` or, in older files, `["a b", …]`.
  private mutating func readMerges(_ scanner: inout JSONScanner) throws(JSONError) {
    guard try scanner.peek() != .null else {
      try scanner.readNull()
      return
    }
    try scanner.beginArray()
    let continuation = continuation
    var read: [(left: Int32, right: Int32, joined: Int32)] = []
    read.reserveCapacity(2 * vocabulary.count)
    var pair: [UInt8] = []
    while try scanner.nextElement() {
      pair.removeAll(keepingCapacity: true)
      let kind = try scanner.peek()
      let place = scanner.tokenOffset
      let middle: Range<Int>?
      if kind == .string {
        middle = try readLegacyMerge(&scanner, &pair)
      } else {
        middle = try readMerge(&scanner, &pair)
      }
      guard let middle else { continue }
      let left = try find(pair, 0..<middle.lowerBound, scanner, place, rank: read.count)
      let right = try find(pair, middle.upperBound..<pair.count, scanner, place, rank: read.count)
      let skipped = middle.upperBound + continuation.count
      guard pair[middle.upperBound...].starts(with: continuation) else {
        let token = Component.quoted(String(decoding: pair[middle.upperBound...], as: UTF8.self))
        throw scanner.error(
          .invalidValue, at: place, "merge \(read.count) continues with '\(token)', which lacks the prefix")
      }
      pair.removeSubrange(middle.lowerBound..<skipped)
      let joined = try find(pair, 0..<pair.count, scanner, place, rank: read.count)
      read.append((left, right, joined))
    }
    merges = read
  }

  /// Appends both tokens; the empty range says where the second starts.
  private func readMerge(_ scanner: inout JSONScanner, _ pair: inout [UInt8]) throws(JSONError) -> Range<Int> {
    try scanner.beginArray()
    let start = scanner.tokenOffset
    var count = 0
    var middle = 0
    while try scanner.nextElement() {
      if count == 1 { middle = pair.count }
      try scanner.readString(appendingTo: &pair)
      count += 1
    }
    guard count == 2 else {
      throw scanner.error(.invalidValue, at: start, "expected a pair of tokens, found \(count)")
    }
    return middle..<middle
  }

  /// Appends both tokens with the space between them, whose place it gives; nil for a version line.
  private func readLegacyMerge(_ scanner: inout JSONScanner, _ pair: inout [UInt8]) throws(JSONError) -> Range<Int>? {
    try scanner.readString(appendingTo: &pair)
    if pair.starts(with: Array("#version".utf8)) { return nil }
    let spaces = pair.indices.filter { pair[$0] == UInt8(ascii: " ") }
    guard spaces.count == 1 else {
      let text = Component.quoted(String(decoding: pair, as: UTF8.self))
      throw scanner.error(.invalidValue, "expected two tokens with one space between them, found '\(text)'")
    }
    return spaces[0]..<spaces[0] + 1
  }

  private func find(
    _ text: [UInt8], _ range: Range<Int>, _ scanner: JSONScanner, _ place: Int, rank: Int
  ) throws(JSONError) -> Int32 {
    if let id = vocabulary.table.find(text, range) { return Int32(clamping: id) }
    let token = Component.quoted(String(decoding: text[range], as: UTF8.self))
    throw scanner.error(.invalidValue, at: place, "merge \(rank) needs token '\(token)', which the vocabulary lacks")
  }
}

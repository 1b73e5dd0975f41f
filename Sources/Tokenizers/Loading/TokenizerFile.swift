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
  /// Where the merges start, when they stand before the vocabulary.
  private var postponedMerges: JSONScanner?
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
        guard merges == nil, postponedMerges == nil else { throw scanner.duplicateKey(key, at: place) }
        if hasVocabulary {
          try readMerges(&scanner)
        } else {
          postponedMerges = scanner
          try scanner.skipValue()
        }
      default:
        guard model.append(try scanner.readValue(), forKey: key) else { throw scanner.duplicateKey(key, at: place) }
      }
    }
    if var earlier = postponedMerges, hasVocabulary {
      try readMerges(&earlier)
      postponedMerges = nil
    }
  }

  /// Reads `{"token": id, …}`.
  private mutating func readVocabulary(_ scanner: inout JSONScanner) throws(JSONError) {
    guard try scanner.peek() == .object else {
      throw scanner.error(
        .unexpectedType, "expected an object of tokens and ids (models with scored tokens are not supported)")
    }
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

  /// `[["a", "b"], …]` or, in older files, `["a b", …]`.
  private mutating func readMerges(_ scanner: inout JSONScanner) throws(JSONError) {
    guard try scanner.peek() != .null else {
      try scanner.readNull()
      return
    }
    try scanner.beginArray()
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
      pair.removeSubrange(middle)
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
    if let id = vocabulary.table.find(text, range) { return Int32(id) }
    let token = Component.quoted(String(decoding: text[range], as: UTF8.self))
    throw scanner.error(.invalidValue, at: place, "merge \(rank) needs token '\(token)', which the vocabulary lacks")
  }
}

extension CodingKey {
  /// The member's name in JSON: `scorePerToken` is `score_per_token`.
  var memberName: String {
    let name = stringValue
    guard name.utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return name }
    return name.reduce(into: "") { text, letter in
      if letter.isUppercase { text += "_" }
      text += letter.lowercased()
    }
  }
}

/// A place in an array, for error messages.
struct IndexKey: CodingKey {
  let index: Int

  init(index: Int) { self.index = index }
  init?(intValue: Int) { index = intValue }
  init?(stringValue: String) { nil }

  var intValue: Int? { index }
  var stringValue: String { "[\(index)]" }
}

/// A dictionary's key as it is: names of models and units keep their letters.
struct NameKey: CodingKey {
  let stringValue: String

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }

  var intValue: Int? { nil }
}

import JSONText

/// The added tokens of a folder without `tokenizer.json`: those that its files list, then the special ones, with ids
/// behind the vocabulary where it lacks them.
struct AddedTokenList {
  /// The members of `added_tokens`.
  private(set) var list: [JSONValue] = []
  private var ids: [String: Int] = [:]
  /// The special tokens by role, such as `cls`.
  private(set) var names: [String: String] = [:]

  /// The order in which the reference implementation adds special tokens.
  private static let order = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"]

  init(settings: TokenizerSettings, family: TokenizerFamily, vocabulary: JSONObject) throws(TokenizerError) {
    var values: [String: JSONValue] = [:]
    for role in Self.order {
      let key = role + "_token"
      let written = settings.tokenizer?[key] ?? settings.specialTokens?[key]
      guard let value = written ?? family.specialTokens[role].map({ .string($0) }) else { continue }
      guard let name = value.stringValue ?? value["content"]?.stringValue else { continue }
      names[role] = name
      values[role] = value
    }
    let special = Set(names.values)
    for (id, token, value) in try Self.listed(settings) {
      add(token, id: id, value, isSpecial: special.contains(token))
    }
    var next = max((vocabulary.compactMap { $0.value.intValue }.max() ?? -1), ids.values.max() ?? -1)
    for role in Self.order {
      guard let name = names[role], let value = values[role], ids[name] == nil else { continue }
      let known = vocabulary[name]?.intValue
      if known == nil { next += 1 }
      add(name, id: known ?? next, value, isSpecial: true)
    }
  }

  /// The token of a role, such as `cls`, with its id.
  func id(_ role: String) -> (name: String, id: Int)? {
    guard let name = names[role], let id = ids[name] else { return nil }
    return (name, id)
  }

  /// `added_tokens_decoder` of tokenizer_config.json or else added_tokens.json, by rising ids.
  private static func listed(_ settings: TokenizerSettings) throws(TokenizerError) -> [(Int, String, JSONValue)] {
    var tokens: [(Int, String, JSONValue)] = []
    if let decoder = settings.tokenizer?["added_tokens_decoder"]?.objectValue {
      for (key, value) in decoder {
        guard let id = Int(key), let name = value["content"]?.stringValue ?? value.stringValue else { continue }
        tokens.append((id, name, value))
      }
    } else if let file = try TokenizerSettings.optionalFile(settings.directory, "added_tokens.json")?.objectValue {
      for (name, value) in file { if let id = value.intValue { tokens.append((id, name, .null)) } }
    }
    return tokens.sorted { $0.0 < $1.0 }
  }

  private mutating func add(_ name: String, id: Int, _ value: JSONValue, isSpecial: Bool) {
    guard ids[name] == nil else { return }
    ids[name] = id
    let flag = { (key: String) in JSONValue.bool(value[key]?.boolValue ?? false) }
    let isSpecial = isSpecial || value["special"]?.boolValue == true
    list.append([
      "id": .int(id), "content": .string(name), "lstrip": flag("lstrip"), "rstrip": flag("rstrip"),
      "single_word": flag("single_word"), "special": .bool(isSpecial),
      "normalized": .bool(isSpecial ? false : value["normalized"]?.boolValue ?? true),
    ])
  }
}

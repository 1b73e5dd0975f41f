extension AddedToken {
  /// Reads `added_tokens`, checking every id against the vocabulary.
  ///
  /// The reference implementation ignores the ids written here and counts on from the end of the vocabulary; a file
  /// in which both disagree is refused, since whichever ids were trained cannot be told.
  static func read(_ list: Component?, vocabulary: Vocabulary) throws(TokenizerError) -> [AddedToken] {
    guard let list else { return [] }
    var tokens: [AddedToken] = []
    var known = ByteTable()
    var highest: Int?
    for component in try list.elements() {
      let token = try read(component)
      let name = Component.quoted(String(decoding: token.content, as: UTF8.self))
      guard !token.content.isEmpty else { throw component.error(.malformed, "the token is empty") }
      guard (0...Vocabulary.largestID).contains(token.id) else {
        let range = "between 0 and \(Vocabulary.largestID)"
        throw component.error(.inconsistent, "id \(token.id) of '\(name)' is not \(range)")
      }
      guard known.insert(token.content, value: token.id) else {
        throw component.error(.inconsistent, "token '\(name)' is added twice")
      }
      let next = highest.map { $0 >= vocabulary.count || vocabulary.count == 0 ? $0 + 1 : vocabulary.count }
      let expected = vocabulary.id(of: token.content) ?? next ?? vocabulary.count
      guard token.id == expected else {
        let reason = vocabulary.id(of: token.content) == nil ? "the next free id" : "as in the vocabulary"
        throw component.error(
          .inconsistent, "token '\(name)' has id \(token.id), expected \(expected), \(reason)")
      }
      if let other = vocabulary.token(token.id), other != token.content {
        let others = Component.quoted(String(decoding: other, as: UTF8.self))
        throw component.error(.inconsistent, "id \(token.id) is given to '\(others)' and '\(name)'")
      }
      highest = max(highest ?? 0, token.id)
      tokens.append(token)
    }
    return tokens
  }

  private static func read(_ component: Component) throws(TokenizerError) -> AddedToken {
    let isSpecial = try component.flag("special", default: false)
    return AddedToken(
      id: try component.required("id").integer(), content: Array(try component.required("content").string().utf8),
      isSingleWord: try component.flag("single_word", default: false),
      stripsLeft: try component.flag("lstrip", default: false),
      stripsRight: try component.flag("rstrip", default: false),
      isNormalized: try component.flag("normalized", default: !isSpecial), isSpecial: isSpecial)
  }
}

extension TokenTemplate {
  private static let supported = [
    "BertProcessing", "ByteLevel", "RobertaProcessing", "Sequence", "TemplateProcessing",
  ]

  /// Reads the `post_processor` of a tokenizer file.
  static func read(_ component: Component) throws(TokenizerError) -> TokenTemplate {
    let type = try component.required("type").string()
    switch type {
    case "ByteLevel": return TokenTemplate()
    case "BertProcessing", "RobertaProcessing":
      return TokenTemplate(prefix: [try pairedID(component, "cls")], suffix: [try pairedID(component, "sep")])
    case "Sequence":
      var template = TokenTemplate()
      for step in try component.required("processors").elements() { template = template.wrapped(in: try read(step)) }
      return template
    case "TemplateProcessing": return try readTemplate(component)
    default: throw component.unsupported("post-processor", type, supported: supported)
    }
  }

  /// The id of `["[CLS]", 101]`.
  private static func pairedID(_ component: Component, _ key: String) throws(TokenizerError) -> Int {
    let pair = try component.required(key)
    let elements = try pair.elements()
    guard elements.count == 2 else { throw pair.error(.malformed, "expected a token and its id") }
    return try elements[1].integer()
  }

  private static func readTemplate(_ component: Component) throws(TokenizerError) -> TokenTemplate {
    let single = try component.required("single")
    var template = TokenTemplate()
    var texts = 0
    for piece in try single.elements() {
      if let special = try piece.member("SpecialToken") {
        let ids = try specialIDs(component, special.required("id"))
        if texts == 0 { template.prefix += ids } else { template.suffix += ids }
      } else if let text = try piece.member("Sequence") {
        guard try text.required("id").string() == "A" else {
          throw text.error(.unsupported, "a template for one text may only name text 'A'")
        }
        texts += 1
      } else {
        throw piece.error(.malformed, "expected 'SpecialToken' or 'Sequence'")
      }
    }
    guard texts == 1 else {
      throw single.error(.unsupported, "a template must hold the text once, this one holds it \(texts) times")
    }
    return template
  }

  private static func specialIDs(_ component: Component, _ name: Component) throws(TokenizerError) -> [Int] {
    let tokens = try component.required("special_tokens")
    guard let token = try tokens.member(name.string()) else {
      throw name.error(.inconsistent, "'\(Component.quoted(try name.string()))' is not among the special tokens")
    }
    var ids: [Int] = []
    for id in try token.required("ids").elements() { ids.append(try id.integer()) }
    return ids
  }
}

import JSONText

/// Finds out which ids are begin, end, mask and so on, from the files around a tokenizer.
struct SpecialTokensReader {
  let settings: TokenizerSettings
  /// The id of a token by its text.
  let id: (String) -> Int?
  /// Whether an id is used.
  let isKnown: (Int) -> Bool

  /// The first of `tokenizer_config.json`, the post-processor, the model's own unknown token, and `config.json` (whose
  /// ids count only where the vocabulary has them) that names each token.
  func read(template: TokenTemplate, unknown: String?) -> SpecialTokens {
    var tokens = SpecialTokens()
    for (name, field) in SpecialTokens.names {
      let written = settings.tokenizer?["\(name)_token"]
      let content = written?.stringValue ?? written?["content"]?.stringValue
      tokens[keyPath: field] = (content ?? settings.defaults[name]).flatMap(id)
    }
    switch (template.prefix.count, template.suffix.count) {
    case (1, 0): tokens.bos = tokens.bos ?? template.prefix[0]
    case (1, 1):
      tokens.cls = tokens.cls ?? template.prefix[0]
      tokens.sep = tokens.sep ?? template.suffix[0]
    case (0, 1): tokens.eos = tokens.eos ?? template.suffix[0]
    default: break
    }
    tokens.unk = tokens.unk ?? unknown.flatMap(id)
    for (name, field) in SpecialTokens.names where tokens[keyPath: field] == nil {
      let written = settings.model?["\(name)_token_id"]
      let found = written?.intValue ?? written?[0]?.intValue
      tokens[keyPath: field] = found.flatMap { isKnown($0) ? $0 : nil }
    }
    return tokens
  }
}

import Files

/// What a checkpoint's folder has beside its weights and its configuration, and what holds for a changed copy, too.
enum CheckpointCompanions {
  private static let names: Set<String> = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "merges.txt", "vocab.txt", "tokenizer.model", "generation_config.json", "chat_template.jinja", "LICENSE",
  ]

  /// Copies them from one folder to another.
  ///
  /// - Throws: `FileError`.
  static func copy(from source: String, to target: String) throws {
    for name in try listing(source) where names.contains(name) {
      try AtomicFile.write(try readFile(source + "/" + name), to: target + "/" + name)
    }
  }
}

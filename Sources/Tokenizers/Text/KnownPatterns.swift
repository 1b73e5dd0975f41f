/// Regular expressions of published tokenizers that have no scanner of their own and were found to look no further than
/// a run of characters that they, or one of their next alternatives, match.
enum KnownPatterns {
  /// Whether a pattern is one of them.
  static func contains(_ pattern: String) -> Bool { all.contains { $0.utf8.elementsEqual(pattern.utf8) } }

  private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
  private static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#
  private static let upper = #"\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}"#
  private static let notHan = #"&&[^\p{Han}]"#
  private static let lower = #"\p{Ll}\p{Lm}\p{Lo}\p{M}"#

  /// GPT-4o's words: capitals, then small letters, either of which may be missing, and what follows them.
  private static func cased(_ upper: String, _ lower: String, _ ending: String, _ rest: String) -> String {
    #"[^\r\n\p{L}\p{N}]?[\#(upper)]*[\#(lower)]+\#(ending)|[^\r\n\p{L}\p{N}]?[\#(upper)]+[\#(lower)]*\#(ending)|\#(rest)"#
  }

  private static let all = [
    // GPT-4o, Llama 4 and others; Mistral's Tekken.
    cased(upper, lower, contractions + "?", #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\#(spaces)"#),
    cased(upper, lower, "", #"\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\#(spaces)"#),
    // Kimi K2.
    #"[\p{Han}]+|"#
      + cased(
        upper + notHan, lower + notHan, contractions + "?",
        #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\#(spaces)"#),
    // DeepSeek-V3.
    "[一-龥\u{3040}-ゟ゠-ヿ]+",
    ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|"##
      + spaces,
    // GPT-4's with possessive repetitions.
    #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"#,
    // Letters with their marks, as in newer models of the Qwen family.
    contractions
      + #"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"# + spaces,
    // BLOOM.
    " ?[^(\\s|[.,!?\u{2026}。，、।۔،])]+",
    // GPT-2's with single digits, as in StarCoder and others.
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
    // Runs.
    #"\s+"#, " +", #"\w+"#, #"\d+"#, "[0-9]+", " {2,}", #"\w+|[^\w\s]+"#,
  ]
}

extension PreTokenizer {
  private static let supported = [
    "BertPreTokenizer", "ByteLevel", "CharDelimiterSplit", "Digits", "FixedLength", "Metaspace", "Punctuation",
    "Sequence", "Split", "Whitespace", "WhitespaceSplit",
  ]

  /// Reads the `pre_tokenizer` of a tokenizer file.
  static func read(_ component: Component) throws(TokenizerError) -> PreTokenizer {
    let type = try component.required("type").string()
    switch type {
    case "BertPreTokenizer": return .bert
    case "ByteLevel":
      return .byteLevel(
        addsPrefixSpace: try component.flag("add_prefix_space", default: true),
        usesPattern: try component.flag("use_regex", default: true))
    case "CharDelimiterSplit":
      let delimiter = Array(try component.required("delimiter").string().utf8)
      guard !delimiter.isEmpty else { throw component.error(.malformed, "the delimiter is empty") }
      return .split(SplitRule(pattern: .literal(delimiter), behavior: .removed, isInverted: false))
    case "Digits": return .digits(isolated: try component.flag("individual_digits", default: false))
    case "FixedLength":
      let length = try component.member("length")?.integer() ?? 5
      guard length > 0 else { throw component.error(.malformed, "'length' is not above 0") }
      return .fixedLength(length)
    case "Punctuation":
      return .punctuation(try component.member("behavior").map(SplitBehavior.read) ?? .isolated)
    case "Metaspace": return .metaspace(try Metaspace.read(component))
    case "Sequence":
      var steps: [PreTokenizer] = []
      for step in try component.required("pretokenizers").elements() { steps.append(try read(step)) }
      return .sequence(steps)
    case "Split": return .split(try SplitRule.read(component))
    case "Whitespace": return .words
    case "WhitespaceSplit": return .spaceSeparated
    default: throw component.unsupported("pre-tokenizer", type, supported: supported)
    }
  }

  /// The steps one after another.
  private var steps: [PreTokenizer] {
    if case .sequence(let steps) = self { steps.flatMap(\.steps) } else { [self] }
  }

  private var isByteLevel: Bool { if case .byteLevel = self { true } else { false } }

  /// Whether some step takes the text for bytes.
  var hasByteLevel: Bool { steps.contains(where: \.isByteLevel) }

  /// Whether the pieces can be handed to the model as bytes: `ByteLevel` is the last step and no other.
  var endsInBytes: Bool {
    let steps = steps
    return steps.last?.isByteLevel == true && !steps.dropLast().contains(where: \.isByteLevel)
  }
}

extension SplitBehavior {
  fileprivate static func read(_ component: Component) throws(TokenizerError) -> SplitBehavior {
    let name = try component.string()
    guard let known = SplitBehavior(rawValue: name) else {
      throw component.unsupported("split behavior", name, supported: SplitBehavior.allCases.map(\.rawValue))
    }
    return known
  }
}

extension SplitRule {
  fileprivate static func read(_ component: Component) throws(TokenizerError) -> SplitRule {
    SplitRule(
      pattern: try PatternReader.read(component.required("pattern")),
      behavior: try SplitBehavior.read(component.required("behavior")),
      isInverted: try component.flag("invert", default: false))
  }
}

extension Metaspace {
  /// Reads a `Metaspace` component, which older files write with `add_prefix_space` and without `prepend_scheme`.
  static func read(_ component: Component) throws(TokenizerError) -> Metaspace {
    let replacement = try component.required("replacement").string()
    guard replacement.unicodeScalars.count == 1 else {
      throw component.error(.malformed, "the replacement '\(Component.quoted(replacement))' is not one character")
    }
    var scheme = try component.flag("add_prefix_space", default: true) ? PrependScheme.always : .never
    if let written = try component.member("prepend_scheme") {
      guard let known = PrependScheme(rawValue: try written.string()) else {
        let supported = PrependScheme.allCases.map(\.rawValue)
        throw written.unsupported("prepend scheme", try written.string(), supported: supported)
      }
      scheme = known
    }
    return Metaspace(
      replacement: Array(replacement.utf8), scheme: scheme, splits: try component.flag("split", default: true))
  }
}

/// The one spelling of a bound directive that decides what is computed.
///
/// Name, view keywords, model, `vs=`, `dataset=`, then every setting that is not presentation, in byte order of the
/// keys, defaults included. Two directives that differ only in order, spacing, quoting, written defaults, caption,
/// anchor or form have the same canonical text, and binding the text again gives the same settings.
enum CanonicalText {
  /// Makes the text.
  ///
  /// - Parameter leavingOut: settings that decide nothing here.
  static func make(_ bound: BoundDirective, schema: DirectiveSchema, leavingOut: Set<String> = []) -> String {
    var words = [bound.name] + bound.view
    if let model = bound.model { words.append(word(model)) }
    words += bound.versus.map { "vs=" + word($0) }
    if let dataset = bound.dataset { words.append("dataset=" + word(dataset)) }
    let hidden = Set(schema.allKeys.filter(\.isPresentation).map(\.name)).union(leavingOut)
    let keys = bound.values.keys.filter { !hidden.contains($0) }.sorted {
      Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8))
    }
    for key in keys {
      guard let value = bound.values[key], value != .none else { continue }
      let text = value.canonicalText
      // An empty list is what stands there where nothing is written; written, it would be no value.
      if !text.isEmpty { words.append("\(key)=\(text)") }
    }
    return words.joined(separator: " ")
  }

  /// A name, quoted where it would not be read back as one bare word.
  private static func word(_ text: String) -> String {
    let isBare = !text.isEmpty && !text.contains(">>") && !text.utf8.contains { [0x20, 0x09, 0x22, 0x60].contains($0) }
    return isBare ? text : SettingValue.quoted(text)
  }
}

extension TrustedMarkup {
  /// What a reader sees of it: the text between the tags, with the characters that references stand for.
  public var plainText: String {
    var text = ""
    var rest = html.unicodeScalars[...]
    while let next = rest.first {
      switch next {
      case "<": rest = rest.drop { $0 != ">" }.dropFirst()
      case "&":
        let name = rest.dropFirst().prefix { $0 != ";" }
        if let scalar = Escaping.character(ofReference: String(name)), name.endIndex != rest.endIndex {
          text.unicodeScalars.append(scalar)
          rest = rest[name.endIndex...].dropFirst()
        } else {
          text.unicodeScalars.append(rest.removeFirst())
        }
      default: text.unicodeScalars.append(rest.removeFirst())
      }
    }
    return text
  }
}

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
        if let scalar = Self.scalar(String(name)), name.endIndex != rest.endIndex {
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

  /// The character a reference stands for: those that `Escaping` writes, and numbers.
  private static func scalar(_ name: String) -> Unicode.Scalar? {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
      return name.hasPrefix("#") ? number.flatMap(Unicode.Scalar.init) : nil
    }
  }
}

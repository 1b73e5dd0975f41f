/// The rules by which text becomes part of an HTML, SVG or XML document.
public enum Escaping {
  /// Escapes text that stands between tags.
  ///
  /// Characters that XML 1.0 does not allow become U+FFFD: they stay visible and the document stays well formed.
  public static func text(_ string: String) -> String {
    var out = ""
    out.reserveCapacity(string.utf8.count)
    appendText(string, to: &out)
    return out
  }

  /// Escapes an attribute value that will stand in double quotes; line ends and tabs survive as references.
  public static func attribute(_ string: String) -> String {
    var out = ""
    out.reserveCapacity(string.utf8.count)
    appendAttribute(string, to: &out)
    return out
  }

  /// Makes JSON text safe inside `<script type="application/json">`.
  ///
  /// `<`, `>` and `&` can occur only inside JSON strings, where `\u003c` means the same; so neither `</script>` nor
  /// `<!--` can appear, and the page still parses as XML.
  public static func json(_ json: String) -> String {
    var out = ""
    out.reserveCapacity(json.utf8.count)
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<": out += "\\u003c"
      case ">": out += "\\u003e"
      case "&": out += "\\u0026"
      case "\u{2028}": out += "\\u2028"
      case "\u{2029}": out += "\\u2029"
      default: out.unicodeScalars.append(isAllowed(scalar) ? scalar : "\u{FFFD}")
      }
    }
    return out
  }

  /// The address itself where following it cannot run code; `#` otherwise.
  ///
  /// Allowed are relative addresses, fragments, `http`, `https`, `mailto` and embedded raster images.
  public static func address(_ address: String) -> String {
    // Browsers drop blanks and control characters before they look for the scheme.
    let visible = address.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F }
    guard let colon = visible.firstIndex(of: ":") else { return address }
    let scheme = visible[..<colon]
    if scheme.contains(where: { $0 == "/" || $0 == "?" || $0 == "#" }) { return address }
    let name = String(String.UnicodeScalarView(scheme)).lowercased()
    if ["http", "https", "mailto"].contains(name) { return address }
    let start = String(String.UnicodeScalarView(visible.prefix(22))).lowercased()
    return name == "data" && start.hasPrefix("data:image/png;base64,") ? address : "#"
  }

  /// The character that a reference such as `amp`, `#8211` or `#x2013` stands for, without its `&` and `;`.
  ///
  /// Known are the names that XML 1.0 predefines (section 4.6), and numbers.
  public static func character(ofReference name: String) -> Unicode.Scalar? {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.hasPrefix("#") else { return nil }
      let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
      return number.flatMap(Unicode.Scalar.init)
    }
  }

  /// Whether XML 1.0 (section 2.2, production Char) allows the character in a document.
  static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  /// Whether a text can be taken as it is, which nearly all can: no character of ASCII that is escaped anywhere, and no
  /// byte 0xEF, with which U+FFFE and U+FFFF begin.
  private static func isPlain(_ string: String) -> Bool {
    string.utf8.allSatisfy { byte in
      switch byte {
      case 0..<0x20, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0xEF: false
      default: true
      }
    }
  }

  static func appendText(_ string: String, to out: inout String) {
    if isPlain(string) {
      out += string
      return
    }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\r": out += "&#13;"
      default: out.unicodeScalars.append(isAllowed(scalar) ? scalar : "\u{FFFD}")
      }
    }
  }

  static func appendAttribute(_ string: String, to out: inout String) {
    if isPlain(string) {
      out += string
      return
    }
    for scalar in string.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "\t": out += "&#9;"
      case "\n": out += "&#10;"
      case "\r": out += "&#13;"
      default: out.unicodeScalars.append(isAllowed(scalar) ? scalar : "\u{FFFD}")
      }
    }
  }
}

/// Writes elements, attributes and text, escaping each according to its place.
///
/// Elements close themselves when their closure returns, so the output is always balanced. Element and attribute names
/// come from the program, never from a user: a malformed name is a programmer's error.
public struct MarkupWriter {
  private var out = ""

  /// Makes a writer with nothing written.
  public init() {}

  /// Writes an element with content.
  public mutating func element(
    _ name: String, _ attributes: Attributes = [:], _ content: (inout MarkupWriter) throws -> Void
  ) rethrows {
    open(name, attributes)
    out += ">"
    try content(&self)
    close(name)
  }

  /// Writes an element that holds only text.
  public mutating func element(_ name: String, _ attributes: Attributes = [:], text: String) {
    open(name, attributes)
    out += ">"
    Escaping.appendText(text, to: &out)
    close(name)
  }

  /// Writes an element that holds markup made elsewhere.
  public mutating func element(_ name: String, _ attributes: Attributes = [:], markup: TrustedMarkup) {
    open(name, attributes)
    out += ">"
    out += markup.html
    close(name)
  }

  /// Writes an element without content, closed in place (`<br/>`, `<path d="…"/>`).
  public mutating func empty(_ name: String, _ attributes: Attributes = [:]) {
    open(name, attributes)
    out += "/>"
  }

  /// Writes text, escaped.
  public mutating func text(_ string: String) { Escaping.appendText(string, to: &out) }

  /// Writes markup that was made by a writer or that a caller vouches for.
  public mutating func markup(_ markup: TrustedMarkup) { out += markup.html }

  /// Starts a new line, so that a page can be read and compared line by line.
  public mutating func newLine() { out += "\n" }

  /// What was written so far.
  public var result: TrustedMarkup { TrustedMarkup(verbatim: out) }

  /// Writes markup through a closure and returns it.
  public static func make(_ body: (inout MarkupWriter) throws -> Void) rethrows -> TrustedMarkup {
    var writer = MarkupWriter()
    try body(&writer)
    return writer.result
  }

  private mutating func open(_ name: String, _ attributes: Attributes) {
    precondition(Self.isName(name), "'\(name)' is no element name")
    out += "<"
    out += name
    attributes.write(to: &out)
  }

  private mutating func close(_ name: String) {
    out += "</"
    out += name
    out += ">"
  }

  /// Whether the text can name an element or attribute: ASCII letters, digits, `-`, `_` and `:`, starting with a letter.
  static func isName(_ name: String) -> Bool {
    var isFirst = true
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): break
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
        if isFirst { return false }
      default: return false
      }
      isFirst = false
    }
    return !isFirst
  }
}

/// The pages of a WikiText file, as the lm-evaluation-harness cuts and de-tokenises them.
public enum WikitextPages {
  /// The pages; nil where the text has no line that begins one, and is no WikiText.
  ///
  /// A page begins at every heading of the first level, ` = Title = `, and keeps its bytes as they are. Blank ones are
  /// left out.
  public static func pages(of text: String) -> [String]? {
    var pages: [String] = []
    var current: [Substring.UnicodeScalarView] = []
    var hasHeading = false
    func close() {
      guard !current.isEmpty else { return }
      let page = String(String.UnicodeScalarView(current.joined(separator: ["\n"])))
      if !page.unicodeScalars.allSatisfy(isSpace) { pages.append(page) }
      current = []
    }
    for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      if isHeading(line) {
        close()
        hasHeading = true
      }
      current.append(Substring.UnicodeScalarView(line))
    }
    close()
    return hasHeading ? pages : nil
  }

  /// Words of a page: pieces between stretches of white space, empty ones at the ends included, as
  /// `re.split(r"\s+", page)` counts them.
  public static func words(in page: String) -> Int {
    var count = 1
    var isInSpace = false
    for scalar in page.unicodeScalars {
      let isNow = isSpace(scalar)
      if isNow, !isInSpace { count += 1 }
      isInSpace = isNow
    }
    return count
  }

  /// A page as it would have been written: the tokeniser's spaces around punctuation taken back.
  public static func detokenised(_ page: String) -> String {
    var text = page
    for (old, new) in before { text = replacing(old, with: new, in: text) }
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("\"", "\""), ("'", "'")]
      as [(Unicode.Scalar, Unicode.Scalar)]
    {
      text = trimmedInside(text, open, close)
    }
    for (old, new) in after { text = replacing(old, with: new, in: text) }
    return text
  }

  private static let before = [
    ("s '", "s'"), (" @-@ ", "-"), (" @,@ ", ","), (" @.@ ", "."), (" : ", ": "), (" ; ", "; "), (" . ", ". "),
    (" ! ", "! "), (" ? ", "? "), (" , ", ", "),
  ]

  private static let after = [
    ("= = = =", "===="), ("= = =", "==="), ("= =", "=="), (" ° ", "°"), (" \n", "\n"), ("\n ", "\n"), (" N ", " 1 "),
    (" 's", "'s"),
  ]

  /// Replaces by bytes: what readers take for one character may hold a mark that is to be replaced.
  private static func replacing(_ old: String, with new: String, in text: String) -> String {
    let (bytes, wanted) = (Array(text.utf8), Array(old.utf8))
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == wanted[0], bytes[index...].starts(with: wanted) {
        out += new.utf8
        index += wanted.count
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Takes white space away right after an opening mark and right before the closing one that follows first.
  private static func trimmedInside(_ text: String, _ open: Unicode.Scalar, _ close: Unicode.Scalar) -> String {
    var out = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let start = rest.firstIndex(of: open) {
      let inside = rest[rest.index(after: start)...]
      guard let end = inside.firstIndex(of: close) else { break }
      out.append(contentsOf: rest[...start])
      out.append(contentsOf: trimmed(inside[..<end]))
      out.append(close)
      rest = inside[inside.index(after: end)...]
    }
    out.append(contentsOf: rest)
    return String(out)
  }

  private static func trimmed(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
    var text = text
    while let first = text.first, isSpace(first) { text.removeFirst() }
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
  }

  private static func isHeading(_ line: Substring.UnicodeScalarView) -> Bool {
    // Cheap first: the replacement below is only for lines that can be headings.
    let bare = trimmed(line)
    guard bare.first == "=", bare.last == "=" else { return false }
    let text = replacing("= =", with: "==", in: replacing("= = =", with: "===", in: String(bare)))
    return text.utf8.starts(with: "= ".utf8) && text.utf8.reversed().starts(with: "= ".utf8)
  }

  /// White space as Python's `str.isspace` has it.
  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }
}

/// Gives headings their anchors: readable, unique, and the same from build to build.
struct HeadingAnchors {
  private var used: Set<String>
  /// The number that the next heading of the same text tries first.
  private var next: [String: Int] = [:]

  /// Starts with anchors that are taken.
  init(reserved: Set<String>) { used = reserved }

  /// The anchor of a text: its letters and digits in lower case, hyphens for what stands between words.
  ///
  /// Letters of every script stay, so that Japanese headings have readable anchors; equal texts get `-2`, `-3`.
  mutating func anchor(for text: String) -> String {
    var slug = ""
    for scalar in text.lowercased().unicodeScalars {
      if HeadingAnchors.isWord(scalar) {
        slug.unicodeScalars.append(scalar)
      } else if scalar.properties.isWhitespace || scalar == "-" || scalar == "–" || scalar == "—" || scalar == "/",
        !slug.isEmpty, !slug.hasSuffix("-")
      {
        slug += "-"
      }
    }
    while slug.hasSuffix("-") { slug.removeLast() }
    if slug.isEmpty { slug = "section" }
    var candidate = slug
    var number = next[slug] ?? 2
    while !used.insert(candidate).inserted {
      candidate = "\(slug)-\(number)"
      number += 1
    }
    if candidate != slug { next[slug] = number }
    return candidate
  }

  /// Takes an anchor the author chose; false where it is taken already.
  mutating func take(_ id: String) -> Bool { used.insert(id).inserted }

  /// Whether a text may be an anchor the author chose.
  static func isValid(_ id: String) -> Bool {
    !id.isEmpty && id.unicodeScalars.allSatisfy { isWord($0) || "-_.:".unicodeScalars.contains($0) }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .nonspacingMark, .spacingMark, .letterNumber:
      true
    default: scalar == "_"
    }
  }
}

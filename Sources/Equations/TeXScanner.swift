/// One token of TeX with its place.
struct TeXToken: Equatable {
  enum Kind: Equatable {
    case command(String)
    case character(Unicode.Scalar)
    case openGroup
    case closeGroup
    case superscript
    case `subscript`
    case alignment
    case newRow
    case prime
    case end
  }

  var kind: Kind
  /// Byte offsets into the TeX text.
  var lower: Int
  var upper: Int
}

/// Cuts TeX into tokens; spaces are skipped except inside text, which is read raw.
struct TeXScanner {
  private let scalars: [Unicode.Scalar]
  private let offsets: [Int]
  private var index = 0

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    var offset = 0
    var offsets: [Int] = []
    for scalar in scalars {
      offsets.append(offset)
      offset += UTF8.width(scalar)
    }
    self.offsets = offsets + [offset]
  }

  /// The next token, and moves behind it.
  mutating func next() -> TeXToken {
    while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
    let start = index
    guard index < scalars.count else { return token(.end, from: start) }
    index += 1
    switch scalars[start] {
    case "{": return token(.openGroup, from: start)
    case "}": return token(.closeGroup, from: start)
    case "^": return token(.superscript, from: start)
    case "_": return token(.subscript, from: start)
    case "&": return token(.alignment, from: start)
    case "'": return token(.prime, from: start)
    case "\\": return command(from: start)
    default: return token(.character(scalars[start]), from: start)
    }
  }

  private mutating func command(from start: Int) -> TeXToken {
    guard index < scalars.count else { return token(.command(""), from: start) }
    if scalars[index] == "\\" {
      index += 1
      return token(.newRow, from: start)
    }
    var name = ""
    while index < scalars.count, scalars[index].isASCII, scalars[index].properties.isAlphabetic {
      name.unicodeScalars.append(scalars[index])
      index += 1
    }
    if name.isEmpty {
      name = String(scalars[index])
      index += 1
    }
    return token(.command(name), from: start)
  }

  /// The next token, without moving.
  func peek() -> TeXToken {
    var copy = self
    return copy.next()
  }

  /// Reads `{…}` as it stands, braces balanced; nil where there is none or it does not close.
  mutating func rawGroup() -> (text: String, lower: Int, upper: Int)? {
    var cursor = index
    while cursor < scalars.count, scalars[cursor].properties.isWhitespace { cursor += 1 }
    guard cursor < scalars.count, scalars[cursor] == "{" else { return nil }
    let start = cursor + 1
    var depth = 0
    while cursor < scalars.count {
      switch scalars[cursor] {
      case "\\": cursor += 1
      case "{": depth += 1
      case "}":
        depth -= 1
        if depth == 0 {
          index = cursor + 1
          return (string(start..<cursor), offsets[start], offsets[cursor])
        }
      default: break
      }
      cursor += 1
    }
    return nil
  }

  /// Reads `[…]` as it stands where it comes next.
  mutating func rawBrackets() -> String? {
    var cursor = index
    while cursor < scalars.count, scalars[cursor].properties.isWhitespace { cursor += 1 }
    guard cursor < scalars.count, scalars[cursor] == "[", let end = scalars[cursor...].firstIndex(of: "]") else {
      return nil
    }
    index = end + 1
    return string((cursor + 1)..<end)
  }

  private func string(_ range: Range<Int>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars[range])
    return text
  }

  private func token(_ kind: TeXToken.Kind, from start: Int) -> TeXToken {
    TeXToken(kind: kind, lower: offsets[start], upper: offsets[index])
  }
}

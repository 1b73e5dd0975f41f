import Markup

/// The bytes of a page, in which pieces between two marks are looked for.
struct PageText {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// What stands between the first two marks; nil where they are not there.
  func first(from opening: String, to closing: String) -> String? { pieces(opening, closing, most: 1).first }

  /// What stands between two marks, from one pair to the next.
  func all(from opening: String, to closing: String) -> [String] { pieces(opening, closing, most: .max) }

  /// The same with the marks, as markup.
  func markup(from opening: String, to closing: String) -> [TrustedMarkup] {
    all(from: opening, to: closing).map { TrustedMarkup(verbatim: opening + $0 + closing) }
  }

  private func pieces(_ opening: String, _ closing: String, most: Int) -> [String] {
    var found: [String] = []
    var place = 0
    while found.count < most, let mark = self.place(of: opening, from: place) {
      let start = mark + opening.utf8.count
      guard let end = self.place(of: closing, from: start) else { break }
      found.append(String(decoding: bytes[start..<end], as: UTF8.self))
      place = end + closing.utf8.count
    }
    return found
  }

  /// Where a mark stands next, from a place on; nil where it does not come.
  func place(of mark: String, from start: Int) -> Int? {
    let mark = Array(mark.utf8)
    guard let first = mark.first else { return nil }
    var place = start
    while place < bytes.count, let next = bytes[place...].firstIndex(of: first) {
      if bytes[next...].starts(with: mark) { return next }
      place = next + 1
    }
    return nil
  }
}

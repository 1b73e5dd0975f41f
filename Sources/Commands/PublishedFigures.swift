/// What stood on a page before: by this a render knows which files beside the page are as they were.
struct PublishedFigures {
  /// Each figure's markup by its id.
  private var figures: [String: ArraySlice<UInt8>] = [:]
  /// The keys of all results, as hexadecimal digits.
  private var keys: Set<ArraySlice<UInt8>> = []

  /// Reads a page in one pass; of what is no page it finds nothing.
  init(page: [UInt8]) {
    let (opening, closing) = (Array("<figure id=\"".utf8), Array("</figure>\n".utf8))
    var start: Int?
    var digits = 0
    for (place, byte) in page.enumerated() {
      if byte == 0x3C {
        if start == nil, page[place...].starts(with: opening) { start = place }
        if let begin = start, page[place...].starts(with: closing) {
          note(page[begin..<place + closing.count], after: opening.count)
          start = nil
        }
      }
      let isDigit = (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
      if !isDigit, digits == 64 { keys.insert(page[place - 64..<place]) }
      digits = isDigit ? digits + 1 : 0
    }
  }

  private mutating func note(_ figure: ArraySlice<UInt8>, after opening: Int) {
    let id = figure.dropFirst(opening).prefix { $0 != 0x22 }
    figures[String(decoding: id, as: UTF8.self)] = figure
  }

  /// Whether a figure with the same markup, of results with the same keys, stood there.
  func hold(_ figure: String, id: String, keys wanted: [String]) -> Bool {
    guard let before = figures[id] else { return false }
    return before.elementsEqual(figure.utf8) && wanted.allSatisfy { keys.contains(Array($0.utf8)[...]) }
  }
}

/// The taps that name one block, over the rows of one chunk of texts.
struct BlockTaps {
  /// The block's number, counted from 0 as in `Tap.Visit`.
  let block: Int
  /// The rows of each text in the chunk, in ascending order and without gaps.
  let texts: [Range<Int>]
  /// The number of each text for taps.
  let numbers: [Int]
  /// The position of each text's first row.
  let firstPosition: Int
  private let taps: [Tap]

  init(_ taps: [Tap], block: Int, texts: [Range<Int>], numbers: [Int], firstPosition: Int) {
    self.taps = taps.filter { $0.blocks?.contains(block) ?? true }
    (self.block, self.texts, self.numbers, self.firstPosition) = (block, texts, numbers, firstPosition)
  }

  /// Whether any tap looks at a site.
  func has(_ site: Site) -> Bool { taps.contains { $0.site == site } }

  /// Shows rows to the taps at a site, and takes over what they write.
  ///
  /// - Parameters:
  ///   - site: The site.
  ///   - values: The first of the rows, `stride` elements apart, `columns` wide.
  ///   - rows: Which rows of the chunk these are.
  /// - Returns: The rows of the chunk in which a bit changed.
  @discardableResult
  func visit(
    _ site: Site, _ values: UnsafeMutablePointer<Float>, stride: Int, columns: Int, rows: Range<Int>
  ) throws -> Set<Int> {
    var changed: Set<Int> = []
    for tap in taps where tap.site == site {
      let (visit, chosen) = select(tap.positions, in: rows)
      guard !chosen.isEmpty else { continue }
      let slice = tap.columns ?? 0..<columns
      precondition(slice.lowerBound >= 0 && slice.upperBound <= columns, "no columns \(slice) of \(columns) at \(site)")
      let window = TapWindow(
        first: values + slice.lowerBound, stride: stride, columns: slice.count,
        offsets: chosen.map { $0 - rows.lowerBound })
      changed.formUnion(try window.show(to: tap, visit).map { chosen[$0] })
    }
    return changed
  }

  /// Shows the attention weights of one text.
  ///
  /// - Parameters:
  ///   - text: The text's number in the chunk.
  ///   - heads: Rows to a position.
  ///   - read: Writes the weights of a position and a head to a row.
  ///   - write: Takes them over.
  func visitPattern(
    text: Int, heads: Int, keys: Int, read: (Int, Int, UnsafeMutablePointer<Float>) -> Void,
    write: (Int, Int, UnsafePointer<Float>) -> Void
  ) throws {
    for tap in taps where tap.site == .pattern {
      let (visit, chosen) = select(tap.positions, in: texts[text])
      guard !chosen.isEmpty else { continue }
      let all = UnsafeMutablePointer<Float>.allocate(capacity: chosen.count * heads * keys)
      defer { all.deallocate() }
      func forEachRow(_ body: (Int, Int, UnsafeMutablePointer<Float>) -> Void) {
        for (index, row) in chosen.enumerated() {
          for head in 0..<heads { body(row - texts[text].lowerBound, head, all + (index * heads + head) * keys) }
        }
      }
      forEachRow(read)
      let slice = tap.columns ?? 0..<keys
      precondition(slice.lowerBound >= 0, "no columns \(slice)")
      // Texts differ in length: a tap may name more columns than this one has.
      let kept = slice.clamped(to: 0..<keys)
      let window = TapWindow(
        first: all + kept.lowerBound, stride: keys, columns: kept.count, offsets: Array(0..<chosen.count * heads))
      let repeated = Tap.Visit(
        block: block, texts: visit.texts.flatMap { Array(repeating: $0, count: heads) },
        positions: visit.positions.flatMap { Array(repeating: $0, count: heads) })
      if !(try window.show(to: tap, repeated).isEmpty) { forEachRow { write($0, $1, UnsafePointer($2)) } }
    }
  }

  /// Rows of the chunk that positions mean, with what a tap is told of them.
  func select(_ positions: Tap.Positions, in rows: Range<Int>) -> (visit: Tap.Visit, rows: [Int]) {
    var visit = Tap.Visit(block: block, texts: [], positions: [])
    var chosen: [Int] = []
    for (index, text) in texts.enumerated() where text.overlaps(rows) {
      for row in text.clamped(to: rows) {
        let position = firstPosition + row - text.lowerBound
        let isWanted =
          switch positions {
          case .all: true
          case .last: row == text.upperBound - 1
          case .at(let wanted): wanted.contains(position)
          case .each(let wanted): wanted[numbers[index]].contains(position)
          }
        guard isWanted else { continue }
        chosen.append(row)
        visit.texts.append(numbers[index])
        visit.positions.append(position)
      }
    }
    return (visit, chosen)
  }

  /// The taps that replace a part: from the last one that does so at all positions on.
  func replacements(of part: Tap.Part) -> [Tap] {
    let all = taps.filter { tap in
      switch tap.action {
      case .replace(let replaced, _): replaced == part
      case .skip: part == .block
      default: false
      }
    }
    return Array(all[(all.lastIndex { $0.positions == .all } ?? all.startIndex)...])
  }
}

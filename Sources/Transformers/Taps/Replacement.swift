import Tensors

/// What stands in for a part of a block, with the part's input taken before anything overwrites it.
struct Replacement {
  /// Whether the part need not be computed.
  let isWhole: Bool
  private let pending: [(visit: Tap.Visit, rows: [Int], input: Matrix, tap: Tap)]
  private let first: Int
  private let width: Int

  /// Takes the input of a part.
  ///
  /// - Parameters:
  ///   - input: The first of the rows, `width` elements each.
  ///   - rows: Which rows of the chunk these are.
  init(of part: Tap.Part, _ taps: BlockTaps, input: UnsafeMutablePointer<Float>, rows: Range<Int>, width: Int) {
    let replacing = taps.replacements(of: part)
    isWhole = replacing.first?.positions == .all
    (first, self.width) = (rows.lowerBound, width)
    pending = replacing.compactMap { tap in
      // A whole block that is left out: its input stays where it is.
      if case .skip = tap.action, tap.positions == .all { return nil }
      let (visit, chosen) = taps.select(tap.positions, in: rows)
      let offsets = chosen.map { $0 - rows.lowerBound }
      let window = TapWindow(first: input, stride: width, columns: width, offsets: offsets)
      return (visit, chosen, window.copy(), tap)
    }
  }

  /// Whether nothing is replaced.
  var isEmpty: Bool { pending.isEmpty }

  /// Writes the outputs.
  ///
  /// - Returns: The rows of the chunk that are replaced.
  @discardableResult
  func apply(to target: UnsafeMutablePointer<Float>) throws -> Set<Int> {
    var replaced: Set<Int> = []
    for (visit, rows, input, tap) in pending where !rows.isEmpty {
      var output = input
      if case .replace(_, let body) = tap.action { output = try body(visit, input) }
      _ = TapWindow(first: target, stride: width, columns: width, offsets: rows.map { $0 - first }).take(output)
      replaced.formUnion(rows)
    }
    return replaced
  }
}

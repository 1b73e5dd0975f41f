/// Finds the valid names an author probably meant.
public enum Spelling {
  /// The valid names nearest to what was written, best first; empty where none is near.
  ///
  /// Near means: one edit (insertion, deletion, substitution, swap of neighbours; letter case is free) per three
  /// letters, or the beginning of the name. Equal distances keep the order of `names`.
  public static func nearest(to written: String, in names: [String], limit: Int = 3) -> [String] {
    let word = folded(written)
    guard !word.isEmpty, word.count <= 64 else { return [] }
    var found: [(distance: Int, order: Int, name: String)] = []
    for (order, name) in names.enumerated() {
      let candidate = folded(name)
      guard candidate.count <= 128 else { continue }
      let longest = max(word.count, candidate.count)
      // One edit makes any two-letter word another one: that is no help.
      let allowed = longest < 3 ? 0 : max(1, longest / 3)
      var distance = editDistance(word, candidate)
      let isPrefix = candidate.starts(with: word) || (candidate.count >= 3 && word.starts(with: candidate))
      if word.count >= 2, isPrefix { distance = min(distance, allowed) }
      if distance <= allowed { found.append((distance, order, name)) }
    }
    found.sort { ($0.distance, $0.order) < ($1.distance, $1.order) }
    var seen: Set<String> = []
    return found.map(\.name).filter { seen.insert($0).inserted }.prefix(limit).map { $0 }
  }

  /// A hint that names the nearest valid names, such as `did you mean 'heatmap'?`; nil where none is near.
  public static func hint(for written: String, in names: [String]) -> String? {
    let near = nearest(to: written, in: names)
    return near.isEmpty ? nil : "did you mean \(alternatives(near.map { "'\($0)'" }))?"
  }

  /// The nearest names, or, where none is near, all valid names of a kind.
  ///
  /// - Parameter noun: what the names are, in the plural, such as `directives`.
  public static func hints(for written: String, in names: [String], noun: String) -> [String] {
    if let hint = hint(for: written, in: names) { return [hint] }
    if names.isEmpty { return ["there are no \(noun)"] }
    let shown = names.prefix(12)
    let rest = names.count - shown.count
    return ["valid \(noun): \(shown.joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : "")"]
  }

  /// `a`, `a or b`, `a, b or c`.
  public static func alternatives(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " or " + last
  }

  private static func folded(_ text: String) -> [Unicode.Scalar] { Array(text.lowercased().unicodeScalars) }

  /// Optimal string alignment distance: Levenshtein's, with swaps of neighbours counted as one edit.
  static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    if left.isEmpty { return right.count }
    if right.isEmpty { return left.count }
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for row in 1...left.count {
      var current = [row] + [Int](repeating: 0, count: right.count)
      for column in 1...right.count {
        let substitution = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
        var best = min(previous[column] + 1, current[column - 1] + 1, substitution)
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          best = min(best, beforePrevious[column - 2] + 1)
        }
        current[column] = best
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}

/// The lines by which one text differs from another (a shortest edit script after Myers, 1986).
public struct ProseDiff: Sendable, Equatable {
  /// A line of the comparison.
  public enum Line: Sendable, Equatable {
    /// In both texts, shown for its neighbours.
    case same(String)
    /// In the old text only.
    case removed(String)
    /// In the new text only.
    case added(String)
    /// Lines in both texts that are not shown.
    case skipped(Int)
  }

  /// Changed lines with up to two lines around them; none where the texts are equal.
  public let lines: [Line]

  /// Whether the texts are equal.
  public var isEmpty: Bool { lines.isEmpty }

  /// Compares two texts line by line, byte for byte.
  public init(old: String, new: String) {
    let before = ProseDiff.split(old)
    let now = ProseDiff.split(new)
    let difference = now.difference(from: before)
    var removals: Set<Int> = []
    var insertions: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removals.insert(offset)
      case .insert(let offset, _, _): insertions.insert(offset)
      }
    }
    var all: [Line] = []
    var (left, right) = (0, 0)
    while left < before.count || right < now.count {
      if removals.contains(left) {
        all.append(.removed(ProseDiff.text(before[left])))
        left += 1
      } else if insertions.contains(right) {
        all.append(.added(ProseDiff.text(now[right])))
        right += 1
      } else {
        all.append(.same(ProseDiff.text(before[left])))
        left += 1
        right += 1
      }
    }
    lines = ProseDiff.shortened(all)
  }

  private static func split(_ text: String) -> [[UInt8]] {
    text.isEmpty ? [] : Array(text.utf8).split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
  }

  private static func text(_ line: [UInt8]) -> String { String(decoding: line, as: UTF8.self) }

  /// Leaves two equal lines around each change.
  private static func shortened(_ all: [Line]) -> [Line] {
    let context = 2
    var isShown = [Bool](repeating: false, count: all.count)
    for (place, line) in all.enumerated() {
      if case .same = line { continue }
      for near in max(0, place - context)...min(all.count - 1, place + context) { isShown[near] = true }
    }
    guard isShown.contains(true) else { return [] }
    var lines: [Line] = []
    var skipped = 0
    for (line, shown) in zip(all, isShown) {
      if !shown {
        skipped += 1
        continue
      }
      if skipped > 0 { lines.append(.skipped(skipped)) }
      skipped = 0
      lines.append(line)
    }
    return skipped > 0 ? lines + [.skipped(skipped)] : lines
  }
}

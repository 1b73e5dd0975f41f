import Diagnostics
import JSONText

extension ResultDiff {
  /// The comparison for reading in a terminal; at most `limit` changed values of each directive are listed.
  public func text(limit: Int = 10) -> String {
    var lines = ["old: \(oldLabel)", "new: \(newLabel)"]
    if !faults.isEmpty { lines += ["", "not as recorded"] + faults.map { "  \($0)" } }
    for pair in pairs { lines += [""] + pair.lines(limit: limit) }
    for entry in removed { lines += ["", "\(entry.directive)  [\(entry.id)]", "  removed"] }
    for entry in added { lines += ["", "\(entry.directive)  [\(entry.id)]", "  added"] }
    if !prose.isEmpty { lines += ["", "prose"] + prose.lines.map { "  \($0.marked)" } }
    lines += ["", summary]
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line such as `3 of 12 results changed, 1 beyond tolerance; 1 added; prose changed`.
  public var summary: String {
    let changed = pairs.count { !$0.isSame }
    let beyond = pairs.count { $0.isBeyond }
    var parts = ["\(changed) of \(pairs.count) results changed, \(beyond) beyond tolerance"]
    if !added.isEmpty { parts.append("\(added.count) added") }
    if !removed.isEmpty { parts.append("\(removed.count) removed") }
    if !prose.isEmpty { parts.append("prose changed") }
    if !faults.isEmpty { parts.append("\(faults.count) not as recorded") }
    return parts.joined(separator: "; ")
  }
}

extension ResultDiff.Pair {
  fileprivate func lines(limit: Int) -> [String] {
    var lines = ["\(directive)  [\(id)]"]
    if let oldDirective { lines.append("  was: \(oldDirective)") }
    lines += inputs.map { "  input: \($0)" }
    guard !isSame else { return lines + ["  same result"] }
    guard let values else { return lines + ["  result changed; only its digest is at hand"] }
    lines.append("  \(values.changes.count) of \(values.cells) values changed, \(values.beyond) beyond \(tolerance)")
    if let largest = values.largest { lines.append("  largest change: \(largest.line)") }
    lines += values.changes.prefix(limit).map { "  \($0.isBeyond ? "!" : " ") \($0.line)" }
    if values.changes.count > limit { lines.append("    … and \(values.changes.count - limit) more") }
    return lines
  }
}

extension ValueComparison.Change {
  /// One line such as `distance[3] 0.5 → 0.25 (Δ -0.25, -50 %)`.
  public var line: String {
    let place = path.description.isEmpty ? "value" : path.description
    var text = "\(place) \(Self.short(old)) → \(Self.short(new))"
    if let absolute {
      text += " (Δ \(significant(absolute))" + (relative.map { ", \(significant($0 * 100)) %" } ?? "") + ")"
    }
    return text
  }

  private static func short(_ value: JSONValue?) -> String {
    guard let value else { return "(none)" }
    let text = JSON.write(value)
    return text.count > 60 ? text.prefix(59) + "…" : text
  }
}

extension ProseDiff.Line {
  /// The line with `+`, `-` or a space before it.
  public var marked: String {
    switch self {
    case .same(let text): "  \(text)"
    case .removed(let text): "- \(text)"
    case .added(let text): "+ \(text)"
    case .skipped(let count): "@ \(counted(count, "line"))"
    }
  }
}

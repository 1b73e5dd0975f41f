import JSONText

extension ResultDiff {
  /// The whole comparison as JSON, every changed value included.
  public var json: JSONValue {
    [
      "format": "layerbook.diff/1", "old": .string(oldLabel), "new": .string(newLabel),
      "beyond_tolerance": .bool(isBeyond), "directives": .array(pairs.map(\.json)),
      "added": .array(added.map(\.name)), "removed": .array(removed.map(\.name)),
      "prose": .array(prose.lines.map { .string($0.marked) }),
      "faults": .array(faults.map { .string($0) }),
    ]
  }
}

extension ResultSet.Entry {
  fileprivate var name: JSONValue { ["id": .string(id), "directive": .string(directive)] }
}

extension ResultDiff.Pair {
  fileprivate var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "directive": .string(directive)]
    if let oldDirective { object["old_directive"] = .string(oldDirective) }
    object["same"] = .bool(isSame)
    object["beyond_tolerance"] = .bool(isBeyond)
    object["tolerance"] = ["absolute": .double(tolerance.absolute), "relative": .double(tolerance.relative)]
    object["inputs"] = .array(
      inputs.map { ["component": .string($0.component), "old": $0.old ?? .null, "new": $0.new ?? .null] })
    guard let values else { return .object(object) }
    object["cells"] = .int(values.cells)
    object["cells_changed"] = .int(values.changes.count)
    object["cells_beyond"] = .int(values.beyond)
    object["largest"] = values.largest?.json ?? .null
    object["changes"] = .array(values.changes.map(\.json))
    return .object(object)
  }
}

extension ValueComparison.Change {
  fileprivate var json: JSONValue {
    [
      "path": .string(path.description), "old": old ?? .null, "new": new ?? .null, "absolute": .double(absolute),
      "relative": .double(relative), "beyond_tolerance": .bool(isBeyond),
    ]
  }
}

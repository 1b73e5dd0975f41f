import Directives
import JSONText
import Regression
import Results
import Tensors

/// Least-squares maps from every depth to the last one: what the `mat` lens reads states through.
struct FinalMaps {
  /// The maps of all depths but the last, `[d, d]` each.
  var maps: [Matrix] = []
  /// Their constants, `[d]` each; empty where none were fitted.
  var intercepts: [[Float]] = []
  /// Whether there were fewer training samples than dimensions.
  var isMinimumNorm = false
}

extension Workbench {
  /// The maps fitted to the training part of a sample; kept in the store, so that every directive that reads through
  /// them shares them.
  func finalMaps(_ split: SplitStates, _ bound: BoundDirective) throws -> FinalMaps {
    let options = MapKeys.options(of: bound)
    let inputs = split.inputs(bound).merging([
      "engine": "final-maps", "engine_version": 1, "intercept": .bool(options.intercept),
      "ridge": .double(options.ridge), "numeric": "float64",
    ])
    let stored = try kept(ResultKey(inputs: inputs), kind: .maps) { try Self.fit(split.train, options) }
    return try FinalMaps(stored, depths: split.sample.blocks, width: split.sample.width)
  }

  private static func fit(_ train: [Matrix], _ options: LinearMapOptions) throws -> StoredResult {
    var blobs: [Blob] = []
    // The last map is the identity of the last state on itself.
    for (depth, map) in try LinearMaps.toFinal(train: train, options: options).dropLast().enumerated() {
      blobs.append(Blob(name: "map.\(depth)", floats: map.weights.values.map(Float.init)))
      if options.intercept { blobs.append(Blob(name: "intercept.\(depth)", floats: map.intercept.map(Float.init))) }
    }
    return StoredResult(
      value: try JSON.encode(
        KeptMaps(minimumNorm: !LinearMaps.warnings(train).isEmpty, intercept: options.intercept)), blobs: blobs)
  }
}

/// What the store keeps of maps beside the maps themselves.
private struct KeptMaps: Codable {
  var minimumNorm: Bool
  var intercept: Bool
}

extension FinalMaps {
  init(_ stored: StoredResult, depths: Int, width: Int) throws {
    func floats(_ name: String, _ count: Int) throws -> [Float] {
      guard let floats = try stored[blob: name]?.floats(), floats.count == count else {
        throw EngineError.unreadable("maps")
      }
      return floats
    }
    guard let kept = try? JSON.decode(KeptMaps.self, from: stored.value) else { throw EngineError.unreadable("maps") }
    isMinimumNorm = kept.minimumNorm
    for depth in 0..<depths {
      maps.append(Matrix(rows: width, columns: width, values: try floats("map.\(depth)", width * width)))
      if kept.intercept { intercepts.append(try floats("intercept.\(depth)", width)) }
    }
  }
}

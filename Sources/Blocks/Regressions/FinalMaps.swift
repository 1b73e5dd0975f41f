import Analyses
import Directives
import JSONText
import Regression
import Results
import Tensors

/// Least-squares maps from every depth to the last one: what the `mat` lens reads states through.
struct FinalMaps {
  /// The maps of all depths but the last, `[d, d]` each.
  var maps: [AffineMap] = []
  /// Whether there were fewer training samples than dimensions.
  var isMinimumNorm = false
}

extension Workbench {
  /// The maps fitted to the training part of a sample; kept in the store, so that every directive that reads through
  /// them shares them.
  func finalMaps(_ split: SplitStates, _ bound: BoundDirective) throws -> FinalMaps {
    let options = MapKeys.options(of: bound)
    let stored = try kept(FinalMaps.key(split.shape, bound), kind: .maps) { try Self.fit(split.train, options) }
    return try FinalMaps(stored, depths: split.sample.blocks, width: split.sample.width)
  }

  private static func fit(_ train: [Matrix], _ options: LinearMapOptions) throws -> StoredResult {
    // The last map is the identity of the last state on itself.
    let maps = try LinearMaps.toFinal(train: train, options: options).dropLast().map { AffineMap($0, options) }
    return try FinalMaps(maps: maps, isMinimumNorm: !LinearMaps.warnings(train).isEmpty).stored()
  }
}

extension AffineMap {
  /// A fitted map in the precision in which models run.
  init(_ map: LinearMap, _ options: LinearMapOptions) {
    self.init(weights: map.weights.single, intercept: options.intercept ? map.intercept.map(Float.init) : nil)
  }
}

/// What the store keeps of maps beside the maps themselves.
private struct KeptMaps: Codable {
  var minimumNorm: Bool
  var intercept: Bool
}

extension FinalMaps {
  /// What decides the maps.
  static func key(_ split: SplitShape, _ bound: BoundDirective) -> ResultKey {
    let options = MapKeys.options(of: bound)
    return ResultKey(
      inputs: split.inputs(bound).merging([
        "engine": "final-maps", "engine_version": 1, "intercept": .bool(options.intercept),
        "ridge": .double(options.ridge), "numeric": "float64",
      ]))
  }

  /// The maps as the store keeps them.
  func stored() throws -> StoredResult {
    let blobs = maps.enumerated().flatMap { depth, map in
      [Blob(name: "map.\(depth)", floats: map.weights.values)]
        + (map.intercept.map { [Blob(name: "intercept.\(depth)", floats: $0)] } ?? [])
    }
    let kept = KeptMaps(minimumNorm: isMinimumNorm, intercept: maps.contains { $0.intercept != nil })
    return StoredResult(value: try JSON.encode(kept), blobs: blobs)
  }

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
      let weights = Matrix(rows: width, columns: width, values: try floats("map.\(depth)", width * width))
      maps.append(
        AffineMap(weights: weights, intercept: kept.intercept ? try floats("intercept.\(depth)", width) : nil))
    }
  }
}

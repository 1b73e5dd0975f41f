import Analyses
import Checkpoints
import JSONText
import Tensors
import Transformers

/// `layerbook.maps/1`: fitted maps to the last state, in a file that says which unembedding they were fitted for.
///
/// Safetensors: `map.0 … map.L-1`, each `[d, d]` F32, so that the row vector h_l times map.l is near h_L, and
/// `intercept.l` `[d]` where constants were fitted. Metadata: `format`, `model`, `model_digest`, `unembedding` (SHA-256 of
/// the unembedding in single precision), `dataset`, `dataset_digest`, `position`, `train`, `minimum_norm` and `key`: as JSON,
/// what decided the maps.
public struct MapsFile {
  /// What the format calls itself.
  static let format = "layerbook.maps/1"

  /// Where it lies.
  public let path: String
  /// The map of each state but the last.
  public let maps: [AffineMap]
  /// Digest of the unembedding that the maps were fitted for.
  public let unembedding: String
  /// What they were fitted to: the inputs of the key under which a store keeps them.
  public let key: JSONObject

  /// Whether there were fewer training samples than dimensions.
  public let isMinimumNorm: Bool

  /// Width of a state, d.
  public var width: Int { maps.first?.weights.rows ?? 0 }

  /// Reads a file.
  ///
  /// - Throws: `CheckpointError` for a file that is damaged; `EngineError` for one that holds something else.
  public init(path: String) throws {
    let file = try SafetensorsFile(path: path)
    guard file.metadataValue("format") == Self.format else {
      throw EngineError("'\(path)' holds no maps", hint: "layerbook maps export writes such a file")
    }
    self.path = path
    var maps: [AffineMap] = []
    while file.contains("map.\(maps.count)") {
      let name = "map.\(maps.count)"
      let shape = try file.shape(of: name)
      guard shape.count == 2, shape[0] == shape[1], shape[0] == maps.first?.weights.rows ?? shape[0] else {
        throw EngineError("'\(path)': \(name) has the shape \(shape); all maps are square and of one width")
      }
      let constants = "intercept.\(maps.count)"
      let intercept = file.contains(constants) ? try file.floats(constants) : nil
      guard intercept.map({ $0.count == shape[0] }) ?? true else {
        throw EngineError("'\(path)': \(constants) is not \(shape[0]) numbers")
      }
      maps.append(
        AffineMap(
          weights: Matrix(rows: shape[0], columns: shape[1], values: try file.floats(name)), intercept: intercept))
    }
    guard !maps.isEmpty, let unembedding = file.metadataValue("unembedding") else {
      throw EngineError("'\(path)' holds no maps, or does not say which unembedding they are for")
    }
    guard maps.allSatisfy({ $0.weights.values.allSatisfy(\.isFinite) && ($0.intercept ?? []).allSatisfy(\.isFinite) })
    else { throw EngineError("'\(path)' holds numbers that are not finite") }
    (self.maps, self.unembedding) = (maps, unembedding)
    isMinimumNorm = file.metadataValue("minimum_norm") == "true"
    key = file.metadataValue("key").flatMap { try? JSON.parse($0) }?.objectValue ?? JSONObject()
  }

  /// Stops where the maps are not for a model: another depth or width, or another unembedding.
  ///
  /// - Throws: `EngineError`.
  public func require(_ model: Model, name: String) throws {
    let configuration = model.configuration
    guard maps.count == configuration.blocks, width == configuration.width else {
      throw EngineError(
        "'\(path)' holds \(maps.count) maps \(width) wide, and '\(name)' has \(configuration.blocks) blocks \(configuration.width) wide",
        hint: "export maps of this model")
    }
    let own = try model.unembeddingDigest().hex
    guard own == unembedding else {
      throw EngineError(
        "'\(path)' holds maps for the unembedding \(unembedding.prefix(12)), and that of '\(name)' is \(own.prefix(12))",
        hint: "maps lead into the last state of the model they were fitted to; export maps of this one")
    }
  }
}

internal import Diagnostics

/// Where captured states come from; the texts in the metadata of a `layerbook.states/1` file.
public struct StatesMetadata: Hashable, Sendable {
  /// Whether h_L was taken before or after the final norm.
  public enum FinalState: String, Hashable, Sendable {
    case preNorm = "pre_norm"
    case postNorm = "post_norm"
  }

  /// The model's name.
  public var model: String
  /// The model's digest in hexadecimal digits; empty where unknown.
  public var modelDigest: String
  /// The dataset's name.
  public var dataset: String
  /// The dataset's digest in hexadecimal digits; empty where unknown.
  public var datasetDigest: String
  /// Which token of each text: `last`, `eos`, `random`, `mask` or `all`.
  public var position: String
  /// Whether h_L was taken before or after the final norm.
  public var finalState: FinalState

  /// Describes captured states.
  public init(
    model: String, modelDigest: String = "", dataset: String, datasetDigest: String = "", position: String,
    finalState: FinalState = .preNorm
  ) {
    (self.model, self.modelDigest, self.dataset) = (model, modelDigest, dataset)
    (self.datasetDigest, self.position, self.finalState) = (datasetDigest, position, finalState)
  }

  static let format = "layerbook.states/1"

  var pairs: [(String, String)] {
    [
      ("format", StatesMetadata.format), ("model", model), ("model_digest", modelDigest), ("dataset", dataset),
      ("dataset_digest", datasetDigest), ("position", position), ("final_state", finalState.rawValue),
    ]
  }

  /// Reads the texts of one or several files, which must not contradict each other.
  ///
  /// Shards written by other tools carry their own `format` (such as `pt`), so ours counts wherever it stands.
  init(_ pairs: [(String, String)], path: String) throws(CheckpointError) {
    func failure(_ reason: String, hint: String? = nil) -> CheckpointError {
      CheckpointError(.states, path: path, reason, hint: hint)
    }
    func value(_ key: String) throws(CheckpointError) -> String? {
      let found = pairs.filter { $0.0.utf8.elementsEqual(key.utf8) }.map(\.1)
      if let first = found.first, let other = found.first(where: { $0 != first }) {
        throw failure("metadata '\(key)' is both '\(quotable(first))' and '\(quotable(other))'")
      }
      return found.first
    }
    let formats = pairs.filter { $0.0 == "format" }.map(\.1)
    guard formats.contains(StatesMetadata.format) else {
      let found = formats.first.map { "'\(quotable($0))'" } ?? "missing"
      throw failure("metadata 'format' is \(found), expected '\(StatesMetadata.format)'")
    }
    guard let final = try value("final_state") else {
      throw failure(
        "metadata 'final_state' is missing",
        hint: "'pre_norm' says that the last hidden state was taken before the final norm, 'post_norm' after it")
    }
    guard let finalState = FinalState(rawValue: final) else {
      throw failure(
        "metadata 'final_state' is '\(quotable(final))', expected 'pre_norm' or 'post_norm'")
    }
    self.init(
      model: try value("model") ?? "", modelDigest: try value("model_digest") ?? "",
      dataset: try value("dataset") ?? "", datasetDigest: try value("dataset_digest") ?? "",
      position: try value("position") ?? "", finalState: finalState)
  }
}

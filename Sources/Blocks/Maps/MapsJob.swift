import Checkpoints
import Directives
import JSONText
import Results

/// `layerbook maps export` and `import`: fitted maps on their way into a file, and from a file into the store.
public struct MapsJob {
  private let bound: BoundDirective
  private let question: Question
  private let bench: Workbench

  /// Prepares the maps that a directive reads states through.
  ///
  /// - Parameter bound: a directive that fits maps, such as `<<precision M dataset=D n=1000>>`.
  public init(_ bound: BoundDirective, on bench: Workbench) throws {
    guard let model = bound.model, let block = Registry.standard.block(bound.name) else {
      throw EngineError("no model was named")
    }
    let subject = try bench.subject(model)
    self.bound = block.view(of: bound).asked(bound, of: subject, block.schema)
    question = Question(
      bound: self.bound, subject: subject,
      dataset: try subject.needsDataset ? bench.datasetEntry(bound.dataset, for: "maps") : nil)
    self.bench = bench
  }

  /// Fits the maps, or takes them out of the store, and writes them.
  ///
  /// - Returns: how many maps were written, and to how many samples they were fitted.
  public func export(to path: String) throws -> (maps: Int, samples: Int) {
    let split = try bench.splitStates(of: question, ShortcutKeys.sample)
    let found = try bench.finalMaps(split, bound)
    let model = try question.subject.model()
    let width = split.sample.width
    var tensors: [SafetensorsWriter.Tensor] = []
    for (depth, map) in found.maps.enumerated() {
      tensors.append(.init("map.\(depth)", .f32, [width, width]))
      if map.intercept != nil { tensors.append(.init("intercept.\(depth)", .f32, [width])) }
    }
    let dataset = try question.dataset.map { ($0.name, try bench.identity(of: $0).digest) } ?? ("", "")
    let metadata = [
      ("format", MapsFile.format), ("model", question.subject.entry.name),
      ("model_digest", try question.subject.identity().digest), ("unembedding", try model.unembeddingDigest().hex),
      ("dataset", dataset.0), ("dataset_digest", dataset.1), ("position", split.sample.mode),
      ("train", String(split.trainRows.count)), ("minimum_norm", String(found.isMinimumNorm)),
      ("key", JSON.write(.object(FinalMaps.key(split.shape, bound).inputs))),
    ]
    let writer = try SafetensorsWriter(path: path, tensors: tensors, metadata: metadata)
    for map in found.maps {
      try writer.append(map.weights.values)
      if let intercept = map.intercept { try writer.append(intercept) }
    }
    try writer.finish()
    return (found.maps.count, split.trainRows.count)
  }
}

extension MapsFile {
  /// Keeps the maps in a store, where every directive that would fit the same ones finds them.
  ///
  /// - Throws: `EngineError` where they are for another model or do not say what they were fitted to; what the store throws.
  public func keep(for subject: Subject, in store: ResultStore) throws {
    try require(subject.model(), name: subject.entry.name)
    guard key["engine"]?.stringValue == "final-maps", key["states"]?.stringValue != nil else {
      throw EngineError(
        "'\(path)' does not say what its maps were fitted to", hint: "name the file with maps= in a directive instead")
    }
    try store.put(ResultKey(inputs: key), FinalMaps(maps: maps, isMinimumNorm: isMinimumNorm).stored(), kind: .maps)
  }
}

import Books
import Directives
import Files
import Transformers

/// `layerbook bypass`: a model without some of its blocks, as a checkpoint.
public struct BypassJob {
  /// What was written.
  public struct Written {
    /// Blocks that are left.
    public var blocks: Int
    /// Blocks of the whole model.
    public var whole: Int
    /// The linear layer of the checkpoint; nil where it has none.
    public var layer: StreamMapPlan?
    /// Whether the map became part of the embedding.
    public var isFolded: Bool
  }

  /// Fits what a bound `bypass` of a span asks for and writes the checkpoint.
  ///
  /// - Parameter path: A folder that is not there yet or empty.
  /// - Throws: `EngineError`, or the error of a file or a model.
  public static func write(_ bound: BoundDirective, to path: String, on bench: Workbench) throws -> Written {
    try AtomicFolder.requireRoom(at: path)
    guard let name = bound.model else { throw EngineError("no model was named") }
    let question = Question(
      bound: bound, subject: try bench.subject(name),
      dataset: bound[BypassKeys.by] == .skip ? nil : try bench.datasetEntry(bound.dataset, for: "bypass"))
    guard !bound[BypassKeys.keepFirst] else {
      throw EngineError("keep-first=on: a checkpoint runs every position alike", hint: "leave keep-first out")
    }
    let model = try bench.bypassModel(of: question)
    guard let span = question[BypassKeys.span] else { throw EngineError("no span was named") }
    let texts =
      question[BypassKeys.by] == .skip
      ? BypassTexts(train: [], test: []) : try bench.bypassTexts(of: question)
    let bypass = try bench.bypass(of: question, texts, model)
    let shortened = try ShortenedCheckpoint(model, without: bypass.span, map: bypass.map)
    try shortened.write(to: path)
    let whole = model.configuration.blocks
    return Written(
      blocks: whole - bypass.span.count, whole: whole, layer: shortened.layer,
      isFolded: bypass.map != nil && span.from == 0)
  }
}

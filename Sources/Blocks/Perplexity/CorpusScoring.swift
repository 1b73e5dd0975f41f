import Books
import Analyses
import Charts
import Results
import Transformers

extension Workbench {
  /// The usable texts of a question's dataset, in its order.
  func texts(of question: Question) throws -> [String] {
    guard let entry = question.dataset else { throw EngineError("no dataset was named") }
    return try usableTexts(of: entry)
  }

  /// The texts of a dataset that are more than white space.
  func usableTexts(of entry: DatasetEntry) throws -> [String] {
    try dataset(entry).texts.filter { !$0.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
  }

  /// Stops where a dataset has no text of use, or fewer than the author asked for.
  func check(
    _ found: Int, of question: Question, wanted: Int, isGiven: Bool, remedy: String = "lower n="
  ) throws {
    try question.dataset?.requireTexts(found, wanted: isGiven ? wanted : nil, remedy: remedy)
  }

  /// Scores texts at every depth of a question's model.
  func scores(_ texts: [ScoredText], of question: Question) throws -> DepthScores {
    try merged(scoringPass(texts, of: question)) ?? scores(texts, part: texts.indices, of: question)
  }

  /// The way of a question's model through texts that are scored.
  func scoringPass(_ texts: [ScoredText], of question: Question) throws -> CorpusPass<DepthScores> {
    let digest = valueDigest(
      of: .array(texts.map { ["ids": .ints($0.ids), "positions": .ints($0.positions), "targets": .ints($0.targets)] }))
    return CorpusPass(
      EngineIdentity("depth-scores", version: 1),
      whole: ["model": .string(try question.subject.identity().digest), "texts": .string(digest.hex)],
      lengths: texts.map { CaptureRequest(ids: $0.ids, positions: $0.positions).causalLength },
      nothing: DepthScores(blocks: try question.subject.model().configuration.blocks)
    ) { [self] in try scores(texts, part: $0, of: question) }
  }

  private func scores(_ texts: [ScoredText], part: Range<Int>, of question: Question) throws -> DepthScores {
    let (monitor, activity) = (monitor, "running \(question.subject.entry.name)")
    var options = CaptureOptions(memory: min(memory, 256 << 20))
    options.progress = { monitor.progress(activity, $0.blocksDone, $0.blocks) }
    return try question.subject.model().scoreDepths(texts, part: part, options: options)
  }
}

extension DatasetEntry {
  /// Stops where no text is of use, or fewer than were asked for.
  ///
  /// - Parameter wanted: how many were asked for; nil where fewer will do.
  func requireTexts(_ found: Int, wanted: Int?, remedy: String = "lower n=") throws(EngineError) {
    if found == 0 { throw EngineError("dataset '\(name)' has no usable text") }
    guard let wanted, found < wanted else { return }
    throw EngineError(
      "dataset '\(name)' has only \(found) usable texts, and \(wanted) are asked for", hint: remedy)
  }
}

extension Question {
  /// The facts of an answer about scored tokens.
  func facts(texts: Int, scored: Int, _ position: String) throws -> Facts {
    let configuration = try subject.model().configuration
    return Facts(
      blocks: configuration.blocks, width: configuration.width, family: subject.family, texts: texts,
      positions: scored, position: position)
  }
}

extension Axis {
  /// The axis of the depths of several models.
  static func depths<Result>(_ all: [Shown<Result>], _ say: Language) -> Axis {
    .layers(Terms.depth(say), 0...(all.map(\.facts.blocks).max() ?? 1))
  }
}

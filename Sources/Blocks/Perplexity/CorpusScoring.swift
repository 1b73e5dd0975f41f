import Analyses
import Charts
import Transformers

extension Workbench {
  /// The usable texts of a question's dataset, in its order.
  func texts(of question: Question) throws -> [String] {
    guard let entry = question.dataset else { throw EngineError("no dataset was named") }
    return try dataset(entry).texts.filter { !$0.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
  }

  /// Stops where a dataset has no text of use, or fewer than the author asked for.
  func check(_ found: Int, of question: Question, wanted: Int, isGiven: Bool) throws {
    let name = question.dataset?.name ?? ""
    if found == 0 { throw EngineError("dataset '\(name)' has no usable text") }
    if found < wanted, isGiven {
      throw EngineError(
        "dataset '\(name)' has only \(found) usable texts, and \(wanted) are asked for", hint: "lower n=")
    }
  }

  /// Scores texts at every depth of a question's model.
  func scores(_ texts: [ScoredText], of question: Question) throws -> DepthScores {
    let (monitor, activity) = (monitor, "running \(question.subject.entry.name)")
    var options = CaptureOptions(memory: min(memory, 256 << 20))
    options.progress = { monitor.progress(activity, $0.blocksDone, $0.blocks) }
    return try question.subject.model().scoreDepths(texts, options: options)
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

import Analyses
import Books
import Directives
import Transformers

/// The texts of a bypass: some fit what stands in for the blocks, the others judge it.
struct BypassTexts {
  var train: [SampledText]
  var test: [SampledText]

  /// The judging texts, every token of them but the first.
  var judged: JudgedTexts { JudgedTexts(whole: test.map(\.ids)) }

  /// What captions state; positions are the tokens that are predicted.
  func facts(_ configuration: ModelConfiguration, predicted: Int) -> Facts {
    Facts(
      blocks: configuration.blocks, width: configuration.width, family: configuration.family.rawValue,
      texts: train.count + test.count, positions: predicted, position: PositionMode.all.rawValue,
      split: Facts.Split(train: train.count, test: test.count))
  }
}

extension Workbench {
  /// The model of a question, which must be a decoder that texts can be run through.
  func bypassModel(of question: Question) throws -> Model {
    try question.requireTexts()
    let model = try question.subject.model()
    let c = model.configuration
    guard !c.isBidirectional else {
      throw EngineError(
        "<<bypass>> is judged by the next token, and \(c.family.name) lets every position see later ones",
        hint: "ask a decoder")
    }
    if let pair = question[BypassKeys.span], pair.to > c.blocks {
      throw EngineError(
        "the span \(pair.from)->\(pair.to) ends above the last depth of '\(question.subject.entry.name)', \(c.blocks)")
    }
    return model
  }

  /// The texts of a question, split by texts.
  func bypassTexts(of question: Question) throws -> BypassTexts {
    let (bound, keys) = (question.bound, BypassKeys.sample)
    let texts = try samples(
      of: question,
      StatesRequest(
        selection: SampleSelection(
          texts: keys.sizes(bound).total, position: .all, maxTokens: bound[SampleKeys.maxTokens], seed: bound[.seed]),
        takesFewer: !keys.areGiven(by: bound)))
    let rows = try keys.rows(bound, of: texts.count, "texts")
    return BypassTexts(train: rows.train.map { texts[$0] }, test: rows.test.map { texts[$0] })
  }

  /// Where the run of a question's model says how far it has come.
  func running(_ question: Question) -> (Int, Int) -> Void {
    let (monitor, activity) = (self.monitor, "running \(question.subject.entry.name)")
    return { monitor.progress(activity, $0, $1) }
  }
}

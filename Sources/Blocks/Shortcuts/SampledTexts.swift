import Books

/// A split sample with the texts its states come from: what engines need that run parts of the model again.
struct SplitTexts {
  /// The states, split.
  var states: SplitStates
  /// The text of each row of the sample.
  var texts: [SampledText]

  /// The texts of the fitting samples.
  var train: [SampledText] { states.trainRows.map { texts[$0] } }
  /// The texts of the judging samples.
  var test: [SampledText] { states.testRows.map { texts[$0] } }
}

extension Workbench {
  /// The split sample of a question with its texts, one position each.
  ///
  /// - Throws: `EngineError` where the model is a file of captured states, whose texts cannot be run again.
  func splitTexts(of question: Question, _ keys: SplitKeys) throws -> SplitTexts {
    try question.requireTexts()
    let split = try splitStates(of: question, keys)
    let selection = question.bound.selection(
      texts: keys.sizes(question.bound).total, position: keys.position)
    let texts = try samples(of: question, StatesRequest(selection: selection, takesFewer: true))
    guard texts.count == split.sample.positions.count else { throw EngineError.unreadable("captured states") }
    return SplitTexts(states: split, texts: texts)
  }
}

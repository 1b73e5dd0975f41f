import Analyses

extension Workbench {
  /// The maps that a question reads states through: those of the file it names, or fitted to the training samples.
  func lensMaps(_ split: SplitStates, of question: Question) throws -> FinalMaps {
    guard let file = question[ShortcutKeys.maps].first else { return try finalMaps(split, question.bound) }
    let maps = try MapsFile(path: path(file))
    try maps.require(question.subject.model(), name: question.subject.entry.name)
    return FinalMaps(maps: maps.maps, isMinimumNorm: maps.isMinimumNorm)
  }

  /// What both lenses say at every depth of the test samples, judged by the full model.
  func lensCurves(
    of question: Question
  ) throws -> (curves: LensCurves, split: SplitStates, isMinimumNorm: Bool) {
    let split = try splitStates(of: question, ShortcutKeys.sample)
    let maps = try lensMaps(split, of: question)
    let curves = try LensCurves(states: split.test, maps: maps.maps, head: try question.subject.model())
    return (curves, split, maps.isMinimumNorm)
  }
}

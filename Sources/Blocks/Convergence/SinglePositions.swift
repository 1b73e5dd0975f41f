import Analyses

/// The movements at chosen positions of one text.
struct SinglePositions {
  let text: String
  /// Positions from 0, or from -1 counted from the end; the last where there are none.
  let places: [Int]

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Convergence> {
    let ids = try bench.tokens(of: text, for: question)
    let positions = try resolved(ids.count)
    let run = try bench.run(ids, positions: positions, middles: false, of: question)
    var meter = try ConvergenceMeter.of(
      question.subject, blocks: run.states.count - 1, final: question[ConvergenceView.final])
    var curves: [PositionCurve] = []
    let tokenizer = try question.subject.tokenizer()
    for (row, position) in positions.enumerated() {
      var single = try ConvergenceMeter.of(
        question.subject, blocks: run.states.count - 1, final: question[ConvergenceView.final])
      single.add(StateBatch(states: run.states.map { $0.rows(row..<row + 1) }, positions: [position]))
      curves.append(
        PositionCurve(
          position: position, token: TokenMarks.text(ids[position], tokenizer),
          next: position + 1 < ids.count ? TokenMarks.text(ids[position + 1], tokenizer) : "",
          distance: single.result().distance))
      meter.merge(single)
    }
    var result = meter.result()
    result.positions = curves
    return Answer(result: result, facts: try question.facts(of: run))
  }

  private func resolved(_ count: Int) throws -> [Int] {
    try (places.isEmpty ? [-1] : places).map { place in
      let position = place < 0 ? count + place : place
      guard (0..<count).contains(position) else {
        throw EngineError("pos=\(place): the text has \(count) tokens, positions 0 to \(count - 1)")
      }
      return position
    }
  }
}

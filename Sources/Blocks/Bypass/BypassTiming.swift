import Analyses
import Transformers

/// Tokens per second of a model and of a bypass of it, measured alternately so that a machine that slows down slows both.
struct BypassTiming {
  private let model: Model
  private let texts: [[Int]]
  private static let rounds = 7

  init(_ model: Model, _ texts: JudgedTexts) { (self.model, self.texts) = (model, texts.texts.map(\.ids)) }

  /// The median of the rounds of each, texts run from their tokens to their logits.
  func pair(_ bypass: Bypass) throws -> BypassResult.Pair {
    func full() throws {
      let run = try ModelRun(model, texts)
      try run.advance(to: model.configuration.blocks)
      _ = try model.readTop(ofHeadInput: model.headInput(run.allStates()))
    }
    func shortened() throws { _ = try model.readTop(ofHeadInput: model.headInput(bypass.run(model, texts))) }
    // Weights are converted on the way up the first time.
    try full()
    try shortened()
    var times: (full: [Double], bypassed: [Double]) = ([], [])
    for _ in 0..<Self.rounds {
      times.full.append(try Self.seconds(full))
      times.bypassed.append(try Self.seconds(shortened))
    }
    let tokens = Double(texts.reduce(0) { $0 + $1.count })
    func speed(_ times: [Double]) -> Double { tokens / times.sorted()[Self.rounds / 2] }
    return .init(full: speed(times.full), bypassed: speed(times.bypassed))
  }

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let elapsed = try clock.measure(body)
    return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
  }
}

import Analyses
import Books
import Charts
import Directives
import JSONText

/// `<<convergence M>>`: how far each block turns the residual stream, and the score S of that curve.
struct ConvergenceBlock: Block {
  let schema = DirectiveSchema(
    name: "convergence",
    summary: "movement of the hidden state per block and the convergence score S",
    keys: [SampleKeys.count(200), SampleKeys.position(.all), SampleKeys.maxTokens],
    takesVersus: true,
    examples: ["<<convergence>>", "<<convergence atlas-gpt2 vs=atlas-llama>>", "<<convergence position=last n=1000>>"])

  func engine(for bound: BoundDirective) -> EngineIdentity { EngineIdentity("convergence", version: 1) }

  func shape(of bound: BoundDirective) -> ResultShape {
    .object([
      "distance": .numbers, "score": .number, "score_per_token": .number, "last_distance": .number,
      "last_ratio": .number, "undefined_positions": .number,
    ])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer {
    let texts = question.bound.int("n") ?? 200
    let request = StatesRequest(
      selection: question.bound.selection(texts: texts), takesFewer: !question.bound.explicitKeys.contains("n"))
    if question.subject.statesFile != nil || request.selection.position != .all {
      let states = try bench.states(of: question, request)
      var meter = ConvergenceMeter(blocks: states.blocks)
      meter.add(states.states)
      return answer(meter.result(), states.facts(family: try? question.subject.model().configuration.family.rawValue))
    }
    return try answerInBatches(question, request, on: bench)
  }

  /// Every position of every text: too much to hold for a large model, so texts go through in batches.
  private func answerInBatches(_ question: Question, _ request: StatesRequest, on bench: Workbench) throws -> Answer {
    let samples = try bench.samples(of: question, request)
    let configuration = try question.subject.model().configuration
    let bytesPerPosition = (configuration.blocks + 1) * configuration.width * 4
    var meter = ConvergenceMeter(blocks: configuration.blocks)
    var batch: [SampledText] = []
    var bytes = 0
    for (index, sample) in samples.enumerated() {
      batch.append(sample)
      bytes += sample.positions.count * bytesPerPosition
      if bytes >= bench.memory / 2 || index == samples.count - 1 {
        meter.add(try bench.capture(batch, of: question.subject))
        batch = []
        bytes = 0
      }
    }
    let facts = Facts(
      blocks: configuration.blocks, width: configuration.width, family: configuration.family.rawValue,
      texts: samples.count, positions: samples.reduce(0) { $0 + $1.positions.count },
      position: request.selection.position.rawValue)
    return answer(meter.result(), facts)
  }

  private func answer(_ found: Convergence, _ facts: Facts) -> Answer {
    Answer(
      result: [
        "distance": .array(found.distance.map { .double($0) }),
        "score": .double(found.score),
        "score_per_token": .double(found.scorePerToken),
        "last_distance": .double(found.lastDistance),
        "last_ratio": .double(found.lastRatio),
        "undefined_positions": .int(found.undefinedPositions),
      ],
      facts: facts)
  }

  func exhibit(of evaluation: Evaluation, in language: Language) -> Exhibit {
    let all = [evaluation] + evaluation.comparison
    let notes = notes(all, language)
    if evaluation.bound.form == .table {
      return Exhibit(
        kind: .table, content: table(all, language),
        caption: language("Movement per block and convergence score.", "ブロックごとの移動量と収束スコア。"), notes: notes)
    }
    let longest = all.map(\.facts.blocks).max() ?? 1
    let chart = LineChart(
      title: language("Movement D per block", "ブロックごとの移動量 D"),
      x: .layers(language("block", "ブロック"), 0...(longest - 1)),
      y: Axis(language("movement D", "移動量 D"), range: 0...0),
      series: all.map { one in
        LineSeries(
          "\(one.model.name) (S = \(one.result["score"].fixed(2)))", values: one.result["distance"].doubles)
      })
    let caption = language(
      "Movement D of the hidden state in each block, mean over positions; S is the convergence score (1 = never rises).",
      "各ブロックにおける隠れ状態の移動量 D（位置平均）。S は収束スコア（1 = 一度も増えない）。")
    let scores = all.map { "\($0.model.name): S = \($0.result["score"].fixed(2))" }.joined(
      separator: language(", ", "、"))
    return Exhibit(
      kind: .figure, content: .chart(chart), caption: caption, notes: [scores + language(".", "。")] + notes)
  }

  private func notes(_ all: [Evaluation], _ language: Language) -> [String] {
    all.compactMap { one in
      let count = one.result["undefined_positions"]?.intValue ?? 0
      guard count > 0 else { return nil }
      return language(
        "\(count) positions of \(one.model.name) have a zero state and are left out.",
        "\(one.model.name) の \(count) 位置は零ベクトルを含むため除外した。")
    }
  }

  private func table(_ all: [Evaluation], _ language: Language) -> Exhibit.Content {
    .table(
      columns: [
        .text(language("model", "モデル")),
        .init("S", format: .fixed(3)),
        .init(language("mean S per position", "位置ごとの S の平均"), format: .fixed(3)),
        .init(language("last D", "最終 D"), format: .fixed(4)),
        .init(language("last D / previous", "最終 D / 直前"), format: .fixed(2)),
      ],
      rows: all.map { one in
        [
          .text(one.model.name), .number(one.result["score"]?.doubleValue),
          .number(one.result["score_per_token"]?.doubleValue), .number(one.result["last_distance"]?.doubleValue),
          .number(one.result["last_ratio"]?.doubleValue),
        ]
      })
  }
}

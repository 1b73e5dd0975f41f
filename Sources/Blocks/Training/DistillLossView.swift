import Books
import Charts
import Directives
import JSONText
import Markup
import Training
import Transformers

/// `<<distill loss M>>`: what the loss of self-distillation says of a model as it is.
struct DistillLossView: View {
  /// The result.
  struct Loss: Codable, Sendable {
    @Field("α_l, the weight of each layer, [L]") var alpha: [Double] = []
    @Field("KL between each layer's distribution and the model's own output, in nats, [L]") var kl: [Double] = []
    @Field("|e_l − e_(l−1)|² / |e_(l−1)|² of each layer's output, [L]; null at 0") var movement: [Double?] = []
    @Field("L1, the divergences weighted by α") var l1 = 0.0
    @Field("L2, the movements weighted by α") var l2 = 0.0
    @Field("L1 + λ L2") var total = 0.0
  }

  static let texts = SampleKeys.texts(200)

  let keywords = [
    ViewKeyword("loss", "both parts of the loss, layer by layer"),
    ViewKeyword("diagram", "the same as a sketch: what pulls at each layer, and what holds neighbours together"),
  ]
  let keys: [any KeyDeclaration] = [texts, SampleKeys.maxTokens] + DistillKeys.loss
  let engine = EngineIdentity("distill", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { .head }
  func overlays(_ bound: BoundDirective) -> Bool { bound.view.last != "diagram" }
  func resultWord(_: String) -> String { "loss" }

  func example(_: BoundDirective) -> Loss {
    Loss(alpha: [0.25, 0.35, 0.4], kl: [5, 2, 0], movement: [nil, 0.5, 0.25], l1: 1.95, l2: 0.275, total: 2.225)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Loss> {
    try question.requireTexts()
    let model = try question.subject.model()
    let samples = try bench.samples(
      of: question,
      StatesRequest(
        selection: SampleSelection(
          texts: question[Self.texts], position: .all, maxTokens: question[SampleKeys.maxTokens],
          seed: question[.seed]), takesFewer: !question.bound.isGiven(Self.texts)))
    var mean = MeanLoss(blocks: model.configuration.blocks)
    let objective = try SelfDistillation(of: model, DistillKeys.settings(question.bound))
    let parameters = try ParameterList(model)
    for start in stride(from: 0, to: samples.count, by: Self.batch) {
      let texts = samples[start..<min(start + Self.batch, samples.count)].map(\.ids)
      mean.add(
        try objective.evaluate(parameters, texts: texts, step: 0, addingTo: nil, keeping: 0),
        positions: texts.reduce(0) { $0 + $1.count })
      bench.monitor.progress("reading \(question.subject.entry.name)", start + texts.count, samples.count)
    }
    return Answer(
      result: mean.loss(alpha: SelfDistillation.weights(blocks: mean.kl.count, gamma: question[DistillKeys.gamma])),
      facts: try question.facts(texts: samples.count, scored: mean.positions, "all"))
  }

  /// Texts that go through at once.
  private static let batch = 16

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<Loss>, in say: Language) -> Exhibit {
    func number(_ value: Double) -> String { NumberText.significant(value, digits: 3) }
    let isDiagram = shown.evaluation.bound.view.last == "diagram"
    return Exhibit(
      chart: isDiagram ? diagram(shown, say) : curves(shown, say), table: table(shown, say),
      caption: Exhibit.Caption(
        say(
          "The loss of self-distillation of the model as it is, layer by layer: how far each layer predicts from the output, and how far it moves the state.",
          "現状のモデルにおける自己蒸留の損失（層ごと）。各層の予測と出力の隔たり、および状態の移動量。"),
        chart: isDiagram
          ? say(" Lines are as thick as their part of the loss.", "線の太さは損失への寄与に比例する。") : ""),
      notes: Exhibit.Notes(
        shown.all.map {
          say(
            "\($0.name): L1 \(number($0.l1)), L2 \(number($0.l2)), together \(number($0.total)).",
            "\($0.name)：L1 \(number($0.l1))、L2 \(number($0.l2))、合計 \(number($0.total))。")
        }))
  }

  private func diagram(_ shown: Shown<Loss>, _ say: Language) -> PullDiagram {
    let lambda = shown[DistillKeys.lambda]
    return PullDiagram(
      title: say("The loss as a sketch", "損失の見取り図"),
      target: say("output of the model as it was", "元のモデルの出力"), layerTitle: say("layers", "層"),
      pullTitle: "L1: α KL", holdTitle: say("L2: α λ movement", "L2：α λ 移動"),
      layers: shown.alpha.indices.map { layer in
        .init(
          pull: shown.alpha[layer] * shown.kl[layer],
          hold: shown.movement[layer].map { lambda * shown.alpha[layer] * $0 })
      })
  }

  private func curves(_ shown: Shown<Loss>, _ say: Language) -> LineChart {
    let lambda = shown[DistillKeys.lambda]
    var curves = LineChart(
      title: say("Parts of the loss", "損失の内訳"),
      x: .layers(Terms.block(say), 0...max(1, (shown.all.map(\.alpha.count).max() ?? 1) - 1)),
      y: Axis(say("contribution to the loss", "損失への寄与"), range: 0...0),
      series: shown.all.flatMap { one -> [LineSeries] in
        let isAlone = shown.all.count == 1
        let name = isAlone ? "" : one.name + " "
        // Of several models each has its colour, and its parts differ in their dashes.
        func style(_ part: Int) -> LineStyle { isAlone ? LineStyle() : LineStyle(color: one.color, dash: part) }
        return [
          LineSeries(name + "α KL", values: one.alpha.indices.map { one.alpha[$0] * one.kl[$0] }, style: style(0)),
          LineSeries(
            name + say("α λ movement", "α λ 移動"),
            values: one.alpha.indices.map { layer in one.movement[layer].map { lambda * one.alpha[layer] * $0 } },
            style: style(1)),
        ]
      })
    curves.labelsExtremes = true
    return curves
  }

  private func table(_ shown: Shown<Loss>, _ say: Language) -> Table {
    Table(
      shown.all.flatMap { one in one.alpha.indices.map { (model: one, layer: $0) } },
      [
        .text(Terms.model(say), \.model.name), .text(Terms.block(say)) { "\($0.layer)" },
        .number("α", { $0.model.alpha[$0.layer] }, decimals: 4),
        .number(say("KL, nats", "KL（ナット）"), { $0.model.kl[$0.layer] }, decimals: 4),
        .number(say("movement", "移動"), { $0.model.movement[$0.layer] }, decimals: 4),
      ])
  }
}

/// A loss over several batches, each as heavy as it has positions.
private struct MeanLoss {
  private(set) var positions = 0
  private(set) var kl: [Double]
  private var movement: [Double?]
  private var sums = (l1: 0.0, l2: 0.0, total: 0.0)

  init(blocks: Int) {
    kl = [Double](repeating: 0, count: blocks)
    movement = [nil] + [Double?](repeating: 0, count: blocks - 1)
  }

  mutating func add(_ loss: TrainingLoss, positions count: Int) {
    let weight = Double(count)
    positions += count
    sums.total += weight * loss.total
    guard let parts = loss.distillation else { preconditionFailure("the loss of another objective") }
    for (layer, value) in parts.divergences.enumerated() { kl[layer] += weight * value }
    for (layer, value) in parts.movements.enumerated() {
      movement[layer] = movement[layer].flatMap { sum in value.map { sum + weight * $0 } }
    }
    sums.l1 += weight * parts.l1
    sums.l2 += weight * parts.l2
  }

  func loss(alpha: [Double]) -> DistillLossView.Loss {
    let all = Double(positions)
    return DistillLossView.Loss(
      alpha: alpha, kl: kl.map { $0 / all }, movement: movement.map { $0.map { $0 / all } }, l1: sums.l1 / all,
      l2: sums.l2 / all, total: sums.total / all)
  }
}

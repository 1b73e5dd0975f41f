import Charts
import Directives
import JSONText
import Markup
import Training

/// `<<distill weights M>>`: how much each layer of a model counts in the loss.
struct DistillWeightsView: View {
  /// The result.
  struct Weights: Codable, Sendable {
    @Field("α_l = exp(γ l) / Σ exp(γ l), [L]") var alpha: [Double] = []
    @Field("the share of the last four layers, or of all where there are fewer") var lastFour = 0.0
  }

  let keywords = [ViewKeyword("weights", "how much each layer counts")]
  let keys: [any KeyDeclaration] = [DistillKeys.gamma]
  let engine = EngineIdentity("distill", version: 1)
  func readsDataset(_: BoundDirective) -> Bool { false }
  func overlays(_: BoundDirective) -> Bool { true }

  func example(_: BoundDirective) -> Weights { Weights(alpha: [0.25, 0.35, 0.4], lastFour: 1) }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Weights> {
    let configuration = try question.subject.model().configuration
    let alpha = SelfDistillation.weights(blocks: configuration.blocks, gamma: question[DistillKeys.gamma])
    return Answer(
      result: Weights(alpha: alpha, lastFour: alpha.suffix(4).reduce(0, +)),
      facts: Facts(
        blocks: configuration.blocks, width: configuration.width, family: question.subject.family, texts: nil,
        positions: 0, position: "none"))
  }

  func exhibit(_ shown: Shown<Weights>, in say: Language) -> Exhibit {
    let gamma = NumberText.significant(shown[DistillKeys.gamma], digits: 3)
    return Exhibit(
      chart: LineChart(
        title: say("Weights of the layers", "層の重み"),
        x: .layers(Terms.block(say), 0...max(1, (shown.all.map(\.alpha.count).max() ?? 1) - 1)),
        y: Axis("α", range: 0...0),
        series: shown.all.map {
          LineSeries($0.name, values: $0.alpha, style: LineStyle(color: $0.color, dash: $0.color))
        }, nameTitle: Terms.model(say)),
      table: Table(
        shown.all.flatMap { one in one.alpha.indices.map { (model: one, layer: $0) } },
        [
          .text(Terms.model(say), \.model.name), .text(Terms.block(say)) { "\($0.layer)" },
          .number("α", { $0.model.alpha[$0.layer] }, decimals: 4),
        ]),
      caption: Exhibit.Caption(
        say("The weight α of each layer in the loss, γ = \(gamma).", "損失における各層の重み α（γ = \(gamma)）。")))
  }
}

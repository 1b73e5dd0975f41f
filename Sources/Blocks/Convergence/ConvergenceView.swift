import Analyses
import Charts
import Directives
import Markup

extension Block {
  /// `<<convergence M>>`: how far each block turns the residual stream, and the score S of that curve.
  static let convergence = Block(
    "convergence", "movement of the hidden state per block and the convergence score S",
    views: [ConvergenceView()], takesVersus: true,
    examples: ["<<convergence>>", "<<convergence atlas-gpt2 vs=atlas-llama>>", "<<convergence position=last n=1000>>"])
}

struct ConvergenceView: PassView {
  static let texts = SampleKeys.texts(200)
  static let position = SampleKeys.position(.all)

  let keys: [any KeyDeclaration] = [texts, position, SampleKeys.maxTokens]
  let engine = EngineIdentity("convergence", version: 1)

  func example(_: BoundDirective) -> Convergence { .example }

  func selection(of question: Question) -> StatesRequest {
    StatesRequest(
      selection: question.bound.selection(texts: question[Self.texts], position: Self.position),
      takesFewer: !question.bound.isGiven(Self.texts))
  }

  func meter(for _: Question, blocks: Int) -> ConvergenceMeter { ConvergenceMeter(blocks: blocks) }

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<Convergence>, in say: Language) -> Exhibit {
    let all = shown.all
    func score(_ one: Shown<Convergence>) -> String { "S = " + NumberText.fixed(one.score, decimals: 2) }
    let skipped = all.filter { $0.undefinedPositions > 0 }.map { one in
      say(
        "\(one.undefinedPositions) positions of \(one.name) have a zero state and are left out.",
        "\(one.name) の \(one.undefinedPositions) 位置は零ベクトルを含むため除外した。")
    }
    let scores = all.map { "\($0.name): \(score($0))" }.joined(separator: say(", ", "、")) + say(".", "。")
    return Exhibit(
      chart: LineChart(
        title: say("Movement D per block", "ブロックごとの移動量 D"),
        x: .layers(Terms.block(say), 0...((all.map(\.facts.blocks).max() ?? 1) - 1)),
        y: Axis(say("movement D", "移動量 D"), range: 0...0),
        series: all.map { LineSeries("\($0.name) (\(score($0)))", values: $0.distance) }),
      table: Table(
        all,
        [
          .text(Terms.model(say), \.name), .number("S", \.score),
          .number(say("mean S per position", "位置ごとの S の平均"), \.scorePerToken),
          .number(say("last D", "最終 D"), \.lastDistance, decimals: 4),
          .number(say("last D / previous", "最終 D / 直前"), \.lastRatio, decimals: 2),
        ]),
      caption: Exhibit.Caption(
        chart: say(
          "Movement D of the hidden state in each block, mean over positions; S is the convergence score (1 = never rises).",
          "各ブロックにおける隠れ状態の移動量 D（位置平均）。S は収束スコア（1 = 一度も増えない）。"),
        table: say("Movement per block and convergence score.", "ブロックごとの移動量と収束スコア。")),
      notes: Exhibit.Notes(chart: [scores] + skipped, table: skipped))
  }
}

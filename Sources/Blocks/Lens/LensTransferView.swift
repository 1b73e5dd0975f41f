import Analyses
import Charts
import Diagnostics
import Directives
import JSONText

/// `<<lens transfer>>`: the lens that was fitted at one depth, reading the states of another.
struct LensTransferView: View {
  /// The result.
  struct Transfer: Codable, Sendable {
    @Field(
      "mean KL(p_L ‖ p) in nats where the lens fitted at depth i (row) reads the states of depth j, [L + 1][L + 1]")
    var mean: [[Double?]] = []
    @Field("what the logit lens, which fits nothing, gives at each depth, [L + 1]") var id: [Double?] = []
  }

  let keywords = [ViewKeyword("transfer", "the map fitted at one depth, reading another: rows lenses, columns states")]
  let keys: [any KeyDeclaration] = [SampleKeys.maxTokens, LensKeys.fit] + MapKeys.all
  let engine = EngineIdentity("lens", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { .head }
  let constants: JSONObject = ["norm": "recompute", "lens": "mat"]

  func faults(of bound: BoundDirective) -> [Diagnostic] { [] }

  func example(_: BoundDirective) -> Transfer {
    Transfer(mean: [[1, 2, 3], [2, 0.5, 1], [3, 1, 0]], id: [3, 1, 0])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Transfer> {
    try question.requireTexts()
    let model = try question.subject.model()
    let fitted = try bench.lensMaps(of: question)
    let test = fitted.split.test
    let final = test[test.count - 1]
    var result = Transfer()
    for lens in test.indices {
      let read = try model.compareLogits(
        of: test.map { fitted.maps.mapped($0, from: lens) }, with: final, tokens: { _, _ in [] })
      result.mean.append(read.map { row in row.reduce(0) { $0 + $1.divergence } / Double(row.count) })
      bench.monitor.progress("reading \(question.subject.entry.name)", lens + 1, test.count)
    }
    // The lens of the last depth maps nothing: it is the logit lens.
    result.id = result.mean[test.count - 1]
    return Answer(result: result, facts: question.facts(fitted.split))
  }

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<Transfer>, in say: Language) -> Exhibit {
    let count = shown.mean.count
    return Exhibit(
      chart: HeatmapChart(
        title: say("Divergence of transferred lenses", "レンズの転用による距離"), matrix: CellMatrix(shown.mean),
        rows: .numbers(say("lens fitted at", "レンズの深さ"), 0..<count),
        columns: .numbers(say("states of depth", "状態の深さ"), 0..<count),
        scale: ColorScale(say("KL, nats", "KL（ナット）"))),
      table: Table(
        shown.mean.indices,
        [.text(say("lens \\ states", "レンズ \\ 状態")) { "\($0)" }]
          + (0..<count).map { column in .number("\(column)", { shown.mean[$0][column] }, decimals: 2) }),
      caption: Exhibit.Caption(
        say(
          "Mean divergence KL(p_L ‖ p) from the model's own distribution where the map fitted at one depth reads the states of another. The last row maps nothing: it is the logit lens, and the diagonal is the mat lens.",
          "ある深さで当てはめた写像で別の深さの状態を読んだときの、モデル自身の分布からの平均距離 KL(p_L ‖ p)。最後の行は写像を用いないロジットレンズ、対角は mat レンズである。"
        )),
      notes: Exhibit.Notes([
        say("Read on the texts that did not fit the maps.", "写像の当てはめに用いていないテキストで測る。")
      ]))
  }
}

import Analyses
import Charts
import Directives
import JSONText
import Markup

extension Block {
  /// `<<surprisal M>>`: how surprised the full model is by each depth's prediction.
  static let surprisal = Block(
    "surprisal", "how unlikely the full model holds every depth's prediction, through fitted maps and without",
    views: [SurprisalView()],
    examples: [
      "<<surprisal>>", "<<surprisal atlas-gpt2 n=1000 intercept=on>>", "<<surprisal vs=atlas-gpt2 scale=depth>>",
    ]
  )
}

/// Surprisal of both lenses.
struct SurprisalResult: Codable, Sendable {
  /// Bands of both lenses.
  struct Bands: Codable, Sendable {
    @Field("of the fitted maps, one {low, high} for each state") var mat: [Band] = []
    @Field("of the states as they are, likewise") var id: [Band] = []
    @Field("of the difference, mat less id over the same samples: one that holds no 0 tells the lenses apart")
    var difference: [Band] = []
  }

  @Field("through fitted maps: mean of -ln p under the full model of the top token, in nats, [L+1]")
  var mat: [Double?] = []
  @Field("the same reading the state as it is, [L+1]") var id: [Double?] = []
  @Field("mat less id, [L+1]") var difference: [Double?] = []
  @Field("the full model's own: mean of -ln of its largest probability, below which no curve can fall")
  var floor: Double? = nil
  @Field("95% bootstrap bands over the test samples") var bands = Bands()
  @Field("whether there were fewer training samples than dimensions") var minimumNorm = false
}

struct SurprisalView: ShortcutView {
  let keys: [any KeyDeclaration] = ShortcutKeys.all + [DepthChart.scale]
  let engine = EngineIdentity("surprisal", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { .head }
  let constants: JSONObject = ["norm": "recompute"]

  func overlays(_: BoundDirective) -> Bool { true }

  func example(_: BoundDirective) -> SurprisalResult {
    let bands = [Band(low: 5, high: 7), Band(low: 2, high: 3), Band(low: 0.4, high: 0.6)]
    return SurprisalResult(
      mat: [6, 2.5, 0.5], id: [6.5, 2.7, 0.5], difference: [-0.5, -0.2, 0], floor: 0.5,
      bands: .init(
        mat: bands, id: bands,
        difference: [Band(low: -1, high: -0.1), Band(low: -0.5, high: 0.1), Band(low: 0, high: 0)]))
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<SurprisalResult> {
    let (curves, split, isMinimumNorm) = try bench.lensCurves(of: question)
    let values = [Lens.mat, .id].map { curves[$0].map(\.surprisals) }
    let differences = zip(values[0], values[1]).map { zip($0, $1).map { $0 - $1 } }
    let bands = (values + [differences]).map { Bootstrap(seed: question[.seed]).bands(of: $0, stream: "surprisal") }
    let (mat, id) = (curves.mat.map(\.surprisal), curves.id.map(\.surprisal))
    return Answer(
      result: SurprisalResult(
        mat: mat, id: id,
        difference: zip(mat, id).map { mat, id in mat.flatMap { mat in id.map { mat - $0 } } }, floor: curves.floor,
        bands: .init(mat: bands[0], id: bands[1], difference: bands[2]), minimumNorm: isMinimumNorm),
      facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<SurprisalResult>, in say: Language) -> Exhibit {
    let isAlone = shown.others.isEmpty
    let lines = shown.all.flatMap { one in
      [(Lens.mat, one.mat, one.bands.mat), (.id, one.id, one.bands.id)].map { lens, values, bands in
        (
          name: isAlone ? lens.rawValue : "\(one.name), \(lens.rawValue)", values: values, bands: bands,
          style: LineStyle(
            color: isAlone ? lens.color : one.color, dash: lens == .mat ? 0 : 1, isHollow: !isAlone && lens == .id)
        )
      }
    }
    let depth = lines.map(\.values.count).max() ?? 0
    let floors = shown.all.compactMap { one in one.floor.map { (name: one.name, value: $0) } }
    return Exhibit(
      chart: LineChart(
        title: say("Surprisal of every depth's prediction", "深さごとの予測のサプライザル"),
        x: DepthChart.axis(blocks: shown.all.map(\.facts.blocks).max() ?? 1, scale: shown[DepthChart.scale], say),
        y: Axis(say("surprisal, nats", "サプライザル（nat）"), range: 0...0),
        series: lines.map {
          DepthChart.series(
            $0.name, $0.values, bands: $0.bands, scale: shown[DepthChart.scale], style: $0.style)
        },
        references: floors.map { floor in
          ReferenceLine(
            .horizontal, at: floor.value,
            label: say("full model", "全層モデル") + (isAlone ? "" : ", " + floor.name))
        }),
      table: Table(
        0..<depth,
        [.count(Terms.depth(say), \.self)]
          + lines.map { line in
            .cell(.init(line.name, unit: say("nats", "nat"), format: .fixed(3))) { depth in
              line.values.indices.contains(depth) ? .number(line.values[depth]) : .text("")
            }
          } + (isAlone ? differences(shown, say) : [])),
      caption: Exhibit.Caption(
        say(
          "Mean of −ln p under the full model of the top token that a depth names, through a fitted map (mat) or as it is (id); the full model's own tokens have a surprisal of \(Self.text(floors)), the lowest there can be",
          "各深さの状態を線形写像 (mat) またはそのまま (id) 読んだ最上位トークンの、全層モデルにおける −ln p の平均。全層モデル自身の値 \(Self.text(floors)) が下限である"),
        chart: say("; ", "。") + Terms.bands(say) + say(".", "。"), table: say(".", "。")),
      notes: Exhibit.Notes(shown.all.contains { $0.minimumNorm } ? [Terms.minimumNorm(say)] : []))
  }

  /// The difference of the lenses with its band, which is narrower than their own: it is over the same samples.
  private func differences(_ shown: Shown<SurprisalResult>, _ say: Language) -> [TableColumn<Int>] {
    let bands = shown.bands.difference
    func end(_ depth: Int, _ value: (Band) -> Double) -> Double? {
      bands.indices.contains(depth) ? value(bands[depth]) : nil
    }
    return [
      .number("mat − id", { shown.difference[$0] }, unit: say("nats", "nat")),
      .number(say("from", "下限"), { end($0, \.low) }, unit: "95%"),
      .number(say("to", "上限"), { end($0, \.high) }, unit: "95%"),
    ]
  }

  private static func text(_ floors: [(name: String, value: Double)]) -> String {
    floors.map { NumberText.fixed($0.value, decimals: 3) }.joined(separator: " / ")
  }
}

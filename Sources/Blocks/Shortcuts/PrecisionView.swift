import Analyses
import Charts
import Directives
import JSONText

extension Block {
  /// `<<precision M k=1,5,10>>`: how often a state's top token is among the full model's k largest.
  static let precision = Block(
    "precision", "agreement of every depth's prediction with the full model, through fitted maps and without",
    views: [PrecisionView()],
    examples: ["<<precision>>", "<<precision atlas-gpt2 k=1,5 n=1000>>", "<<precision k=1 vs=atlas-gpt2 scale=depth>>"])
}

/// Precision@k of both lenses.
struct PrecisionResult: Codable, Sendable {
  /// Bands of both lenses.
  struct Bands: Codable, Sendable {
    @Field("of the fitted maps, by k, one {low, high} for each state") var mat: [String: [Band]] = [:]
    @Field("of the states as they are, likewise") var id: [String: [Band]] = [:]
    @Field("of the difference, mat less id over the same samples: one that holds no 0 tells the lenses apart")
    var difference: [String: [Band]] = [:]
  }

  @Field("through fitted maps: share of samples whose top token is among the full model's k largest, by k, [L+1]")
  var mat: [String: [Double?]] = [:]
  @Field("the same reading the state as it is, by k, [L+1]") var id: [String: [Double?]] = [:]
  @Field("95% bootstrap bands over the test samples") var bands = Bands()
  @Field("whether there were fewer training samples than dimensions") var minimumNorm = false
}

struct PrecisionView: ShortcutView {
  static let depths = Key.ints(
    "k", in: 1...1000, standard: [1, 5, 10], "how many of the full model's largest tokens count as agreement")

  let keys: [any KeyDeclaration] = [PrecisionView.depths] + ShortcutKeys.all + [DepthChart.scale]
  let engine = EngineIdentity("precision", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { .head }
  let constants: JSONObject = ["norm": "recompute"]

  func overlays(_: BoundDirective) -> Bool { true }

  func example(_ bound: BoundDirective) -> PrecisionResult {
    func byK<Value>(_ value: Value) -> [String: Value] {
      Dictionary(Self.ks(bound).map { (String($0), value) }) { first, _ in first }
    }
    let bands = [Band(low: 0.1, high: 0.3), Band(low: 0.7, high: 0.9), Band(low: 1, high: 1)]
    return PrecisionResult(
      mat: byK([0.2, 0.8, 1]), id: byK([0.1, 0.7, 1]),
      bands: .init(mat: byK(bands), id: byK(bands), difference: byK(bands)))
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<PrecisionResult> {
    let (curves, split, isMinimumNorm) = try bench.lensCurves(of: question)
    let bootstrap = Bootstrap(seed: question[.seed])
    var result = PrecisionResult(minimumNorm: isMinimumNorm)
    for k in Self.ks(question.bound) {
      func bands(_ values: [[Double]]) -> [Band] { bootstrap.bands(of: values, stream: "precision") }
      let (mat, id) = (curves.mat.map { $0.hits(at: k) }, curves.id.map { $0.hits(at: k) })
      let name = String(k)
      result.mat[name] = curves.mat.map { $0.precision(at: k) }
      result.id[name] = curves.id.map { $0.precision(at: k) }
      result.bands.mat[name] = bands(mat)
      result.bands.id[name] = bands(id)
      result.bands.difference[name] = bands(zip(mat, id).map { zip($0, $1).map { $0 - $1 } })
    }
    return Answer(result: result, facts: question.facts(split))
  }

  /// The k that are asked for, each once.
  private static func ks(_ bound: BoundDirective) -> [Int] { Set(bound[depths]).sorted() }

  func exhibit(_ shown: Shown<PrecisionResult>, in say: Language) -> Exhibit {
    let ks = Self.ks(shown.evaluation.bound)
    let least = String(ks.first ?? 1)
    let isAlone = shown.others.isEmpty
    let lines = shown.all.flatMap { one in
      ks.enumerated().flatMap { place, k in
        [Lens.mat, .id].map { Line(one, $0, k: k, color: isAlone ? $0.color : one.color, place: place) }
      }
    }
    return Exhibit(
      chart: LineChart(
        title: say("Agreement with the full model by depth", "深さごとの全層モデルとの一致率"),
        x: DepthChart.axis(blocks: shown.all.map(\.facts.blocks).max() ?? 1, scale: shown[DepthChart.scale], say),
        y: Axis(say("Precision@k", "Precision@k"), range: 0...1),
        series: lines.map { $0.series(isAlone: isAlone, banded: least, scale: shown[DepthChart.scale]) }),
      table: table(lines, isAlone, say),
      caption: Exhibit.Caption(
        say(
          "Share of test samples whose top token, read at a depth through a fitted map (mat) or as it is (id), is among the full model's k largest.",
          "各深さの状態を線形写像 (mat) またはそのまま (id) 読んだ最上位トークンが、全層モデルの上位 k 個に入る評価標本の割合。"),
        chart: say(" For k = \(least) ", " k = \(least) の") + Terms.bands(say) + say(".", "。")),
      notes: Exhibit.Notes(
        [Terms.agreementWithModel(say)] + (shown.all.contains { $0.minimumNorm } ? [Terms.minimumNorm(say)] : [])))
  }

  private func table(_ lines: [Line], _ isAlone: Bool, _ say: Language) -> Table {
    let depth = lines.map(\.values.count).max() ?? 0
    return Table(
      0..<depth,
      [.count(Terms.depth(say), \.self)]
        + lines.map { line in
          .cell(.init(line.name(isAlone: isAlone), format: .fixed(3))) { depth in
            line.values.indices.contains(depth) ? .number(line.values[depth]) : .text("")
          }
        })
  }

  /// One curve of the figure.
  private struct Line {
    var model: String
    var lens: Lens
    var k: Int
    var color: Int
    var place: Int
    var values: [Double?]
    var bands: [Band]

    init(_ shown: Shown<PrecisionResult>, _ lens: Lens, k: Int, color: Int, place: Int) {
      model = shown.name
      (self.lens, self.k, self.color, self.place) = (lens, k, color, place)
      values = (lens == .mat ? shown.mat : shown.id)[String(k)] ?? []
      bands = (lens == .mat ? shown.bands.mat : shown.bands.id)[String(k)] ?? []
    }

    func name(isAlone: Bool) -> String { (isAlone ? "" : model + ", ") + "\(lens.rawValue), k = \(k)" }

    func series(isAlone: Bool, banded: String, scale: DepthChart.Scale) -> LineSeries {
      DepthChart.series(
        name(isAlone: isAlone), values, bands: String(k) == banded ? bands : [], scale: scale,
        style: LineStyle(
          color: color, dash: isAlone || lens == .mat ? place : 3 + place,
          weight: place == 0 ? .normal : place == 1 ? .thin : .thick, isHollow: !isAlone && lens == .id))
    }
  }
}

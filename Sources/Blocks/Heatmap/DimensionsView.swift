import Charts
import Directives
import JSONText

/// `<<heatmap r2 dims>>`: the R² of every target dimension, step by step.
struct DimensionsView: SplitView {
  struct Scores: Codable, Sendable {
    @Field("R² of each target dimension, [L][d]; null where it is undefined") var r2: [[Double?]] = []
    @Field("dimensions without an R², [L]") var undefined: [Int] = []
    @Field("regressions whose relative duality gap exceeds 1e-3") var missedGap = 0
    @Field("largest relative duality gap; null where none was solved by support vectors") var largestGap: Double? = nil
  }

  static let bin = Key<BinningRule>.choice(
    "bin", standard: .mean, "how neighbouring dimensions share a column where there are too many"
  ).presentation

  let keywords = [ViewKeyword("dims", "R² of every target dimension")]
  let keys: [any KeyDeclaration] =
    SplitKeys.regression.all + RegressionKeys.all + [DimensionsView.bin, HeatmapKeys.palette]
  let engine = SVRFits.engine

  func example(_: BoundDirective) -> Scores {
    Scores(r2: [[0.9, nil], [0.8, 0.7]], undefined: [1, 0], largestGap: 1e-5)
  }

  func fits(of question: Question, width: Int) -> [FitRequest] { [FitRequest(pairs: .adjacent)] }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Scores> {
    let split = try bench.splitStates(of: question, Self.sample)
    let fits = try bench.svrFits(split, of: question, FitRequest(pairs: .adjacent))
    let certificates = Certificates(fits)
    return Answer(
      result: Scores(
        r2: fits.map(\.r2), undefined: fits.map { fit in fit.r2.count { $0 == nil } },
        missedGap: certificates.missedGap, largestGap: certificates.largestGap),
      facts: question.facts(split))
  }

  func exhibit(_ shown: Shown<Scores>, in say: Language) -> Exhibit {
    let binned = CellMatrix(shown.r2).binColumns(rule: shown[Self.bin])
    let method = RegressionKeys.method(shown, say)
    let depth = Terms.step(say)
    let cells = binned.matrix.cells.compactMap { cell in if case .value(let value) = cell { value } else { nil } }
    let scale = ColorScale.scores("R²", of: cells, palette: shown[HeatmapKeys.palette])
    let clip = HeatmapKeys.clip(scale, cells, say)
    let undefined = shown.undefined.reduce(0, +)
    return Exhibit(
      chart: HeatmapChart(
        title: say("R² of every target dimension", "各対象次元の R²"), matrix: binned.matrix,
        rows: .steps(depth, count: shown.r2.count),
        columns: CellAxis(say("target dimension", "対象次元"), labels: binned.labels),
        scale: scale, values: .never),
      table: Table(
        0..<binned.matrix.rows,
        [.text(depth, Terms.step)]
          + binned.labels.enumerated().map { column, label in .number(label, { binned.matrix.value($0, column) }) }),
      caption: Exhibit.Caption(
        say(
          "R² of each target dimension, each depth to the next: \(method), R² on test samples.",
          "各深さから次の深さへの、対象次元ごとの R²。\(method)、評価標本での R²。")
          + (binned.isBinned ? " " + binned.note(say.chartWords) + "." : ""), chart: clip.isEmpty ? "" : " " + clip),
      notes: Terms.undefinedTargets(undefined, say)
        + Exhibit.Notes([Certificates.note(missed: shown.missedGap, say)].compactMap { $0 }),
      explanations: Terms.undefinedTargetsExplained(undefined, say))
  }
}

import Charts
import Directives

extension Block {
  /// `<<redundancy …>>`: who is predicted, who predicts, and the controls a reader should ask for.
  static let redundancy = Block(
    "redundancy", "tables over the layer-redundancy paths, and the controls of the regressions behind them",
    views: [
      AppearancesView(.targets), AppearancesView(.sources), StepsView(), PermutedView(), ScaleView(), SelfView(),
    ],
    examples: [
      "<<redundancy targets>>", "<<redundancy sources top=500>>", "<<redundancy layers>>", "<<redundancy null>>",
      "<<redundancy scale standardize=none>>", "<<redundancy self>>",
    ])
}

/// What the controls of the regressions share: curves of the mean R² over steps.
enum ControlCurves {
  /// Refitting every dimension several times over would take long and tell little more.
  static let dimensions = Key.int(
    "dims", in: 1...1_000_000, standard: 32, "how many target dimensions are refitted, evenly spaced")

  /// Target dimensions that are refitted: evenly spaced, so that none is chosen for its R².
  static func dimensions(of question: Question, width: Int) -> [Int] {
    let count = min(width, question[dimensions])
    return (0..<count).map { $0 * width / count }
  }

  /// Curves over the steps of a model, or their table.
  static func exhibit(_ series: [LineSeries], steps: Int, caption: String, notes: [String], _ say: Language) -> Exhibit
  {
    let names = (0..<steps).map(Terms.step)
    return Exhibit(
      chart: LineChart(
        title: caption,
        x: Axis(Terms.step(say), range: 0...Double(max(1, steps - 1)), isWhole: true, labels: names),
        y: Axis(Terms.meanR2(say), range: 0...1), series: series),
      table: Table(
        names.enumerated(),
        [.text(Terms.step(say), \.element)]
          + series.map { line in .number(line.name, { line.points[$0.offset].y }) }),
      caption: Exhibit.Caption(caption), notes: Exhibit.Notes(notes))
  }
}

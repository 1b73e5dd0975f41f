import Markup

/// The Layer Redundancy Paths: which dimensions of one state predict which dimension of the next.
///
/// Columns are layers and the vertical axis is the dimension index. For every predicted dimension in column n+1 the one in
/// column n that contributes most is shown: a short grey tick where that is the dimension itself, a coloured fan where it
/// is a hub, the strongest contributor of several dimensions of one step, a thin line otherwise.
public struct PathsChart: Chart {
  /// A predicted dimension with its contributors.
  public struct Path: Sendable {
    /// The column of the contributors; the predicted dimension stands in the next one.
    public var layer: Int
    /// The predicted dimension.
    public var target: Int
    /// How well it is predicted.
    public var r2: Double
    /// The contributing dimensions with their contributions (signed or not).
    public var sources: [(dimension: Int, contribution: Double)]

    /// The dimension that contributes most; the first of equal ones.
    var strongest: (dimension: Int, contribution: Double)? {
      sources.dropFirst().reduce(sources.first) { best, next in
        abs(next.contribution) > abs(best?.contribution ?? 0) ? next : best
      }
    }

    /// Whether the dimension itself contributes most.
    var isOwn: Bool { strongest?.dimension == target }

    public init(layer: Int, target: Int, r2: Double, sources: [(dimension: Int, contribution: Double)]) {
      self.layer = layer
      self.target = target
      self.r2 = r2
      self.sources = sources
    }
  }

  /// What the drawing shows, in a few words.
  public var title: String
  /// The number of steps between layers: columns run from 0 to `steps`.
  public var steps: Int
  /// The number of dimensions.
  public var dimensions: Int
  /// The paths; those with an R² that is not finite or with a place outside the drawing are left out.
  public var paths: [Path]
  /// What the columns are.
  public var layerTitle: String
  /// What the vertical axis is.
  public var dimensionTitle: String

  public init(
    title: String, steps: Int, dimensions: Int, paths: [Path], layerTitle: String = "layer",
    dimensionTitle: String = "dimension"
  ) {
    self.title = title
    self.steps = max(1, steps)
    self.dimensions = max(1, dimensions)
    let range = 0..<max(1, dimensions)
    self.paths = paths.filter { path in
      path.r2.isFinite && (0..<max(1, steps)).contains(path.layer) && range.contains(path.target)
        && path.sources.allSatisfy { range.contains($0.dimension) && $0.contribution.isFinite }
    }
    self.layerTitle = layerTitle
    self.dimensionTitle = dimensionTitle
  }

  /// A dimension that contributes most to several others in one step.
  struct Hub {
    var dimension: Int
    /// Dimensions other than itself that it contributes most to, over all steps.
    var count: Int
  }

  /// Dimensions with fewer others in every step are no hubs.
  private static let leastFan = 3
  /// As many fans as colours can be told apart beside the neutral one.
  private static let hubLimit = 4

  /// The busiest hubs; equal ones by index.
  var hubs: [Hub] {
    var totals: [Int: Int] = [:]
    var widest: [Int: Int] = [:]
    for paths in byStep {
      var fans: [Int: Int] = [:]
      for case let source? in paths.filter({ !$0.isOwn }).map(\.strongest) { fans[source.dimension, default: 0] += 1 }
      for (dimension, count) in fans {
        totals[dimension, default: 0] += count
        widest[dimension] = max(widest[dimension] ?? 0, count)
      }
    }
    let hubs = totals.filter { widest[$0.key, default: 0] >= Self.leastFan }.map {
      Hub(dimension: $0.key, count: $0.value)
    }
    return Array(
      hubs.sorted { $0.count != $1.count ? $0.count > $1.count : $0.dimension < $1.dimension }.prefix(Self.hubLimit))
  }

  /// The paths of each step.
  var byStep: [[Path]] {
    var steps = [[Path]](repeating: [], count: steps)
    for path in paths { steps[path.layer].append(path) }
    return steps
  }

  /// How many dimensions are predicted most strongly by themselves.
  public var ownCount: Int { paths.count(where: \.isOwn) }

  /// How often a dimension is predicted and how often it contributes.
  struct Count {
    var dimension: Int
    var predicted = 0
    var contributing = 0
    var total: Int { predicted + contributing }
  }

  /// The dimensions that occur, busiest first; equal ones by index.
  var counts: [Count] {
    var byDimension = [Count?](repeating: nil, count: dimensions)
    func add(_ dimension: Int, _ change: (inout Count) -> Void) {
      var count = byDimension[dimension] ?? Count(dimension: dimension)
      change(&count)
      byDimension[dimension] = count
    }
    for path in paths {
      add(path.target) { $0.predicted += 1 }
      for source in path.sources { add(source.dimension) { $0.contributing += 1 } }
    }
    return byDimension.compactMap { $0 }.sorted {
      $0.total != $1.total ? $0.total > $1.total : $0.dimension < $1.dimension
    }
  }

  public func svg(in context: PlotContext) -> TrustedMarkup {
    let layout = PathsLayout(self, context)
    return Canvas.svg(context, height: layout.totalHeight, title: title, description: description(context.words)) {
      layout.draw(on: &$0)
    }
  }

  /// The numbers behind the drawing, one row per line.
  public func data(words: ChartWords) -> DataTable {
    let rows = paths.flatMap { path in
      path.sources.map { source -> [DataTable.Cell] in
        [
          .text("\(path.layer)→\(path.layer + 1)"), .number(Double(path.target)), .number(path.r2),
          .number(Double(source.dimension)), .number(source.contribution),
        ]
      }
    }
    return DataTable(
      columns: [layerTitle, words.predictedDimension, "R²", words.contributingDimension, words.contribution], rows: rows
    )
  }

  private func description(_ words: ChartWords) -> String {
    guard let low = paths.map(\.r2).min(), let high = paths.map(\.r2).max() else {
      return ChartWords.fill(words.emptySeries, ["name": title])
    }
    func leaders(_ count: KeyPath<Count, Int>) -> String {
      let busy = counts.filter { $0[keyPath: count] > 0 }
      let order = busy.sorted { ($1[keyPath: count], $0.dimension) < ($0[keyPath: count], $1.dimension) }
      return order.prefix(3).map { "\($0.dimension) (\($0[keyPath: count]))" }.joined(separator: ", ")
    }
    return ChartWords.fill(
      words.paths,
      [
        "count": NumberText.integer(paths.count), "low": NumberText.fixed(low, decimals: 3),
        "high": NumberText.fixed(high, decimals: 3), "own": NumberText.integer(ownCount),
        "targets": leaders(\.predicted),
        "sources": leaders(\.contributing),
      ])
  }
}

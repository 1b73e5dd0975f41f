import Markup

/// Points in space joined in order, such as states of successive layers in three principal components: seen from a fixed
/// place with a line from each point to the floor, and again from its three sides.
public struct SpacePaths: Chart {
  /// One trajectory.
  public struct Path: Sendable {
    /// The name in the legend.
    public var name: String
    /// Three coordinates of each point, in order.
    public var points: [[Double]]
    /// The names of the points.
    public var labels: [String]

    /// Makes a trajectory; points of which a coordinate is not finite are left out, and with them their names.
    public init(_ name: String, points: [[Double]], labels: [String]) {
      precondition(points.allSatisfy { $0.count == 3 }, "points in space have three coordinates")
      let kept = points.indices.filter { points[$0].allSatisfy(\.isFinite) }
      self.name = name
      // Far from where a range would overflow.
      self.points = kept.map { points[$0].map { max(-1e300, min(1e300, $0)) } }
      self.labels = kept.map { labels.indices.contains($0) ? labels[$0] : String($0) }
    }

    func label(_ index: Int) -> String { labels.indices.contains(index) ? labels[index] : String(index) }
  }

  /// What the drawing shows, in a few words.
  public var title: String
  /// What the three axes measure.
  public var axes: [Axis]
  public var paths: [Path]
  /// How coordinates are written.
  public var format: NumberFormat

  public init(title: String, axes: [Axis], paths: [Path], format: NumberFormat = .significant(4)) {
    precondition(axes.count == 3, "space has three axes")
    (self.title, self.axes, self.paths, self.format) = (title, axes, paths, format)
  }

  public func svg(in context: PlotContext) -> TrustedMarkup {
    let layout = SpaceLayout(self, context)
    return Canvas.svg(context, height: layout.height, title: title, description: description(context.words)) {
      layout.draw(on: &$0)
    }
  }

  /// The numbers behind the drawing.
  public func data(words: ChartWords) -> DataTable {
    let rows = paths.flatMap { path in
      path.points.indices.map { index -> [DataTable.Cell] in
        let name = paths.count > 1 ? "\(path.name) · \(path.label(index))" : path.label(index)
        return [.text(name)] + path.points[index].map { .number($0) }
      }
    }
    return DataTable(columns: [words.position] + axes.map(\.column), rows: rows)
  }

  private func description(_ words: ChartWords) -> String {
    paths.map { path in
      guard let first = path.points.first, let last = path.points.last else {
        return ChartWords.fill(words.emptySeries, ["name": path.name])
      }
      return ChartWords.fill(
        words.trajectory,
        [
          "name": path.name, "count": String(path.points.count), "firstX": format.text(first[0]),
          "firstY": format.text(first[1]) + ", " + format.text(first[2]), "lastX": format.text(last[0]),
          "lastY": format.text(last[1]) + ", " + format.text(last[2]),
        ])
    }.joined(separator: " ")
  }

  /// The range of the data along each axis, a little wider; of one value, a range around it.
  var ranges: [ClosedRange<Double>] {
    (0..<3).map { axis in
      let values = paths.flatMap { $0.points.map { $0[axis] } }
      guard let low = values.min(), let high = values.max() else { return -1...1 }
      let room = max((high - low) * 0.05, abs(high) * 1e-6, 1e-9)
      return (low - room)...(high + room)
    }
  }

  /// The colour and dash classes of a path.
  static func classes(_ index: Int) -> String { "c\(index % 6)" + (index % 6 == 0 ? "" : " d\(index % 6)") }
  static func marker(_ index: Int) -> Marker { Marker.allCases[index % Marker.allCases.count] }
}

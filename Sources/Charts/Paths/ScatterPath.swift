import Markup

/// Points in a plane joined in order, such as the states of successive layers in two principal components.
public struct ScatterPath: Chart {
  /// One trajectory.
  public struct Trajectory: Sendable {
    /// The name in the legend.
    public var name: String
    /// The points in order; nil coordinates leave a gap.
    public var points: [(x: Double?, y: Double?)]
    /// The names of the points, such as "Input", "0", "1".
    public var labels: [String]

    public init(_ name: String, points: [(x: Double?, y: Double?)], labels: [String]) {
      self.name = name
      self.points = points.map { point in
        guard let x = point.x, let y = point.y, x.isFinite, y.isFinite else { return (x: nil, y: nil) }
        return (x: x, y: y)
      }
      self.labels = labels
    }

    func label(_ index: Int) -> String { labels.indices.contains(index) ? labels[index] : String(index) }
  }

  /// What the drawing shows, in a few words.
  public var title: String
  /// The horizontal axis, such as "component 1 (62 %)".
  public var x: Axis
  public var y: Axis
  public var trajectories: [Trajectory]
  /// How coordinates are written.
  public var format: NumberFormat

  public init(title: String, x: Axis, y: Axis, trajectories: [Trajectory], format: NumberFormat = .significant(4)) {
    self.title = title
    self.x = x
    self.y = y
    self.trajectories = trajectories
    self.format = format
  }

  public func svg(in context: PlotContext) -> TrustedMarkup {
    let legend = Legend(
      trajectories.count < 2 ? [] : trajectories.indices.map(entry), from: 0, to: context.size.width, top: 0,
      font: context.size.layoutFont)
    let points = trajectories.flatMap(\.points)
    let area = PlotArea(
      context, xAxis: Self.roomy(x, points.compactMap(\.x)), yAxis: y, xValues: points.compactMap(\.x),
      yValues: points.compactMap(\.y), top: legend.height, height: context.height(320, 240))
    return Canvas.svg(context, height: area.bottom + area.footer, title: title, description: description(context.words))
    {
      legend.draw(on: &$0)
      area.drawFrame(on: &$0)
      for index in trajectories.indices { draw(index, area, on: &$0) }
      drawLabels(area, on: &$0)
    }
  }

  /// The numbers behind the drawing.
  public func data(words: ChartWords) -> DataTable {
    let rows = trajectories.flatMap { path in
      path.points.indices.map { index -> [DataTable.Cell] in
        let name = trajectories.count > 1 ? "\(path.name) · \(path.label(index))" : path.label(index)
        return [.text(name), .number(path.points[index].x), .number(path.points[index].y)]
      }
    }
    return DataTable(columns: [words.position, x.column, y.column], rows: rows)
  }

  /// The axis with a twentieth of the range free at both ends.
  private static func roomy(_ axis: Axis, _ values: [Double]) -> Axis {
    guard axis.range == nil, let low = values.min(), let high = values.max(), (high - low).isFinite else { return axis }
    var result = axis
    result.range = (low - (high - low) * 0.05)...(high + (high - low) * 0.05)
    return result
  }

  private func entry(_ index: Int) -> Legend.Entry {
    Legend.Entry(label: trajectories[index].name) { canvas, x, y in
      canvas.group("c\(index % 6)") {
        var sample = PathData()
        sample.move(x, y)
        sample.horizontal(by: Legend.sampleWidth)
        $0.path(sample, "ln")
        let marker = Marker.allCases[index % Marker.allCases.count]
        $0.writer.empty("path", ["class": "mk", "d": marker.path(x + Legend.sampleWidth / 2, y, radius: 2.7)])
      }
    }
  }

  private func draw(_ index: Int, _ area: PlotArea, on canvas: inout Canvas) {
    let path = trajectories[index]
    let marker = Marker.allCases[index % Marker.allCases.count]
    canvas.group("c\(index % 6)" + (index % 6 == 0 ? "" : " d\(index % 6)")) { group in
      var line = PathData()
      var isJoined = false
      for point in path.points {
        guard let x = area.x.place(point.x), let y = area.y.place(point.y) else {
          isJoined = false
          continue
        }
        if isJoined { line.line(x, y) } else { line.move(x, y) }
        isJoined = true
      }
      group.path(line, "ln wn")
      group.group("mk") { marks in
        for (place, point) in path.points.enumerated() {
          guard let x = area.x.place(point.x), let y = area.y.place(point.y) else { continue }
          let note = "\(path.label(place)): \(format.text(point.x)), \(format.text(point.y))"
          marks.writer.element("path", ["d": marker.path(x, y, radius: 2.7)]) { $0.element("title", text: note) }
        }
      }
    }
  }

  /// Names points, the ends first, as long as a name finds room beside its point.
  private func drawLabels(_ area: PlotArea, on canvas: inout Canvas) {
    var taken: [(x: Double, y: Double, width: Double)] = []
    let height = area.font * 1.05
    for path in trajectories {
      let order = path.points.indices.sorted { left, right in
        func rank(_ index: Int) -> Int { index == 0 || index == path.points.count - 1 ? 0 : 1 }
        return (rank(left), left) < (rank(right), right)
      }
      for index in order {
        guard let x = area.x.place(path.points[index].x), let y = area.y.place(path.points[index].y) else { continue }
        let text = path.label(index)
        let width = TextWidth.width(text, size: area.font)
        let places = [(x + 5, y - 4), (x - 5 - width, y - 4), (x + 5, y + height), (x - 5 - width, y + height)]
        let free = places.first { place in
          place.0 >= area.left && place.0 + width <= area.right + 4 && place.1 - height >= area.top - height
            && taken.allSatisfy {
              place.0 + width < $0.x || $0.x + $0.width < place.0 || abs(place.1 - $0.y) > height
            }
        }
        guard let free else { continue }
        taken.append((x: free.0, y: free.1, width: width))
        canvas.text(free.0, free.1, text, style: "hl")
      }
    }
  }

  private func description(_ words: ChartWords) -> String {
    trajectories.map { path in
      let defined = path.points.filter { $0.x != nil }
      guard let first = defined.first, let last = defined.last else {
        return ChartWords.fill(words.emptySeries, ["name": path.name])
      }
      return ChartWords.fill(
        words.trajectory,
        [
          "name": path.name, "count": String(defined.count), "firstX": format.text(first.x),
          "firstY": format.text(first.y), "lastX": format.text(last.x), "lastY": format.text(last.y),
        ])
    }.joined(separator: " ")
  }
}

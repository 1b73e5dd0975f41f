#if canImport(Glibc)
  import Glibc
#endif

/// The view into a space: each axis fills the same cube, seen at azimuth −60° and elevation 30° without perspective.
struct SpaceView {
  /// A point, or the segment that leads to it.
  private struct Piece {
    var depth: Double
    var path: Int
    var index: Int
    var isPoint: Bool
  }

  private let ranges: [ClosedRange<Double>]
  private let centre: (x: Double, y: Double)
  private let scale: Double
  private let font: Double
  private let right: [Double]
  private let upwards: [Double]
  private let towards: [Double]
  let bottom: Double

  init(ranges: [ClosedRange<Double>], left: Double, top: Double, width: Double, height: Double, font: Double) {
    self.ranges = ranges
    self.font = font
    let (azimuth, elevation) = (-60 * Double.pi / 180, 30 * Double.pi / 180)
    right = [-sin(azimuth), cos(azimuth), 0]
    upwards = [-sin(elevation) * cos(azimuth), -sin(elevation) * sin(azimuth), cos(elevation)]
    towards = [cos(elevation) * cos(azimuth), cos(elevation) * sin(azimuth), sin(elevation)]
    // Half the cube's extent on the page: the corners of [-1, 1]³.
    let across = abs(right[0]) + abs(right[1])
    let down = abs(upwards[0]) + abs(upwards[1]) + abs(upwards[2])
    scale = min((width - 8) / 2 / across, (height - 2.2 * font) / 2 / down)
    centre = (left + width / 2, top + height / 2)
    bottom = top + height
  }

  /// A point's place in the cube [-1, 1]³.
  private func cube(_ point: [Double]) -> [Double] {
    zip(point, ranges).map { value, range in
      2 * (value - range.lowerBound) / (range.upperBound - range.lowerBound) - 1
    }
  }

  private func place(_ cube: [Double]) -> (x: Double, y: Double) {
    func dot(_ axis: [Double]) -> Double { zip(cube, axis).reduce(0) { $0 + $1.0 * $1.1 } }
    return (centre.x + dot(right) * scale, centre.y - dot(upwards) * scale)
  }

  private func depth(_ cube: [Double]) -> Double { zip(cube, towards).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The floor with its grid, the three edges at the back, and the axes' names along the edges in front.
  func drawBox(_ axes: [Axis], on canvas: inout Canvas) {
    var grid = PathData()
    func line(_ from: [Double], _ to: [Double]) {
      let (a, b) = (place(from), place(to))
      grid.move(a.x, a.y)
      grid.line(b.x, b.y)
    }
    for step in 0...4 {
      let at = -1 + Double(step) / 2
      line([at, -1, -1], [at, 1, -1])
      line([-1, at, -1], [1, at, -1])
    }
    // Looking from −y and +x, the walls at +y and −x stand at the back.
    for corner in [[-1.0, 1.0], [-1.0, -1.0], [1.0, 1.0]] { line(corner + [-1], corner + [1]) }
    line([-1, 1, 1], [1, 1, 1])
    line([-1, -1, 1], [-1, 1, 1])
    canvas.path(grid, "gr")
    let names = zip(
      axes.map(\.title), [([-0.2, -1, -1], Canvas.Anchor.end), ([1, 0.2, -1], .start), ([-1, -1, 0.7], .end)])
    for (index, (name, (at, anchor))) in names.enumerated() {
      let spot = place(at)
      let lift = index == 2 ? 0 : font * 0.9
      let shift = anchor == .end ? -font * 0.4 : font * 0.4
      let room = anchor == .end ? spot.x + shift : 2 * centre.x - spot.x - shift
      canvas.text(
        spot.x + shift, spot.y + lift, TextWidth.fitted(name, width: room, size: font), anchor, style: "mu", shift: 0.35
      )
    }
  }

  /// Lines from the points to the floor.
  func drawDrops(_ path: SpacePaths.Path, on canvas: inout Canvas) {
    var drops = PathData()
    for point in path.points {
      let cube = cube(point)
      let from = place(cube)
      drops.move(from.x, from.y)
      // Nothing of the third axis lies across the page.
      drops.vertical(by: place([cube[0], cube[1], -1]).y - from.y)
    }
    canvas.path(drops, "rf")
  }

  /// Segments and points of all paths, the farthest first.
  func drawPaths(_ chart: SpacePaths, on canvas: inout Canvas) {
    var pieces: [Piece] = []
    for (path, trajectory) in chart.paths.enumerated() {
      let depths = trajectory.points.map { depth(cube($0)) }
      for index in depths.indices {
        pieces.append(Piece(depth: depths[index], path: path, index: index, isPoint: true))
        guard index > 0 else { continue }
        pieces.append(Piece(depth: (depths[index] + depths[index - 1]) / 2, path: path, index: index, isPoint: false))
      }
    }
    let order = pieces.sorted {
      ($0.depth, $0.path, $0.index, $0.isPoint ? 1 : 0) < ($1.depth, $1.path, $1.index, $1.isPoint ? 1 : 0)
    }
    // Neighbours of one path share a group: markup is most of such a drawing.
    var start = 0
    while start < order.count {
      let end = order[start...].firstIndex { $0.path != order[start].path } ?? order.count
      canvas.group(SpacePaths.classes(order[start].path)) { group in
        for piece in order[start..<end] { draw(piece, chart, on: &group) }
      }
      start = end
    }
  }

  private func draw(_ piece: Piece, _ chart: SpacePaths, on canvas: inout Canvas) {
    let path = chart.paths[piece.path]
    let spot = place(cube(path.points[piece.index]))
    guard piece.isPoint else {
      let before = place(cube(path.points[piece.index - 1]))
      var line = PathData()
      line.move(before.x, before.y)
      line.line(spot.x, spot.y)
      return canvas.path(line, "ln")
    }
    let values = path.points[piece.index].map { chart.format.text($0) }.joined(separator: ", ")
    let outline = SpacePaths.marker(piece.path).path(spot.x, spot.y, radius: piece.index == 0 ? 4 : 3)
    canvas.writer.element("path", ["class": piece.index == 0 ? "ho" : "mk", "d": outline]) {
      $0.element("title", text: "\(path.label(piece.index)): \(values)")
    }
  }

  /// Names points, the ends of each path first, where a name finds room beside its point.
  func drawLabels(_ chart: SpacePaths, on canvas: inout Canvas) {
    let spots = chart.paths.map { path in path.points.map { place(cube($0)) } }
    let marks = spots.flatMap { $0 }
    var taken: [(x: Double, y: Double, width: Double)] = []
    let height = font * 1.05
    func isFree(_ x: Double, _ y: Double, _ width: Double) -> Bool {
      taken.allSatisfy { x + width < $0.x || $0.x + $0.width < x || abs(y - $0.y) > height }
        && marks.allSatisfy { $0.x < x - 3 || $0.x > x + width + 3 || $0.y < y - height || $0.y > y + 2 }
        && x >= 0 && x + width <= 2 * centre.x
    }
    for ends in [true, false] {
      for (path, trajectory) in chart.paths.enumerated() {
        for index in trajectory.points.indices where (index == 0 || index == trajectory.points.count - 1) == ends {
          let spot = spots[path][index]
          let text = trajectory.label(index)
          let width = TextWidth.width(text, size: font)
          let places = [
            (spot.x + 6, spot.y - 4), (spot.x - 6 - width, spot.y - 4), (spot.x + 6, spot.y + height),
            (spot.x - 6 - width, spot.y + height), (spot.x - width / 2, spot.y - 8),
          ]
          guard let free = places.first(where: { isFree($0.0, $0.1, width) }) else { continue }
          taken.append((x: free.0, y: free.1, width: width))
          canvas.text(free.0, free.1, text, style: "hl")
        }
      }
    }
  }
}

/// The cells of a map as rectangles: an image of few pixels comes out smeared where a program smooths what it enlarges.
enum CellRectangles {
  /// A map of more runs than this stays an image.
  private static let limit = 20_000
  /// How far a cell reaches under its neighbours, so that no hairline shows between them, in drawing units.
  private static let overlap = 0.15

  /// A group of rectangles in place of an image; the image itself where it is none of ours or too large.
  static func element(of image: DrawingElement) -> DrawingElement {
    let place = ["x", "y", "width", "height"].compactMap { image[$0].flatMap { Double($0) } }
    guard place.count == 4, let address = image["href"], address.hasPrefix(prefix),
      let bytes = Base64.decode(String(address.dropFirst(prefix.count))), let map = Cells(png: bytes)
    else { return kept(image) }
    let runs = (0..<map.height).flatMap { map.runs(of: $0) }
    guard runs.count <= limit else { return kept(image) }
    let (width, height) = (place[2] / Double(map.width), place[3] / Double(map.height))
    var paths: [UInt32: PathData] = [:]
    for run in runs {
      let right = run.end < map.width && map.isOpaque(run.row, run.end) ? overlap : 0
      let down =
        run.row + 1 < map.height && (run.start..<run.end).allSatisfy { map.isOpaque(run.row + 1, $0) }
        ? overlap : 0
      paths[run.color, default: PathData()].rectangle(
        place[0] + Double(run.start) * width, place[1] + Double(run.row) * height,
        Double(run.end - run.start) * width + right, height + down)
    }
    var group = DrawingElement(name: "g")
    for color in paths.keys.sorted() {
      guard let path = paths[color] else { continue }
      var element = DrawingElement(name: "path")
      element["fill"] = hex(color)
      element["d"] = path.text
      group.children.append(.element(element))
    }
    return group
  }

  private static let prefix = "data:image/png;base64,"

  /// Cells of one colour beside each other.
  private struct Run {
    var row: Int
    var start: Int
    var end: Int
    var color: UInt32
  }

  /// The colours of an image's pixels.
  private struct Cells {
    let width: Int
    let height: Int
    /// Red, green, blue and alpha of each pixel as one number.
    let colors: [UInt32]

    init?(png: [UInt8]) {
      guard let image = IndexedPNG.decode(png) else { return nil }
      (width, height) = (image.width, image.height)
      colors = stride(from: 0, to: image.rgba.count, by: 4).map { place in
        image.rgba[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
      }
    }

    func isOpaque(_ row: Int, _ column: Int) -> Bool { colors[row * width + column] & 0xFF > 0 }

    func runs(of row: Int) -> [Run] {
      var runs: [Run] = []
      var start = 0
      while start < width {
        let color = colors[row * width + start]
        var end = start
        while end < width, colors[row * width + end] == color { end += 1 }
        if isOpaque(row, start) { runs.append(Run(row: row, start: start, end: end, color: color)) }
        start = end
      }
      return runs
    }
  }

  private static func hex(_ color: UInt32) -> String {
    func channel(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: color >> shift) }
    return Palette.Color(red: channel(24), green: channel(16), blue: channel(8)).hex
  }

  private static func kept(_ image: DrawingElement) -> DrawingElement {
    var image = image
    image["style"] = nil
    image["image-rendering"] = "optimizeSpeed"
    return image
  }
}

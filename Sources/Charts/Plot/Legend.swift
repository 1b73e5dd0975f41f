/// Lays out the entries of a legend in rows above a plot, so that it can never cover data.
struct Legend {
  struct Entry {
    var label: String
    /// Draws the sample into the box from (x, y - 5) to (x + 26, y + 5), y being the middle of the line.
    var sample: (inout Canvas, Double, Double) -> Void
  }

  static let sampleWidth = 26.0

  private var placed: [(entry: Entry, label: String, x: Double, row: Int)] = []
  private let font: Double
  private let top: Double

  /// The room the legend takes, 0 without entries.
  let height: Double

  init(_ entries: [Entry], from left: Double, to right: Double, top: Double, font: Double) {
    self.font = font
    self.top = top
    var x = left
    var row = 0
    for entry in entries {
      let room = right - left - Self.sampleWidth - 6
      let label = TextWidth.fitted(entry.label, width: room, size: font)
      let width = Self.sampleWidth + 6 + TextWidth.width(label, size: font)
      if x > left, x + width > right {
        x = left
        row += 1
      }
      placed.append((entry: entry, label: label, x: x, row: row))
      x += width + font
    }
    height = entries.isEmpty ? 0 : Double(row + 1) * font * 1.4 + 4
  }

  func draw(on canvas: inout Canvas) {
    guard !placed.isEmpty else { return }
    canvas.group("key") {
      for item in placed {
        let y = top + (Double(item.row) + 0.5) * font * 1.4
        item.entry.sample(&$0, item.x, y)
        $0.text(item.x + Self.sampleWidth + 6, y, item.label, shift: 0.35)
      }
    }
  }
}

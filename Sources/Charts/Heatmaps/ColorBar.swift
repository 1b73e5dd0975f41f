import Markup

/// The colour bar below a heatmap, with its legend entry for undefined cells.
struct ColorBar {
  private let colors: ResolvedColorScale
  private let context: PlotContext
  private let font: Double
  private let left: Double
  private let width: Double
  private let top: Double
  private let titleX: Double
  private let titleY: Double
  private let showsUndefined: Bool
  private let undefinedX: Double
  private let undefinedY: Double

  /// Where the next thing may stand.
  let bottom: Double

  private static let thickness = 10.0
  private static let arrow = 8.0

  init(
    _ colors: ResolvedColorScale, _ context: PlotContext, left: Double, top: Double, showsUndefined: Bool
  ) {
    self.colors = colors
    self.context = context
    self.showsUndefined = showsUndefined
    font = context.size.layoutFont
    let titleWidth = TextWidth.width(colors.scale.title, size: font)
    let undefinedWidth = showsUndefined ? 34 + TextWidth.width(context.words.undefinedCells, size: font) : 0
    let wanted = context.size.isEnlarged ? 230.0 : 150.0
    let end = context.size.width - font * 1.4
    let sharesLine = left + titleWidth + 22 + wanted + Self.arrow <= end
    self.left = sharesLine ? left + titleWidth + 12 + Self.arrow : left + Self.arrow + font
    titleX = sharesLine ? left : max(0, min(self.left, context.size.width - titleWidth))
    titleY = top + Self.thickness / 2
    self.top = sharesLine ? top : top + font * 1.5
    width = min(wanted, end - self.left)
    let after = self.left + width + Self.arrow + font * 1.2
    let fits = after + undefinedWidth <= context.size.width
    undefinedX = fits ? after : left
    undefinedY = self.top + (fits ? 0 : Self.thickness + font * 1.8)
    bottom =
      (showsUndefined && !fits ? undefinedY + Self.thickness + font * 0.3 : self.top + Self.thickness + font * 1.35)
  }

  /// Defines the hatching; needed once per drawing with undefined cells.
  static func drawPattern(_ context: PlotContext, on canvas: inout Canvas) {
    let pattern: Attributes = [
      "id": context.id("h"), "width": "5", "height": "5", "patternUnits": "userSpaceOnUse",
      "patternTransform": "rotate(45)",
    ]
    canvas.writer.element("pattern", pattern) { $0.empty("path", ["class": "ht", "d": "M1 0v5"]) }
  }

  func draw(on canvas: inout Canvas) {
    canvas.text(
      titleX, titleY, TextWidth.fitted(colors.scale.title, width: context.size.width, size: font), shift: 0.35)
    canvas.writer.element("linearGradient", ["id": context.id("g")]) { gradient in
      let stops = 12
      for stop in 0...stops {
        let level = stop * (Palette.levels - 1) / stops
        gradient.empty(
          "stop",
          [
            "offset": coordinate(Double(stop) / Double(stops), decimals: 2),
            "stop-color": colors.scale.palette.color(level: level).hex,
          ])
      }
    }
    canvas.writer.empty(
      "rect",
      [
        "x": coordinate(left), "y": coordinate(top), "width": coordinate(width), "height": coordinate(Self.thickness),
        "fill": "url(#\(context.id("g")))",
      ])
    if colors.cutsBelow { drawArrow(at: left, by: -Self.arrow, level: 0, on: &canvas) }
    if colors.cutsAbove { drawArrow(at: left + width, by: Self.arrow, level: Palette.levels - 1, on: &canvas) }
    drawTicks(on: &canvas)
    guard showsUndefined else { return }
    var swatch = PathData()
    swatch.rectangle(undefinedX, undefinedY - 1, 22, Self.thickness + 2)
    canvas.writer.empty("path", ["class": "gr", "style": "fill:url(#\(context.id("h")))", "d": swatch.text])
    canvas.text(undefinedX + 28, undefinedY + Self.thickness / 2, context.words.undefinedCells, shift: 0.35)
  }

  /// The triangle that says that the end colour stands for everything beyond.
  private func drawArrow(at x: Double, by reach: Double, level: Int, on canvas: inout Canvas) {
    var path = PathData()
    path.move(x, top)
    path.line(x + reach, top + Self.thickness / 2)
    path.line(x, top + Self.thickness)
    path.close()
    canvas.writer.empty("path", ["fill": colors.scale.palette.color(level: level).hex, "d": path.text])
  }

  private func drawTicks(on canvas: inout Canvas) {
    let (low, high) = (colors.range.lowerBound, colors.range.upperBound)
    func place(_ tick: Double) -> Double { left + (tick - low) / (high - low) * width }
    func room(_ tick: Double) -> ClosedRange<Double> {
      let half = TextWidth.width(colors.label(tick), size: font) / 2 + font * 0.25
      return (place(tick) - half)...(place(tick) + half)
    }
    // The ends that say "≤" and "≥" are kept first, then whatever fits between them.
    var order = colors.ticks
    if colors.cutsAbove, let last = order.popLast() { order.insert(last, at: 0) }
    if colors.cutsBelow, let first = colors.ticks.first, let index = order.firstIndex(of: first) {
      order.remove(at: index)
      order.insert(first, at: 0)
    }
    var kept: [Double] = []
    for tick in order where kept.allSatisfy({ !room($0).overlaps(room(tick)) }) { kept.append(tick) }
    var marks = PathData()
    for tick in kept.sorted() {
      marks.move(place(tick), top + Self.thickness)
      marks.vertical(by: 3)
    }
    canvas.path(marks, "ax")
    canvas.group("mu") {
      for tick in kept.sorted() {
        $0.text(place(tick), top + Self.thickness + 4, colors.label(tick), .middle, shift: 0.85)
      }
    }
  }
}

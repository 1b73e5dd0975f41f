import Markup

/// Parts of a whole per category, stacked; a category that lacks a part is undefined as a whole and hatched.
public struct StackedBars: Chart {
  /// What the drawing shows, in a few words.
  public var title: String
  /// The names of the columns.
  public var categories: [String]
  /// What the columns are.
  public var categoryTitle: String
  /// The axis of the parts.
  public var value: Axis
  /// The parts, from the bottom; values below zero count as undefined, since they have no place in a stack.
  public var parts: [BarSeries]
  /// How values are written.
  public var format: NumberFormat

  public init(
    title: String, categories: [String], categoryTitle: String = "", value: Axis, parts: [BarSeries],
    format: NumberFormat = .percent(1)
  ) {
    self.title = title
    self.categories = categories
    self.categoryTitle = categoryTitle
    self.value = value
    self.parts = parts
    self.format = format
  }

  public func svg(in context: PlotContext) -> TrustedMarkup {
    let stacks = categories.indices.map(stack)
    let hasUndefined = stacks.contains { $0 == nil }
    let legend = Legend(
      BarParts.legend(parts, hasUndefined: hasUndefined, context), from: 0, to: context.size.width, top: 0,
      font: context.size.layoutFont)
    let area = PlotArea(
      context, xAxis: BarChart.axis(categoryTitle, categories), yAxis: value, xValues: [],
      yValues: [0] + stacks.compactMap { $0?.last }, top: legend.height, height: context.height(220, 180),
      xInset: 0)
    let words = BarParts.description(parts, categories: categories, format: format, title: title, context.words)
    return Canvas.svg(context, height: area.bottom + area.footer, title: title, description: words) {
      if hasUndefined { ColorBar.drawPattern(context, on: &$0) }
      legend.draw(on: &$0)
      area.drawFrame(on: &$0)
      for (index, stack) in stacks.enumerated() { draw(stack, index, area, context, on: &$0) }
    }
  }

  /// The numbers behind the drawing.
  public func data(words: ChartWords) -> DataTable {
    BarParts.data(parts, categories: categories, heading: categoryTitle, words: words)
  }

  /// The running sums of a column from 0 on; nil where a part is missing.
  private func stack(_ index: Int) -> [Double]? {
    var sums = [0.0]
    for part in parts {
      guard let value = part.value(index), value >= 0, let last = sums.last, (last + value).isFinite else { return nil }
      sums.append(last + value)
    }
    return sums
  }

  private func draw(_ stack: [Double]?, _ index: Int, _ area: PlotArea, _ context: PlotContext, on canvas: inout Canvas)
  {
    guard let centre = area.x.place(Double(index)) else { return }
    let width = min((area.right - area.left) / Double(max(1, categories.count)) * 0.8, 44)
    guard let stack else {
      let note = categories[index] + ": " + context.words.undefined
      return BarParts.hatch(
        centre - width / 2, area.top, width, area.bottom - area.top, context, note: note, on: &canvas)
    }
    for (number, part) in parts.enumerated() {
      guard let low = area.y.place(stack[number]), let high = area.y.place(stack[number + 1]), low > high else {
        continue
      }
      let note = "\(part.name), \(categories[index]): \(format.text(part.value(index)))"
      canvas.group("mk c\((part.color ?? number) % 6)") {
        BarParts.bar(centre - width / 2, high, width, low - high, note: note, on: &$0)
      }
    }
  }
}

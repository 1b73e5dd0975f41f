import Markup

/// A text as a strip of tokens, each on the colour of a level, with the level's number below it as large as the text.
///
/// The number says what the colour says: nothing hangs on telling colours apart.
public struct TokenStrip: Chart {
  /// One token.
  public struct Token: Sendable {
    /// What it says; a space at its beginning becomes a gap.
    public var text: String
    /// From 0 to the strip's `levels`.
    public var level: Int

    public init(text: String, level: Int) { (self.text, self.level) = (text, level) }
  }

  /// What the drawing shows, in a few words.
  public var title: String
  /// The text before the first token, without a colour.
  public var prompt: String
  public var tokens: [Token]
  /// The largest level there can be.
  public var levels: Int
  /// What the levels are.
  public var levelTitle: String
  /// Heading of the tokens in the table.
  public var tokenTitle: String
  public var palette: Palette

  public init(
    title: String, prompt: String, tokens: [Token], levels: Int, levelTitle: String, tokenTitle: String,
    palette: Palette = .viridis
  ) {
    (self.title, self.prompt, self.tokens, self.levels) = (title, prompt, tokens, max(1, levels))
    (self.levelTitle, self.tokenTitle, self.palette) = (levelTitle, tokenTitle, palette)
  }

  public func svg(in context: PlotContext) -> TrustedMarkup {
    let layout = TokenStripLayout(self, context)
    return Canvas.svg(context, height: layout.totalHeight, title: title, description: description) {
      layout.draw(on: &$0)
    }
  }

  public func data(words: ChartWords) -> DataTable {
    DataTable(
      columns: [tokenTitle, levelTitle], rows: tokens.map { [.text($0.text), .number(Double($0.level))] })
  }

  /// The tokens with their levels, in words.
  private var description: String {
    levelTitle + ": " + tokens.map { "\(Self.visible($0.text)) \($0.level)" }.joined(separator: ", ")
  }

  func color(_ level: Int) -> Palette.Color {
    palette.color(level: Palette.level(of: Double(level), in: 0...Double(levels)))
  }

  /// A token as it can be drawn on one line.
  static func visible(_ text: String) -> String {
    let line = text.drop { $0 == " " }.map { character -> Character in
      switch character {
      case "\n", "\r\n", "\r": "↵"
      case "\t": "⇥"
      case " ": "\u{A0}"
      default: character
      }
    }
    return line.isEmpty ? "␣" : String(line)
  }
}

/// Where each token of a strip stands.
struct TokenStripLayout {
  private struct Box {
    var x: Double
    var y: Double
    var width: Double
    var text: String
  }

  private let strip: TokenStrip
  private let font: Double
  private let lineHeight: Double
  private let prompt: [Box]
  private let boxes: [Box]
  private let legend: Legend
  let totalHeight: Double

  init(_ strip: TokenStrip, _ context: PlotContext) {
    self.strip = strip
    let (font, width) = (context.size.layoutFont, context.size.width)
    self.font = font
    lineHeight = font * 2.7
    legend = Legend(Self.entries(strip), from: 0, to: width, top: 0, font: font)
    var pen = (x: 0.0, y: legend.height + font * 0.6)
    func place(_ text: String, number: String = "", isApart: Bool, padding: Double, lineHeight: Double) -> Box {
      let shown = TextWidth.fitted(text, width: width - 2 * padding, size: font)
      let size = max(TextWidth.width(shown, size: font), TextWidth.width(number, size: font)) + 2 * padding
      if isApart, pen.x > 0 { pen.x += font * 0.3 }
      if pen.x > 0, pen.x + size > width { pen = (0, pen.y + lineHeight) }
      defer { pen.x += size }
      return Box(x: pen.x, y: pen.y, width: size, text: shown)
    }
    let height = lineHeight
    prompt = strip.prompt.split(whereSeparator: \.isWhitespace).map {
      place(String($0), isApart: true, padding: 0, lineHeight: height)
    }
    boxes = strip.tokens.map {
      place(
        TokenStrip.visible($0.text), number: "\($0.level)", isApart: $0.text.first?.isWhitespace ?? false, padding: 2.5,
        lineHeight: height)
    }
    totalHeight = pen.y + lineHeight
  }

  /// The first, the middle and the last level.
  private static func entries(_ strip: TokenStrip) -> [Legend.Entry] {
    let shown = Array(Set([1, (strip.levels + 1) / 2, strip.levels])).sorted()
    return shown.enumerated().map { place, level in
      Legend.Entry(label: place == 0 ? "\(strip.levelTitle): \(level)" : "\(level)") { canvas, x, y in
        rectangle(x, y - 5, Legend.sampleWidth, 10, strip.color(level), on: &canvas)
      }
    }
  }

  private static func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ color: Palette.Color, on canvas: inout Canvas
  ) {
    canvas.writer.empty(
      "rect",
      [
        "x": coordinate(x), "y": coordinate(y), "width": coordinate(width), "height": coordinate(height), "rx": "2",
        "fill": color.hex,
      ])
  }

  func draw(on canvas: inout Canvas) {
    legend.draw(on: &canvas)
    canvas.group("mu") { group in
      for box in prompt { group.text(box.x, box.y + font * 0.75, box.text, shift: 0.35) }
    }
    for (token, box) in zip(strip.tokens, boxes) {
      Self.rectangle(box.x, box.y, box.width - 1, font * 1.5, strip.color(token.level), on: &canvas)
    }
    for (name, isDark) in [("vl", true), ("vd", false)] {
      let shown = zip(strip.tokens, boxes).filter { strip.color($0.0.level).isDark == isDark }
      guard !shown.isEmpty else { continue }
      canvas.group(name, ["text-anchor": "middle"]) { group in
        for (_, box) in shown { group.text(box.x + (box.width - 1) / 2, box.y + font * 0.75, box.text, shift: 0.35) }
      }
    }
    canvas.group("mu", ["text-anchor": "middle"]) { group in
      for (token, box) in zip(strip.tokens, boxes) {
        group.text(box.x + (box.width - 1) / 2, box.y + font * 1.95, "\(token.level)", shift: 0.35)
      }
    }
  }
}

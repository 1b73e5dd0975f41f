import Charts
import Markup

/// Blocks left out against perplexity or agreement.
enum BypassFrontierChart {
  static func make(_ shown: Shown<BypassSearch>, _ say: Language) -> LineChart {
    let showsPerplexity = shown[BypassKeys.shown] == .perplexity
    func value(_ point: BypassSearch.Point) -> Double { showsPerplexity ? point.perplexity : point.agreement }
    func points(_ list: [BypassSearch.Point]) -> [LineSeries.Point] {
      list.map { .init(x: Double($0.layersSkipped), y: value($0), note: note($0, say)) }
    }
    let beaten = shown.spans.filter { span in !shown.frontier.contains { $0.span == span.span } }
    let title =
      showsPerplexity
      ? say("Perplexity by blocks left out", "省略ブロック数とパープレキシティ")
      : say("Agreement with the full model by blocks left out", "省略ブロック数と全層モデルとの一致率")
    var series = [
      LineSeries(
        say("frontier", "最良の区間"), points: points(shown.frontier),
        style: LineStyle(color: 0, dash: 0, weight: .thick, showsMarkers: true)),
      LineSeries(
        say("other spans", "その他の区間"), points: points(beaten),
        style: LineStyle(color: 4, dash: 0, weight: .thin, isHollow: true, showsMarkers: true, joins: false)),
    ]
    if shown.chosen.layersSkipped > 0 {
      series.append(
        LineSeries(
          say("chosen: \(shown.chosen.name)", "選択：\(shown.chosen.name)"), points: points([shown.chosen]),
          style: LineStyle(color: 1, dash: 0, showsMarkers: true, joins: false)))
    }
    return LineChart(
      title: title, x: .layers(say("blocks left out", "省略ブロック数"), 0...shown.facts.blocks),
      y: showsPerplexity
        ? Axis(say("perplexity", "パープレキシティ"), isLogarithmic: true) : Axis(say("agreement", "一致率"), range: 0...1),
      series: series,
      references: showsPerplexity
        ? [ReferenceLine(.horizontal, at: shown.allowed, label: say("budget", "許容値"))] : [])
  }

  private static func note(_ point: BypassSearch.Point, _ say: Language) -> String {
    let agreement = NumberText.percent(point.agreement, decimals: 1)
    return "\(point.name): " + NumberText.fixed(point.perplexity, decimals: 2) + say(", agreement ", "、一致率 ")
      + agreement
  }
}

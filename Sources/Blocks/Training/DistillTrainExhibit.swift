import Charts
import Markup

/// What a model before and after training shows.
struct DistillTrainExhibit {
  private let shown: Shown<DistillTrainView.Trained>
  private let say: Language
  private var display: DistillTrainView.Display { shown[DistillTrainView.display] }

  init(_ shown: Shown<DistillTrainView.Trained>, _ say: Language) { (self.shown, self.say) = (shown, say) }

  private var before: String { say("before", "学習前") }
  private var after: String { say("after", "学習後") }

  var exhibit: Exhibit {
    Exhibit(
      chart: chart, table: table,
      caption: Exhibit.Caption(
        chart: caption,
        table: say("The model before and after self-distillation, depth by depth.", "自己蒸留の前後におけるモデル（深さごと）。")),
      notes: Exhibit.Notes([scores, sample]))
  }

  private var chart: any Chart {
    switch display {
    case .distance:
      lines(
        say("Movement D per block", "ブロックごとの移動量 D"), Axis(say("movement D", "移動量 D"), range: 0...0), Terms.block(say)
      ) {
        $0.distance
      }
    case .accuracy:
      lines(say("Last word predicted", "最終単語の正答率"), Axis(say("accuracy", "正答率"), range: 0...0), Terms.depth(say)) {
        $0.accuracy
      }
    case .perplexity:
      lines(
        say("Perplexity of the last word", "最終単語のパープレキシティ"),
        Axis(say("perplexity per word", "単語パープレキシティ"), isLogarithmic: true), Terms.depth(say)
      ) { $0.perplexity }
    case .loss:
      LineChart(
        title: say("Loss by step", "ステップごとの損失"),
        x: .layers(say("step", "ステップ"), 0...max(1, shown.loss.count - 1)),
        y: Axis(say("loss, nats", "損失（ナット）"), range: 0...0),
        series: [
          LineSeries("L1 + λ L2", values: shown.loss), LineSeries("L1", values: shown.l1),
          LineSeries("L2", values: shown.l2),
        ])
    case .path:
      SpacePaths(
        title: say("The way of one position", "一つの位置の軌跡"), axes: (1...3).map { Axis("PC \($0)") },
        paths: [(before, shown.before.path), (after, shown.after.path)].map { name, points in
          SpacePaths.Path(
            name, points: points, labels: points.indices.map { $0 == 0 ? say("Input", "入力") : "\($0 - 1)" })
        })
    }
  }

  private func lines(
    _ title: String, _ y: Axis, _ x: String, _ values: (SettledModel) -> [Double?]
  ) -> LineChart {
    let (first, second) = (values(shown.before), values(shown.after))
    var chart = LineChart(
      title: title, x: .layers(x, 0...max(1, first.count - 1)), y: y,
      series: [LineSeries(before, values: first), LineSeries(after, values: second)])
    chart.labelsExtremes = true
    return chart
  }

  private var caption: String {
    switch display {
    case .distance:
      say(
        "Movement D of the hidden state in each block, before and after self-distillation, on texts that did not train.",
        "自己蒸留の前後における、各ブロックの隠れ状態の移動量 D（学習に用いていないテキスト）。")
    case .accuracy:
      say(
        "Share of texts whose last word each depth predicts, before and after self-distillation, on texts that did not train.",
        "自己蒸留の前後に、各深さが最終単語を予測したテキストの割合（学習に用いていないテキスト）。")
    case .perplexity:
      say(
        "Perplexity of the last word at each depth, before and after self-distillation, on texts that did not train.",
        "自己蒸留の前後における、各深さの最終単語のパープレキシティ（学習に用いていないテキスト）。")
    case .loss:
      say(
        "The loss of self-distillation of each step's batch, before the step: L1 pulls every layer's prediction towards the output of the model as it was, L2 holds the states still.",
        "各ステップのバッチにおける自己蒸留の損失（更新前）。L1 は各層の予測を元のモデルの出力に近づけ、L2 は状態の移動を抑える。")
    case .path:
      say(
        "The way of one position through the blocks, from the input (hollow) up, before and after; each on the three components of its own in which it moves most.",
        "一つの位置が各ブロックを経る軌跡（白抜きは入力）。学習前後それぞれ、移動が最も大きい三成分で示す。")
    }
  }

  private var scores: String {
    func score(_ value: Double?) -> String { NumberText.fixed(value, decimals: 2) }
    func last(_ values: [Double?]) -> String { NumberText.significant(values.last ?? nil, digits: 3) }
    let (one, two) = (shown.before, shown.after)
    return say(
      "S \(score(one.score)) before and \(score(two.score)) after; last depth: last word \(NumberText.percent(one.accuracy.last, decimals: 1)) and \(NumberText.percent(two.accuracy.last, decimals: 1)), perplexity \(last(one.perplexity)) and \(last(two.perplexity)).",
      "S は学習前 \(score(one.score))、学習後 \(score(two.score))。最終層での最終単語の正答率 \(NumberText.percent(one.accuracy.last, decimals: 1)) と \(NumberText.percent(two.accuracy.last, decimals: 1))、パープレキシティ \(last(one.perplexity)) と \(last(two.perplexity))。"
    )
  }

  private var sample: String {
    let passes = NumberText.fixed(shown.passes, decimals: 1)
    return say(
      "\(shown.steps) steps over \(shown.windows) windows of \(shown.tokens) tokens, \(passes) passes.",
      "\(shown.windows) 窓（\(shown.tokens) トークン）を \(shown.steps) ステップ、\(passes) 周。")
  }

  private var table: Table {
    let (one, two) = (shown.before, shown.after)
    func value(_ values: [Double?], _ depth: Int) -> Double? { values.indices.contains(depth) ? values[depth] : nil }
    return Table(
      0..<max(one.accuracy.count, one.distance.count + 1),
      [
        .text(Terms.depth(say)) { "\($0)" },
        .number(say("D to it, before", "ここまでの D（前）"), { value(one.distance, $0 - 1) }, decimals: 4),
        .number(say("D to it, after", "ここまでの D（後）"), { value(two.distance, $0 - 1) }, decimals: 4),
        .percent(say("last word, before", "最終単語（前）")) { value(one.accuracy, $0) },
        .percent(say("last word, after", "最終単語（後）")) { value(two.accuracy, $0) },
        .number(say("perplexity, before", "パープレキシティ（前）"), { value(one.perplexity, $0) }, decimals: 2),
        .number(say("perplexity, after", "パープレキシティ（後）"), { value(two.perplexity, $0) }, decimals: 2),
      ])
  }
}

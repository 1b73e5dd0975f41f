import Charts

extension SubmodulesView {
  func exhibit(_ shown: Shown<SubmodulesResult>, in say: Language) -> Exhibit {
    let isSurprisal = shown.keyword == "surprisal"
    let curves = [
      (say("attention", "アテンション"), shown.attention), (say("feed-forward", "フィードフォワード"), shown.ffn),
      (say("norms", "正規化"), shown.norms), (say("whole blocks, one map", "ブロック全体（一つの写像）"), shown.block),
      (say("whole blocks, a map each", "ブロック全体（ブロックごとの写像）"), shown.blockChain),
    ].map { (name: $0, values: isSurprisal ? $1.surprisal : $1.precision, overflows: $1.overflows.max() ?? 0) }
    let overflows = curves.filter { $0.overflows > 0 }.map { curve in
      say(
        "With \(curve.name) replaced, the states of up to \(curve.overflows) test samples overflow: they agree with nothing, and the surprisal there is undefined.",
        "\(curve.name)を置き換えると最大 \(curve.overflows) 個の評価標本で状態が溢れる。それらは不一致とし、サプライザルは未定義とする。")
    }
    let floor = shown.floor.map {
      ReferenceLine(.horizontal, at: $0, label: say("full model", "全層モデル"))
    }
    let depths = 0..<(shown.facts.blocks + 1)
    let chart = LineChart(
      title: say("Sub-modules replaced from a block on", "あるブロック以降の部分モジュールの置換"),
      x: .layers(say("first block replaced", "置換を始めるブロック"), 0...shown.facts.blocks),
      y: isSurprisal
        ? Axis(say("surprisal, nats", "サプライザル（nat）"), range: 0...0)
        : Axis(say("agreement", "一致率"), range: 0...1),
      series: curves.map { LineSeries($0.name, values: $0.values) },
      references: isSurprisal ? [floor].compactMap { $0 } : [])
    return Exhibit(
      chart: chart,
      table: Table(
        depths,
        [.count(say("from block", "開始ブロック"), \.self)]
          + curves.map { curve in .number(curve.name) { curve.values.indices.contains($0) ? curve.values[$0] : nil } }),
      caption: caption(isSurprisal, say),
      notes: Exhibit.Notes(
        [Terms.agreementWithModel(say)] + overflows + (shown.minimumNorm ? [Terms.minimumNorm(say)] : [])))
  }

  private func caption(_ isSurprisal: Bool, _ say: Language) -> Exhibit.Caption {
    let what =
      isSurprisal
      ? say("Mean of −ln p under the full model of the predicted token", "予測トークンの全層モデルにおける −ln p の平均")
      : say("Share of test samples whose predicted token is the full model's", "予測トークンが全層モデルと一致する評価標本の割合")
    return Exhibit.Caption(
      what
        + say(
          " where the blocks below are exact and, in all blocks from there on, one kind of sub-module is replaced at every position by a least-squares map fitted at the sampled positions. Whole blocks are replaced by one map to the last state, or by one map for each.",
          "。それより下のブロックはそのまま、以降の全ブロックでは一種類の部分モジュールを、標本位置で推定した最小二乗写像に全位置で置き換える。ブロック全体は、最終状態への一つの写像、またはブロックごとの写像で置き換える。"
        ))
  }
}

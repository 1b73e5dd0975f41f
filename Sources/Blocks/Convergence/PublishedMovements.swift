import Charts

/// What the hidden-state convergence study reports of Llama-3.2, as marks beside one's own curves.
enum PublishedMovements {
  /// The last block's movement in Llama-3.2-1B; the study gives no number for the 3B model.
  private static let lastDistance = (base: 0.27, distilled: 0.058)

  static func lines(_ say: Language) -> [ReferenceLine] {
    [
      ReferenceLine(
        .horizontal, at: lastDistance.base,
        label: say("Llama-3.2-1B, last block (published)", "Llama-3.2-1B 最終ブロック（公表値）")),
      ReferenceLine(
        .horizontal, at: lastDistance.distilled, label: say("the same, distilled (published)", "同、蒸留後（公表値）")),
    ]
  }

  static func note(_ say: Language) -> String {
    say(
      "Published for other models and other texts: Llama-3.2-1B S = 0.56 and last D = 0.27, after self-distillation 0.90 and 0.058; Llama-3.2-3B S = 0.66, after self-distillation 0.89.",
      "公表値（モデルもテキストも異なる）：Llama-3.2-1B は S = 0.56、最終 D = 0.27、自己蒸留後は 0.90 と 0.058。Llama-3.2-3B は S = 0.66、自己蒸留後は 0.89。"
    )
  }
}

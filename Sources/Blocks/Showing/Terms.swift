import Charts
import Markup

/// Words and sentences that more than one view says.
enum Terms {
  static func model(_ say: Language) -> String { say("model", "モデル") }
  static func block(_ say: Language) -> String { say("block", "ブロック") }
  static func depth(_ say: Language) -> String { say("depth", "深さ") }
  static func sourceDepth(_ say: Language) -> String { say("source depth", "入力の深さ") }
  static func targetDepth(_ say: Language) -> String { say("target depth", "予測先の深さ") }
  static func step(_ say: Language) -> String { say("step", "段") }
  static func meanR2(_ say: Language) -> String { say("mean R²", "R² の平均") }
  static func undefined(_ say: Language) -> String { say("undefined", "未定義") }

  /// `0→1`: from the state that enters a block to the one that leaves it.
  static func step(_ block: Int) -> String { "\(block)→\(block + 1)" }

  /// How many regressions do not exist; what that means is said once a page.
  static func undefinedTargets(_ count: Int, _ say: Language) -> Exhibit.Notes {
    guard count > 0 else { return [] }
    let number = NumberText.integer(count)
    let count = say(
      "\(number) (step, dimension) target\(count == 1 ? " is" : "s are") undefined", "（段、次元）の対象 \(number) 個は未定義")
    return Exhibit.Notes(
      chart: [count + say("; where none is defined, the place is hatched.", "。定義された対象のない箇所は斜線で示す。")],
      table: [count + say(".", "。")])
  }

  static func undefinedTargetsExplained(_ count: Int, _ say: Language) -> [String] {
    count == 0
      ? []
      : [
        say(
          "A target is undefined where it or its source does not vary; it is left out of the statistics.",
          "対象または入力が変化しないとき対象は未定義であり、統計から除く。")
      ]
  }

  static func minimumNorm(_ say: Language) -> String {
    say(
      "Fewer training samples than dimensions: the maps are minimum-norm solutions.",
      "訓練標本数が次元数より少ないため、写像は最小ノルム解である。")
  }

  static func evenlySpaced(_ count: Int, _ say: Language) -> String {
    say("Over \(count) evenly spaced target dimensions.", "等間隔に選んだ \(count) 個の対象次元による。")
  }
}

extension ProvenanceItem {
  /// What an engine read: the states of the residual stream as no norm has touched them.
  static func statesBeforeFinalNorm(_ say: Language) -> ProvenanceItem {
    ProvenanceItem(say("states", "状態"), say("before the final norm", "最終正規化の前"))
  }
}

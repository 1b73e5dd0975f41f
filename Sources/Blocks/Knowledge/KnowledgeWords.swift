import Analyses
import Markup

/// What captions say of facts and their neurons.
enum KnowledgeWords {
  static func attribution(_ say: Language) -> String { say("attribution", "寄与") }
  static func relation(_ say: Language) -> String { say("relation", "関係") }
  static func knowledge(_ say: Language) -> String { say("by attribution", "寄与による") }
  static func baseline(_ say: Language) -> String { say("by activation", "活性による") }
  static func random(_ say: Language) -> String { say("as many by chance", "同数の無作為") }

  /// How attributions come about.
  static func method(_ rule: AttributionRule, _ steps: Int, _ most: Int, _ say: Language) -> String {
    let range =
      most > steps ? say("\(steps) to \(most) steps", "\(steps)〜\(most) 分割") : say("\(steps) steps", "\(steps) 分割")
    return say(
      "Integrated gradients along the scaled activations of one block at a time, \(rule.rawValue) rule, \(range).",
      "ブロックごとに活性を 0 から拡大した積分勾配（\(rule.rawValue) 則、\(range)）。")
  }

  /// How a fact's neurons are chosen.
  static func refining(_ threshold: Double, _ say: Language) -> String {
    let share = NumberText.shortest(100 * threshold)
    return say(
      "A prompt names the neurons above \(share)% of its largest attribution; a fact's are those that enough of its prompts name, three at least. By activation: above half of the largest activation.",
      "各プロンプトで最大寄与の \(share)% 以上のニューロンを挙げ、十分な割合（3 件以上）のプロンプトに共通するものをその事実のニューロンとする。活性による選択は最大活性の半分以上。")
  }

  /// How many facts there are, and which were left out.
  static func sample(_ facts: Int, _ prompts: Int, _ omitted: [OmittedFact], _ say: Language) -> [String] {
    [say("\(facts) facts, \(prompts) prompts.", "事実 \(facts) 件、プロンプト \(prompts) 件。")] + Self.omitted(omitted, say)
  }

  /// Which facts were left out, and why.
  static func omitted(_ omitted: [OmittedFact], _ say: Language) -> [String] {
    guard !omitted.isEmpty else { return [] }
    let groups = Dictionary(grouping: omitted, by: \.reason)
    let words = groups.keys.sorted().map { reason in
      let ids = (groups[reason] ?? []).map(\.fact)
      let more = ids.count > 4 ? say(" and \(ids.count - 4) more", " ほか \(ids.count - 4) 件") : ""
      return
        "\(ids.prefix(4).joined(separator: ", "))\(more) (\(FactAsker.Refusal(rawValue: reason)?.reason(say) ?? reason))"
    }
    return [say("Left out: ", "除外：") + words.joined(separator: "; ") + say(".", "。")]
  }

  /// The share of prompts by which neurons were refined, where it did not settle.
  static func unsettled(_ names: [String], _ say: Language) -> [String] {
    guard !names.isEmpty else { return [] }
    let list = names.joined(separator: ", ")
    return [
      say(
        "No share of prompts brought the mean number of neurons between two and five for \(list); the last one tried stands.",
        "\(list) では平均ニューロン数が 2〜5 に収まる割合がなく、最後に試した値を用いる。")
    ]
  }
}

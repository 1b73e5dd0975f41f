import Analyses

/// What captions say of a prediction that is taken apart.
enum PredictionWords {
  /// What a method measures, with its unit.
  static func score(_ method: ContributionMethod, _ say: Language) -> String {
    switch method {
    case .logprobIncrease: say("log-probability increase, nats", "対数確率の増加（ナット）")
    case .logprob: say("log-probability of the part alone, nats", "成分単独の対数確率（ナット）")
    case .probIncrease: say("probability increase", "確率の増加")
    case .norm: say("length of the vector", "ベクトルの長さ")
    case .coef: say("size of the coefficient", "係数の絶対値")
    case .rank: say("1 / rank of the target", "1 / 目標トークンの順位")
    case .coefNorm: say("coefficient × length", "係数 × 長さ")
    case .coefRank: say("coefficient / rank", "係数 / 順位")
    }
  }

  /// `“The capital of France is” → “␣Paris”`, with what it is set against.
  static func prediction(_ prompt: String?, _ target: String, _ contrast: String?, _ say: Language) -> String {
    let aim = say("“\(TokenMarks.shown(target))”", "「\(TokenMarks.shown(target))」")
    let against = contrast.map {
      say(" against “\(TokenMarks.shown($0))”", "（対「\(TokenMarks.shown($0))」）")
    }
    return say("“\(prompt ?? "")” → ", "「\(prompt ?? "")」→ ") + aim + (against ?? "")
  }

  /// How the numbers come about.
  static func frozen(_ say: Language) -> String {
    say(
      "The final norm keeps the scale of the last state, so that parts of the stream add up; every part is scored by itself, at the state it is added to.",
      "最終正規化の尺度は最終状態のものに固定し、ストリームの成分が加法的になるようにする。各成分は加算される状態において単独で評価する。")
  }

  static let remainder = ("parts − whole", "部分の和 − 全体")
  static let bias = ("output bias", "出力バイアス")
}

extension ContributionMethod {
  /// Whether the scores have a sign.
  var isSigned: Bool { takesContrast }
}

import Tensors

/// How the tokens that one shortcut names stand with the full model, sample by sample.
public struct ShortcutOutcome: Sendable, Equatable {
  /// Place of the shortcut's token among the full model's, 1 for its top token, `[n]`.
  ///
  /// Of equals the lower id comes first; behind all places, `Int.max`, where the shortcut names no token.
  public var places: [Int]
  /// -ln of the full model's probability of the shortcut's token, in nats, `[n]`; infinite where it names none.
  public var surprisals: [Double]

  /// Samples for which the shortcut names no token, because its state overflowed.
  public var overflows: Int { places.count { $0 == Int.max } }

  /// Share of samples whose token is among the full model's k largest (Precision@k); nil without samples.
  public func precision(at k: Int) -> Double? { Self.mean(hits(at: k)) }

  /// Mean surprisal, in nats; nil without samples, or where the shortcut names no token for one of them.
  public var surprisal: Double? { overflows > 0 ? nil : Self.mean(surprisals) }

  /// 1 for each sample whose token is among the k largest, 0 for the others.
  public func hits(at k: Int) -> [Double] { places.map { $0 <= k ? 1 : 0 } }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

/// Judges shortcuts by the full model's own distribution: agreement with the model, never with a correct answer.
///
/// Precision@k is the share of samples where the *shortcut's top token* is among the *full model's k largest*; surprisal is
/// the mean of -ln p under the full model of the shortcut's top token. Source: Yom Din and others, "Jump to conclusions:
/// short-cutting transformers with linear transformations" (2024).
public enum ShortcutJudge {
  /// Where the tokens of several shortcuts stand.
  ///
  /// - Parameters:
  ///   - tokens: the top token of each shortcut at each sample, `[shortcuts][n]`; nil where it names none.
  ///   - final: `h_L` of the samples before the final norm, `[n, d]`.
  /// - Returns: one outcome for each shortcut.
  /// - Throws: what the head throws.
  public static func outcomes(
    of tokens: [[Int?]], final: Matrix, head: some Head
  ) throws -> [ShortcutOutcome] {
    precondition(tokens.allSatisfy { $0.count == final.rows }, "a token for each sample")
    let samples = try LensReading.mapRows(of: final, through: head) { sample, logits in
      judge(tokens.map { $0[sample] }, by: logits)
    }
    return tokens.indices.map { shortcut in
      ShortcutOutcome(
        places: samples.map { $0[shortcut].place }, surprisals: samples.map { $0[shortcut].surprisal })
    }
  }

  /// Where some tokens stand among the logits of one sample.
  private static func judge(_ tokens: [Int?], by logits: [Float]) -> [(place: Int, surprisal: Double)] {
    let logSum = logSumExp(logits)
    var places: [Int: Int] = [:]
    return tokens.map { token in
      guard let token else { return (Int.max, .infinity) }
      let place = places[token] ?? Self.place(of: token, in: logits)
      places[token] = place
      return (place, logSum - Double(logits[token]))
    }
  }

  private static func place(of token: Int, in logits: [Float]) -> Int {
    let own = logits[token]
    var place = 1
    for (other, logit) in logits.enumerated() where logit > own || (logit == own && other < token) { place += 1 }
    return place
  }

  private static func logSumExp(_ logits: [Float]) -> Double {
    let largest = Double(logits.max() ?? 0)
    var sum = 0.0
    for logit in logits { sum += exponential(Double(logit) - largest) }
    return largest + logarithm(sum)
  }
}

/// What both lenses say at every depth, judged by the full model.
public struct LensCurves: Sendable, Equatable {
  /// Through fitted maps, `[L + 1]`; the last is the model itself.
  public var mat: [ShortcutOutcome]
  /// Through the state as it is, likewise.
  public var id: [ShortcutOutcome]

  /// Mean of -ln of the model's largest probability: what no shortcut can be below; nil without samples.
  public var floor: Double? { id.last?.surprisal }

  /// Reads test states through both lenses.
  ///
  /// - Parameters:
  ///   - states: `h_0 … h_L` of the test samples before the final norm, each `[n, d]`.
  ///   - maps: the maps of h_l to h_L for l = 0 … L-1.
  /// - Throws: what the head throws.
  public init(states: [Matrix], maps: [AffineMap], head: some Head) throws {
    let full = try LensReading.read(states[states.count - 1], through: head)
    let tokens = try [Lens.mat, .id].flatMap { lens in
      try LensReading.all(states, lens: lens, maps: maps, head: head, full: full).map(\.top)
    }
    let outcomes = try ShortcutJudge.outcomes(of: tokens, final: states[states.count - 1], head: head)
    mat = Array(outcomes[..<states.count])
    id = Array(outcomes[states.count...])
  }

  /// The outcomes of one lens.
  public subscript(lens: Lens) -> [ShortcutOutcome] { lens == .mat ? mat : id }
}

import Tensors
import Transformers

/// A token that was decoded, and how far the model had to run for it.
public struct ExitToken: Sendable, Hashable {
  /// The token.
  public var id: Int
  /// Blocks that were run: the level whose state it was read from.
  public var layer: Int
  /// How often the exit rule was tested.
  public var tests: Int
}

/// Decodes greedily with early exit: after each block the state is read through a lens, and the token is taken from it
/// where the rule is confident enough.
///
/// The blocks that are skipped still get keys and values, from the state the token left with, since later tokens look at
/// them. The prompt but for its last token runs through all blocks.
///
/// Source: the rule is `ExitRule`'s; filling the keys from the exit state is Schuster and others' "Confident Adaptive
/// Language Modeling" (2022), state propagation.
public struct ExitDecoder {
  private let model: Model
  private let rule: ExitRule
  private let lambda: Double
  private let levels: Set<Int>
  private let maps: [StreamMap]

  /// A decoder.
  ///
  /// - Parameters:
  ///   - model: A causal model with a head.
  ///   - lambda: The rule's λ; above 1.111… no token leaves early.
  ///   - levels: The levels at which the rule is tested, from 1; nil for all.
  ///   - maps: The lens `mat`: one map from each h_l with l < L to h_L; empty for `id`.
  public init(
    _ model: Model, rule: ExitRule = ExitRule(), lambda: Double, levels: Set<Int>? = nil, maps: [StreamMap] = []
  ) {
    precondition(maps.isEmpty || maps.count == model.configuration.blocks, "one map per state before the last")
    (self.model, self.rule, self.lambda, self.maps) = (model, rule, lambda, maps)
    self.levels = levels ?? Set(1..<max(2, model.configuration.blocks))
  }

  /// Decodes token after token.
  ///
  /// - Parameters:
  ///   - count: The most tokens; fewer where the context is full.
  ///   - prompt: At least one token.
  ///   - stopTokens: Decoding ends with one of these; nil for the configuration's.
  ///   - progress: Gets each token as it is chosen.
  /// - Returns: The tokens after the prompt.
  /// - Throws: `ModelError`, with code `noHead` where the checkpoint has no head and `unsupported` for a model whose
  ///   positions see later ones.
  public func decode(
    _ count: Int, after prompt: [Int], stopTokens: [Int]? = nil, progress: (ExitToken) -> Void = { _ in }
  ) throws -> [ExitToken] {
    let cache = try KeyValueCache(model)
    if prompt.count > 1 { _ = try model.extend(cache, with: Array(prompt.dropLast())) }
    // N of the rule is the mean length of what is decoded from, as if all that is asked for were decoded.
    let decays = rule.decays(positions: (0..<count).map { prompt.count - 1 + $0 })
    let stops = Set(stopTokens ?? model.configuration.eosTokens)
    var tokens: [ExitToken] = []
    var next = prompt.suffix(1)
    while tokens.count < count {
      let token = try step(Array(next), cache, threshold: 0.9 * lambda + decays[tokens.count])
      tokens.append(token)
      progress(token)
      guard !stops.contains(token.id), cache.length < model.configuration.context else { break }
      next = [token.id]
    }
    return tokens
  }

  private func step(_ ids: [Int], _ cache: KeyValueCache, threshold: Double) throws -> ExitToken {
    let run = try ModelRun(model, [ids], after: cache)
    let last = model.configuration.blocks
    var tests = 0
    while run.level < last {
      try run.advance()
      guard run.level < last, levels.contains(run.level) else { continue }
      tests += 1
      let reading = try read(try run.lastStates(), level: run.level)
      guard reading.gap > threshold else { continue }
      let layer = run.level
      while run.level < last { try run.advanceKeysOnly() }
      return ExitToken(id: reading.token, layer: layer, tests: tests)
    }
    return ExitToken(id: try read(try run.lastStates(), level: last).token, layer: last, tests: tests)
  }

  private func read(_ state: Matrix, level: Int) throws -> TopReading {
    let seen = maps.indices.contains(level) ? maps[level].applied(to: state) : state
    return try model.readTop(ofHeadInput: model.headInput(seen))[0]
  }
}

extension ExitDecoder {
  /// Share of decoded tokens that the full model would have chosen after the same tokens; nil for none.
  ///
  /// - Throws: `ModelError`.
  public func agreement(of tokens: [ExitToken], after prompt: [Int]) throws -> Double? {
    guard !tokens.isEmpty, !prompt.isEmpty else { return nil }
    let whole = JudgedTexts([.init(prompt + tokens.map(\.id), from: prompt.count)])
    let judge = try BypassJudge(model, whole, levels: [])
    return Double(zip(judge.full.top, tokens).count { $0 == $1.id }) / Double(tokens.count)
  }

  /// Mean multiply-adds of a token, keys of skipped blocks, exit tests and maps charged; nil for none.
  public func multiplyAdds(of tokens: [ExitToken]) -> Double? {
    guard !tokens.isEmpty else { return nil }
    let c = model.configuration
    let map = maps.isEmpty ? 0 : Double(c.width * c.width)
    let sums = tokens.map { token -> Double in
      let skipped = c.blocks - token.layer
      // A token that left was read by its last test; any other is read once more at the end.
      let heads = token.tests + (skipped > 0 ? 0 : 1)
      return Double(token.layer) * MultiplyAdds.block(c) + Double(skipped) * MultiplyAdds.keysAndValues(c)
        + Double(heads) * MultiplyAdds.head(c) + Double(token.tests) * map
    }
    return sums.reduce(0, +) / Double(tokens.count)
  }
}

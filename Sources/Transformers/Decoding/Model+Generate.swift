import Tensors

/// What a decoded token was chosen from.
public struct DecodedToken: Hashable, Sendable {
  /// The token.
  public var id: Int
  /// Its log-probability under the model, in nats, whatever the temperature.
  public var logProbability: Double
}

extension Model {
  /// Runs tokens that continue a cache, which then holds them too.
  ///
  /// - Parameters:
  ///   - ids: The tokens: a prompt (prefill) or the token chosen last (a step).
  ///   - cache: What they continue.
  ///   - taps: What looks into the blocks.
  /// - Returns: h_L of the last token, [1, d].
  /// - Throws: `ModelError`: code `input` for texts longer than the context or ids outside the vocabulary, `notFinite`; or
  ///   what a tap throws.
  public func extend(_ cache: KeyValueCache, with ids: [Int], taps: [Tap] = []) throws -> Matrix {
    let run = try ModelRun(self, [ids], after: cache)
    try run.advance(to: configuration.blocks, taps: taps)
    return try run.lastStates()
  }

  /// Decodes token after token with a key and value cache.
  ///
  /// Weights that fit under `weightLimit` are converted once; the others are converted for every token.
  ///
  /// - Parameters:
  ///   - count: The most tokens; fewer where the context is full.
  ///   - prompt: At least one token, special tokens included.
  ///   - sampling: How tokens are chosen.
  ///   - stopTokens: Decoding ends with one of these, which is the last token returned; by default the configuration's.
  ///   - taps: What looks into the blocks at every step.
  ///   - progress: Gets each token as it is chosen; false ends the decoding.
  /// - Returns: The tokens after the prompt.
  /// - Throws: `ModelError`, with code `noHead` where the checkpoint has no head and `unsupported` for a model whose
  ///   positions see later ones; or what a tap throws.
  public func generate(
    _ count: Int, after prompt: [Int], sampling: Sampling = .greedy, stopTokens: [Int]? = nil, taps: [Tap] = [],
    progress: (DecodedToken) -> Bool = { _ in true }
  ) throws -> [DecodedToken] {
    let cache = try KeyValueCache(self)
    var sampler = TokenSampler(sampling)
    let stops = Set(stopTokens ?? configuration.eosTokens)
    var decoded: [DecodedToken] = []
    var next = prompt
    while decoded.count < count {
      let logits = try logits(of: try extend(cache, with: next, taps: taps)).values
      let id = sampler.choose(logits)
      let logSumExp = logits.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { Kernels.logSumExp($0, count: buffer.count) } ?? 0
      }
      decoded.append(DecodedToken(id: id, logProbability: Double(logits[id]) - logSumExp))
      guard progress(decoded[decoded.count - 1]), !stops.contains(id), cache.length < configuration.context else {
        break
      }
      next = [id]
    }
    return decoded
  }
}

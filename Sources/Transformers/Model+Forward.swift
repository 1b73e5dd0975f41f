import Tensors

/// What a model computes for one text.
public struct ForwardPass: Sendable {
  /// The tokens, T of them.
  public var ids: [Int]
  /// h_0 … h_L, each [T, d], before the final norm.
  public var hidden: [Matrix]
  /// The final norm of h_L, [T, d]; nil for architectures without one (BERT).
  public var finalNorm: Matrix?
  /// [T, V]; nil where the checkpoint has no head.
  public var logits: Matrix?
}

extension Model {
  /// Runs one text and keeps the states of every position.
  ///
  /// - Parameters:
  ///   - ids: Token ids, special tokens included.
  ///   - withLogits: Whether to compute logits where the checkpoint has a head.
  /// - Throws: `ModelError`: code `input` for no tokens, too many, or ids outside the vocabulary; `notFinite` for weights
  ///   or states that are NaN or infinite.
  public func forward(_ ids: [Int], withLogits: Bool = true) throws(ModelError) -> ForwardPass {
    let run = try ModelRun(self, [ids])
    var hidden = [try run.allStates()]
    for _ in 0..<configuration.blocks {
      try run.advance()
      hidden.append(try run.allStates())
    }
    let last = hidden[configuration.blocks]
    let normed = tensors.finalNorm == nil ? nil : try finalNorm(last)
    var logits: Matrix?
    if withLogits, configuration.hasHead {
      if let normed { logits = try self.logits(ofHeadInput: normed) } else { logits = try self.logits(of: last) }
    }
    return ForwardPass(ids: ids, hidden: hidden, finalNorm: normed, logits: logits)
  }

  /// Runs some blocks on the states of whole texts, for experiments that skip or replace others.
  ///
  /// - Parameters:
  ///   - blocks: Which blocks, such as `8..<12` to go on from h_8 to h_12.
  ///   - states: [total positions, d]: h at `blocks.lowerBound` of every position of every text.
  ///   - lengths: Positions of each text, in the order of the rows.
  /// - Returns: [total positions, d]: h at `blocks.upperBound`.
  /// - Throws: `ModelError`.
  public func run(
    blocks: Range<Int>, on states: Matrix, lengths: [Int]
  ) throws(ModelError) -> Matrix {
    precondition(blocks.lowerBound >= 0 && blocks.upperBound <= configuration.blocks, "no blocks \(blocks)")
    let run = try ModelRun(self, states: states, lengths: lengths, level: blocks.lowerBound)
    for _ in blocks { try run.advance() }
    return try run.allStates()
  }
}

extension Model {
  /// Refuses architectures whose norms follow the residual additions, for what takes the stream apart into a sum.
  ///
  /// - Throws: `ModelError` with code `unsupported`.
  public func requirePreNorm() throws(ModelError) {
    try requireWhole()
    guard !configuration.isPostNorm else {
      throw .run(
        .unsupported, directory,
        "\(configuration.family.name) norms after each addition, so parts of a block do not add up in its stream")
    }
  }
}

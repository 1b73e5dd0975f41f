import Tensors
import Transformers

/// What each attention head contributes to a prediction.
public struct HeadContributions: Sendable {
  /// Scores, [L][H].
  public var heads: [[Double]]
  /// Scores of the output's bias, [L]; nil where a block has none.
  public var bias: [Double?]
  /// Heads and bias together less the score of the whole branch, [L]; nil for methods that have no whole.
  public var remainder: [Double?]
  /// Frozen before-softmax values of the target, which add up exactly, [L][H].
  public var logits: [[Double]]
}

/// What each source position contributes to a prediction through attention.
public struct PositionContributions: Sendable {
  /// Scores by position, [T], each of all heads in question together, summed over blocks where there are several.
  public var contribution: [Double]
  /// Attention weights from the last position, [T], meaned over the heads.
  public var attention: [Double]
  /// Score of the output's bias where whole branches are taken apart; nil where there is none.
  public var bias: Double?
  /// Positions and bias together less the score of what they are parts of; nil for methods that have no whole.
  public var remainder: Double?
}

extension PredictionParts {
  /// A block's attention output at the last position.
  func attentionOutput(_ block: Int) throws -> BranchOutput {
    try BranchOutput(.attentionOut, block: block, of: model, in: trace.blocks[block])
  }

  /// A block's feed-forward output at the last position.
  func ffnOutput(_ block: Int) throws -> BranchOutput {
    try BranchOutput(.ffnOut, block: block, of: model, in: trace.blocks[block])
  }

  /// Scores every head's output at the state that enters its block.
  public func heads(_ method: ContributionMethod = .logprobIncrease) throws -> HeadContributions {
    precondition(!method.needsCoefficient, "a head has no coefficient")
    let heads = model.configuration.heads
    var found = HeadContributions(heads: [], bias: [], remainder: [], logits: [])
    for block in trace.blocks.indices {
      let output = try attentionOutput(block)
      var vectors = output.vectors(Matrix.vertical((0..<heads).map { masked(block, head: $0) }))
      if let constant = output.constant { vectors = Matrix.vertical([vectors, constant]) }
      let scores = try self.scores(method, of: vectors, at: scored(method, entering(block)))
      let logits = self.logits(of: vectors)
      found.heads.append(Array(scores.prefix(heads)))
      found.logits.append(Array(logits.prefix(heads)))
      found.bias.append(output.constant.map { _ in scores[heads] })
      let whole = try change(method, from: entering(block), to: middle(block))
      found.remainder.append(whole.map { scores.reduce(0, +) - $0 })
    }
    return found
  }

  /// The weighted values of the last position with all heads but one at 0, [1, H · d_h].
  func masked(_ block: Int, head: Int) -> Matrix {
    let d = model.configuration.headWidth
    let all = trace.blocks[block].heads.values
    return Matrix(
      rows: 1, columns: all.count,
      values: all.enumerated().map { $0.offset / d == head ? $0.element : 0 })
  }

  /// The share of each source position in the weighted values of some heads, [T, H · d_h].
  private func shares(_ block: Int, heads: Range<Int>) -> Matrix {
    let (c, taken) = (model.configuration, trace.blocks[block])
    let d = c.headWidth
    var result = Matrix(rows: trace.ids.count, columns: c.queryWidth)
    for position in 0..<trace.ids.count {
      for head in heads {
        let weight = taken.pattern[head, position]
        let group = head / (c.heads / c.kvHeads)
        for dimension in 0..<d {
          result[position, head * d + dimension] = weight * taken.values[position, group * d + dimension]
        }
      }
    }
    return result
  }

  /// Scores what each source position brings to the last one, through one head or through all heads of some blocks.
  ///
  /// - Parameters:
  ///   - blocks: the blocks; scores are summed over them, each at the state that enters its block.
  ///   - head: one head; nil for all heads together.
  public func positions(
    _ blocks: Range<Int>, head: Int? = nil, _ method: ContributionMethod = .logprobIncrease
  ) throws -> PositionContributions {
    let count = trace.ids.count
    let heads = head.map { $0..<$0 + 1 } ?? 0..<model.configuration.heads
    var found = PositionContributions(
      contribution: Array(repeating: 0, count: count), attention: Array(repeating: 0, count: count))
    for block in blocks {
      let pattern = trace.blocks[block].pattern
      let weights = (0..<count).map { position in
        heads.reduce(0) { $0 + Double(pattern[$1, position]) } / Double(heads.count)
      }
      let output = try attentionOutput(block)
      let (scores, bias, whole) = try positions(of: block, heads, weights, output, method, isWhole: head == nil)
      for position in 0..<count {
        found.contribution[position] += scores[position]
        found.attention[position] += weights[position] / Double(blocks.count)
      }
      if let bias { found.bias = (found.bias ?? 0) + bias }
      if let whole { found.remainder = (found.remainder ?? 0) + scores.reduce(0, +) + (bias ?? 0) - whole }
    }
    return found
  }

  private func positions(
    of block: Int, _ heads: Range<Int>, _ weights: [Double], _ output: BranchOutput, _ method: ContributionMethod,
    isWhole: Bool
  ) throws -> (scores: [Double], bias: Double?, whole: Double?) {
    let brought = output.vectors(shares(block, heads: heads))
    var vectors = [brought]
    var requests: [ScoredState.Request] = brought.lengths.indices.map { ($0, 1) }
    if method.needsCoefficient {
      // What is brought is the weight times the values: the length is that of the values.
      let bare = brought.lengths.indices.map { row in
        brought.row(row).map { weights[row] == 0 ? 0 : $0 / Float(weights[row]) }
      }
      vectors = [Matrix(rows: bare.count, columns: brought.columns, values: bare.flatMap { $0 })]
      requests = weights.enumerated().map { ($0.offset, Float($0.element)) }
    }
    let constant = isWhole && method.isIncrease ? output.constant : nil
    if !isWhole, method.isIncrease { vectors.append(output.vectors(masked(block, head: heads.lowerBound))) }
    if let constant { vectors.append(constant) }
    let extra = vectors.dropFirst().isEmpty ? [] : [(row: requests.count, factor: Float(1))]
    let scores = try self.scores(
      method, of: requests + extra, Matrix.vertical(vectors), at: scored(method, entering(block)))
    let parts = Array(scores.prefix(requests.count))
    if isWhole {
      return (
        parts, constant.map { _ in scores[requests.count] },
        try change(method, from: entering(block), to: middle(block))
      )
    }
    return (parts, nil, method.isIncrease ? scores[requests.count] : nil)
  }
}

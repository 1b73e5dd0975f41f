import Tensors
import Transformers

/// One text run through a model whose residual stream is a sum, with all that its last state is the sum of.
///
/// T positions, of which the last one predicts.
public struct PromptTrace: Sendable {
  /// What one block adds, and what it computed on the way.
  public struct Block: Sendable {
    /// The state that the feed-forward network's output is added to, [1, d], at the last position: h_l and what attention
    /// adds, in a parallel block too, so that both branches have a place of their own.
    public var middle: Matrix
    /// What attention adds, bias and norm included, [T, d].
    public var attention: Matrix
    /// What the feed-forward network adds, bias and norm included, [T, d].
    public var ffn: Matrix
    /// How the last position weighs every position, [H, T].
    public var pattern: Matrix
    /// Values, [T, H_kv · d_h].
    public var values: Matrix
    /// Every head's weighted values at the last position, [1, H · d_h].
    public var heads: Matrix
    /// Before the activation at the last position, the gate where there is one, [1, d_ff].
    public var before: Matrix
    /// The factor of a gated network at the last position, [1, d_ff].
    public var factor: Matrix?
    /// After the activation, the product where the network is gated: the coefficients m, [T, d_ff].
    public var activation: Matrix
    /// What the norms divide by: at every position for `.attention`, at the last for the others; none where no norm is.
    public var scales: [NormPlace: [Float]]
  }

  /// The model.
  public let model: Model
  /// The tokens, special ones included.
  public let ids: [Int]
  /// h_0 … h_L at the last position, [L + 1, d].
  public let states: Matrix
  /// h_0 of every position, [T, d].
  public let embedding: Matrix
  /// What each block added, L of them.
  public let blocks: [Block]

  /// The last position.
  public var last: Int { ids.count - 1 }

  /// Runs a text.
  ///
  /// - Throws: `ModelError`: code `unsupported` where norms follow the additions, `input` for texts that cannot be run.
  public init(_ model: Model, _ ids: [Int]) throws {
    try model.requirePreNorm()
    let run = try ModelRun(model, [ids])
    let last = ids.count - 1
    embedding = try run.allStates()
    var states = [try run.states(at: [last])]
    var blocks: [Block] = []
    for plan in model.configuration.plans {
      let gathered = BlockNotebook(plan, model.configuration, positions: ids.count)
      try run.advance(taps: gathered.taps)
      blocks.append(gathered.block(entering: states[states.count - 1]))
      states.append(try run.states(at: [last]))
    }
    (self.model, self.ids, self.states, self.blocks) = (model, ids, Matrix.vertical(states), blocks)
  }
}

/// The rows that taps bring of one block.
private final class BlockNotebook {
  private let plan: BlockPlan
  private let last: Int
  private var rows: [Site: SiteRows] = [:]
  private var pattern = Matrix(rows: 0, columns: 0)
  private(set) var taps: [Tap] = []

  init(_ plan: BlockPlan, _ c: ModelConfiguration, positions: Int) {
    (self.plan, last) = (plan, positions - 1)
    for (site, width) in [
      (Site.attentionOut, c.width), (.ffnOut, c.width), (.values, c.keyWidth), (.ffnActivation, c.ffnWidth),
      (.normScale(.attention), 1),
    ] { read(site, width, positions: positions, at: .all) }
    for (site, width) in [
      (Site.residualMid, c.width), (.heads, c.queryWidth), (.ffnIn, c.ffnWidth), (.ffnUp, c.ffnWidth),
      (.normScale(.ffn), 1), (.normScale(.attentionOut), 1), (.normScale(.ffnOut), 1),
    ] { read(site, width, positions: 1, at: .last) }
    taps.append(.read(.pattern, positions: .last) { [unowned self] in pattern = $1 })
  }

  private func read(_ site: Site, _ width: Int, positions: Int, at: Tap.Positions) {
    guard site.exists(in: plan) else { return }
    let target = SiteRows(rows: positions, columns: width)
    let first = at == .last ? last : 0
    rows[site] = target
    taps.append(
      .read(site, positions: at) { visit, values in target.take(values, at: visit.positions.map { $0 - first }) })
  }

  private func matrix(_ site: Site) -> Matrix {
    guard let found = rows[site] else { preconditionFailure("nothing was read at \(site)") }
    return found.matrix
  }

  func block(entering state: Matrix) -> PromptTrace.Block {
    let attention = matrix(.attentionOut)
    let middle =
      rows[.residualMid]?.matrix
      ?? Matrix(rows: 1, columns: state.columns, values: zip(state.row(0), attention.row(last)).map { $0 + $1 })
    var scales: [NormPlace: [Float]] = [:]
    for place in NormPlace.allCases { scales[place] = rows[.normScale(place)]?.matrix.values }
    return PromptTrace.Block(
      middle: middle, attention: attention, ffn: matrix(.ffnOut), pattern: pattern, values: matrix(.values),
      heads: matrix(.heads), before: matrix(.ffnIn), factor: rows[.ffnUp]?.matrix,
      activation: matrix(.ffnActivation), scales: scales)
  }
}

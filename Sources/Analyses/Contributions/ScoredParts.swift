import Tensors

/// Vectors that are added to a state, to be scored by one method or several: what methods share is worked out once.
final class ScoredParts {
  private let parts: PredictionParts
  private let requests: [ScoredState.Request]
  private let vectors: Matrix
  private let state: ScoredState
  private var knownValues: Matrix?
  private var knownLogs: [ScoredState.Logs]?
  private var knownRanks: [(falling: Int, rising: Int)]?
  private lazy var lengths = vectors.lengths

  /// - Parameters:
  ///   - requests: rows of `vectors` with what they are multiplied by.
  ///   - vectors: [n, d].
  init(_ parts: PredictionParts, _ requests: [ScoredState.Request], _ vectors: Matrix, at state: ScoredState) {
    (self.parts, self.requests, self.vectors, self.state) = (parts, requests, vectors, state)
  }

  /// One score for each request.
  func scores(_ method: ContributionMethod) throws -> [Double] {
    switch method {
    case .logprobIncrease:
      return try logs().map { $0.difference - state.own.difference }
    case .logprob:
      return parts.nothing.logs(requests, try values()).map(\.difference)
    case .probIncrease:
      return try logs().map { $0.probability - state.own.probability }
    case .norm: return requests.map { lengths[$0.row] }
    case .coef: return requests.map { Double(abs($0.factor)) }
    case .coefNorm: return requests.map { Double(abs($0.factor)) * lengths[$0.row] }
    case .rank: return try shares()
    case .coefRank: return zip(try shares(), requests).map { $0 * Double(abs($1.factor)) }
    }
  }

  /// Before-softmax values, [n, V].
  private func values() throws -> Matrix {
    let values = try knownValues ?? parts.head.values(of: vectors)
    knownValues = values
    return values
  }

  private func logs() throws -> [ScoredState.Logs] {
    let logs = try knownLogs ?? state.logs(requests, values())
    knownLogs = logs
    return logs
  }

  /// 1 / rank of the target where the vector's sign is that of its factor.
  private func shares() throws -> [Double] {
    let ranks = try knownRanks ?? values().ranks(ofColumn: parts.target.token)
    knownRanks = ranks
    return requests.map { 1 / Double($0.factor < 0 ? ranks[$0.row].rising : ranks[$0.row].falling) }
  }
}

import Tensors

/// A state x of the stream and what the head says of it, against which vectors added to it are scored.
struct ScoredState: Sendable {
  /// What a vector is scored by: row of a matrix of before-softmax values, factor, length of what the factor multiplies.
  typealias Request = (row: Int, factor: Float)

  /// ln p of the target and of its contrast.
  struct Logs: Sendable {
    var token: Double
    var contrast: Double?
    var difference: Double { token - (contrast ?? 0) }
    var probability: Double { exponential(token) - (contrast.map { exponential($0) } ?? 0) }
  }

  private let head: FrozenHead
  private let target: PredictionTarget
  /// Log-probabilities, or logits where they are capped, [V].
  private let base: [Float]
  /// What the state alone gives.
  let own: Logs

  /// - Parameter logits: uncapped, [V].
  init(_ logits: [Float], _ head: FrozenHead, _ target: PredictionTarget) {
    (self.head, self.target) = (head, target)
    let row = Matrix(rows: 1, columns: logits.count, values: logits)
    if head.cap == nil {
      let sum = row.logSumExps(of: [(0, 1)], over: [Float](repeating: 0, count: logits.count))[0]
      base = logits.map { Float(Double($0) - sum) }
    } else {
      base = logits
    }
    let nothing = Matrix(rows: 1, columns: logits.count)
    own = Self.logs([(0, 0)], nothing, base, head, target)[0]
  }

  /// ln p after adding factor times a vector, for vectors by their before-softmax values [n, V].
  func logs(_ requests: [Request], _ values: Matrix) -> [Logs] { Self.logs(requests, values, base, head, target) }

  private static func logs(
    _ requests: [Request], _ values: Matrix, _ base: [Float], _ head: FrozenHead, _ target: PredictionTarget
  ) -> [Logs] {
    let sums = values.logSumExps(of: requests, over: base, cap: head.cap)
    return zip(requests, sums).map { request, sum in
      func log(_ token: Int) -> Double {
        let logit = Double(base[token]) + Double(request.factor) * Double(values[request.row, token])
        return (head.cap.map { hyperbolicTangent(logit / Double($0)) * Double($0) } ?? logit) - sum
      }
      return Logs(token: log(target.token), contrast: target.contrast.map(log))
    }
  }

  /// Weights of the logits whose weighed sum has the gradient of the score, [V]; nil where the score is not concave.
  ///
  /// ln p(w | x + v) is concave in v, so no vector adds more than its product with that gradient.
  func slopeWeights() -> [Float]? {
    guard head.cap == nil else { return nil }
    var weights = [Float](repeating: 0, count: base.count)
    if let contrast = target.contrast {
      weights[contrast] = -1
    } else {
      var row = Matrix(rows: 1, columns: base.count, values: base)
      row.softmaxRows()
      weights = row.values.map { -$0 }
    }
    weights[target.token] += 1
    return weights
  }
}

internal import Glibc
import Tensors

/// A number that logits make at each position, for a gradient to begin with.
///
/// With z the logits of a position, p = softmax z and t a token or a distribution of its own.
public enum LogitObjective: Sendable {
  /// z_t, the token's logit.
  case logit(tokens: [Int])
  /// p_t, the token's probability.
  case probability(tokens: [Int])
  /// ln p_t in nats.
  case logProbability(tokens: [Int])
  /// −ln p_t in nats, as `torch.nn.functional.cross_entropy` has it before it averages.
  case crossEntropy(tokens: [Int])
  /// KL(t ‖ p) in nats; t = softmax of the rows of `logits` [n, V], which are constants.
  case divergence(fromLogits: Matrix)
  /// KL(p ‖ t) in nats; t as above.
  case reverseDivergence(fromLogits: Matrix)

  /// How many positions it is for.
  public var count: Int {
    switch self {
    case .logit(let tokens), .probability(let tokens), .logProbability(let tokens), .crossEntropy(let tokens):
      tokens.count
    case .divergence(let logits), .reverseDivergence(let logits): logits.rows
    }
  }

  /// The tokens it names.
  var tokens: [Int] {
    switch self {
    case .logit(let tokens), .probability(let tokens), .logProbability(let tokens), .crossEntropy(let tokens): tokens
    case .divergence, .reverseDivergence: []
    }
  }

  /// Replaces the logits of one position by weight · d(value)/d(logits).
  ///
  /// - Parameters:
  ///   - z: V numbers.
  ///   - position: Which of the objective's positions.
  /// - Returns: The value, without the weight.
  package func replace<Element: KernelElement>(
    _ z: UnsafeMutablePointer<Element>, count: Int, position: Int, weight: Double
  ) -> Double {
    switch self {
    case .logit(let tokens):
      let value = Double(z[tokens[position]])
      z.update(repeating: 0, count: count)
      z[tokens[position]] = Element(weight)
      return value
    case .probability(let tokens): return replaceByProbability(z, count, tokens[position], weight)
    case .logProbability(let tokens): return replaceByLogarithm(z, count, tokens[position], weight)
    case .crossEntropy(let tokens): return -replaceByLogarithm(z, count, tokens[position], -weight)
    case .divergence(let logits):
      return logits.withUnsafePointer { replaceByDivergence(z, count, $0 + position * count, weight) }
    case .reverseDivergence(let logits):
      return logits.withUnsafePointer { replaceByReverse(z, count, $0 + position * count, weight) }
    }
  }

  /// p_t and p_t (e_t − p).
  private func replaceByProbability<Element: KernelElement>(
    _ z: UnsafeMutablePointer<Element>, _ count: Int, _ token: Int, _ weight: Double
  ) -> Double {
    let sum = Element.logSumExp(z, count: count)
    let value = exp(Double(z[token]) - sum)
    _ = replaceByLogarithm(z, count, token, weight * value, logSumExp: sum)
    return value
  }

  /// ln p_t and e_t − p.
  private func replaceByLogarithm<Element: KernelElement>(
    _ z: UnsafeMutablePointer<Element>, _ count: Int, _ token: Int, _ weight: Double, logSumExp: Double? = nil
  ) -> Double {
    let value = Double(z[token]) - (logSumExp ?? Element.logSumExp(z, count: count))
    Element.softmax(z, count: count)
    let factor = Element(-weight)
    for index in 0..<count { z[index] *= factor }
    z[token] += Element(weight)
    return value
  }

  /// Σ t (ln t − ln p) and p − t.
  private func replaceByDivergence<Element: KernelElement>(
    _ z: UnsafeMutablePointer<Element>, _ count: Int, _ other: UnsafePointer<Float>, _ weight: Double
  ) -> Double {
    let (own, theirs) = (Element.logSumExp(z, count: count), Float.logSumExp(other, count: count))
    var sum = 0.0
    let target = probabilities(other, count) as NumberBuffer<Element>
    for index in 0..<count {
      sum += Double(target.pointer[index]) * ((Double(other[index]) - theirs) - (Double(z[index]) - own))
    }
    Element.softmax(z, count: count)
    let factor = Element(weight)
    for index in 0..<count { z[index] = factor * (z[index] - target.pointer[index]) }
    return sum
  }

  /// Σ p (ln p − ln t) and p (ln p − ln t − Σ).
  private func replaceByReverse<Element: KernelElement>(
    _ z: UnsafeMutablePointer<Element>, _ count: Int, _ other: UnsafePointer<Float>, _ weight: Double
  ) -> Double {
    let (own, theirs) = (Element.logSumExp(z, count: count), Float.logSumExp(other, count: count))
    let ratios = NumberBuffer<Element>(count: count)
    for index in 0..<count {
      ratios.pointer[index] = Element((Double(z[index]) - own) - (Double(other[index]) - theirs))
    }
    Element.softmax(z, count: count)
    let sum = Element.dot(z, ratios.pointer, count)
    for index in 0..<count { z[index] *= Element(weight) * (ratios.pointer[index] - Element(sum)) }
    return sum
  }

  private func probabilities<Element: KernelElement>(
    _ logits: UnsafePointer<Float>, _ count: Int
  ) -> NumberBuffer<Element> {
    let result = NumberBuffer<Element>(count: count)
    for index in 0..<count { result.pointer[index] = Element(logits[index]) }
    Element.softmax(result.pointer, count: count)
    return result
  }
}

import Foundation
import Tensors
import Transformers

/// A block written out in double precision from its weights and its plan, position by position and without products of
/// matrices: what every site must hold, independent of the code under test.
struct ReferenceBlock {
  let c: ModelConfiguration
  let plan: BlockPlan
  let weights: BlockParameters

  /// What is at every site, [positions][columns]; `pattern` has H rows to a position.
  typealias Values = [Site: [[Double]]]

  init(_ model: Model, block: Int) throws {
    c = model.configuration
    plan = c.plans[block]
    weights = try model.parameters(block: block)
  }

  func run(_ h: [[Double]]) -> Values {
    var values: Values = [.residualIn: h]
    let x = norm(.attention, h, &values)
    let attention = contribution(.attentionOut, attend(x, &values), &values)
    if plan.residual != .postNorm { values[.attentionOut] = attention }
    let sum = zip(h, attention).map { add($0, $1) }
    switch plan.residual {
    case .parallel:
      let y = weights.norms[.ffn] == nil ? x : norm(.ffn, h, &values)
      let ffn = contribution(.ffnOut, feedForward(y, &values), &values)
      values[.ffnOut] = ffn
      values[.residualOut] = zip(sum, ffn).map { add($0, $1) }
    case .serial:
      values[.residualMid] = sum
      let ffn = contribution(.ffnOut, feedForward(norm(.ffn, sum, &values), &values), &values)
      values[.ffnOut] = ffn
      values[.residualOut] = zip(sum, ffn).map { add($0, $1) }
    case .postNorm:
      values[.attentionOut] = attention
      let middle = norm(.attentionOut, sum, &values)
      values[.residualMid] = middle
      let ffn = feedForward(middle, &values)
      values[.ffnOut] = ffn
      values[.residualOut] = norm(.ffnOut, zip(middle, ffn).map { add($0, $1) }, &values)
    }
    return values
  }

  /// A branch's output as it is added: normalised where the plan has a norm before the addition.
  private func contribution(_ place: NormPlace, _ output: [[Double]], _ values: inout Values) -> [[Double]] {
    plan.residual == .postNorm ? output : norm(place, output, &values)
  }

  private func norm(_ place: NormPlace, _ rows: [[Double]], _ values: inout Values) -> [[Double]] {
    guard let plan = plan.norm(place), let weights = weights.norms[place] else { return rows }
    values[.normInput(place)] = rows
    values[.normScale(place)] = rows.map { [scale($0, plan)] }
    let output = rows.map { normed($0, plan, weights) }
    values[.normOutput(place)] = output
    return output
  }

  private func mean(_ x: [Double], _ plan: NormPlan) -> Double {
    plan.kind == .layerNorm ? x.reduce(0, +) / Double(x.count) : 0
  }

  private func scale(_ x: [Double], _ plan: NormPlan) -> Double {
    let mean = mean(x, plan)
    return (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count) + plan.epsilon).squareRoot()
  }

  private func normed(_ x: [Double], _ plan: NormPlan, _ weights: BlockParameters.Norm) -> [Double] {
    let (mean, scale) = (mean(x, plan), scale(x, plan))
    return x.indices.map { Double(weights.gain[$0]) * (x[$0] - mean) / scale + Double(weights.bias?[$0] ?? 0) }
  }

  private func product(_ product: BlockParameters.Product, _ x: [Double]) -> [Double] {
    (0..<product.weight.rows).map { row in
      let line = product.weight.values[row * x.count..<(row + 1) * x.count]
      return zip(line, x).reduce(Double(product.bias?[row] ?? 0)) { $0 + Double($1.0) * $1.1 }
    }
  }

  private func add(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + $1 } }

  // MARK: Attention

  private func attend(_ x: [[Double]], _ values: inout Values) -> [[Double]] {
    let queries = x.enumerated().map { turned($1, weights.queries, weights.queryNorm, position: $0) }
    let keys = x.enumerated().map { turned($1, weights.keys, weights.keyNorm, position: $0) }
    let carried = x.map { product(weights.values, $0) }
    let d = c.headWidth
    var pattern: [[Double]] = []
    var z: [[Double]] = []
    for position in x.indices {
      var row: [Double] = []
      for head in 0..<c.heads {
        let group = head / (c.heads / c.kvHeads)
        let query = queries[position][head * d..<(head + 1) * d]
        let attention = softmax(
          x.indices.map { key in
            guard sees(position, key) else { return -Double.infinity }
            let score = zip(query, keys[key][group * d..<(group + 1) * d]).reduce(0) { $0 + $1.0 * $1.1 }
            return capped(score * Double(plan.attention.scale))
          })
        pattern.append(attention)
        for column in group * d..<(group + 1) * d {
          row.append(zip(attention, carried).reduce(0) { $0 + $1.0 * $1.1[column] })
        }
      }
      z.append(row)
    }
    (values[.queries], values[.keys], values[.values]) = (queries, keys, carried)
    (values[.pattern], values[.heads]) = (pattern, z)
    return z.map { product(weights.attentionOut, $0) }
  }

  private func sees(_ query: Int, _ key: Int) -> Bool {
    let distance = query - key
    if plan.attention.isCausal, distance < 0 { return false }
    return abs(distance) < plan.attention.window ?? .max
  }

  private func capped(_ score: Double) -> Double {
    plan.attention.softCap.map { Double($0) * tanh(score / Double($0)) } ?? score
  }

  private func softmax(_ x: [Double]) -> [Double] {
    let top = x.max() ?? 0
    let e = x.map { exp($0 - top) }
    let sum = e.reduce(0, +)
    return e.map { $0 / sum }
  }

  private func turned(
    _ x: [Double], _ linear: BlockParameters.Product, _ gain: BlockParameters.Norm?, position: Int
  ) -> [Double] {
    var line = product(linear, x)
    if let gain, let queryKey = plan.attention.queryKeyNorm {
      let plan =
        switch queryKey {
        case .perHead(let norm), .wholeProjection(let norm): norm
        }
      let width = gain.gain.count
      for start in stride(from: 0, to: line.count, by: width) {
        line.replaceSubrange(start..<start + width, with: normed(Array(line[start..<start + width]), plan, gain))
      }
    }
    guard let rotary = plan.attention.rotary else { return line }
    let frequencies = rotary.frequencies.frequencies(headWidth: rotary.width)
    for head in stride(from: 0, to: line.count, by: c.headWidth) {
      for (pair, frequency) in frequencies.enumerated() {
        let (first, second) =
          rotary.layout == .halfSplit
          ? (head + pair, head + pair + frequencies.count) : (head + 2 * pair, head + 2 * pair + 1)
        let angle = Double(Float(position) * frequency)
        let (a, b) = (line[first], line[second])
        line[first] = a * cos(angle) - b * sin(angle)
        line[second] = b * cos(angle) + a * sin(angle)
      }
    }
    return line
  }

  // MARK: Feed-forward network

  private func feedForward(_ x: [[Double]], _ values: inout Values) -> [[Double]] {
    let before = x.map { product(weights.ffnIn, $0) }
    var after = before.map { $0.map(activation) }
    values[.ffnIn] = before
    if let up = weights.ffnUp {
      let factors = x.map { product(up, $0) }
      values[.ffnUp] = factors
      after = zip(after, factors).map { zip($0, $1).map { $0 * $1 } }
    }
    values[.ffnActivation] = after
    return after.map { product(weights.ffnOut, $0) }
  }

  private func activation(_ x: Double) -> Double {
    switch plan.ffn.activation {
    case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .geluErf: 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    case .silu: x / (1 + exp(-x))
    case .relu: max(0, x)
    case .tanh: tanh(x)
    }
  }
}

import Tensors
import Testing
import Transformers

/// A head with its memory in one list: states, then weights.
struct HeadExample: Sendable, CustomTestStringConvertible {
  var name: String
  var norm: NormPlan?
  var transform: ActivationFunction?
  var hasBias = false
  var softCap: Double?
  var testDescription: String { name }

  static let (rows, width, vocabulary) = (5, 6, 23)
  static let all: [HeadExample] = [
    .init(name: "LayerNorm", norm: NormPlan(.layerNorm, epsilon: 1e-2)),
    .init(name: "RMSNorm with bias", norm: NormPlan(.rmsNorm, epsilon: 1e-2), hasBias: true),
    .init(name: "Gemma 2", norm: NormPlan(.rmsNorm, epsilon: 1e-2, gain: .onePlusWeight), softCap: 1.5),
    .init(name: "BERT", norm: NormPlan(.layerNorm, epsilon: 1e-2), transform: .geluErf, hasBias: true),
    .init(name: "no norm"),
  ]

  static var count: Int { rows * width + width * (vocabulary + width + 3) + vocabulary }

  func parts(in memory: NumberBuffer<Double>) -> HeadParts<Double> {
    let (d, v) = (Self.width, Self.vocabulary)
    let unembedding = memory.pointer + Self.rows * d
    let dense = unembedding + v * d + v
    let gain = dense + d * d + d
    var parts = HeadParts(
      unembedding: LinearPart(
        weight: unembedding, bias: hasBias ? unembedding + v * d : nil, inputs: d, outputs: v, rowsAreInputs: false))
    let norm = norm.map { NormPart(gain: gain, bias: $0.kind == .layerNorm ? gain + d : nil, width: d, plan: $0) }
    if let transform {
      parts.transform = LinearPart(weight: dense, bias: dense + d * d, inputs: d, outputs: d, rowsAreInputs: false)
      (parts.activation, parts.transformNorm) = (transform, norm)
    } else {
      parts.norm = norm
    }
    parts.softCap = softCap
    return parts
  }
}

@Suite struct HeadGradientTests {
  static let objectives: [String] = ["logit", "probability", "logProbability", "crossEntropy", "divergence", "reverse"]

  static func objective(_ name: String) -> LogitObjective {
    let tokens = [3, 0, 22, 7, 7]
    let logits = Matrix(
      rows: 5, columns: 23, values: randomNumbers(5 * 23, "target logits", scale: 2).map { Float($0) })
    switch name {
    case "logit": return .logit(tokens: tokens)
    case "probability": return .probability(tokens: tokens)
    case "logProbability": return .logProbability(tokens: tokens)
    case "crossEntropy": return .crossEntropy(tokens: tokens)
    case "divergence": return .divergence(fromLogits: logits)
    default: return .reverseDivergence(fromLogits: logits)
    }
  }

  @Test(arguments: HeadExample.all, objectives) func statesAndWeights(_ example: HeadExample, _ name: String) {
    let objective = Self.objective(name)
    let all = randomNumbers(HeadExample.count, "head")
    let weights = randomNumbers(HeadExample.rows, "head weights")
    let (memory, gradient) = (NumberBuffer(all), NumberBuffer<Double>(count: all.count))
    gradient.clear()
    let tape = HeadTape(example.parts(in: memory), states: memory.pointer, rows: HeadExample.rows)
    let values = tape.backward(
      objective, first: 0, weights: weights, to: gradient.pointer, parameters: example.parts(in: gradient))
    #expect(values.count == HeadExample.rows)
    let difference = differenceFromCentral(gradient.values, at: all) { moved in
      let (memory, unused) = (NumberBuffer(moved), NumberBuffer<Double>(count: moved.count))
      unused.clear()
      let tape = HeadTape(example.parts(in: memory), states: memory.pointer, rows: HeadExample.rows)
      return inner(
        weights, tape.backward(objective, first: 0, weights: weights, to: unused.pointer, parameters: nil))
    }
    #expect(difference < KernelGradientTests.tolerance)
  }

  @Test(arguments: [false, true]) func embeddings(_ hasAll: Bool) {
    let (d, vocabulary, length) = (5, 4, 6)
    let (ids, places) = ([1, 3, 1, 1, 0, 3], [2, 3, 4, 2, 3, 4])
    let norm = NormPlan(.layerNorm, epsilon: 1e-2)
    // Tokens, positions, one segment, gain, bias.
    let all = randomNumbers((vocabulary + 5 + 3) * d, "embedding")
    let dy = randomNumbers(length * d, "embedding gradient")
    func parts(_ memory: NumberBuffer<Double>) -> EmbeddingParts<Double> {
      var parts = EmbeddingParts(tokens: memory.pointer, width: d)
      guard hasAll else { return parts }
      let rest = memory.pointer + vocabulary * d
      (parts.positions, parts.segments, parts.scale) = (rest, rest + 5 * d, 1.7)
      parts.norm = NormPart(gain: rest + 6 * d, bias: rest + 7 * d, width: d, plan: norm)
      return parts
    }
    func embedded(_ memory: NumberBuffer<Double>) -> NumberBuffer<Double> {
      let h = NumberBuffer<Double>(count: length * d)
      parts(memory).apply(ids, places: places, to: h.pointer)
      return h
    }
    let (values, gradient, sum) = (NumberBuffer(all), NumberBuffer<Double>(count: all.count), NumberBuffer(dy))
    gradient.clear()
    let vectors = NormPart<Double>.Vectors(rows: length, stride: d)
    let before = embedded(values)
    parts(values).norm?.backward(
      before.pointer, vectors, dy: sum.pointer, to: sum.pointer, gradient: parts(gradient).norm, replaces: true)
    parts(gradient).addGradient(of: sum.pointer, ids: ids, places: places)
    let difference = differenceFromCentral(gradient.values, at: all) { moved in
      let memory = NumberBuffer(moved)
      let h = embedded(memory)
      parts(memory).norm?.apply(h.pointer, vectors, to: h.pointer)
      return inner(dy, h.values)
    }
    #expect(difference < KernelGradientTests.tolerance)
  }
}

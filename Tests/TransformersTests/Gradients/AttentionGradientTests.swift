import Tensors
import Testing
import Transformers

/// An attention with one thing that differs from the plain one.
struct AttentionCase: Sendable, CustomTestStringConvertible {
  var name: String
  var plan: AttentionPlan
  var kvHeads = 2
  var lengths = [5, 3]
  var testDescription: String { name }

  static let all: [AttentionCase] = [
    .init(name: "causal, grouped", plan: .init(scale: 0.5)),
    .init(name: "every head its own keys", plan: .init(scale: 0.5), kvHeads: 4),
    .init(name: "one head of keys", plan: .init(scale: 0.5), kvHeads: 1),
    .init(name: "bidirectional", plan: .init(scale: 0.5, isCausal: false)),
    .init(name: "window on both sides", plan: .init(scale: 0.5, isCausal: false, window: 2)),
    .init(name: "window", plan: .init(scale: 0.7, window: 2)),
    .init(name: "soft cap", plan: .init(scale: 0.9, softCap: 0.8)),
    .init(name: "soft cap and window", plan: .init(scale: 0.9, softCap: 0.8, window: 3)),
    .init(name: "longer than a block of queries", plan: .init(scale: 0.5), kvHeads: 1, lengths: [131]),
    .init(name: "window over blocks of queries", plan: .init(scale: 0.5, window: 7), kvHeads: 1, lengths: [131]),
  ]
}

@Suite struct AttentionGradientTests {
  @Test(arguments: AttentionCase.all) func attention(_ example: AttentionCase) {
    let (heads, headWidth) = (4, 3)
    let part = AttentionPart<Double>(example.plan, heads: heads, kvHeads: example.kvHeads, headWidth: headWidth)
    var texts: [Range<Int>] = []
    for length in example.lengths {
      texts.append((texts.last?.upperBound ?? 0)..<(texts.last?.upperBound ?? 0) + length)
    }
    let rows = texts.last?.upperBound ?? 0
    let p = randomNumbers(rows * part.stride, "attention", scale: 2)
    let dz = randomNumbers(rows * heads * headWidth, "attention gradient")
    let gradient = NumberBuffer<Double>(count: p.count)
    let asked = NumberBuffer(dz)
    part.backward(p, dz: asked.pointer, texts: texts, to: gradient.pointer)
    let places = p.count < 300 ? nil : (0..<80).map { $0 * (p.count / 80) }
    let difference = differenceFromCentral(gradient.values, at: p, places: places) { p in
      let z = NumberBuffer<Double>(count: dz.count)
      part.apply(p, texts: texts, to: z.pointer)
      return inner(dz, z.values)
    }
    #expect(difference < KernelGradientTests.tolerance)
  }
}

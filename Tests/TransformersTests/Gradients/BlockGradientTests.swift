import Tensors
import Testing
import Transformers

/// A block with its memory: the input, then every weight, in one list.
struct BlockExample: Sendable, CustomTestStringConvertible {
  var name: String
  var plan: BlockPlan
  var rowsAreInputs = false
  var hasBias = true
  var testDescription: String { name }

  var sizes: BlockSizes {
    BlockSizes(width: 8, heads: 4, kvHeads: 2, headWidth: 4, ffnWidth: 10, isGated: plan.ffn.isGated)
  }
  static let texts = [0..<5, 5..<8]

  static let all: [BlockExample] = {
    let layer = NormPlan(.layerNorm, epsilon: 1e-2)
    let rms = NormPlan(.rmsNorm, epsilon: 1e-2)
    let gemma = NormPlan(.rmsNorm, epsilon: 1e-2, gain: .onePlusWeight)
    let rotary = RotaryPlan(RotaryConfiguration(theta: 50, scaling: .none), width: 4)
    let part = RotaryPlan(RotaryConfiguration(theta: 50, scaling: .none), width: 2, layout: .interleaved)
    let plain = AttentionPlan(scale: 0.5)
    let turned = AttentionPlan(scale: 0.5, rotary: rotary)
    return [
      .init(
        name: "GPT-2",
        plan: .init(
          residual: .serial, attentionNorm: layer, ffnNorm: layer, attention: plain,
          ffn: .init(.geluTanh, isGated: false)),
        rowsAreInputs: true),
      .init(
        name: "Llama",
        plan: .init(
          residual: .serial, attentionNorm: rms, ffnNorm: rms, attention: turned, ffn: .init(.silu, isGated: true)),
        hasBias: false),
      .init(
        name: "BERT",
        plan: .init(
          residual: .postNorm, attentionOutNorm: layer, ffnOutNorm: layer,
          attention: .init(scale: 0.5, isCausal: false), ffn: .init(.geluErf, isGated: false))),
      .init(
        name: "Gemma 2",
        plan: .init(
          residual: .serial, attentionNorm: gemma, attentionOutNorm: gemma, ffnNorm: gemma, ffnOutNorm: gemma,
          attention: .init(scale: 0.4, rotary: rotary, softCap: 2, window: 3), ffn: .init(.geluTanh, isGated: true)),
        hasBias: false),
      .init(
        name: "Qwen3, norms per head",
        plan: .init(
          residual: .serial, attentionNorm: rms, ffnNorm: rms,
          attention: .init(scale: 0.5, rotary: rotary, queryKeyNorm: .perHead(rms)), ffn: .init(.silu, isGated: true)),
        hasBias: false),
      .init(
        name: "OLMo 2, norms over the projection",
        plan: .init(
          residual: .serial, attentionOutNorm: rms, ffnOutNorm: rms,
          attention: .init(scale: 0.5, rotary: rotary, queryKeyNorm: .wholeProjection(rms)),
          ffn: .init(.silu, isGated: true)), hasBias: false),
      .init(
        name: "GPT-NeoX, parallel",
        plan: .init(
          residual: .parallel, attentionNorm: layer, ffnNorm: layer, attention: .init(scale: 0.5, rotary: part),
          ffn: .init(.geluErf, isGated: false))),
      .init(
        name: "GPT-J, parallel with one norm",
        plan: .init(
          residual: .parallel, attentionNorm: layer, attention: .init(scale: 0.5, rotary: part),
          ffn: .init(.geluTanh, isGated: false)), hasBias: false),
      .init(
        name: "OPT",
        plan: .init(
          residual: .serial, attentionNorm: layer, ffnNorm: layer, attention: plain, ffn: .init(.relu, isGated: false))),
    ]
  }()

  /// Numbers of the input.
  var inputs: Int { 8 * sizes.width }
  /// Numbers of the input and of all weights.
  var count: Int { parts(in: nil).1 }

  /// The weights in a list, and its length; with no list only the length has a meaning.
  func parts(in memory: NumberBuffer<Double>?) -> (BlockParts<Double>?, Int) {
    let s = sizes
    var total = inputs
    func take(_ count: Int) -> UnsafeMutablePointer<Double>? {
      defer { total += count }
      return memory.map { $0.pointer + total }
    }
    func linear(_ inputs: Int, _ outputs: Int) -> LinearPart<Double>? {
      let (weight, bias) = (take(inputs * outputs), hasBias ? take(outputs) : nil)
      return weight.map {
        LinearPart(weight: $0, bias: bias, inputs: inputs, outputs: outputs, rowsAreInputs: rowsAreInputs)
      }
    }
    func norm(_ plan: NormPlan?, _ width: Int) -> NormPart<Double>? {
      guard let plan else { return nil }
      let (gain, bias) = (take(width), plan.kind == .layerNorm ? take(width) : nil)
      return gain.map { NormPart(gain: $0, bias: bias, width: width, plan: plan) }
    }
    let linears = [
      linear(s.width, (s.heads + 2 * s.kvHeads) * s.headWidth), linear(s.heads * s.headWidth, s.width),
      linear(s.width, s.ffnWidth * (plan.ffn.isGated ? 2 : 1)), linear(s.ffnWidth, s.width),
    ].compactMap { $0 }
    let norms = [plan.attentionNorm, plan.attentionOutNorm, plan.ffnNorm, plan.ffnOutNorm].map { norm($0, s.width) }
    var ofHeads: [NormPart<Double>?] = [nil, nil]
    switch plan.attention.queryKeyNorm {
    case .perHead(let plan): ofHeads = [norm(plan, s.headWidth), norm(plan, s.headWidth)]
    case .wholeProjection(let plan):
      ofHeads = [norm(plan, s.heads * s.headWidth), norm(plan, s.kvHeads * s.headWidth)]
    case nil: break
    }
    guard linears.count == 4 else { return (nil, total) }
    var parts = BlockParts(attentionIn: linears[0], attentionOut: linears[1], ffnIn: linears[2], ffnOut: linears[3])
    (parts.attentionNorm, parts.attentionOutNorm) = (norms[0], norms[1])
    (parts.ffnNorm, parts.ffnOutNorm) = (norms[2], norms[3])
    (parts.queryNorm, parts.keyNorm) = (ofHeads[0], ofHeads[1])
    return (parts, total)
  }

  func block(_ memory: NumberBuffer<Double>) throws -> TapedBlock<Double> {
    let rotation = plan.attention.rotary.map { Rotation<Double>($0, positions: 5) }
    return TapedBlock(plan: plan, weights: try #require(parts(in: memory).0), rotation: rotation)
  }
}

/// Whole blocks of every plan in double precision: input and every weight against central differences.
@Suite struct BlockGradientTests {
  @Test(arguments: BlockExample.all) func inputsAndWeights(_ example: BlockExample) throws {
    let all = randomNumbers(example.count, "block " + example.name)
    let dy = randomNumbers(example.inputs, "block gradient")
    let (memory, gradient) = (NumberBuffer(all), NumberBuffer<Double>(count: all.count))
    gradient.clear()
    let tape = BlockTape<Double>(example.sizes, rows: 8)
    let output = NumberBuffer<Double>(count: dy.count)
    try tape.forward(memory.pointer, try example.block(memory), texts: BlockExample.texts, to: output.pointer)
    for index in dy.indices { gradient.pointer[index] = dy[index] }
    try tape.backward(gradient.pointer, .init(try example.block(memory), parameters: example.parts(in: gradient).0))
    // Every third coordinate, shifted from case to case.
    let places = Array(stride(from: example.name.utf8.count % 3, to: all.count, by: 3))
    let difference = try differenceOf(gradient.values, example, all, dy, places)
    #expect(difference < KernelGradientTests.tolerance)
  }

  private func differenceOf(
    _ gradient: [Double], _ example: BlockExample, _ all: [Double], _ dy: [Double], _ places: [Int]
  ) throws -> Double {
    let memory = NumberBuffer(all)
    let block = try example.block(memory)
    let tape = BlockTape<Double>(example.sizes, rows: 8)
    let y = NumberBuffer<Double>(count: dy.count)
    return try differenceFromCentral(gradient, at: all, places: places) { moved in
      for index in moved.indices { memory.pointer[index] = moved[index] }
      try tape.forward(memory.pointer, block, texts: BlockExample.texts, to: y.pointer)
      return inner(dy, y.values)
    }
  }

  /// Adding to an activation at a site changes the output as the gradient there says.
  @Test(arguments: BlockExample.all, Site.all) func activations(_ example: BlockExample, _ site: Site) throws {
    let all = randomNumbers(example.count, "block " + example.name)
    let dy = randomNumbers(example.inputs, "block gradient")
    let memory = NumberBuffer(all)
    let block = try example.block(memory)
    let tape = BlockTape<Double>(example.sizes, rows: 8)
    let y = NumberBuffer<Double>(count: dy.count)
    try tape.forward(memory.pointer, block, texts: BlockExample.texts, to: y.pointer)
    var found: [Double] = []
    let gradient = NumberBuffer(dy)
    let way = BlockTape<Double>.Return(
      block,
      hook: .init(at: { $0 == site }) { seen in
        let places = Self.places(seen, of: example)
        found += places.map { seen[$0] }
        #expect(Set(0..<seen.rows * seen.width).subtracting(places).allSatisfy { seen[$0] == 0 })
      }, until: site)
    try tape.backward(gradient.pointer, way)
    guard site.exists(in: example.plan) else { return #expect(found.isEmpty) }
    #expect(!found.isEmpty)
    let difference = try differenceFromCentral(
      found, at: [Double](repeating: 0, count: found.count), places: Array(stride(from: 0, to: found.count, by: 5))
    ) { added in
      // Patterns are shown text by text, on the way back from the first on as well.
      var start = 0
      try tape.forward(
        memory.pointer, block, texts: BlockExample.texts,
        edit: .init(at: { $0 == site }) { seen in
          let places = Self.places(seen, of: example)
          for (place, number) in zip(places, added[start...]) { seen[place] += number }
          start += places.count
        }, to: y.pointer)
      return inner(dy, y.values)
    }
    #expect(difference < KernelGradientTests.tolerance)
  }

  /// The numbers that may differ from 0: a pattern's where its query looks.
  private static func places(_ seen: ActivationRows<Double>, of example: BlockExample) -> [Int] {
    let all = 0..<seen.rows * seen.width
    guard seen.site == .pattern else { return Array(all) }
    let attention = example.plan.attention
    return all.filter { place in
      let (query, key) = (place / seen.width / example.sizes.heads, place % seen.width)
      return abs(query - key) < attention.window ?? .max && (key <= query || !attention.isCausal)
    }
  }
}

extension ActivationRows {
  /// The number at a place, counted row after row without gaps.
  subscript(place: Int) -> Element {
    get { values[place / width * stride + place % width] }
    nonmutating set { values[place / width * stride + place % width] = newValue }
  }
}

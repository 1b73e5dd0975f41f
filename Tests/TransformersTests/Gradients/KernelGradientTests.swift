import Tensors
import Testing
import Transformers

/// Every kernel of reverse mode in double precision, where central differences hold it to 1e-6.
@Suite struct KernelGradientTests {
  static let tolerance = 1e-6

  @Test(arguments: ActivationFunction.allCases, [false, true])
  func activations(_ function: ActivationFunction, _ isGated: Bool) {
    let (rows, width) = (3, 21)
    let part = ActivationPart<Double>(function, isGated: isGated, width: width)
    let x = randomNumbers(rows * width * (isGated ? 2 : 1), "activation", scale: 4)
    let dy = randomNumbers(rows * width, "activation gradient")
    let gradient = NumberBuffer(x)
    part.backward(gradient.pointer, dy: dy, rows: rows)
    let difference = differenceFromCentral(gradient.values, at: x) { x in
      let y = NumberBuffer<Double>(count: dy.count)
      part.apply(x, rows: rows, to: y.pointer)
      return inner(dy, y.values)
    }
    #expect(difference < Self.tolerance)
  }

  @Test(arguments: [NormPlan.Kind.layerNorm, .rmsNorm], [NormPlan.Gain.weight, .onePlusWeight])
  func norms(_ kind: NormPlan.Kind, _ gain: NormPlan.Gain) {
    // More rows than one partial sum takes, two vectors to a row with a gap after them.
    let (rows, width, stride) = (70, 19, 41)
    let plan = NormPlan(kind, epsilon: 1e-3, gain: gain)
    let vectors = NormPart<Double>.Vectors(rows: rows, stride: stride, perRow: 2)
    let count = rows * stride
    let hasBias = kind == .layerNorm
    // x, then gain, then bias.
    let all = randomNumbers(count + 2 * width, "norm")
    let dy = randomNumbers(count, "norm gradient").enumerated().map { $0.offset % stride < 2 * width ? $0.element : 0 }
    func part(_ memory: NumberBuffer<Double>) -> NormPart<Double> {
      NormPart(
        gain: memory.pointer + count, bias: hasBias ? memory.pointer + count + width : nil, width: width, plan: plan)
    }
    let values = NumberBuffer(all)
    let gradient = NumberBuffer<Double>(count: all.count)
    gradient.clear()
    part(values).backward(
      values.pointer, vectors, dy: dy, to: gradient.pointer, gradient: part(gradient))
    let places = Array(0..<2 * width) + Array(65 * stride..<65 * stride + width) + Array(count..<count + 2 * width)
    let difference = differenceFromCentral(gradient.values, at: all, places: places) { all in
      let memory = NumberBuffer(all)
      let y = NumberBuffer<Double>(count: count)
      y.clear()
      part(memory).apply(memory.pointer, vectors, to: y.pointer)
      return inner(dy, y.values)
    }
    #expect(difference < Self.tolerance)
    // In place, as queries and keys are normed.
    let replaced = NumberBuffer(dy)
    part(values).backward(
      values.pointer, vectors, dy: replaced.pointer, to: replaced.pointer, gradient: nil, replaces: true)
    let pairs = zip(replaced.values, gradient.values).enumerated()
    #expect(pairs.allSatisfy { $0.offset % stride >= 2 * width || $0.element.0 == $0.element.1 })
  }

  @Test(arguments: [false, true], [false, true]) func products(_ rowsAreInputs: Bool, _ hasBias: Bool) {
    let (rows, inputs, outputs) = (7, 5, 11)
    // x, then W, then b.
    let all = randomNumbers(rows * inputs + inputs * outputs + outputs, "product")
    let dy = randomNumbers(rows * outputs, "product gradient")
    func part(_ memory: NumberBuffer<Double>) -> LinearPart<Double> {
      let weight = memory.pointer + rows * inputs
      return LinearPart(
        weight: weight, bias: hasBias ? weight + inputs * outputs : nil, inputs: inputs, outputs: outputs,
        rowsAreInputs: rowsAreInputs)
    }
    let values = NumberBuffer(all)
    let gradient = NumberBuffer<Double>(count: all.count)
    gradient.clear()
    part(values).inputGradient(dy, rows: rows, to: gradient.pointer)
    part(gradient).addGradient(of: dy, at: values.pointer, rows: rows)
    let difference = differenceFromCentral(gradient.values, at: all) { all in
      let (memory, y) = (NumberBuffer(all), NumberBuffer<Double>(count: dy.count))
      part(memory).apply(memory.pointer, rows: rows, to: y.pointer)
      return inner(dy, y.values)
    }
    #expect(difference < Self.tolerance)
  }

  @Test(arguments: [RotaryPlan.Layout.halfSplit, .interleaved], [6, 4]) func rotations(
    _ layout: RotaryPlan.Layout, _ width: Int
  ) {
    let (headWidth, heads, texts) = (6, 3, [0..<4, 4..<9])
    let plan = RotaryPlan(RotaryConfiguration(theta: 100, scaling: .none), width: width, layout: layout)
    let rotation = Rotation<Double>(plan, positions: 5)
    let (stride, rows) = (headWidth * heads + 1, 9)
    let x = randomNumbers(rows * stride, "rotation")
    let dy = randomNumbers(rows * stride, "rotation gradient")
    func turned(_ x: [Double], backwards: Bool) -> [Double] {
      let memory = NumberBuffer(x)
      rotation.turn(
        memory.pointer, stride: stride, heads: heads, headWidth: headWidth, texts: texts, backwards: backwards)
      return memory.values
    }
    #expect(turned(x, backwards: false) != x)
    let difference = differenceFromCentral(turned(dy, backwards: true), at: x) {
      inner(dy, turned($0, backwards: false))
    }
    #expect(difference < Self.tolerance)
  }
}

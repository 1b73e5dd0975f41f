import TestSupport
import Tensors
import Testing
import Transformers

/// Blocks whose activations are looked at or changed on both ways, in double precision.
@Suite struct ChangedGradientTests {
  private typealias Tape = BlockTape<Double>

  /// The gradient at the input and at all weights of a block, with hooks on both ways.
  private func gradient(
    _ example: BlockExample, _ all: [Double], _ dy: [Double], edit: Tape.Hook?, back: Tape.Hook?
  ) throws -> [Double] {
    let (memory, gradient) = (NumberBuffer(all), NumberBuffer<Double>(count: all.count))
    let (tape, block) = (Tape(example.sizes, rows: 8), try example.block(memory))
    gradient.clear()
    let output = NumberBuffer<Double>(count: dy.count)
    try tape.forward(memory.pointer, block, texts: BlockExample.texts, edit: edit, to: output.pointer)
    for index in dy.indices { gradient.pointer[index] = dy[index] }
    try tape.backward(
      gradient.pointer, .init(block, parameters: example.parts(in: gradient).0, hook: back))
    return gradient.values
  }

  /// A site that is scaled on the way there and its gradient on the way back: the derivative of the changed block.
  @Test(arguments: BlockExample.all, Site.all) func aChangeIsOneFunctionOnBothWays(
    _ example: BlockExample, _ site: Site
  ) throws {
    guard site.exists(in: example.plan) else { return }
    let all = randomNumbers(example.count, "block " + example.name)
    let dy = randomNumbers(example.inputs, "block gradient")
    let scaling = Tape.Hook(at: { $0 == site }) { seen in
      for place in 0..<seen.rows * seen.width { seen[place] *= 0.7 }
    }
    let found = try gradient(example, all, dy, edit: scaling, back: scaling)
    let memory = NumberBuffer(all)
    let (block, tape) = (try example.block(memory), Tape(example.sizes, rows: 8))
    let y = NumberBuffer<Double>(count: dy.count)
    let places = Array(stride(from: example.name.utf8.count % 7, to: all.count, by: 7))
    let difference = try differenceFromCentral(found, at: all, places: places) { moved in
      for index in moved.indices { memory.pointer[index] = moved[index] }
      try tape.forward(memory.pointer, block, texts: BlockExample.texts, edit: scaling, to: y.pointer)
      return inner(dy, y.values)
    }
    #expect(difference < KernelGradientTests.tolerance)
  }

  /// A norm whose scale has no gradient is one whose scale stands still.
  @Test(arguments: BlockExample.all, NormPlace.allCases) func withoutItsGradientAScaleIsFrozen(
    _ example: BlockExample, _ norm: NormPlace
  ) throws {
    guard Site.normScale(norm).exists(in: example.plan) else { return }
    let all = randomNumbers(example.count, "block " + example.name)
    let dy = randomNumbers(example.inputs, "block gradient")
    let site = Site.normScale(norm)
    var scales: [Double] = []
    let noting = Tape.Hook(at: { $0 == site }) { seen in scales = (0..<seen.rows).map { seen[$0] } }
    let clearing = Tape.Hook(at: { $0 == site }) { seen in for row in 0..<seen.rows { seen[row] = 0 } }
    let found = try gradient(example, all, dy, edit: noting, back: clearing)
    let memory = NumberBuffer(all)
    let (block, tape) = (try example.block(memory), Tape(example.sizes, rows: 8))
    let y = NumberBuffer<Double>(count: dy.count)
    let setting = Tape.Hook(at: { $0 == site }) { seen in for row in 0..<seen.rows { seen[row] = scales[row] } }
    let places = Array(stride(from: 0, to: example.inputs, by: 2))
    let difference = try differenceFromCentral(found, at: all, places: places) { moved in
      for index in moved.indices { memory.pointer[index] = moved[index] }
      try tape.forward(memory.pointer, block, texts: BlockExample.texts, edit: setting, to: y.pointer)
      return inner(dy, y.values)
    }
    #expect(difference < KernelGradientTests.tolerance)
  }

  @Test(arguments: BlockExample.all) func lookingChangesNoBit(_ example: BlockExample) throws {
    let all = randomNumbers(example.count, "block " + example.name)
    let dy = randomNumbers(example.inputs, "block gradient")
    var seen: Set<Site> = []
    let looking = Tape.Hook(at: { _ in true }) { seen.insert($0.site) }
    let plain = try gradient(example, all, dy, edit: nil, back: nil)
    #expect(try gradient(example, all, dy, edit: looking, back: looking) == plain)
    #expect(seen == Set(Site.all.filter { $0.exists(in: example.plan) }))
  }

  /// The same in single precision and over a whole model, with taps.
  @Test(arguments: ReverseRunTests.models) func tapsThatLookChangeNoBitOfAModel(_ name: String) throws {
    let parameters = try ParameterList(try Model.open(ProjectRoot.fixture(name)))
    let ids = [[5, 17, 3, 200, 8, 9, 41], [7, 7, 100], [11]]
    func result(_ taps: [Tap]) throws -> (Matrix?, [Float], Matrix) {
      let run = try ReverseRun(parameters, texts: ids, taps: taps)
      let (total, last) = (parameters.zeros(), run.levels.upperBound)
      let head = try parameters.gradient(
        of: .crossEntropy(tokens: (0..<11).map { ($0 * 37 + 5) % 100 }), at: run.state(last), addingTo: total)
      let states = try run.backward(from: [last: head.states], addingTo: total, taps: taps)
      return (states, total.withNumbers { span in span.indices.map { span[$0] } }, run.state(last))
    }
    var shapes: [Site: Set<[Int]>] = [:]
    let taps = Site.all.map { site in
      Tap.read(site) { _, values in shapes[site, default: []].insert([values.rows, values.columns]) }
    }
    let (plain, seen) = (try result([]), try result(taps))
    // Compared first: a failure would print both lists.
    let isSame = plain.0 == seen.0 && plain.1 == seen.1 && plain.2 == seen.2
    #expect(isSame)
    let heads = parameters.model.configuration.heads
    #expect(shapes[.pattern] == [[7 * heads, 7], [3 * heads, 3], [heads, 1]])
  }
}

import Tensors
import TestSupport
import Testing
import Transformers

@Suite(.serialized) struct ReverseRunTests {
  static let models = ["gpt2", "llama", "llama-tied", "qwen2", "bert"]

  private func open(_ name: String) throws -> ParameterList {
    try ParameterList(try Model.open(ProjectRoot.fixture(name)))
  }

  private let ids = [[5, 17, 3, 200, 8, 9, 41], [7, 7, 100], [11]]

  /// The gradient of the summed cross-entropy of some tokens with respect to everything.
  private func gradient(_ parameters: ParameterList, keeping: Int = 0) throws -> (ParameterList, Matrix) {
    let run = try ReverseRun(parameters, texts: ids, keeping: keeping)
    let total = parameters.zeros()
    let last = run.levels.upperBound
    let tokens = (0..<run.state(last).rows).map { ($0 * 37 + 5) % 100 }
    let head = try parameters.gradient(of: .crossEntropy(tokens: tokens), at: run.state(last), addingTo: total)
    return (total, try #require(try run.backward(from: [last: head.states], addingTo: total)))
  }

  private func bits(_ list: ParameterList) -> [UInt32] {
    list.withNumbers { span in span.indices.map { span[$0].bitPattern } }
  }

  @Test(arguments: models) func statesAreThoseOfTheForwardPass(_ name: String) throws {
    let parameters = try open(name)
    let run = try ReverseRun(parameters, texts: ids)
    for (index, text) in ids.enumerated() {
      let pass = try parameters.model.forward(text)
      for (level, state) in pass.hidden.enumerated() {
        let found = run.state(level).rows(run.texts[index])
        #expect(relativeDifference(found.values, state.values) < 5e-6, "\(name), text \(index), h_\(level)")
      }
      let logits = try parameters.logits(of: run.state(run.levels.upperBound).rows(run.texts[index]))
      #expect(relativeDifference(logits.values, try #require(pass.logits).values) < 5e-6)
    }
  }

  @Test(arguments: models) func neitherThreadsNorKeptResultsChangeABit(_ name: String) throws {
    let before = Compute.threads
    defer { Compute.threads = before }
    let parameters = try open(name)
    Compute.threads = 1
    let (total, states) = try gradient(parameters)
    for (threads, keeping) in [(2, 0), (3, 0), (2, 1 << 30), (1, 3 << 16)] {
      Compute.threads = threads
      let (other, others) = try gradient(parameters, keeping: keeping)
      // Compared first: a failure would print both lists.
      let isSame = bits(total) == bits(other) && states == others
      #expect(isSame, "\(name), \(threads) threads, keeping \(keeping)")
    }
  }

  @Test(arguments: models) func savedStatesGoOnWhereTheyWereTaken(_ name: String) throws {
    let parameters = try open(name)
    let whole = try ReverseRun(parameters, texts: ids)
    let upper = try ReverseRun(parameters, states: whole.state(2), at: 2, lengths: ids.map(\.count))
    let last = whole.levels.upperBound
    let goesOn = upper.state(last) == whole.state(last)
    #expect(goesOn)
    let asked = Matrix(
      rows: 11, columns: whole.state(0).columns,
      values: randomNumbers(11 * whole.state(0).columns, "asked").map { Float($0) })
    var found: Matrix?
    _ = try whole.backward(
      from: [last: asked], taps: [.read(.residualOut, blocks: [1]) { _, gradient in found = gradient }])
    let expected = try upper.backward(from: [last: asked])
    let isSame = found == expected
    #expect(isSame)
    // Nothing above the highest level that is named runs.
    var blocks: Set<Int> = []
    _ = try whole.backward(from: [2: asked], taps: [.read(.ffnOut) { visit, _ in blocks.insert(visit.block) }])
    #expect(blocks == [0, 1])
  }

  @Test func aStepDownTheGradientLowersTheLoss() throws {
    let parameters = try open("bert")
    let (total, _) = try gradient(parameters)
    func loss() throws -> Double {
      let run = try ReverseRun(parameters, texts: ids)
      let state = run.state(run.levels.upperBound)
      let tokens = (0..<state.rows).map { ($0 * 37 + 5) % 100 }
      return try parameters.gradient(of: .crossEntropy(tokens: tokens), at: state).values.reduce(0, +)
    }
    let before = try loss()
    let rate: Float = 1e-4
    var squares = 0.0
    total.withNumbers { gradient in
      parameters.withNumbers { numbers in
        for index in numbers.indices {
          numbers[index] -= rate * gradient[index]
          squares += Double(gradient[index]) * Double(gradient[index])
        }
      }
    }
    // To first order the loss falls by rate · |gradient|².
    let fall = try before - loss()
    #expect(abs(fall / (Double(rate) * squares) - 1) < 0.05)
  }

  @Test func namesAndShapesAreTheCheckpoints() throws {
    let parameters = try open("gpt2")
    for name in parameters.names {
      let values = try #require(parameters.values(of: name))
      #expect(values.count == (try parameters.shape(of: name)).reduce(1, *))
    }
    #expect(parameters.values(of: "no such tensor") == nil)
    let copy = parameters.copy()
    copy.clear()
    #expect(parameters.values(of: parameters.names[0]) != copy.values(of: parameters.names[0]))
  }

  @Test func tapsThatHaveNoGradientAreRefused() throws {
    let parameters = try open("gpt2")
    for tap in [
      Tap.skip(blocks: [1]), .replace(.ffn, by: { $1 }), .replace(.norm(.ffn), by: { $1 }),
    ] {
      #expect(throws: ModelError.self) { _ = try ReverseRun(parameters, texts: ids, taps: [tap]) }
    }
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      _ = try ReverseRun(parameters, texts: ids, taps: [.read(.queries) { _, _ in throw Stop() }])
    }
  }

  @Test func tokensOutsideTheVocabularyAreRefused() throws {
    let parameters = try open("gpt2")
    #expect(throws: ModelError.self) { _ = try ReverseRun(parameters, texts: [[1, -1]]) }
    let run = try ReverseRun(parameters, texts: [[1, 2]])
    #expect(throws: ModelError.self) {
      _ = try parameters.gradient(of: .logit(tokens: [0, 1 << 20]), at: run.state(run.levels.upperBound))
    }
  }
}

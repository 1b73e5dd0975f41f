import Blocks
import Books
import Checkpoints
import Directives
import JSONText
import Tensors
import TestSupport
import Testing

/// A network whose every block is linear: a fitted map must be able to stand in for all of it.
@Suite struct LinearNetworkTests {
  private let folder: TemporaryDirectory
  private let evaluator: Evaluator
  private let blocks = 12

  /// States h_{l+1} = h_l · (I + R_l) of random texts, read by the head of the embedded Llama.
  init() throws {
    folder = try TemporaryDirectory()
    let (samples, width) = (500, 128)
    var random = RandomStream(seed: 7, stream: "linear network")
    func normal() -> Float { Float((0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() }) }
    var states = Matrix(rows: samples, columns: width, values: (0..<samples * width).map { _ in normal() })
    let path = folder.path + "/linear.safetensors"
    let writer = try CapturedStatesWriter(
      path: path, states: blocks + 1, samples: samples, width: width,
      metadata: StatesMetadata(
        model: "linear", modelDigest: "", dataset: "none", datasetDigest: "", position: "random"),
      positions: (0..<samples).map { $0 % 20 })
    try writer.write(states, state: 0, firstRow: 0)
    for block in 1...blocks {
      let step = (0..<width * width).map { place in
        normal() * 0.03 + (place / width == place % width ? 1 : 0)
      }
      states = multiply(states, Matrix(rows: width, columns: width, values: step))
      try writer.write(states, state: block, firstRow: 0)
    }
    try writer.finish()
    let checkpoint = ProjectRoot.asset("models/atlas-llama")
    let book = Book(
      models: [ModelEntry(name: "linear", source: .states(file: path, checkpoint: checkpoint))], datasets: [])
    evaluator = Evaluator(bench: Workbench(book: book, storeDirectory: nil))
  }

  private func ask(_ text: String) throws -> JSONObject {
    let scope = BindingScope(
      models: ["linear"], datasets: [], model: "linear", seed: 42, modelsWithOwnData: ["linear"])
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    let bound = try #require(DirectiveBinder(schemas: Registry.standard.schemas, scope: scope).bind(directive).0)
    return try evaluator.evaluate(bound.source).result
  }

  @Test func everyDepthSaysWhatTheLastSays() throws {
    let result = try ask("<<precision n=500>>")
    for k in ["1", "5", "10"] {
      #expect(result["mat"]?[k]?.arrayValue == Array(repeating: 1.0, count: blocks + 1))
    }
    let plain = try #require(result["id"]?["1"]?.arrayValue).compactMap(\.doubleValue)
    #expect(plain[0] < 0.5 && plain[blocks] == 1)
  }

  @Test func mapsExplainEverything() throws {
    let mat = try #require(try ask("<<heatmap r2 mat n=500>>")["mat"]?.arrayValue)
    for source in 0...blocks {
      for target in source...blocks {
        #expect(abs((mat[source][target]?.doubleValue ?? .nan) - 1) < 1e-6)
      }
    }
  }

  @Test func surprisalIsTheFloorEverywhere() throws {
    let result = try ask("<<surprisal n=500>>")
    let floor = try #require(result["floor"]?.doubleValue)
    for value in try #require(result["mat"]?.arrayValue) {
      #expect(abs((value.doubleValue ?? .nan) - floor) < 1e-9)
    }
  }

  @Test func everySampleMayLeaveAtOnce() throws {
    let result = try ask("<<earlyexit 100% n=500>>")
    #expect(result["mat"]?["layers"]?.doubleValue == 1)
    #expect(try #require(result["id"]?["layers"]?.doubleValue) > 1)
  }

  @Test func capturedStatesCannotBeRunAgain() throws {
    #expect { try ask("<<submodules precision n=500>>") } throws: { "\($0)".contains("is captured states") }
  }
}

import Files
import Synchronization
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct CaptureTests {
  private static let models = ["gpt2", "llama", "llama-tied", "qwen2", "bert"]

  private func requests(_ model: Model, count: Int, seed: UInt64 = 1) -> [CaptureRequest] {
    var generator = DamageGenerator(seed: seed)
    return (0..<count).map { _ in
      let length = Int.random(in: 1...40, using: &generator)
      let ids = (0..<length).map { _ in Int.random(in: 0..<model.configuration.vocabulary, using: &generator) }
      let positions = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
        Int.random(in: 0..<length, using: &generator)
      }
      return CaptureRequest(ids: ids, positions: positions)
    }
  }

  @Test(arguments: models) func equalsForwardPassesOfEachText(fixture: String) throws {
    let model = try Model.open(ProjectRoot.fixture(fixture))
    let requests = requests(model, count: 30)
    let captured = try model.capture(requests)
    #expect(captured.count == model.configuration.blocks + 1)
    var row = 0
    for request in requests where !request.positions.isEmpty {
      let pass = try model.forward(request.ids, withLogits: false)
      for (level, state) in pass.hidden.enumerated() {
        let part = captured[level].rows(row..<row + request.positions.count)
        #expect(relativeDifference(part.values, state.rows(at: request.positions).values) < 2e-6)
      }
      row += request.positions.count
    }
    #expect(captured.allSatisfy { $0.rows == row && $0.columns == 48 })
  }

  @Test(arguments: models) func lastLensRowIsTheModelsOutput(fixture: String) throws {
    let model = try Model.open(ProjectRoot.fixture(fixture))
    let ids = [3, 1, 4, 1, 5, 9, 2, 6]
    let captured = try model.capture([CaptureRequest(ids: ids)])
    let pass = try model.forward(ids)
    let logits = try model.logits(of: captured[model.configuration.blocks])
    #expect(relativeDifference(logits.values, try #require(pass.logits).values) < 1e-6)
    let input = try model.headInput(pass.hidden[5])
    let rows = try model.unembedding(rows: 100..<110)
    let some = multiply(input, rows, transposeB: true)
    let bias = try model.unembeddingBias() ?? [Float](repeating: 0, count: model.configuration.vocabulary)
    for row in 0..<ids.count {
      for token in 0..<10 {
        let expected = some[row, token] + bias[100 + token]
        #expect(abs(try #require(pass.logits)[row, 100 + token] - expected) < 1e-4)
      }
    }
    if let normed = pass.finalNorm {
      let twice = try model.logits(of: normed)
      #expect(relativeDifference(twice.values, logits.values) > 1e-4, "norming twice is another number")
    }
  }

  @Test(arguments: models) func threadsDoNotChangeABit(fixture: String) throws {
    let model = try Model.open(ProjectRoot.fixture(fixture))
    let requests = requests(model, count: 25, seed: 2)
    let before = Compute.threads
    defer { Compute.threads = before }
    Compute.threads = 1
    let one = try model.capture(requests)
    Compute.threads = 2
    #expect(try model.capture(requests) == one)
  }

  @Test func littleMemoryGivesTheSameRows() throws {
    let model = try Model.open(ProjectRoot.fixture("llama"))
    // 4096 tokens is the least group, so this makes several.
    let requests = (0..<300).map { index in
      CaptureRequest(ids: (0..<40).map { ($0 &* 31 &+ index &* 17) % 600 }, positions: [39, index % 40])
    }
    let whole = try model.capture(requests)
    let progress = Mutex<[CaptureProgress]>([])
    let options = CaptureOptions(memory: 1, progress: { step in progress.withLock { $0.append(step) } })
    let parts = try model.capture(requests, options: options)
    for (a, b) in zip(whole, parts) { #expect(relativeDifference(a.values, b.values) < 2e-6) }
    let steps = progress.withLock { $0 }
    #expect(steps.map(\.blocksDone) == Array(1...15) && steps.allSatisfy { $0.blocks == 15 })
    #expect(steps.last?.secondsLeft == 0)
  }

  @Test func goesOnWhereItWasInterrupted() throws {
    let model = try Model.open(ProjectRoot.fixture("gpt2"))
    let requests = requests(model, count: 20, seed: 3)
    let expected = try model.capture(requests)
    let folder = try TemporaryDirectory()
    let journal = CaptureJournal(directory: folder.path + "/j", modelDigest: "gpt2", interval: 0)
    let done = Atomic<Int>(0)
    let interrupted = CaptureOptions(
      journal: journal, progress: { done.store($0.blocksDone, ordering: .relaxed) },
      isCancelled: { done.load(ordering: .relaxed) >= 3 })
    let error = try #require(throws: ModelError.self) { try model.capture(requests, options: interrupted) }
    #expect(error.code == .cancelled && error.reason == "the capture was cancelled")
    #expect(try !listing(folder.path + "/j").isEmpty)
    let steps = Atomic<Int>(0)
    let resumed = CaptureOptions(journal: journal, progress: { _ in steps.add(1, ordering: .relaxed) })
    #expect(try model.capture(requests, options: resumed) == expected)
    #expect(steps.load(ordering: .relaxed) == 2, "three of five blocks were done before")
    #expect(try listing(folder.path + "/j").isEmpty)
  }

  @Test func aDamagedOrForeignJournalIsNotUsed() throws {
    let model = try Model.open(ProjectRoot.fixture("gpt2"))
    let requests = requests(model, count: 5, seed: 4)
    let folder = try TemporaryDirectory()
    let done = Atomic<Int>(0)
    let journal = CaptureJournal(directory: folder.path, modelDigest: "m", interval: 0)
    let options = CaptureOptions(
      journal: journal, progress: { done.store($0.blocksDone, ordering: .relaxed) },
      isCancelled: { done.load(ordering: .relaxed) == 2 })
    #expect(throws: ModelError.self) { try model.capture(requests, options: options) }
    for name in try listing(folder.path) where name.hasSuffix("-states.safetensors") {
      var bytes = try readFile(folder.path + "/" + name)
      bytes[bytes.count - 1] ^= 1
      try AtomicFile.write(bytes, to: folder.path + "/" + name, durable: false)
    }
    let steps = Atomic<Int>(0)
    let again = CaptureOptions(journal: journal, progress: { _ in steps.add(1, ordering: .relaxed) })
    #expect(try model.capture(requests, options: again) == model.capture(requests))
    #expect(steps.load(ordering: .relaxed) == 5)
  }

  @Test func refusesWhatCannotBeRun() throws {
    let path = ProjectRoot.fixture("gpt2")
    let model = try Model.open(path)
    func failure(_ requests: [CaptureRequest]) throws -> String {
      try #require(throws: ModelError.self) { try model.capture(requests) }.description
    }
    let good = CaptureRequest(ids: [1])
    #expect(try failure([good, CaptureRequest(ids: [])]) == "cannot run \(path): text 1 has no tokens")
    #expect(
      try failure([CaptureRequest(ids: [Int](repeating: 1, count: 257))])
        == "cannot run \(path): text 0 has 257 tokens, the model's context holds 256")
    #expect(
      try failure([good, CaptureRequest(ids: [1, 600])])
        == "cannot run \(path): text 1 has token id 600 at position 1, outside the vocabulary of 600")
    #expect(try failure([CaptureRequest(ids: [-1])]).hasSuffix("outside the vocabulary of 600"))
    #expect(
      try failure([CaptureRequest(ids: [1, 2], positions: [2])])
        == "cannot run \(path): text 0 has 2 tokens, position 2 was asked for")
    let error = try #require(throws: ModelError.self) { try model.forward([]) }
    #expect(error.description == "cannot run \(path): the text has no tokens")
    #expect(try model.capture([]).map(\.rows) == [0, 0, 0, 0, 0, 0])
  }

  @Test func blocksRunOnGivenStates() throws {
    let model = try Model.open(ProjectRoot.fixture("qwen2"))
    let (first, second) = ([5, 6, 7], [8, 9, 10, 11])
    let a = try model.forward(first, withLogits: false)
    let b = try model.forward(second, withLogits: false)
    let start = Matrix.vertical([a.hidden[2], b.hidden[2]])
    let end = try model.run(blocks: 2..<5, on: start, lengths: [3, 4])
    #expect(relativeDifference(end.values, Matrix.vertical([a.hidden[5], b.hidden[5]]).values) < 2e-6)
    #expect(try model.run(blocks: 3..<3, on: start, lengths: [3, 4]) == start)
  }

  @Test func digestsFollowEveryFile() throws {
    let edited = try EditedCheckpoint("gpt2")
    try edited.write()
    let first = try ModelDigest(directory: edited.path)
    #expect(first.files.map(\.name) == ["config.json", "model.safetensors"])
    try AtomicFile.write(Array("{}".utf8), to: edited.path + "/tokenizer.json")
    try AtomicFile.write([1], to: edited.path + "/README.md")
    let second = try ModelDigest(directory: edited.path)
    #expect(second.files.map(\.name) == first.files.map(\.name) + ["tokenizer.json"])
    #expect(second.files.prefix(2) == first.files[...])
    edited.configure("layer_norm_epsilon", 1e-6)
    try edited.write()
    let third = try ModelDigest(directory: edited.path)
    #expect(third.files[0] != second.files[0] && third.files.dropFirst() == second.files.dropFirst())
    let remembered = try ModelDigest(directory: edited.path) { _ in sha256([1]) }
    #expect(Set(remembered.files.map(\.digest)) == [sha256([1])], "the memory is believed")
    #expect(third.json["config.json"]?.stringValue == third.files[0].digest.hex)
  }
}

import Files
import Foundation
import JSONText
import Tensors
import TestSupport
import Testing
import Training
import Transformers

/// Steps, what is on disk between them, and the checkpoint they end in.
@Suite struct TrainerTests {
  private static let texts = (0..<9).map { text in (0..<(5 + text * 3 % 11)).map { (text * 7 + $0 * 13) % 60 } }

  private func trainer(
    _ name: String, steps: Int = 6, clip: Double? = 1, masked: Bool = false
  ) throws -> Trainer {
    let model = try Model.open(ProjectRoot.fixture(name))
    var settings = TrainingSettings(steps: steps, batch: 4, learningRate: 1e-2)
    settings.clip = clip
    settings.warmup = 2
    let masking = LanguageModelling.Masking(mask: 4, special: [0, 1, 2, 3, 4], seed: 3)
    let objective: any TrainingObjective =
      masked ? LanguageModelling(masking: masking) : try SelfDistillation(of: model)
    return try Trainer(model, objective, TrainingTexts(Self.texts, length: 8, seed: 3), settings)
  }

  private func weights(_ trainer: Trainer) -> [Float] {
    trainer.parameters.withNumbers { span in (0..<span.count).map { span[$0] } }
  }

  @Test func aRunTakenUpAgainEndsInTheSameBits() throws {
    let folder = try TemporaryDirectory()
    let state = TrainingState(identity: ["model": "a", "seed": 3])
    let whole = try trainer("llama")
    while !whole.isDone { try whole.advance() }
    let first = try trainer("llama")
    for _ in 0..<4 { try first.advance() }
    try state.save(first, to: folder.path + "/s")
    let second = try trainer("llama")
    try state.restore(second, from: folder.path + "/s")
    #expect(second.step == 4)
    while !second.isDone { try second.advance() }
    #expect(weights(second) == weights(whole))
    #expect(second.losses == whole.losses && second.norms == whole.norms)
    #expect(weights(whole) != weights(try trainer("llama")))
  }

  @Test func theNumberOfThreadsChangesNoBit() throws {
    let threads = Compute.threads
    defer { Compute.threads = threads }
    var ends: [[Float]] = []
    for count in [1, 2, 3] {
      Compute.threads = count
      let run = try trainer("gpt2", steps: 3)
      while !run.isDone { try run.advance() }
      ends.append(weights(run))
    }
    #expect(ends[0] == ends[1] && ends[0] == ends[2])
  }

  @Test func anotherRunsStateIsRefused() throws {
    let folder = try TemporaryDirectory()
    try TrainingState(identity: ["lambda": 1]).save(try trainer("llama"), to: folder.path + "/s")
    let run = try trainer("llama")
    #expect(throws: TrainingError.self) {
      try TrainingState(identity: ["lambda": 2]).restore(run, from: folder.path + "/s")
    }
    #expect(throws: TrainingError.self) {
      try TrainingState(identity: ["lambda": 1, "gamma": 1]).restore(run, from: folder.path + "/s")
    }
    var bytes = try readFile(folder.path + "/s")
    bytes[bytes.count / 2] ^= 1
    try AtomicFile.write(bytes, to: folder.path + "/damaged")
    #expect(throws: (any Error).self) {
      try TrainingState(identity: ["lambda": 1]).restore(run, from: folder.path + "/damaged")
    }
  }

  @Test(arguments: ["gpt2", "llama", "bert", "families/gemma"])
  func whatIsWrittenIsReadAsTheSameWeights(_ name: String) throws {
    let folder = try TemporaryDirectory()
    let model = try Model.open(ProjectRoot.fixture(name))
    let parameters = try ParameterList(model)
    parameters.withNumbers { span in for index in 0..<span.count where span[index] != 0 { span[index] *= 1.5 } }
    try parameters.write(to: folder.path + "/m", metadata: [("layerbook.note", "x")])
    let read = try ParameterList(try Model.open(folder.path + "/m"))
    #expect(read.names == parameters.names)
    for name in parameters.names {
      let (found, expected) = (try #require(read.values(of: name)), try #require(parameters.values(of: name)))
      #expect(found == expected)
    }
  }

  @Test func lossOfTheModelItselfIsItsMovementAlone() throws {
    let model = try Model.open(ProjectRoot.fixture("llama"))
    let parameters = try ParameterList(model)
    let found = try SelfDistillation(of: model).evaluate(
      parameters, texts: Self.texts, step: 0, addingTo: parameters.zeros(), keeping: 0)
    // The last layer of the model as it was predicts what it predicts.
    #expect(abs(try #require(found.distillation?.divergences.last)) < 1e-6)
    let shares = SelfDistillation.weights(blocks: 16, gamma: 0.25)
    #expect(abs(shares[15] - 0.2253) < 5e-5 && abs(shares[14] - 0.1755) < 5e-5)
    #expect(abs(shares.suffix(4).reduce(0, +) - 0.644) < 5e-4)
    #expect(SelfDistillation.weights(blocks: 3, gamma: -2_000) == [1, 0, 0])
  }

  @Test func batchesPassOverEveryTextOnce() {
    let texts = TrainingTexts(Self.texts, length: 8, seed: 5)
    #expect(texts.windows.allSatisfy { (2...8).contains($0.count) })
    let count = texts.windows.count
    let passes = (0..<2).map { pass in (0..<count).map { texts.batch(step: pass * count + $0, size: 1)[0] } }
    #expect(Set(passes[0]) == Set(texts.windows) && Set(passes[1]) == Set(texts.windows))
    #expect(passes[0] != passes[1])
    #expect(texts.batch(step: 0, size: count + 1).dropLast() == passes[0][...])
  }

  @Test func maskedModelsLearnHiddenTokens() throws {
    let run = try trainer("bert", steps: 30, masked: true)
    while !run.isDone { try run.advance() }
    let (first, last) = (run.losses.prefix(5), run.losses.suffix(5))
    #expect(last.reduce(0) { $0 + $1.total } < first.reduce(0) { $0 + $1.total })
  }

  @Test func decodersLearnTheNextToken() throws {
    let model = try Model.open(ProjectRoot.fixture("gpt2"))
    let settings = TrainingSettings(steps: 20, batch: 9, learningRate: 1e-2)
    let run = try Trainer(model, LanguageModelling(), TrainingTexts(Self.texts, length: 16, seed: 1), settings)
    while !run.isDone { try run.advance() }
    #expect(run.losses[19].total < 0.7 * run.losses[0].total)
  }

  @Test(arguments: ["gpt2", "llama", "bert", "families/gemma", "families/gpt_neox", "families/opt", "families/roberta"])
  func freshWeightsAreAModel(_ name: String) throws {
    let folder = try TemporaryDirectory()
    try FreshCheckpoint.write(from: ProjectRoot.fixture(name), to: folder.path, seed: 5)
    let model = try Model.open(folder.path)
    let trained = try Model.open(ProjectRoot.fixture(name))
    #expect(model.configuration == trained.configuration)
    let parameters = try ParameterList(model)
    let products = parameters.names.filter { (try? parameters.shape(of: $0).count) == 2 }
    #expect(!products.isEmpty)
    for name in products {
      let values = try #require(parameters.values(of: name))
      let size = (values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
      #expect(size > 0.002 && size < 0.03, "\(name): \(size)")
    }
    let again = try TemporaryDirectory()
    try FreshCheckpoint.write(from: ProjectRoot.fixture(name), to: again.path, seed: 5)
    #expect(try readFile(again.path + "/model.safetensors") == readFile(folder.path + "/model.safetensors"))
  }

  @Test func freshWeightsAreAsWideAsTheirConfigurationSays() throws {
    func folder(_ range: String) throws -> TemporaryDirectory {
      let folder = try TemporaryDirectory()
      let written = String(decoding: try readFile(ProjectRoot.fixture("llama") + "/config.json"), as: UTF8.self)
      let changed = written.replacing("\"initializer_range\": 0.02", with: "\"initializer_range\": \(range)")
      #expect(changed != written)
      try AtomicFile.write(Array(changed.utf8), to: folder.path + "/config.json")
      return folder
    }
    let target = try TemporaryDirectory()
    let wide = try folder("0.25")
    try FreshCheckpoint.write(from: wide.path, to: target.path, seed: 5)
    let parameters = try ParameterList(try Model.open(target.path))
    let values = try #require(parameters.values(of: "model.embed_tokens.weight"))
    let size = (values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)).squareRoot()
    #expect(abs(size - 0.25) < 0.02, "\(size)")
    for range in ["0", "-1", "\"wide\"", "1e9"] {
      let wrong = try folder(range)
      #expect(throws: ModelError.self, "\(range)") {
        try FreshCheckpoint.write(from: wrong.path, to: target.path, seed: 5)
      }
    }
  }
}

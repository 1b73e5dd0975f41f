import Checkpoints
import Foundation
import JSONText
import TestSupport
import Testing

/// The embedded models, trained again: a few steps of what `make models` does.
@Suite struct ModelTrainingTests {
  /// assets/models/train.sh, cut short.
  private func train(_ name: String, in folder: TemporaryDirectory) throws -> (status: Int32, output: String) {
    try run("/bin/bash", [ProjectRoot.asset("models/train.sh"), name, folder.path + "/out"])
  }

  private static func trial(_ folder: TemporaryDirectory) -> String { folder.path + "/out/trial-2-200" }

  private static let models = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path + "/layerbook-models"

  private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging([
      "LAYERBOOK": Program.path, "LAYERBOOK_MODELS": Self.models, "STEPS": "2", "TEXTS": "200",
    ]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  /// The number of entries in a checkpoint's tokenizer, which its configuration must have.
  private static func entries(_ checkpoint: String) throws -> Int {
    func read(_ name: String) throws -> JSONValue {
      try JSON.parse([UInt8](try Data(contentsOf: URL(fileURLWithPath: checkpoint + "/" + name))))
    }
    let count = try #require(read("tokenizer.json")["model"]?["vocab"]?.objectValue).count
    #expect(try read("config.json")["vocab_size"] == .int(count))
    return count
  }

  @Test(arguments: ["atlas-bert", "atlas-settled", "atlas-further", "atlas-shallow"]) func aModelIsMadeAgain(
    _ name: String
  ) throws {
    let folder = try TemporaryDirectory()
    let made = try train(name, in: folder)
    #expect(made.status == 0, "\(made.output)")
    let own = try SafetensorsFile(path: Self.trial(folder) + "/\(name)/model.safetensors")
    let embedded = try SafetensorsFile(path: ProjectRoot.asset("models/\(name)/model.safetensors"))
    #expect(own.names.sorted() == embedded.names.sorted())
    // A tokenizer that 200 texts trained, which do not have all words.
    let entries = try [Self.trial(folder) + "/\(name)", ProjectRoot.asset("models/\(name)")].map(Self.entries)
    #expect(entries[0] < entries[1] && entries[0] > 500)
    for tensor in own.names {
      let expected = try embedded.shape(of: tensor).map { $0 == entries[1] ? entries[0] : $0 }
      #expect(try own.shape(of: tensor) == expected, "\(tensor)")
      #expect(try own.type(of: tensor) == .f16, "\(tensor)")
    }
    let quality = try run(
      Self.models,
      [
        "quality", Self.trial(folder) + "/\(name)", "-n", "3", "--texts", ProjectRoot.asset("texts/atlas.txt"),
        "--facts",
        ProjectRoot.asset("texts/facts.jsonl"),
      ])
    #expect(quality.status == 0 && quality.output.contains("prompts answered: capital "), "\(quality.output)")
    let again = try train(name, in: folder)
    #expect(again.status == 0 && again.output.contains("is there already"), "\(again.output)")
  }

  @Test func aNameWithoutRecipeIsRefused() throws {
    let folder = try TemporaryDirectory()
    #expect(try train("atlas-none", in: folder).status == 2)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
  }

  /// `layerbook-models tokenizer` with the settings of an embedded model.
  private func tokenizer(_ texts: String, like: String, _ options: [String] = []) throws -> (
    folder: TemporaryDirectory, status: Int32, said: String
  ) {
    let folder = try TemporaryDirectory()
    try texts.write(toFile: folder.path + "/corpus.txt", atomically: true, encoding: .utf8)
    let result = try run(
      Self.models,
      ["tokenizer", "--corpus", folder.path + "/corpus.txt", "--like", like, "--out", folder.path + "/out"] + options)
    return (folder, result.status, result.output)
  }

  @Test func aTokenizerIsTrained() throws {
    let made = try tokenizer("the cat\nthe hat\n", like: ProjectRoot.asset("models/atlas-gpt2"))
    #expect(made.status == 0)
    // The end of text, the bytes, and "at", "he", "the", "cat", "hat", " cat", " hat".
    #expect(made.said.hasSuffix("/out  264 entries, 7 merges, from 3 words of 2 texts\n"), "\(made.said)")
    #expect(try Self.entries(made.folder.path + "/out") == 264)
    let names = try FileManager.default.contentsOfDirectory(atPath: made.folder.path + "/out").sorted()
    #expect(names == ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"])
  }

  @Test func whatCannotBeTrainedIsRefused() throws {
    let like = ProjectRoot.asset("models/atlas-bert")
    for (texts, like, options, reason) in [
      ("", like, [], "the texts have no words"),
      ("a", like, ["--entries", "5"], "5 entries are asked for"),
      ("a", like, ["--entries", "0"], "--entries must be above 0"),
      ("a", like, ["--at-least", "0"], "--at-least must be above 0"),
      ("a", "nowhere", [], "cannot load nowhere/tokenizer.json"),
    ] {
      let made = try tokenizer(texts, like: like, options)
      #expect(made.status != 0 && made.said.contains(reason), "\(made.said)")
      #expect(!FileManager.default.fileExists(atPath: made.folder.path + "/out"))
    }
    let out = try tokenizer("a", like: like)
    let corpus = out.folder.path + "/corpus.txt"
    let again = try run(Self.models, ["tokenizer", "--corpus", corpus, "--like", like, "--out", out.folder.path])
    #expect(again.status != 0 && again.output.contains("the folder is there and not empty"), "\(again.output)")
  }

  @Test func whatFloat16CannotHoldIsRefused() throws {
    let folder = try TemporaryDirectory()
    let source = folder.path + "/source"
    try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
    try "{}".write(toFile: source + "/config.json", atomically: true, encoding: .utf8)
    let writer = try SafetensorsWriter(path: source + "/model.safetensors", tensors: [.init("a", .f32, [2])])
    try writer.append([1, 1e6] as [Float])
    try writer.finish()
    let refused = try run(Self.models, ["halve", source, "--out", folder.path + "/half", "--note", "x"])
    #expect(refused.status != 0)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/half"))
  }
}

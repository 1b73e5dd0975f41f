import Checkpoints
import Foundation
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
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  @Test(arguments: ["atlas-bert", "atlas-settled", "atlas-further"]) func aModelIsMadeAgain(_ name: String) throws {
    let folder = try TemporaryDirectory()
    let made = try train(name, in: folder)
    #expect(made.status == 0, "\(made.output)")
    let own = try SafetensorsFile(path: Self.trial(folder) + "/\(name)/model.safetensors")
    let embedded = try SafetensorsFile(path: ProjectRoot.asset("models/\(name)/model.safetensors"))
    #expect(own.names.sorted() == embedded.names.sorted())
    for tensor in own.names {
      #expect(try own.shape(of: tensor) == embedded.shape(of: tensor), "\(tensor)")
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

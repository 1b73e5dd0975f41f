import ArgumentParser
import Checkpoints
import Files
import JSONText

/// `layerbook-models halve`: a checkpoint in float16, as the embedded ones are.
struct HalveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "halve", abstract: "Write a trained checkpoint in float16, beside a note of how it was made.")

  @Argument(help: "The folder of the checkpoint.") var source: String
  @Option(help: "The folder to write; not there yet, or empty.") var out: String
  @Option(help: "The note: the text of SOURCE.txt.") var note: String

  func run() throws {
    try AtomicFolder.write(to: out) { folder in
      let kept = ["tokenizer.json", "tokenizer_config.json", "generation_config.json"]
      for name in try listing(source) where kept.contains(name) {
        try AtomicFile.write(try readFile(source + "/" + name), to: folder + "/" + name)
      }
      try AtomicFile.write(Array((note + "\n").utf8), to: folder + "/SOURCE.txt")
      var configuration = try JSON.parse(try readFile(source + "/config.json")).objectValue ?? [:]
      configuration[configuration["dtype"] == nil ? "torch_dtype" : "dtype"] = "float16"
      try AtomicFile.write(
        Array((JSON.write(.object(configuration), pretty: true) + "\n").utf8), to: folder + "/config.json")
      try writeWeights(to: folder + "/model.safetensors")
    }
  }

  private func writeWeights(to path: String) throws {
    let file = try SafetensorsFile(path: source + "/model.safetensors")
    let settings = ["layerbook.training", "layerbook.steps"].compactMap { name in
      file.metadataValue(name).map { (name, $0) }
    }
    let writer = try SafetensorsWriter(
      path: path, tensors: try file.names.map { .init($0, .f16, try file.shape(of: $0)) },
      metadata: [("format", "pt")] + settings)
    for name in file.names {
      let halves = try file.floats(name).map { Float16($0) }
      guard halves.allSatisfy(\.isFinite) else { throw ValidationError("\(name) holds a number that float16 cannot") }
      try writer.append(halves.flatMap { half in [half.bitPattern & 0xFF, half.bitPattern >> 8].map { UInt8($0) } })
    }
    try writer.finish()
  }
}

import Foundation
import Glibc
import TestSupport

/// The built program, run as a user runs it.
enum Program {
  /// What a run printed and how it ended.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The release binary: beside the test bundle, where the build puts every executable, or where the contract says.
  static let path: String = {
    let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(fileURLWithPath: runner).deletingLastPathComponent().path + "/layerbook"
    return FileManager.default.isExecutableFile(atPath: beside)
      ? beside : ProjectRoot.path + "/.build/release/layerbook"
  }()

  /// Starts the program in a folder; its two streams go to files, which no pipe's size can block.
  ///
  /// - Parameters:
  ///   - more: variables of the environment besides those of the tests.
  ///   - input: the file that is its standard input; nothing where there is none.
  static func start(
    _ arguments: [String], in directory: String, environment more: [String: String] = [:], input: String? = nil
  ) throws -> (process: Process, streams: [String]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory)
    var environment = ProcessInfo.processInfo.environment
    environment["HF_HUB_CACHE"] = directory + "/no-hub"
    environment.merge(more) { $1 }
    process.environment = environment
    let streams = ["output", "errors"].map { directory + "/.\(UUID().uuidString).\($0)" }
    for stream in streams { _ = FileManager.default.createFile(atPath: stream, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: streams[0])
    process.standardError = FileHandle(forWritingAtPath: streams[1])
    process.standardInput = input.flatMap(FileHandle.init(forReadingAtPath:)) ?? FileHandle.nullDevice
    try process.run()
    return (process, streams)
  }

  /// Waits for a started program.
  static func finish(_ started: (process: Process, streams: [String])) throws -> Outcome {
    started.process.waitUntilExit()
    let texts = try started.streams.map { try String(contentsOfFile: $0, encoding: .utf8) }
    for stream in started.streams { try FileManager.default.removeItem(atPath: stream) }
    return Outcome(status: started.process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], in directory: String, environment: [String: String] = [:]
  ) throws -> Outcome {
    try finish(start(arguments, in: directory, environment: environment))
  }
}

/// A folder with a book of the embedded models, for one test.
final class BookFolder {
  private let folder: TemporaryDirectory
  var path: String { folder.path }

  init() throws {
    folder = try TemporaryDirectory()
    try write(
      """
      models:
        gpt: {path: \(ProjectRoot.asset("models/atlas-gpt2"))}
        llama: {path: \(ProjectRoot.asset("models/atlas-llama"))}
        bert: {path: \(ProjectRoot.asset("models/atlas-bert"))}
        llama-1b: {hub: meta-llama/Llama-3.2-1B}
        captured: {states: states.safetensors}
        headed: {states: states.safetensors, path: \(ProjectRoot.asset("models/atlas-gpt2"))}
      datasets:
        atlas: {path: \(ProjectRoot.asset("texts/atlas.txt")), format: lines}
      defaults: {model: gpt, dataset: atlas, seed: 42}

      """, to: "book/layerbook.yaml")
  }

  /// Mounts an empty file system on a folder in it.
  func mount(_ name: String, megabytes: Int) throws -> MountedFolder { try folder.mount(name, megabytes: megabytes) }

  /// Writes a file below the folder.
  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  /// Writes bytes, whether or not they are text.
  func write(_ bytes: [UInt8], to name: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// A file's bytes; nil where there is none.
  func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: path + "/" + name) }

  /// A page's text.
  func page(_ name: String = "t") -> String { String(decoding: bytes("site/\(name).html") ?? Data(), as: UTF8.self) }

  /// Every file below a folder.
  func files(below name: String) -> [String] {
    (FileManager.default.enumerator(atPath: path + "/" + name)?.compactMap { $0 as? String } ?? []).sorted()
  }

  func run(_ arguments: String...) throws -> Program.Outcome { try Program.run(arguments, in: path) }

  /// Asks for JSON of a directive of this book.
  func ask(_ directive: String, format: String = "json", _ more: String...) throws -> Program.Outcome {
    try Program.run(["ask", "--book", "book", directive, "--format", format] + more, in: path)
  }

  /// Writes a template and renders it.
  func render(_ template: String, _ more: String...) throws -> Program.Outcome {
    try write(template, to: "book/t.md")
    return try Program.run(["render", "book/t.md"] + more, in: path)
  }
}

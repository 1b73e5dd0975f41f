import ArgumentParser
import Files
import Foundation
import JSONText
import Tokenizers

/// Times loading and encoding beside the reference implementation, in the same run, and compares the ids.
struct TokenizerBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenizers", abstract: "Loads tokenizers, encodes a text and compares with the Python package.")

  @Argument(help: "Checkpoint directories with a tokenizer.json.")
  var directories = ["../shared/tokenizers/llama3", "assets/models/atlas-llama", "assets/models/atlas-bert"]
  @Option(help: "Text to encode.") var text = "assets/texts/atlas.txt"
  @Option(help: "Python with the package tokenizers; without it only our side runs.")
  var python = ".build/bench-venv/bin/python"
  @Option(help: "Runs, of which the fastest counts.") var repeats = 5

  private struct Timing {
    var load = Double.infinity
    var whole = Double.infinity
    var lines = Double.infinity
    var digest = ""
  }

  func run() throws {
    let bytes = try readFile(text)
    print("\(text): \(bytes.count) bytes, fastest of \(repeats)")
    for directory in directories + (try generalPattern(of: directories[0])) {
      guard FileManager.default.fileExists(atPath: directory + "/tokenizer.json") else {
        print("\(directory): absent")
        continue
      }
      let ours = try measure(directory, bytes)
      print("\(directory)")
      report("layerbook", ours, bytes.count)
      guard FileManager.default.fileExists(atPath: python) else {
        print("  no \(python): the reference was not run")
        continue
      }
      let reference = try measureReference(directory)
      report("tokenizers", reference, bytes.count)
      let ratios = [reference.load / ours.load, reference.whole / ours.whole, reference.lines / ours.lines]
      let shown = ratios.map { Self.rounded($0) }
      print("  times faster: load \(shown[0]), whole text \(shown[1]), line by line \(shown[2])")
      guard reference.digest == ours.digest else { throw BenchFailure("\(directory): the ids differ") }
      print("  the ids are equal")
    }
  }

  /// A copy of a tokenizer whose splitting pattern is one without a scanner of its own, GPT-4o's; none where the first
  /// step of the tokenizer is no pattern.
  private func generalPattern(of directory: String) throws -> [String] {
    let path = directory + "/tokenizer.json"
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    guard var file = try JSON.parse(readFile(path)).objectValue, var splitter = file["pre_tokenizer"]?.objectValue,
      var steps = splitter["pretokenizers"]?.arrayValue, var step = steps.first?.objectValue,
      step["type"]?.stringValue == "Split"
    else { return [] }
    step["pattern"] = ["Regex": .string(Self.pattern)]
    steps[0] = .object(step)
    splitter["pretokenizers"] = .array(steps)
    file["pre_tokenizer"] = .object(splitter)
    let copy = ".build/bench/general-pattern"
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    try JSON.write(.object(file)).write(toFile: copy + "/tokenizer.json", atomically: true, encoding: .utf8)
    return [copy]
  }

  private static let pattern =
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"#
    + #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"#
    + #"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

  private func measure(_ directory: String, _ bytes: [UInt8]) throws -> Timing {
    var timing = Timing()
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) }
    for _ in 0..<repeats {
      var start = ContinuousClock.now
      let tokenizer = try Tokenizer.load(directory: directory)
      timing.load = min(timing.load, seconds(since: start))
      start = ContinuousClock.now
      let ids = try tokenizer.encode(utf8: bytes)
      timing.whole = min(timing.whole, seconds(since: start))
      start = ContinuousClock.now
      var count = 0
      for line in lines { count += try tokenizer.encode(utf8: line).count }
      timing.lines = min(timing.lines, seconds(since: start))
      var hasher = SHA256Hasher()
      hasher.update(ids.map { String($0) }.joined(separator: ","))
      timing.digest = hasher.finish().hex
    }
    return timing
  }

  private func measureReference(_ directory: String) throws -> Timing {
    let json = try JSON.parse(
      try runProcess(python, ["Tests/Bench/tokenizers_bench.py", directory, text, "\(repeats)"]))
    guard let load = json["load"]?.doubleValue, let whole = json["whole"]?.doubleValue,
      let lines = json["lines"]?.doubleValue, let digest = json["digest"]?.stringValue
    else { throw BenchFailure("tokenizers_bench.py printed '\(JSON.write(json))'") }
    return Timing(load: load, whole: whole, lines: lines, digest: digest)
  }

  private func report(_ name: String, _ timing: Timing, _ count: Int) {
    let speeds = [timing.whole, timing.lines].map { Self.rounded(Double(count) / $0 * 1e-6) }
    print(
      "  \(name): load \(Self.rounded(timing.load * 1e3)) ms, whole text \(speeds[0]) MB/s, "
        + "line by line \(speeds[1]) MB/s")
  }

  private static func rounded(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }
}

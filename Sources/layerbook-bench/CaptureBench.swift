import ArgumentParser
import Checkpoints
import Files
import Foundation
import JSONText
import Tensors
import Transformers

/// Times the capture of hidden states on random checkpoints, beside PyTorch on the same files.
struct CaptureBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture", abstract: "Captures hidden states of random checkpoints and compares with PyTorch.")

  @Option(help: "Folder for the checkpoints; they are made once and kept.") var folder = ".build/bench"
  @Option(help: "Python with torch and transformers; without it only our side runs.")
  var python = ".build/bench-venv/bin/python"
  @Option(help: "Texts.") var texts = 256
  @Option(help: "Tokens of each text.") var tokens = 64
  @Option(help: "Runs, of which the fastest counts.") var repeats = 3
  @Option(help: "Threads of both sides; by default all cores.") var threads = Compute.threads
  @Option(help: "Shapes, by name.") var shape: [String] = BenchShape.standard.map(\.name)
  @Flag(help: "Only capture from a checkpoint larger than the memory it may use; it is deleted afterwards.")
  var streamed = false

  func run() throws {
    try createDirectory(folder)
    Compute.threads = threads
    let peak = printMachine()
    if streamed { return try runStreamed(peak: peak) }
    for name in shape {
      guard let shape = BenchShape.standard.first(where: { $0.name == name }) else {
        throw BenchFailure("unknown shape '\(name)'; known are \(BenchShape.standard.map(\.name))")
      }
      try compare(shape, peak: peak)
    }
  }

  private func compare(_ shape: BenchShape, peak: Double) throws {
    let directory = try shape.made(in: folder)
    let (ours, states) = try measure(directory, peak: peak, name: shape.name)
    guard isFile(python) else { return print("  no \(python): PyTorch was not run") }
    let output = directory + "/torch.safetensors"
    let text = try runProcess(
      python,
      ["Tests/Bench/torch_bench.py", directory, "\(texts)", "\(tokens)", "\(repeats)", "\(Compute.threads)", output])
    let json = try JSON.parse(text)
    guard let seconds = json["seconds"]?.doubleValue, let processor = json["processor_seconds"]?.doubleValue,
      let memory = json["peak_bytes"]?.doubleValue
    else {
      throw BenchFailure("torch_bench.py printed '\(text)'")
    }
    print(
      "  torch \(json["torch"]?.stringValue ?? ""): \(rounded(seconds, 3)) s (\(rounded(processor, 3)) s of processor time), peak \(megabytes(memory))"
    )
    let expected = try SafetensorsFile(path: output)
    var difference: Float = 0
    for (level, state) in states.enumerated() {
      let other = try expected.floats("hidden.\(level)")
      let largest = other.map(abs).max() ?? 1
      difference = max(difference, (zip(state.values, other).map { abs($0 - $1) }.max() ?? .infinity) / largest)
    }
    // On a machine that is doing other work, processor time is the fairer clock, with one thread above all.
    print(
      "  speed \(rounded(seconds / ours.seconds, 2)) × torch (by processor time \(rounded(processor / ours.processor, 2))), "
        + "memory \(rounded(ours.peak / memory, 2)) × torch")
    print("  largest relative difference of a state: \(difference)")
  }

  private func measure(
    _ directory: String, peak: Double, name: String
  ) throws -> (result: (seconds: Double, processor: Double, peak: Double), states: [Matrix]) {
    resetPeakMemory()
    let model = try Model.open(directory)
    let c = model.configuration
    let requests = (0..<texts).map { text in
      CaptureRequest(ids: (0..<tokens).map { (text * 31 + $0 * 17) % c.vocabulary }, positions: [tokens - 1])
    }
    var best = Double.infinity
    var processor = Double.infinity
    var states: [Matrix] = []
    for _ in 0..<repeats {
      let start = ContinuousClock.now
      let startOfWork = processorSeconds()
      states = try model.capture(requests)
      best = min(best, seconds(since: start))
      processor = min(processor, processorSeconds() - startOfWork)
    }
    let perToken = 2.0 * Double(c.weightsPerBlock) + 2.0 * Double(tokens) * Double(c.queryWidth)
    let work = perToken * Double(texts * tokens) * Double(c.blocks) * 1e-9
    let memory = peakMemory()
    print("\(name): \(texts) texts × \(tokens) tokens, \(c.blocks) blocks of width \(c.width)")
    let speed = work / processor
    print(
      "  layerbook: \(rounded(best, 3)) s (\(rounded(processor, 3)) s of processor time), \(rounded(speed)) GFLOP/s and thread = \(rounded(100 * speed / peak))% of the peak, "
        + "peak \(megabytes(memory))")
    return ((best, processor, memory), states)
  }

  private func runStreamed(peak: Double) throws {
    let directory = folder + "/" + BenchShape.large.name
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try BenchShape.large.write(to: directory)
    let size = try fileStatus(directory + "/model.safetensors").size
    print("weights: \(megabytes(Double(size)))")
    // Each block is 220 million weights: a quarter of the texts, once, shows speed and memory as well as all of them.
    var part = self
    part.texts = min(texts, 64)
    part.repeats = 1
    let (result, _) = try part.measure(directory, peak: peak, name: BenchShape.large.name)
    print("  weights \(rounded(Double(size) / result.peak, 2)) × the peak memory")
  }
}

/// Prints the kernels in use and the speed of a large product, which it returns.
func printMachine() -> Double {
  print("\(Compute.description), \(Compute.threads) threads")
  let peak = measureProductPeak()
  print("sgemm peak: \(rounded(peak)) GFLOP/s and thread")
  return peak
}

/// The best speed of a large product, in GFLOP for each second of processor time.
func measureProductPeak() -> Double {
  let n = 2048
  let a = Matrix(rows: n, columns: n, values: (0..<n * n).map { Float($0 % 13) - 6 })
  var c = Matrix(rows: n, columns: n)
  var best = Double.infinity
  for _ in 0..<6 {
    let start = processorSeconds()
    multiply(a, a, transposeB: true, into: &c)
    best = min(best, processorSeconds() - start)
  }
  return 2 * Double(n * n) * Double(n) * 1e-9 / best
}

func seconds(since start: ContinuousClock.Instant) -> Double {
  let elapsed = ContinuousClock.now - start
  return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
}

/// Time that all threads of this process have calculated.
func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  let (user, system) = (usage.ru_utime, usage.ru_stime)
  return Double(user.tv_sec + system.tv_sec) + 1e-6 * Double(user.tv_usec + system.tv_usec)
}

func rounded(_ value: Double, _ digits: Int = 0) -> String {
  value.formatted(.number.precision(.fractionLength(digits)).grouping(.never).locale(Locale(identifier: "en")))
}

func megabytes(_ bytes: Double) -> String { rounded(bytes / 1e6) + " MB" }

/// Begins a new measurement of the largest resident memory.
func resetPeakMemory() {
  if let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") { file.write(Data("5".utf8)) }
}

/// The largest resident memory since the process began or the last reset, in bytes; mapped files count.
func peakMemory() -> Double {
  guard let bytes = try? readFile("/proc/self/status") else { return 0 }
  let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return 1024 * (line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) } ?? 0)
}

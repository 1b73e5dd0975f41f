import Foundation
import Glibc

/// A report of two results that takes a quarter of a second: states, fits and results to keep, and a page to write.
enum SmallReport {
  /// The report about so many texts.
  static func template(_ texts: Int, title: String = "Faults") -> String {
    "---\ntitle: \(title)\n---\n<<convergence n=\(texts)>>\n\n<<heatmap r2 mean n=\(texts * 2) solver=ridge>>\n"
  }

  /// How many results it has.
  static let results = 2

  /// How many of them a render says it has computed.
  static func computed(_ outcome: Program.Outcome) -> Int? {
    if outcome.output.hasSuffix("is up to date\n") || outcome.output.contains(", nothing to compute, ") { return 0 }
    guard let range = outcome.output.range(of: #"\d+(?= results? computed)"#, options: .regularExpression) else {
      return nil
    }
    return Int(outcome.output[range])
  }
}

extension BookFolder {
  /// The page of a template that nothing disturbed, rendered without a store and beside everything else.
  func undisturbedPage(_ template: String) throws -> Data {
    let outcome = try render(template, "--store", "none", "--out", "undisturbed")
    guard outcome.status == 0, let page = bytes("undisturbed/t.html") else { throw Undisturbed(outcome: outcome) }
    return page
  }

  /// A run that should have gone well did not.
  struct Undisturbed: Error { var outcome: Program.Outcome }

  /// Renders the template that is there.
  func renderAgain(_ more: String...) throws -> Program.Outcome {
    try Program.run(["render", "book/t.md"] + more, in: path)
  }

  /// Archives the template that is there.
  func archive(_ more: String...) throws -> Program.Outcome {
    try Program.run(
      ["archive", "add", "book/t.md"] + more, in: path, environment: ["SOURCE_DATE_EPOCH": "1769817600"])
  }

  /// Removes a file or a folder with all that is in it.
  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

  /// Every file below a folder that an atomic write has begun and not finished.
  func partials(below name: String) -> [String] {
    files(below: name).filter { $0.hasSuffix(".partial") || $0.contains(".partial-") }
  }

  /// Starts a run and sends it a signal.
  ///
  /// - Parameters:
  ///   - delay: The moment, in microseconds after the start, or after the sign.
  ///   - sign: A file or folder whose appearance is waited for: a program that has not set up its handlers yet, or has
  ///     nothing to lose, shows nothing.
  /// - Returns: how it ended: with the signal's number where that killed it.
  func run(
    _ arguments: [String], signal: Int32, after delay: Int, of sign: ((BookFolder) -> Bool)? = nil
  ) throws -> Program.Outcome {
    let environment = ["SOURCE_DATE_EPOCH": "1769817600"]
    let started = try Program.start(arguments, in: path, environment: environment)
    if let sign { while started.process.isRunning, !sign(self) { usleep(500) } }
    usleep(useconds_t(delay))
    kill(started.process.processIdentifier, signal)
    return try Program.finish(started)
  }

  /// How long a run that nothing disturbs takes, in microseconds.
  static func time(_ run: () throws -> Program.Outcome) throws -> Int {
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = try run()
    guard outcome.status == 0 else { throw Undisturbed(outcome: outcome) }
    return Int((clock.now - start) / .microseconds(1))
  }
}

/// Moments at which runs are stopped: others in every run of the tests, and said where a test fails.
struct Moments {
  /// How many runs were stopped before they ended.
  private(set) var stopped = 0
  private var count = 0
  private var last = 0
  private var limit: Double
  private var random = SystemRandomNumberGenerator()

  /// Moments in runs that take so many microseconds undisturbed.
  init(within duration: Int) { limit = Double(duration) }

  /// The next moment, in microseconds.
  mutating func next() -> Int {
    count += 1
    last = Int.random(in: 0...Int(limit), using: &random)
    return last
  }

  /// Notes whether the run was stopped before it ended.
  ///
  /// How long runs take changes with what else the machine does: the moments follow, so that about one run in seven
  /// ends undisturbed and the others are stopped anywhere between their start and their end.
  mutating func note(isStopped: Bool) {
    stopped += isStopped ? 1 : 0
    limit *= isStopped ? 1.05 : 0.75
  }
}

extension Moments: CustomStringConvertible {
  var description: String { "stop \(count), after \(last) µs" }
}

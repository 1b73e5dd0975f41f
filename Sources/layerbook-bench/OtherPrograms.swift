import Foundation

/// Runs a program; how long it took and all it printed.
///
/// - Throws: `BenchFailure` where it ends with another code than 0.
func timeProcess(_ program: String, _ arguments: [String]) throws -> (seconds: Double, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  let start = ContinuousClock.now
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  // The pipe closes as the process ends; Foundation learns of its end up to fifty milliseconds later.
  let elapsed = seconds(since: start)
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw BenchFailure("\(program) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
  }
  return (elapsed, String(decoding: output, as: UTF8.self))
}

/// Runs a program and returns the last line it printed.
func runProcess(_ program: String, _ arguments: [String]) throws -> String {
  try timeProcess(program, arguments).output.split(separator: "\n").last.map(String.init) ?? ""
}

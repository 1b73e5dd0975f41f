import Foundation
import Glibc

/// Starts programs: mostly the one that the tests kill and race.
enum TortureProgram {
  /// Beside the test bundle, where the build puts every executable.
  static let path: String = {
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().path + "/store-torture"
  }()

  /// A started process and the pipe with what it prints.
  struct Running {
    let process: Process
    let output: Pipe

    /// Kills it without warning.
    func kill() { _ = Glibc.kill(process.processIdentifier, SIGKILL) }

    /// What it printed in all, and its exit status (a signal's number where it was killed).
    func finish() -> (output: String, status: Int32) {
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }
  }

  static func start(_ arguments: [String], program: String = path) throws -> Running {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    return Running(process: process, output: output)
  }

  static func run(_ arguments: [String]) throws -> (output: String, status: Int32) { try start(arguments).finish() }
}

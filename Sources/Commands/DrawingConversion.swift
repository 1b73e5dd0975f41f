import Blocks
import Files
import Foundation

/// A drawing in a form that is not SVG with fonts, through librsvg's own program.
enum DrawingConversion {
  private static let program = "rsvg-convert"

  /// One page, as large as the drawing, its fonts embedded.
  static func pdf(_ svg: String) throws -> [UInt8] { try converted(svg, ["--format=pdf"]) }

  /// 300 pixels an inch on white, the drawing's units being 96 an inch.
  static func png(_ svg: String) throws -> [UInt8] {
    try converted(svg, ["--format=png", "--zoom=3.125", "--background-color=white"])
  }

  /// SVG whose letters are outlines, which need no font where they are read.
  static func outlines(_ svg: String) throws -> [UInt8] { try converted(svg, ["--format=svg"]) }

  private static func converted(_ svg: String, _ options: [String]) throws -> [UInt8] {
    let folder = try ScratchFolder()
    let file = folder.file("drawing.svg")
    try AtomicFile.write(Array(svg.utf8), to: file, durable: false)
    var environment = ["LC_ALL": "C.UTF-8"]
    // The day of a PDF would make two of the same drawing differ.
    if ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"] == nil { environment["SOURCE_DATE_EPOCH"] = "0" }
    let outcome: ProgramRun.Outcome
    do {
      outcome = try ProgramRun(
        [program] + options, in: folder.path, input: file, environment: environment, seconds: 120,
        outputLimit: 256 << 20
      ).run()
    } catch {
      throw EngineError(
        "this format is made by \(program), which is not here",
        hint: "apt-get install librsvg2-bin, or take --format svg")
    }
    guard outcome.end == .exited(0), !outcome.output.isEmpty else {
      throw EngineError("\(program) failed: \(String(decoding: outcome.complaints, as: UTF8.self))")
    }
    return outcome.output
  }
}

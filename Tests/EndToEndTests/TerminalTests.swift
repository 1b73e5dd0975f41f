import Foundation
import Testing

/// What the program says where someone is looking: under a pseudo-terminal, which `script` of util-linux gives.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"))) struct TerminalTests {
  private static let escape = "\u{1B}["

  /// Runs the program under a terminal; all that it showed there.
  private func shown(
    _ arguments: [String], in book: BookFolder, environment: [String: String] = [:],
    until isOver: @escaping (String) -> Bool = { _ in false }
  ) throws -> (status: Int32, text: String) {
    let words = ([Program.path] + arguments).map { "'" + $0.replacing("'", with: "'\\''") + "'" }
    try book.write("echo $$ > pid\nexec " + words.joined(separator: " ") + "\n", to: "run.sh")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
    process.arguments = ["-q", "-e", "-f", "-c", "sh run.sh", "shown"]
    process.currentDirectoryURL = URL(fileURLWithPath: book.path)
    // Whoever runs the tests may want no colours of them.
    let own = ["TERM": "xterm", "NO_COLOR": ""]
    process.environment = ProcessInfo.processInfo.environment.merging(own.merging(environment) { $1 }) { $1 }
    (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    func text() -> String { String(decoding: book.bytes("shown") ?? Data(), as: UTF8.self) }
    while process.isRunning {
      if isOver(text()), let pid = Int32(String(decoding: book.bytes("pid") ?? Data(), as: UTF8.self).dropLast()) {
        kill(pid, SIGINT)
      }
      usleep(20_000)
    }
    return (process.terminationStatus, text())
  }

  @Test func messagesHaveColoursUnlessNoneAreWanted() throws {
    let book = try BookFolder()
    let wrong = ["ask", "--book", "book", "<<nonesuch>>"]
    let painted = try shown(wrong, in: book)
    #expect(painted.status == 2 || painted.status == 1)
    #expect(painted.text.contains(Self.escape + "1;31merror:" + Self.escape + "0m unknown directive"))
    let plain = try shown(wrong, in: book, environment: ["NO_COLOR": "1"])
    #expect(plain.text.contains("error: unknown directive") && !plain.text.contains(Self.escape))
    #expect(!(try book.run("ask", "--book", "book", "<<nonesuch>>").errors.contains(Self.escape)))
  }

  @Test func workOfManyMinutesIsAnnouncedWithTheCheaperWay() throws {
    let book = try BookFolder()
    let work = ["ask", "--book", "book", "--store", "none", "<<distill train train=100 steps=1000000>>"]
    let (status, text) = try shown(work, in: book) { $0.contains(" left") }
    #expect(status == 130)
    let announced = try #require(text.firstRange(of: "training gpt takes about "))
    let drawn = try #require(text.firstRange(of: "\r" + Self.escape + "2Ktraining gpt  "))
    #expect(announced.lowerBound < drawn.lowerBound)
    #expect(text.contains("fewer steps (steps=), or shorter texts (length=), take less"))
  }

  @Test func progressIsWipedBeforeTheAnswer() throws {
    let book = try BookFolder()
    let work = [
      "ask", "--book", "book", "--store", "none", "--threads", "1",
      "<<distill train train=100 test=20 batch=4 steps=40>>", "--format", "jsonl",
    ]
    let (status, text) = try shown(work, in: book)
    #expect(status == 0, "\(text)")
    let wiped = try #require(text.ranges(of: "\r" + Self.escape + "2K").last, "\(text)")
    #expect(
      text[wiped.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines).hasPrefix("{\"directive\""), "\(text)")
  }
}

import Foundation
import Glibc
import TestSupport
import Testing

/// The wall clock of a program, and of that program alone, moved by a library that is loaded before the system's.
enum ShiftedClock {
  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <stdlib.h>
    #include <time.h>
    int clock_gettime(clockid_t clock, struct timespec *now) {
      int (*next)(clockid_t, struct timespec *);
      *(void **)&next = dlsym(RTLD_NEXT, "clock_gettime");
      int status = next(clock, now);
      if (status == 0 && clock == CLOCK_REALTIME) now->tv_sec += atol(getenv("TEST_CLOCK_SHIFT"));
      return status;
    }

    """

  private static let compiler: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let programs = ["cc", "clang", "gcc"].flatMap { name in folders.map { "\($0)/\(name)" } }
    return programs.first { access($0, X_OK) == 0 }
  }()

  /// Whether there is a C compiler to make the library with.
  static var isPossible: Bool { compiler != nil }

  struct Failed: Error {}

  /// The environment of a program whose clock is so many seconds ahead, or behind where they are negative.
  static func environment(seconds: Int, in book: BookFolder) throws -> [String: String] {
    let library = book.path + "/clock.so"
    if !FileManager.default.fileExists(atPath: library) {
      try book.write(source, to: "clock.c")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: compiler ?? "/bin/false")
      process.arguments = ["-shared", "-fPIC", "-o", library, book.path + "/clock.c", "-ldl"]
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else { throw Failed() }
    }
    return ["LD_PRELOAD": library, "TEST_CLOCK_SHIFT": String(seconds)]
  }
}

/// A clock that goes backwards: files from the future, versions made before the ones they follow.
@Suite struct ClockTests {
  private static let hour = 3600

  @Test(.enabled(if: ShiftedClock.isPossible)) func aClockThatWentBackLosesNothing() throws {
    let book = try BookFolder()
    #expect(try book.render(SmallReport.template(20)).status == 0)
    #expect(try Program.run(["archive", "add", "book/t.md"], in: book.path).status == 0)
    let page = book.bytes("site/t.html")
    let earlier = try ShiftedClock.environment(seconds: -240 * Self.hour, in: book)
    func run(_ arguments: String...) throws -> Program.Outcome {
      try Program.run(arguments, in: book.path, environment: earlier)
    }
    #expect(try run("render", "book/t.md").output == "site/t.html is up to date\n")
    #expect(try run("cache", "status", "--book", "book").output.contains("least recent use: today"))
    // An entry from the future was used just now, however short the time that is allowed.
    let clean = try run("cache", "clean", "--older", "1s", "--book", "book")
    #expect(clean.output.hasPrefix("removed 0 entries"), "\(clean.output)")
    #expect(try run("cache", "verify", "--book", "book").output.hasSuffix(" 0 damaged\n"))
    try book.write(SmallReport.template(21), to: "book/t.md")
    let changed = try run("render", "book/t.md")
    #expect(changed.status == 0 && changed.errors == "", "\(changed.errors)")
    #expect(book.bytes("site/t.html") != page)
    // Versions are counted, not dated: the second is the latest although its day is the earlier one.
    #expect(try run("archive", "add", "book/t.md").output.hasPrefix("archive/t/0002-"))
    #expect(try run("archive", "verify").output == "t/0001: sound\nt/0002: sound\n")
    let dates = book.versions().map { $0.split(separator: "-")[1] }
    #expect(dates.count == 2 && dates[1] < dates[0])
    #expect(try run("archive", "diff", "t").output.contains("settings.n 20 → 21"))
  }

  @Test(.enabled(if: ShiftedClock.isPossible)) func theClockDecidesWhatIsOld() throws {
    let book = try BookFolder()
    #expect(try book.render(SmallReport.template(20)).status == 0)
    let later = try ShiftedClock.environment(seconds: 48 * Self.hour, in: book)
    let status = try Program.run(["cache", "status", "--book", "book"], in: book.path, environment: later)
    #expect(status.output.contains("least recent use: 2 days ago"))
    let clean = ["cache", "clean", "--older", "1d", "--book", "book"]
    #expect(try Program.run(clean, in: book.path).output.hasPrefix("removed 0 entries"))
    let removed = try Program.run(clean, in: book.path, environment: later)
    #expect(!removed.output.hasPrefix("removed 0 entries"))
    #expect(removed.output.contains("kept 0 (0 B)"))
  }

  @Test func filesFromTheFutureAreReadAsAnyOther() throws {
    let book = try BookFolder()
    let text = (0..<60).map { "The river number \($0) runs through the old town." }.joined(separator: "\n")
    try book.write(text, to: "texts.txt")
    try book.write(
      "models: {gpt: {path: \(ProjectRoot.asset("models/atlas-gpt2"))}}\n"
        + "datasets: {texts: {path: ../texts.txt}}\ndefaults: {model: gpt, dataset: texts, seed: 1}\n",
      to: "book/layerbook.yaml")
    #expect(try book.render(SmallReport.template(20)).status == 0)
    let kept = book.files(below: "book/.layerbook").map { "book/.layerbook/" + $0 }
    for name in ["texts.txt", "book/t.md", "site/t.html"] + kept {
      try book.setModified(name, secondsFromNow: 240 * Self.hour)
    }
    #expect(try book.renderAgain().output == "site/t.html is up to date\n")
    #expect(try book.run("cache", "verify", "--book", "book").output.hasSuffix(" 0 damaged\n"))
    #expect(try book.run("cache", "clean", "--older", "1s", "--book", "book").output.hasPrefix("removed 0 entries"))
    // The same length and the same time in the future: only the bytes tell that the texts are others.
    try book.write(text.replacingOccurrences(of: "river", with: "tower"), to: "texts.txt")
    try book.setModified("texts.txt", secondsFromNow: 240 * Self.hour)
    #expect(SmallReport.computed(try book.renderAgain()) == SmallReport.results)
  }
}

extension BookFolder {
  /// Sets a file's time of modification.
  func setModified(_ name: String, secondsFromNow seconds: Int) throws {
    let date = Date(timeIntervalSinceNow: Double(seconds))
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path + "/" + name)
  }
}

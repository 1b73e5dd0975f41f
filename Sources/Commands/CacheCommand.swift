import ArgumentParser
import Books
import Diagnostics
import Foundation
import Results

/// `layerbook cache`: what the store holds, and how to make it smaller.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Show, clean or check the store of results.",
    subcommands: [CacheStatus.self, CacheClean.self, CacheVerify.self])
}

/// Where the store is.
struct StoreOptions: ParsableArguments {
  @Option(help: "The folder that holds layerbook.yaml, or 'none'.")
  var book: String?

  @Option(help: "The store's folder. Default: .layerbook in the book's folder.")
  var store: String?

  func validate() throws {
    try PathOptions.check("--book", book)
    try PathOptions.check("--store", store)
  }

  func open() throws -> ResultStore {
    var options = try BookOptions.parse([])
    options.book = book
    options.store = store
    // The book itself is not read: a fault in it should not keep anyone from cleaning up.
    guard let directory = options.storeDirectory(Book(directory: options.directory())) else {
      throw CommandFailure(code: .usage, message: "error: no store\n  hint: name one with --store")
    }
    return ResultStore(directory: directory)
  }

  static func size(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "KB", "MB", "GB"] {
      if value < 1000 { return unit == "B" ? "\(bytes) B" : "\((value * 10).rounded() / 10) \(unit)" }
      value /= 1000
    }
    return "\((value * 10).rounded() / 10) TB"
  }
}

/// `cache status`.
struct CacheStatus: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "status", abstract: "Count entries and bytes.")

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    do {
      let status = try store.status()
      print("\(store.directory)  \(status.entries) entries, \(StoreOptions.size(status.bytes))")
      for kind in status.kinds { print("  \(kind.kind)  \(kind.entries) entries, \(StoreOptions.size(kind.bytes))") }
      if let oldest = status.leastRecentUse {
        let days = max(0, (systemStoreClock() - oldest) / 86_400_000_000_000)
        print("  least recent use: \(days == 0 ? "today" : counted(days, "day") + " ago")")
      }
      if status.abandoned > 0 { print("  \(status.abandoned) files left half-written; `cache clean` removes them") }
    } catch { throw Faults.failure(error) }
  }
}

/// `cache clean`.
struct CacheClean: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean", abstract: "Remove what was not used for long, or what is too much.",
    discussion: "Example: layerbook cache clean --older 30d --max 5G")

  @Option(help: "Remove entries not used for so long: 90m, 12h, 30d, 8w.")
  var older: String?

  @Option(help: "Then the least recently used, until so much is left: 500M, 5G.")
  var max: String?

  @Flag(help: "Remove every entry.")
  var all = false

  @OptionGroup var options: StoreOptions

  func validate() throws {
    if older == nil, max == nil, !all { throw ValidationError("say what to remove: --older 30d, --max 5G or --all") }
    if all, older != nil || max != nil { throw ValidationError("--all goes with neither --older nor --max") }
    if let older, Self.seconds(older) == nil {
      throw ValidationError("--older needs a time such as 12h or 30d, found '\(older)'")
    }
    if let max, BookOptions.bytes(max) == nil {
      throw ValidationError("--max needs a size such as 500M or 5G, found '\(max)'")
    }
  }

  func run() throws {
    let store = try options.open()
    do {
      let report = try store.clean(
        olderThan: older.flatMap(Self.seconds), maxBytes: all ? 0 : max.flatMap(BookOptions.bytes))
      print(
        "removed \(report.removed) entries (\(StoreOptions.size(report.removedBytes))), "
          + "kept \(report.kept) (\(StoreOptions.size(report.keptBytes)))")
      if report.abandoned > 0 { print("removed \(report.abandoned) half-written files") }
    } catch { throw Faults.failure(error) }
  }

  /// `90m`, `12h`, `30d`, `8w` in seconds.
  static func seconds(_ text: String) -> Int? {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    guard let last = text.last, let unit = units[last], let number = Int(text.dropLast()), number >= 0 else {
      return nil
    }
    let (seconds, isTooLong) = number.multipliedReportingOverflow(by: unit)
    return isTooLong ? nil : seconds
  }
}

/// `cache verify`.
struct CacheVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Read every byte and remove damaged entries; they are computed again when needed.")

  @OptionGroup var options: StoreOptions

  func run() throws {
    let store = try options.open()
    do {
      let report = try store.verify()
      Terminal.warn(report.damaged)
      print("\(report.checked) entries read, \(report.damaged.count) damaged")
      if !report.damaged.isEmpty { throw CommandFailure(code: .failed, message: "damaged entries were removed") }
    } catch { throw Faults.failure(error) }
  }
}

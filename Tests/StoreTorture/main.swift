// A process for the tests of Results to kill, starve and race: it fills a store with results anyone can recompute.
//
//   store-torture put STORE FIRST COUNT        keeps results FIRST ..< FIRST+COUNT, printing each number once it is safe
//   store-torture value STORE COUNT LOG        asks for 0 ..< COUNT, appending a line to LOG for each it had to compute
//   store-torture check STORE COUNT            prints how many of 0 ..< COUNT are right, missing and wrong
//   store-torture archive FOLDER FIRST COUNT   archives versions, printing each number once it is safe

import Glibc
import Results

func key(_ number: Int) -> ResultKey { ResultKey(inputs: ["directive": "torture", "number": .int(number)]) }

func result(_ number: Int) -> StoredResult {
  let count = number * 7919 % 150_000
  let floats = (0..<count).map { Float($0 &* number % 1000) / 8 }
  return StoredResult(value: ["number": .int(number), "count": .int(count)], blobs: [Blob(name: "x", floats: floats)])
}

func say(_ text: String) {
  let line = Array("\(text)\n".utf8)
  guard write(1, line, line.count) == line.count else { exit(1) }
}

func isRight(_ stored: StoredResult, _ number: Int) throws -> Bool {
  let expected = result(number)
  return try stored.value == expected.value && stored[blob: "x"]?.bytes() == expected[blob: "x"]?.bytes()
}

func put(_ store: ResultStore, first: Int, count: Int) throws {
  for number in first..<first + count {
    try store.put(key(number), result(number))
    say("\(number)")
  }
}

func value(_ store: ResultStore, count: Int, log: String) throws {
  let file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
  for number in 0..<count {
    let answer = store.value(for: key(number)) {
      let line = Array("\(number)\n".utf8)
      _ = write(file, line, line.count)
      usleep(2000)
      return result(number)
    }
    guard try isRight(answer.result, number) else { exit(3) }
  }
  for warning in store.takeWarnings() { say("\(warning)") }
}

func check(_ store: ResultStore, count: Int) throws {
  var (right, missing, wrong) = (0, 0, 0)
  for number in 0..<count {
    guard let stored = store.lookup(key(number)) else {
      missing += 1
      continue
    }
    if try isRight(stored, number) { right += 1 } else { wrong += 1 }
  }
  say("right \(right) missing \(missing) wrong \(wrong) warnings \(store.takeWarnings().count)")
}

func archive(_ folder: String, first: Int, count: Int) throws {
  for number in first..<first + count {
    let items = (0..<4).map { file in
      let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* (number + file)) }
      return ArchiveItem(path: "results/\(file).json", title: "File \(file)", content: .bytes(bytes))
    }
    let description = ArchiveDescription(title: "Torture", summary: "Killed", date: "2026-01-31", version: "0")
    let page = ArchiveItem(path: "page.html", title: "Page", content: .bytes(Array("\(number)".utf8)))
    _ = try Archive(directory: folder).add(report: "torture", description: description, items: items + [page])
    say("\(number)")
  }
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 3 else { exit(2) }
let store = ResultStore(directory: arguments[1])
let numbers = arguments.dropFirst(2).compactMap { Int($0) }
switch (arguments[0], numbers.count) {
case ("put", 2): try put(store, first: numbers[0], count: numbers[1])
case ("value", 1): try value(store, count: numbers[0], log: arguments[3])
case ("archive", 2): try archive(arguments[1], first: numbers[0], count: numbers[1])
case ("check", 1): try check(store, count: numbers[0])
default: exit(2)
}

import Foundation
import Glibc
import Testing

/// `layerbook serve` as it runs, spoken to over sockets.
private final class Server {
  let port: UInt16
  private let started: (process: Process, streams: [String])

  init(_ folder: BookFolder, _ more: String...) throws {
    started = try Program.start(["serve", "--book", "book", "--port", "0"] + more, in: folder.path)
    var port: UInt16?
    for _ in 0..<400 where port == nil {
      usleep(25_000)
      let text = (try? String(contentsOfFile: started.streams[0], encoding: .utf8)) ?? ""
      if text.hasSuffix("/\n") { port = text.split(separator: ":").last.flatMap { UInt16($0.dropLast(2)) } }
    }
    self.port = try #require(port, "the server did not say where it listens")
  }

  deinit { _ = stop(SIGKILL) }

  var isRunning: Bool { started.process.isRunning }

  func stop(_ signal: Int32) -> Int32 {
    if started.process.isRunning { kill(started.process.processIdentifier, signal) }
    started.process.waitUntilExit()
    return started.process.terminationStatus
  }

  /// Sends a request, without waiting for the answer.
  func open(
    _ path: String, method: String = "GET", host: String = "127.0.0.1", head: String? = nil
  ) throws -> FileHandle {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
    }
    try #require(status == 0, "cannot connect")
    let handle = FileHandle(fileDescriptor: socket, closeOnDealloc: true)
    let text = head ?? "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
    // A server that refuses may have hung up before everything is sent.
    signal(SIGPIPE, SIG_IGN)
    try? handle.write(contentsOf: Data(text.utf8))
    return handle
  }

  func get(_ path: String, method: String = "GET", host: String = "127.0.0.1") throws -> String {
    String(decoding: (try? open(path, method: method, host: host).readToEnd()) ?? Data(), as: UTF8.self)
  }

  /// The state that a page's script knows.
  func state(_ page: String) throws -> String {
    let text = try get(page)
    let start = try #require(text.range(of: "known=\""))
    return String(text[start.upperBound...].prefix(24))
  }
}

@Suite(.serialized) struct ServeTests {
  @Test func aPageIsServedAndChangesAreTold() throws {
    let folder = try BookFolder()
    try folder.write("# Prose\n\nS = <<value convergence.score n=5>>\n", to: "book/t.md")
    let server = try Server(folder)
    let page = try server.get("/t.html")
    #expect(page.hasPrefix("HTTP/1.1 200"))
    #expect(page.contains("text/html; charset=utf-8"))
    #expect(page.contains("<data value=\"0."))
    let known = try server.state("/t.html")
    let waiting = try server.open("/-/changes/\(known)/t.html")
    usleep(300_000)
    try folder.write("# Other prose\n", to: "book/t.md")
    let answer = String(decoding: waiting.readDataToEndOfFile(), as: UTF8.self)
    #expect(answer.hasPrefix("HTTP/1.1 200"))
    #expect(!answer.contains(known))
    #expect(try server.get("/t.html").contains("Other prose"))
    // Nothing is written: the last good page is that of `render`.
    #expect(folder.files(below: "site") == [])
  }

  @Test func tablesAndProgramsOfOnesOwnAreWatched() throws {
    let folder = try BookFolder()
    let yaml = String(decoding: try #require(folder.bytes("book/layerbook.yaml")), as: UTF8.self)
    try folder.write(
      yaml + "engines:\n  mine: {run: [python3, mine.py], needs: nothing}\n", to: "book/layerbook.yaml")
    try folder.write("a\n1\n", to: "book/own.csv")
    try folder.write("print('{\"values\": {}}')\n", to: "book/mine.py")
    try folder.write("<<table own.csv>>\n\n<<mine>>\n", to: "book/t.md")
    let server = try Server(folder)
    // Which files a page names is known once it was read.
    _ = try server.get("/t.html")
    var known = try server.state("/t.html")
    #expect(try server.state("/t.html") == known)
    for (file, text) in [("own.csv", "a\n12345\n"), ("mine.py", "print('{\"values\": {\"a\": 1}}')\n")] {
      try folder.write(text, to: "book/" + file)
      let state = try server.state("/t.html")
      #expect(state != known, "\(file)")
      known = state
    }
  }

  @Test func faultsStandInThePageAndGoAwayWithThem() throws {
    let folder = try BookFolder()
    try folder.write("# A\n\n<<convergence gptt>>\n", to: "book/t.md")
    let server = try Server(folder)
    let page = try server.get("/t.html")
    #expect(page.contains("t.md:3:15"))
    #expect(page.contains("unknown model &apos;gptt&apos;") || page.contains("unknown model 'gptt'"))
    try folder.write("# A\n", to: "book/t.md")
    #expect(!(try server.get("/t.html").contains("unknown model")))
  }

  @Test func secondTabsAndDroppedConnectionsDoNoHarm() throws {
    let folder = try BookFolder()
    try folder.write("# A\n\n<<convergence n=20>>\n", to: "book/t.md")
    let server = try Server(folder)
    // Two tabs ask while nothing is rendered yet, and others hang up in the middle.
    let tabs = try (0..<2).map { _ in try server.open("/t.html") }
    for _ in 0..<20 { try server.open("/t.html").close() }
    let texts = tabs.map { String(decoding: $0.readDataToEndOfFile(), as: UTF8.self) }
    #expect(
      texts[0].contains("<svg") && texts[0].split(separator: "\r\n\r\n")[1] == texts[1].split(separator: "\r\n\r\n")[1])
    let known = try server.state("/t.html")
    for _ in 0..<20 { try server.open("/-/changes/\(known)/t.html").close() }
    let half = try server.open("/t.html")
    half.write(Data("GET /".utf8))
    #expect(try server.get("/").contains("t.html"))
    #expect(server.isRunning)
  }

  @Test func nothingOutsideIsServedOverTheWire() throws {
    let folder = try BookFolder()
    try folder.write("# A\n", to: "book/t.md")
    try folder.write("kept", to: "site/data.csv")
    let server = try Server(folder)
    #expect(try server.get("/data.csv").hasSuffix("kept"))
    for path in ["/../book/layerbook.yaml", "/%2e%2e/book/layerbook.yaml", "/book/layerbook.yaml", "//etc/passwd"] {
      #expect(try server.get(path).hasPrefix("HTTP/1.1 404"), "\(path)")
    }
    #expect(try server.get("/t.html", host: "example.org").hasPrefix("HTTP/1.1 403"))
    #expect(try server.get("/t.html", method: "DELETE").hasPrefix("HTTP/1.1 405"))
  }

  @Test func twoServersAndTheEndOfOne() throws {
    let folder = try BookFolder()
    try folder.write("# A\n", to: "book/t.md")
    let server = try Server(folder)
    let second = try Program.run(["serve", "--book", "book", "--port", "\(server.port)"], in: folder.path)
    #expect(second.status == 1)
    #expect(second.errors.contains("cannot listen on 127.0.0.1:\(server.port)"))
    #expect(second.errors.contains("--port"))
    #expect(server.stop(SIGINT) == 130)
  }

  @Test func whatIsSentIsBounded() throws {
    let folder = try BookFolder()
    try folder.write("# Prose\n", to: "book/t.md")
    let server = try Server(folder)
    let long = try server.get("/" + String(repeating: "a", count: 200_000))
    #expect(long.hasPrefix("HTTP/1.1 4"), "\(long.prefix(80))")
    // Two that never finish, and one that sends a body.
    let unfinished = try (0..<2).map { _ in
      try server.open("/t.html", head: "GET /" + String(repeating: "b", count: 15_000))
    }
    let body = try server.open(
      "/t.html", head: "GET /t.html HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n")
    #expect(String(decoding: (try? body.readToEnd()) ?? Data(), as: UTF8.self).hasPrefix("HTTP/1.1 413"))
    #expect(try server.get("/t.html").hasPrefix("HTTP/1.1 200"))
    withExtendedLifetime(unfinished) {}
  }

  @Test(arguments: [
    "localhost:1@evil.com", "evil.com", "127.0.0.1.evil.com", "localhost:", "localhost:x", "localhost:80:80",
    "localhost\r\nHost: localhost", "",
  ])
  func onlyThisMachineIsAHost(host: String) throws {
    let folder = try BookFolder()
    try folder.write("# Prose\n", to: "book/t.md")
    let server = try Server(folder)
    #expect(try server.get("/t.html", host: host).hasPrefix("HTTP/1.1 40"))
    #expect(try server.get("/t.html", host: "localhost:\(server.port)").hasPrefix("HTTP/1.1 200"))
  }
}

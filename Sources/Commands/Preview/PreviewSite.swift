import Files
import Foundation

/// An answer to a browser.
public struct PreviewAnswer: Sendable {
  /// The status, as HTTP numbers it.
  public let status: Int
  /// Header names and values.
  public let headers: [(name: String, value: String)]
  /// The bytes that follow them.
  public let body: [UInt8]

  init(status: Int, mediaType: String, body: [UInt8]) {
    self.status = status
    self.body = body
    headers = [
      ("Content-Type", mediaType), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
      ("Referrer-Policy", "no-referrer"),
    ]
  }

  /// The answer to a request that is refused.
  public static func refusal(_ refusal: RequestHead.Refusal) -> Self { text(refusal.status, refusal.reason) }

  /// The answer as it goes over the wire; the caller is to hang up after it.
  ///
  /// - Parameter isHead: leaves out what follows the head.
  public func bytes(isHead: Bool) -> [UInt8] {
    let fields = headers + [("Content-Length", String(body.count)), ("Connection", "close")]
    let head = "HTTP/1.1 \(status) \(status < 400 ? "OK" : "Refused")\r\n" + fields.map { "\($0): \($1)\r\n" }.joined()
    return Array((head + "\r\n").utf8) + (isHead ? [] : body)
  }

  static func html(_ text: String) -> Self {
    Self(status: 200, mediaType: "text/html; charset=utf-8", body: Array(text.utf8))
  }

  static func text(_ status: Int, _ text: String) -> Self {
    Self(status: status, mediaType: "text/plain; charset=utf-8", body: Array((text + "\n").utf8))
  }
}

/// What the preview answers to a browser: pages, the list of them, changes, and files of the output folder.
public struct PreviewSite: Sendable {
  let studio: PreviewStudio
  let folder: String

  /// How long a browser waits for a change before it asks again, in steps of a fifth of a second.
  private static let patience = 50

  /// Answers a request.
  ///
  /// - Parameters:
  ///   - method: `GET` or `HEAD`; everything else is refused.
  ///   - path: the path of the address, percent-encoded.
  ///   - host: the header of that name.
  public func answer(method: String, path: String, host: String?) async -> PreviewAnswer {
    guard method == "GET" || method == "HEAD" else { return .text(405, "only GET") }
    // A page of another site that calls itself by our address must not read what is here.
    guard let host, Self.isOwn(host) else { return .text(403, "wrong host") }
    let path = path.removingPercentEncoding ?? path
    let isList = path == "/" || path.hasSuffix("/index.html")
    if isList, await studio.page(String(path.dropFirst())) == nil { return .html(await studio.index()) }
    if path.hasPrefix("/-/changes/") { return await change(String(path.dropFirst("/-/changes/".count))) }
    if let page = await studio.page(String(path.dropFirst())) { return .html(page) }
    return file(String(path.dropFirst()))
  }

  /// Whether a host is this machine: a name of it, and a port where one is given.
  static func isOwn(_ host: String) -> Bool {
    let parts = host.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first?.lowercased(), ["127.0.0.1", "localhost"].contains(name) else { return false }
    guard parts.count == 2 else { return true }
    return (1...5).contains(parts[1].utf8.count) && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Waits until the page's sources are in another state than the browser knows, and names that state.
  private func change(_ text: String) async -> PreviewAnswer {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return .text(404, "no such page") }
    var state = studio.state(of: parts[1])
    for _ in 0..<Self.patience where state == parts[0] {
      // Cancelled where the browser has gone.
      do { try await Task.sleep(for: .milliseconds(200)) } catch { break }
      state = studio.state(of: parts[1])
    }
    return .text(200, state)
  }

  /// A file of the output folder; nothing that a link or `..` leads to outside it.
  private func file(_ name: String) -> PreviewAnswer {
    guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }), !name.contains("\0"),
      let root = Self.resolved(folder), let real = Self.resolved(folder + "/" + name), real.hasPrefix(root + "/"),
      isFile(real), let bytes = try? readFile(real)
    else { return .text(404, "no such page") }
    return PreviewAnswer(status: 200, mediaType: Self.mediaType(of: real), body: bytes)
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private static func mediaType(of path: String) -> String {
    let types = [
      "html": "text/html; charset=utf-8", "svg": "image/svg+xml", "png": "image/png", "json": "application/json",
      "csv": "text/csv; charset=utf-8", "txt": "text/plain; charset=utf-8",
    ]
    return types[path.split(separator: ".").last.map(String.init) ?? ""] ?? "application/octet-stream"
  }
}

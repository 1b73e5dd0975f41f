import Files
import FlyingFox
import Foundation

/// What the preview answers to a browser: pages, the list of them, changes, and files of the output folder.
struct PreviewSite: Sendable {
  let studio: PreviewStudio
  let folder: String

  /// How long a browser waits for a change before it asks again, in steps of a fifth of a second.
  private static let patience = 50

  func response(to request: HTTPRequest) async -> HTTPResponse {
    guard request.method == .GET || request.method == .HEAD else { return Self.text(.methodNotAllowed, "only GET") }
    // A page of another site that calls itself by our address must not read what is here.
    let host = request.headers[HTTPHeader("Host")]?.split(separator: ":").first.map(String.init) ?? ""
    guard ["127.0.0.1", "localhost"].contains(host) else { return Self.text(.forbidden, "wrong host") }
    let path = request.path.removingPercentEncoding ?? request.path
    if path == "/" { return Self.html(await studio.index()) }
    if path.hasPrefix("/-/changes/") { return await change(String(path.dropFirst("/-/changes/".count))) }
    if let page = await studio.page(String(path.dropFirst())) { return Self.html(page) }
    return file(String(path.dropFirst()))
  }

  /// Waits until the page's sources are in another state than the browser knows, and names that state.
  private func change(_ text: String) async -> HTTPResponse {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return Self.text(.notFound, "no such page") }
    var state = studio.state(of: parts[1])
    for _ in 0..<Self.patience where state == parts[0] {
      // Cancelled where the browser has gone.
      do { try await Task.sleep(for: .milliseconds(200)) } catch { break }
      state = studio.state(of: parts[1])
    }
    return Self.text(.ok, state)
  }

  /// A file of the output folder; nothing that a link or `..` leads to outside it.
  private func file(_ name: String) -> HTTPResponse {
    guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }), !name.contains("\0"),
      let root = Self.resolved(folder), let real = Self.resolved(folder + "/" + name), real.hasPrefix(root + "/"),
      isFile(real), let bytes = try? readFile(real)
    else { return Self.text(.notFound, "no such page") }
    return HTTPResponse(
      statusCode: .ok, headers: Self.headers(Self.mediaType(of: real)), body: Data(bytes))
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

  private static func headers(_ type: String) -> HTTPHeaders {
    [
      .contentType: type, HTTPHeader("Cache-Control"): "no-store", HTTPHeader("X-Content-Type-Options"): "nosniff",
      HTTPHeader("Referrer-Policy"): "no-referrer",
    ]
  }

  private static func html(_ text: String) -> HTTPResponse {
    HTTPResponse(statusCode: .ok, headers: headers("text/html; charset=utf-8"), body: Data(text.utf8))
  }

  private static func text(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
    HTTPResponse(statusCode: status, headers: headers("text/plain; charset=utf-8"), body: Data((text + "\n").utf8))
  }
}

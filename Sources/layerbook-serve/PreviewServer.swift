import Commands
import Dispatch
import FlyingFox
import FlyingSocks
import Foundation

/// `layerbook-serve`: the preview of `layerbook serve` over HTTP, on this machine's own address only.
@main
enum PreviewServer {
  static func main() {
    let request = Program.previewRequest()
    // Failure of a server that another task runs ends the program: nothing is left to do.
    Task.detached {
      do {
        try await serve(request)
      } catch {
        Program.fail("error: cannot listen on 127.0.0.1:\(request.port): \(error)\n  hint: choose another with --port")
      }
    }
    dispatchMain()
  }

  private static func serve(_ request: PreviewRequest) async throws {
    let server = HTTPServer(
      address: try sockaddr_in.inet(ip4: "127.0.0.1", port: request.port), timeout: 30, logger: .disabled,
      handler: ClosureHTTPHandler { await response(to: $0, of: request.site) })
    Task {
      try await server.waitUntilListening()
      if case .ip4(_, let number)? = await server.listeningAddress {
        FileHandle.standardOutput.write(Data("http://127.0.0.1:\(number)/\n".utf8))
      }
    }
    try await server.run()
  }

  private static func response(to request: HTTPRequest, of site: PreviewSite) async -> HTTPResponse {
    let answer = await site.answer(
      method: request.method.rawValue, path: request.path, host: request.headers[HTTPHeader("Host")])
    var headers = HTTPHeaders()
    for (name, value) in answer.headers { headers[HTTPHeader(name)] = value }
    return HTTPResponse(
      statusCode: HTTPStatusCode(answer.status, phrase: ""), headers: headers, body: Data(answer.body))
  }
}

import Commands
import Dispatch
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
        Program.fail(
          "error: cannot listen on 127.0.0.1:\(request.port): \(reason(error))\n  hint: choose another with --port")
      }
    }
    dispatchMain()
  }

  /// What went wrong, in the system's words where it was the system.
  private static func reason(_ error: any Error) -> String {
    guard case SocketError.failed(_, let number, _)? = error as? SocketError else { return "\(error)" }
    return number == EADDRINUSE ? "another program listens there" : String(cString: strerror(number))
  }

  private static func serve(_ request: PreviewRequest) async throws {
    let pool = SocketPool.make()
    try await pool.prepare()
    let socket = try Socket(domain: AF_INET)
    try socket.setValue(true, for: .localAddressReuse)
    try socket.bind(to: sockaddr_in.inet(ip4: "127.0.0.1", port: request.port))
    try socket.listen()
    let listener = try AsyncSocket(socket: socket, pool: pool)
    if case .ip4(_, let number) = try socket.sockname() {
      FileHandle.standardOutput.write(Data("http://127.0.0.1:\(number)/\n".utf8))
    }
    let callers = Callers()
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { try await pool.run() }
      group.addTask {
        while true {
          // A caller that is gone before it is let in is no reason to stop.
          guard let caller = try? await listener.accept() else {
            try await Task.sleep(for: .milliseconds(50))
            continue
          }
          Task { await callers.answer(caller, from: request.site) }
        }
      }
    }
  }
}

import Commands
import FlyingSocks
import Foundation

/// Those who have a connection: how many there may be at once, how much each may say, and how long it may take.
///
/// A preview is for one reader on this machine, whose browser may be made to call by any page it shows. So each
/// connection carries one request, whose head is bounded and which has no body.
actor Callers {
  private var count = 0

  /// The most connections at once; browsers open six.
  private static let most = 64
  /// How long a request may take to arrive, and an answer to be taken.
  private static let patience = Duration.seconds(10)

  /// Answers one caller and hangs up.
  func answer(_ caller: AsyncSocket, from site: PreviewSite) async {
    count += 1
    defer { count -= 1 }
    let isCrowded = count > Self.most
    await Self.serve(caller, site, isCrowded: isCrowded)
    try? caller.close()
  }

  private nonisolated static func serve(_ caller: AsyncSocket, _ site: PreviewSite, isCrowded: Bool) async {
    let answer: PreviewAnswer
    var (isHead, isRefused) = (false, false)
    do {
      if isCrowded { throw RequestHead.Refusal(503, "too many callers") }
      let head = try await within(patience) { try await read(caller) }
      isHead = head.method == "HEAD"
      answer = await site.answer(method: head.method, path: head.path, host: head.host)
    } catch let refusal as RequestHead.Refusal {
      answer = .refusal(refusal)
      isRefused = true
    } catch {
      // Nobody is there any more, or nothing came in time.
      return
    }
    let bytes = answer.bytes(isHead: isHead)
    _ = try? await within(patience * 3) { try await caller.write(Data(bytes)) }
    if isRefused { await drain(caller) }
  }

  /// Passes over what is still coming, a megabyte or two seconds of it: who hangs up on a caller that is still talking
  /// takes back the answer, too.
  private nonisolated static func drain(_ caller: AsyncSocket) async {
    shutdown(caller.socket.file.rawValue, Int32(SHUT_WR))
    _ = try? await within(.seconds(2)) {
      for _ in 0..<256 { _ = try await caller.read(atMost: 4096) }
    }
  }

  /// Reads a head, and never more than one may have.
  private nonisolated static func read(_ caller: AsyncSocket) async throws -> RequestHead {
    var bytes: [UInt8] = []
    while !RequestHead.isWhole(bytes) {
      guard bytes.count < RequestHead.largest else { throw RequestHead.Refusal(431, "the request is too long") }
      bytes += try await caller.read(atMost: RequestHead.largest - bytes.count)
    }
    return try RequestHead(bytes)
  }

  /// Runs something, and stops it when its time is over.
  private nonisolated static func within<Value: Sendable>(
    _ time: Duration, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
      group.addTask { try await body() }
      group.addTask {
        try await Task.sleep(for: time)
        throw CancellationError()
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }
}

import Dispatch
import Foundation
import Synchronization

/// One line on the terminal that says how far long work has come; silent for the first second and on a pipe.
final class ProgressLine: Sendable {
  static let shared = ProgressLine()

  private struct State {
    var activity = ""
    var startedAt: UInt64 = 0
    var startedDone = 0
    var drawnAt: UInt64 = 0
    var isDrawn = false
  }

  private let state = Mutex(State())

  /// Says that `done` of `total` steps of an activity are behind us.
  func update(_ activity: String, done: Int, total: Int) {
    guard Terminal.isInteractive else { return }
    let now = DispatchTime.now().uptimeNanoseconds
    let line: String? = state.withLock { state in
      if state.activity != activity {
        state.activity = activity
        state.startedAt = now
        state.startedDone = done
      }
      let waited = now - state.startedAt
      guard waited > 1_000_000_000, now - state.drawnAt > 100_000_000 || done == total else { return nil }
      state.drawnAt = now
      state.isDrawn = true
      return Self.text(
        activity, done: done, total: total, doneBefore: state.startedDone, seconds: Double(waited) / 1e9)
    }
    if let line { FileHandle.standardError.write(Data("\r\u{1B}[2K\(shownText(line))".utf8)) }
  }

  /// Wipes the line, before anything else is written.
  func clear() {
    let wasDrawn = state.withLock { state in
      defer { state.isDrawn = false }
      return state.isDrawn
    }
    if wasDrawn { FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8)) }
  }

  private static func text(_ activity: String, done: Int, total: Int, doneBefore: Int, seconds: Double) -> String {
    let advanced = done - doneBefore
    guard advanced > 0, done < total else { return "\(activity)  \(done)/\(total)" }
    let left = Int((seconds / Double(advanced) * Double(total - done)).rounded(.up))
    let time = left >= 60 ? "\(left / 60) min \(left % 60) s" : "\(left) s"
    return "\(activity)  \(done)/\(total), about \(time) left"
  }
}

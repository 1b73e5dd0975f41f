import Dispatch
import Foundation
import Synchronization

/// Says on standard error how far long work has come.
///
/// On a terminal one line is drawn over and over, from the first second on. In a log or on a pipe nothing can be drawn
/// over: work that is over in ten seconds is silent there, longer work says a line, and another every minute.
final class ProgressLine: Sendable {
  static let shared = ProgressLine()
  private static let second: UInt64 = 1_000_000_000
  /// How long an activity goes on unmentioned.
  private static let patience = Terminal.isInteractive ? second : 10 * second
  /// How long a line stands before the next one.
  private static let interval = Terminal.isInteractive ? second / 10 : 60 * second

  private struct State {
    var activity = ""
    var startedAt: UInt64 = 0
    var startedDone = 0
    var done = 0
    var drawnAt: UInt64 = 0
    var isDrawn = false
    /// Activities of which it was said that they take long.
    var announced: Set<String> = []
  }

  private let state = Mutex(State())

  /// Says that `done` of `total` steps of an activity are behind us.
  ///
  /// - Parameter key: what the activity is called where its words change as it goes on.
  func update(_ words: String, key: String? = nil, done: Int, total: Int) {
    let activity = key ?? words
    announce(activity, done: done, total: total)
    let line: String? = state.withLock { state in
      let now = DispatchTime.now().uptimeNanoseconds
      // A count that falls back begins again: the same model fitted under another control, say.
      if state.activity != activity || done < state.done {
        state.activity = activity
        state.startedAt = now
        state.startedDone = done
      }
      state.done = done
      let waited = now - state.startedAt
      let isDue = now - state.drawnAt > Self.interval || state.drawnAt < state.startedAt
      guard waited > Self.patience, isDue || Terminal.isInteractive && done == total else { return nil }
      state.drawnAt = now
      state.isDrawn = Terminal.isInteractive
      return Self.text(
        words, done: done, total: total, doneBefore: state.startedDone, seconds: Double(waited) / 1e9)
    }
    guard let line else { return }
    let shown = shownText(line)
    FileHandle.standardError.write(Data((Terminal.isInteractive ? "\r\u{1B}[2K\(shown)" : "\(shown)\n").utf8))
  }

  /// How long work may take without a word on what would take less.
  private static let minute = 60.0

  /// Says once, after a second of it, that an activity takes longer than a minute, and the cheaper way.
  private func announce(_ activity: String, done: Int, total: Int) {
    let seconds: Double? = state.withLock { state in
      let waited = DispatchTime.now().uptimeNanoseconds - state.startedAt
      guard state.activity == activity, done > state.startedDone, done < total, waited > Self.second,
        !state.announced.contains(activity)
      else { return nil }
      let all = Double(waited) / 1e9 * Double(total - state.startedDone) / Double(done - state.startedDone)
      guard all > Self.minute else { return nil }
      state.announced.insert(activity)
      return all
    }
    guard let seconds else { return }
    let minutes = Int((seconds / 60).rounded(.up))
    Terminal.error("\(activity) takes about \(Self.duration(seconds: minutes * 60)); \(Self.cheaper(activity))")
  }

  /// What would take less time than an activity.
  private static func cheaper(_ activity: String) -> String {
    if activity == "training" { return "Ctrl-C keeps what there is, and --resume goes on from it" }
    if activity.hasPrefix("training ") { return "fewer steps (steps=), or shorter texts (length=), take less" }
    if activity.hasPrefix("fitting dimensions") {
      return "solver=ridge is a preview of it in seconds, and fewer texts (n=) take less"
    }
    return "fewer texts (n=), or shorter ones (max-tokens=), take less"
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
    return "\(activity)  \(done)/\(total), about \(duration(seconds: left)) left"
  }

  /// A time in two units at most: the second of them only where it says something.
  private static func duration(seconds: Int) -> String {
    func both(_ whole: Int, _ unit: String, _ rest: Int, _ small: String) -> String {
      rest == 0 ? "\(whole) \(unit)" : "\(whole) \(unit) \(rest) \(small)"
    }
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return both(seconds / 60, "min", seconds % 60, "s") }
    return both(seconds / 3600, "h", seconds / 60 % 60, "min")
  }
}

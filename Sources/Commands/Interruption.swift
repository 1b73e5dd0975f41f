import Files
import Foundation
import Synchronization

/// Ctrl-C and a polite kill: half-written files are removed and the exit code says what happened.
enum Interruption {
  private static let held = Atomic(false)
  /// What was asked for while it was kept, as the status to end with; 0 for nothing.
  private static let kept = Atomic<Int32>(0)

  /// Whether the first request to end is kept for the work in hand, which asks for it and ends by itself.
  static var isHeld: Bool {
    get { held.load(ordering: .relaxed) }
    set { held.store(newValue, ordering: .relaxed) }
  }

  /// The status to end with, where that was asked for while it was kept.
  static var asked: ExitStatus? { ExitStatus(rawValue: kept.load(ordering: .relaxed)) }

  /// Keeps a request for the work in hand; false where nobody would ask for it, or it is not the first.
  ///
  /// Work that must come to a good end looks for itself; whoever asks twice does not want to wait for it.
  private static func keep(_ status: ExitStatus) -> Bool {
    held.load(ordering: .relaxed) && kept.exchange(status.rawValue, ordering: .relaxed) == 0
  }

  /// Installs the handlers; only async-signal-safe calls run inside them.
  static func install() {
    prepareStoppingOfPrograms()
    signal(SIGINT) { _ in
      if Interruption.keep(.interrupted) { return }
      stopRunningPrograms()
      removePartialFiles()
      _exit(ExitStatus.interrupted.rawValue)
    }
    signal(SIGTERM) { _ in
      if Interruption.keep(.terminated) { return }
      stopRunningPrograms()
      removePartialFiles()
      _exit(ExitStatus.terminated.rawValue)
    }
    installMappingFaultHandler()
    // Whoever started this may have done so from a thread that lets no signal through, as worker pools do.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(Int32(SIG_UNBLOCK), &signals, nil)
    // A reader that goes away (`layerbook ask … | head`) is no failure worth a crash report.
    signal(SIGPIPE, SIG_DFL)
  }
}

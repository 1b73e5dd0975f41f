import Files
import Foundation
import Synchronization

/// Ctrl-C and a polite kill: half-written files are removed and the exit code says what happened.
enum Interruption {
  private static let held = Atomic(false)
  private static let asked = Atomic(false)

  /// Whether the first Ctrl-C is kept for the work in hand, which asks for it and ends by itself.
  static var isHeld: Bool {
    get { held.load(ordering: .relaxed) }
    set { held.store(newValue, ordering: .relaxed) }
  }

  /// Whether it was pressed while it was kept.
  static var wasAsked: Bool { asked.load(ordering: .relaxed) }

  /// Installs the handlers; only async-signal-safe calls run inside them.
  static func install() {
    prepareStoppingOfPrograms()
    signal(SIGINT) { _ in
      // Work that must come to a good end looks for itself; whoever asks twice does not want to wait for it.
      if Interruption.held.load(ordering: .relaxed),
        !Interruption.asked.exchange(true, ordering: .relaxed)
      {
        return
      }
      stopRunningPrograms()
      removePartialFiles()
      _exit(130)
    }
    signal(SIGTERM) { _ in
      stopRunningPrograms()
      removePartialFiles()
      _exit(143)
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

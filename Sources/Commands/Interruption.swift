import Files
import Foundation

/// Ctrl-C and a polite kill: half-written files are removed and the exit code says what happened.
enum Interruption {
  /// Installs the handlers; only async-signal-safe calls run inside them.
  static func install() {
    prepareStoppingOfPrograms()
    signal(SIGINT) { _ in
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

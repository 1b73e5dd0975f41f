import CSpawn
import Glibc

/// Another program, run to its end: no shell reads its arguments, and it may neither take nor say more than it is given.
public struct ProgramRun: Sendable {
  /// The program, by its path or by a name on the PATH, and what follows it.
  public var arguments: [String]
  /// The folder it works in.
  public var directory: String
  /// The file it reads on standard input.
  public var input: String
  /// Variables of its environment besides those of this process.
  public var environment: [String: String]
  /// How long it may take, in seconds.
  public var seconds: Int
  /// How much it may write on standard output, in bytes.
  public var outputLimit: Int

  public init(
    _ arguments: [String], in directory: String, input: String, environment: [String: String] = [:], seconds: Int,
    outputLimit: Int
  ) {
    precondition(!arguments.isEmpty, "a program has a name")
    self.arguments = arguments
    self.directory = directory
    self.input = input
    self.environment = environment
    self.seconds = seconds
    self.outputLimit = outputLimit
  }

  /// What came of it.
  public struct Outcome: Sendable {
    /// How it ended.
    public enum End: Sendable, Equatable {
      case exited(Int32)
      case killed(signal: Int32)
      case outOfTime
      case tooMuchOutput
    }

    public var end: End
    /// What it wrote on standard output.
    public var output: [UInt8]
    /// The last of what it wrote on standard error.
    public var complaints: [UInt8]
  }

  /// How much of standard error is kept, in bytes.
  private static let complaintLimit = 4096

  /// Runs it; when this returns, neither it nor what it started in its process group is left.
  ///
  /// - Throws: `FileError` where it cannot be started.
  public func run() throws(FileError) -> Outcome {
    let output = try Pipe()
    let complaints = try Pipe()
    let process = try start(output, complaints)
    let slot = RunningPrograms.add(process)
    defer { RunningPrograms.remove(slot) }
    output.closeWriting()
    complaints.closeWriting()
    return listen(to: process, output, complaints)
  }

  // MARK: - Listening

  private func listen(to process: pid_t, _ output: Pipe, _ complaints: Pipe) -> Outcome {
    var outcome = Outcome(end: .exited(0), output: [], complaints: [])
    let deadline = Self.now + Double(seconds)
    var end: Outcome.End?
    var drained = false
    while !drained {
      let out = output.read { outcome.output += $0 }
      let err = complaints.read { bytes in
        outcome.complaints = Array((outcome.complaints + bytes).suffix(Self.complaintLimit))
      }
      // Once it has ended and what it left behind is killed, a pipe that has nothing to say will say nothing more.
      drained = end != nil && !out && !err
      guard end == nil else { continue }
      if let limit = limit(of: outcome, deadline) {
        kill(-process, SIGKILL)
        _ = Self.ended(process, options: 0)
        end = limit
      } else if let own = Self.ended(process, options: WNOHANG) {
        // What it started and left behind goes with it.
        kill(-process, SIGKILL)
        end = own
      } else if !out, !err {
        Self.wait(output, complaints)
      }
    }
    outcome.end = end ?? .exited(0)
    return outcome
  }

  /// What it may not go beyond and has gone beyond.
  private func limit(of outcome: Outcome, _ deadline: Double) -> Outcome.End? {
    outcome.output.count > outputLimit ? .tooMuchOutput : Self.now > deadline ? .outOfTime : nil
  }

  /// How a process ended; nil where it has not.
  private static func ended(_ process: pid_t, options: Int32) -> Outcome.End? {
    var status: Int32 = 0
    var result: pid_t
    repeat { result = waitpid(process, &status, options) } while result < 0 && errno == EINTR
    if result == 0 { return nil }
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
  }

  /// Waits until one of the pipes has something, a twentieth of a second at most.
  private static func wait(_ output: Pipe, _ complaints: Pipe) {
    var waited = [output.reading, complaints.reading].map {
      pollfd(fd: $0, events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
    }
    // A pipe that was closed at the other end is always ready: then only time helps.
    if output.isAtEnd, complaints.isAtEnd { waited = [] }
    poll(&waited, nfds_t(waited.count), waited.isEmpty ? 10 : 50)
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  // MARK: - Starting

  private func start(_ output: Pipe, _ complaints: Pipe) throws(FileError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
    posix_spawn_file_actions_adddup2(&actions, complaints.writing, 2)
    posix_spawn_file_actions_addchdir_np(&actions, directory)
    // A group of its own, so that all it starts can be killed with it; signals as a shell would leave them.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
    let words = arguments.map { strdup($0) }
    let variables = self.variables.map { strdup($0) }
    defer { (words + variables).forEach { free($0) } }
    var process: pid_t = 0
    let number = posix_spawnp(&process, arguments[0], &actions, &attributes, words + [nil], variables + [nil])
    guard number == 0 else { throw FileError(.start, path: arguments[0], number: number) }
    return process
  }

  /// `NAME=value` of this process's environment and of what is added to it.
  private var variables: [String] {
    var known: [String] = []
    var place = environ
    while let variable = place.pointee {
      known.append(String(cString: variable))
      place += 1
    }
    let added = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return known.filter { text in !environment.keys.contains { text.hasPrefix($0 + "=") } } + added
  }
}

import Glibc

/// Goes on as another program: same process, same terminal, same signals from whoever started it.
///
/// - Returns: the reason, in words, where the program cannot be started; otherwise never.
public func becomeProgram(_ path: String, arguments: [String]) -> String {
  let strings = ([path] + arguments).map { strdup($0) }
  defer { strings.forEach { free($0) } }
  var pointers = strings + [nil]
  execv(path, &pointers)
  return String(cString: strerror(errno))
}

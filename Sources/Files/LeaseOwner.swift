import Glibc
import Synchronization

/// The names by which owners of claims know each other.
enum LeaseOwner {
  private static let counter = Atomic<UInt64>(0)

  /// `<host>~<process>~<boot of the kernel>~<number>`, which no other owner ever has.
  static func next() -> String {
    "\(host)~\(getpid())~\(boot)~\(draw)-\(counter.add(1, ordering: .relaxed).newValue)"
  }

  /// Containers may share a host's name and kernel, and count processes alike: what tells theirs apart is drawn.
  private static let draw = String(UInt64.random(in: .min ... .max), radix: 16)

  /// Digits that machines do not share, and one machine not with itself once it was started again.
  static var ofThisKernel: String { String(boot.prefix(8)) }

  /// Whether an owner is, or was, a process of this kernel since it started; containers of one machine share it.
  static func isOfThisKernel(_ name: String) -> Bool {
    let parts = name.split(separator: "~", omittingEmptySubsequences: false)
    return !boot.isEmpty && parts.count == 4 && parts[2].utf8.elementsEqual(boot.utf8)
  }

  /// The host's name, of letters that any file system takes.
  private static let host: String = {
    var text = [CChar](repeating: 0, count: 256)
    guard gethostname(&text, text.count - 1) == 0 else { return "host" }
    let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let plain = name.utf8.filter { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
    return String(decoding: plain.prefix(64), as: UTF8.self)
  }()

  /// What the kernel drew when it started; empty where it does not say.
  private static let boot: String = {
    guard let bytes = try? readFile("/proc/sys/kernel/random/boot_id") else { return "" }
    return String(decoding: bytes.filter { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "~") }, as: UTF8.self)
  }()
}

import Diagnostics
import Directives
import JSONText

/// What a directive's result holds, as far as it is known before anything is computed: the shape of a view's example.
///
/// A quantity that leads nowhere is a fault of the template, and is reported before an engine runs.
public indirect enum ResultShape: Sendable, Equatable {
  /// One number, or null where it is undefined.
  case number
  /// True or false.
  case flag
  /// Words.
  case text
  /// Entries of one shape; how many is known only afterwards.
  case list(ResultShape)
  /// What only the result itself tells: columns of a file, values of an author's own engine.
  case open
  /// Named members.
  case object([String: ResultShape])

  /// The shape of an example: null is a number that is undefined, and a list is shown by its first entry.
  public init(_ example: JSONValue) {
    switch example {
    case .null, .number: self = .number
    case .bool: self = .flag
    case .string: self = .text
    case .array(let entries):
      guard let first = entries.first else { preconditionFailure("an example has no empty lists") }
      self = .list(ResultShape(first))
    case .object(let members):
      self = .object(Dictionary(members.map { ($0.key, ResultShape($0.value)) }) { first, _ in first })
    }
  }

  /// What is wrong with a path into a result of this shape; nil where it leads to one number, or to a list of numbers
  /// where one is asked for.
  func fault(of path: QuantityPath, isSeries: Bool = false) -> (message: String, hints: [String])? {
    do throws(PathFault<ResultShape>) {
      let end = try path.place.walk(self, named: path.directive)
      let name = "\(path)"
      if isSeries {
        return end == .list(.number) || end == .open ? nil : ("'\(name)' is no list of numbers", [end.wording])
      }
      return end == .number || end == .open ? nil : ("'\(name)' is not one number", [end.wording])
    } catch {
      if case .member(let name) = error.step, let names = error.target.memberNames {
        return (error.message, Spelling.hints(for: name, in: names, noun: "members"))
      }
      return (error.message, [error.target.wording])
    }
  }

  private var wording: String {
    switch self {
    case .number: "it is one number"
    case .flag: "it is true or false"
    case .text: "it is text"
    case .open: "what it holds is known once it is there"
    case .list: "it is a list: choose an entry with [0], or [-1] for the last"
    case .object(let members): "it holds \(members.keys.sorted().joined(separator: ", "))"
    }
  }
}

extension ResultShape: PathTarget {
  public var memberNames: [String]? { if case .object(let members) = self { members.keys.sorted() } else { nil } }
  public var isList: Bool { if case .list = self { true } else { false } }
  public var entryCount: Int? { nil }
  public func member(_ name: String) -> ResultShape? {
    switch self {
    case .object(let members): members[name]
    case .open: .open
    default: nil
    }
  }
  public func entry(_ index: Int) -> ResultShape? {
    switch self {
    case .list(let entry): entry
    case .open: .open
    default: nil
    }
  }
}

extension BoundQuantity {
  /// What is wrong with the way into a result of a shape.
  func faults(in shape: ResultShape) -> [Diagnostic] {
    shape.fault(of: path, isSeries: isSeries).map { [directive.diagnostic(at: pathSpan, $0.message, hints: $0.hints)] }
      ?? []
  }
}

import Diagnostics
import Directives

/// What a directive's result holds, as far as it is known before anything is computed.
///
/// A quantity that leads nowhere is a fault of the template, and is reported before an engine runs.
public indirect enum ResultShape: Sendable, Equatable {
  /// One number, or null where it is undefined.
  case number
  /// True or false.
  case flag
  /// Entries of one shape; how many is known only afterwards.
  case list(ResultShape)
  /// Named members.
  case object([String: ResultShape])

  /// A list of numbers.
  static let numbers = list(.number)
  /// A table of numbers.
  static let matrix = list(.numbers)
  /// How often dimensions appear.
  static let counts = list(.object(["dim": .number, "count": .number]))

  /// Members of one shape.
  static func members(_ names: [String], _ shape: ResultShape) -> [String: ResultShape] {
    Dictionary(uniqueKeysWithValues: names.map { ($0, shape) })
  }

  /// What is wrong with a path into a result of this shape; nil where it leads to one number.
  func fault(of path: QuantityPath) -> (message: String, hints: [String])? {
    var shape = self
    var walked = path.directive
    for step in path.steps {
      switch (step, shape) {
      case (.member(let name), .object(let members)):
        guard let next = members[name] else {
          return ("'\(walked)' has no '\(name)'", Spelling.hints(for: name, in: members.keys.sorted(), noun: "members"))
        }
        shape = next
        walked += "." + name
      case (.index(let index), .list(let entry)):
        shape = entry
        walked += "[\(index)]"
      case (.member(let name), _): return ("'\(walked)' has no '\(name)'", [shape.wording])
      case (.index, _): return ("'\(walked)' is no list", [shape.wording])
      }
    }
    return shape == .number ? nil : ("'\(walked)' is not one number", [shape.wording])
  }

  private var wording: String {
    switch self {
    case .number: "it is one number"
    case .flag: "it is true or false"
    case .list: "it is a list: choose an entry with [0], or [-1] for the last"
    case .object(let members): "it holds \(members.keys.sorted().joined(separator: ", "))"
    }
  }
}

extension BoundQuantity {
  /// What is wrong with the way into a result of a shape.
  func faults(in shape: ResultShape) -> [Diagnostic] {
    shape.fault(of: path).map { [directive.diagnostic(at: pathSpan, $0.message, hints: $0.hints)] } ?? []
  }
}

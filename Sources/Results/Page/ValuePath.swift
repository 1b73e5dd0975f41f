import JSONText

/// A place in a result, written as in `<<value …>>`: `score`, `distance[11]`, `mat.curve[-1].layers`.
public struct ValuePath: Sendable, Hashable, CustomStringConvertible {
  /// One step into a value.
  public enum Step: Sendable, Hashable {
    /// Into an object's member.
    case member(String)
    /// Into an array; negative places count from the end.
    case index(Int)
  }

  /// The steps from the outside in.
  public let steps: [Step]

  /// A path of these steps.
  public init(steps: [Step]) { self.steps = steps }

  /// Reads a path; nil where it does not follow the form.
  public init?(_ text: String) {
    var steps: [Step] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      guard let name = pieces.first, !name.isEmpty else { return nil }
      steps.append(.member(String(name)))
      for piece in pieces.dropFirst() {
        guard piece.hasSuffix("]"), let place = Int(piece.dropLast()) else { return nil }
        steps.append(.index(place))
      }
    }
    self.steps = steps
  }

  /// The path as it is written.
  public var description: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .member(let name): text += (text.isEmpty ? "" : ".") + name
      case .index(let place): text += "[\(place)]"
      }
    }
  }

  /// The value at this place; nil where there is none.
  public func value(in json: JSONValue) -> JSONValue? {
    steps.reduce(json as JSONValue?) { value, step in
      switch step {
      case .member(let name): return value?[name]
      case .index(let place):
        guard let count = value?.arrayValue?.count else { return nil }
        return value?[place < 0 ? count + place : place]
      }
    }
  }

  func appending(_ step: Step) -> ValuePath { ValuePath(steps: steps + [step]) }
}

/// A place in a value, written as in `<<value …>>`: `score`, `distance[11]`, `mat.curve[-1].layers`.
///
/// ```
/// path   = member *( "." member / "[" index "]" )
/// member = 1*(ALNUM / "-" / "_")          index = ["-"] 1*DIGIT, counted from 0, negative from the end
/// ```
public struct ValuePath: Sendable, Hashable, CustomStringConvertible {
  /// One step into a value.
  public enum Step: Sendable, Hashable {
    /// Into an object's member.
    case member(String)
    /// Into an array; negative places count from the end.
    case index(Int)
  }

  /// The steps from the outside in.
  public var steps: [Step]

  public init(steps: [Step]) { self.steps = steps }

  /// Reads a path; nil where it does not follow the form.
  public init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    func takeWord() -> String? {
      let word = rest.prefix {
        $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D || $0 == 0x5F
      }
      rest.removeFirst(word.count)
      return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
    }
    guard let first = takeWord() else { return nil }
    steps = [.member(first)]
    while let byte = rest.popFirst() {
      if byte == 0x2E, let member = takeWord() {
        steps.append(.member(member))
      } else if byte == 0x5B, let number = takeWord(), let index = Int(number), rest.popFirst() == 0x5D {
        steps.append(.index(index))
      } else {
        return nil
      }
    }
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

  public func appending(_ step: Step) -> ValuePath { ValuePath(steps: steps + [step]) }
}

/// Something a path leads into: a value, or the shape of one.
public protocol PathTarget: Sendable {
  /// The names of its members; nil where it is no object.
  var memberNames: [String]? { get }
  /// Whether it is a list.
  var isList: Bool { get }
  /// How many entries it has; nil where that is not known.
  var entryCount: Int? { get }
  func member(_ name: String) -> Self?
  func entry(_ index: Int) -> Self?
}

/// Where a path ends before its last step.
public struct PathFault<Target: PathTarget>: Error {
  /// The way up to where it ends.
  public var walked: String
  /// What stands there.
  public var target: Target
  /// The step that leads nowhere.
  public var step: ValuePath.Step

  /// What is wrong, in words.
  public var message: String {
    switch step {
    case .member(let name): return "'\(walked)' has no '\(name)'"
    case .index(let index):
      guard target.isList, let count = target.entryCount else { return "'\(walked)' is no list" }
      return "'\(walked)' has \(count) entries, and [\(index)] is none of them"
    }
  }
}

extension ValuePath {
  /// What stands at the end of the path.
  ///
  /// - Parameter name: what the outermost thing is called in messages.
  /// - Throws: `PathFault` at the first step that leads nowhere.
  public func walk<Target: PathTarget>(_ outermost: Target, named name: String = "") throws(PathFault<Target>) -> Target
  {
    var target = outermost
    var walked = name
    for step in steps {
      let next: Target?
      let written: String
      switch step {
      case .member(let name): (next, written) = (target.member(name), (walked.isEmpty ? "" : ".") + name)
      case .index(let index): (next, written) = (target.entry(index), "[\(index)]")
      }
      guard let next else { throw PathFault(walked: walked, target: target, step: step) }
      target = next
      walked += written
    }
    return target
  }

  /// The value at this place; nil where there is none.
  public func value(in json: JSONValue) -> JSONValue? { try? walk(json) }
}

extension JSONValue: PathTarget {
  public var memberNames: [String]? { objectValue?.keys }
  public var isList: Bool { arrayValue != nil }
  public var entryCount: Int? { arrayValue?.count }
  public func member(_ name: String) -> JSONValue? { self[name] }
  public func entry(_ index: Int) -> JSONValue? {
    guard let count = arrayValue?.count else { return nil }
    return index < 0 ? (index >= -count ? self[count + index] : nil) : self[index]
  }
}

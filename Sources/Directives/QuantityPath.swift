import Diagnostics

/// The way to one number of a directive's result: `convergence.distance[-1]`, `earlyexit.mat.saved`.
///
/// ```
/// quantity = directive 1*( "." member / "[" index "]" )
/// member   = 1*(ALNUM / "-" / "_")          index = ["-"] 1*DIGIT, counted from 0, negative from the end
/// ```
public struct QuantityPath: Sendable, Hashable, CustomStringConvertible {
  /// One step into a result.
  public enum Step: Sendable, Hashable {
    /// A member of an object.
    case member(String)
    /// An entry of an array; negative numbers count from the end.
    case index(Int)
  }

  /// The directive whose result is meant.
  public var directive: String
  /// The steps into its result.
  public var steps: [Step]

  /// Makes a path.
  public init(directive: String, steps: [Step]) {
    self.directive = directive
    self.steps = steps
  }

  /// Reads a path; nil where the text is none.
  public init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    func takeWord() -> String? {
      let word = rest.prefix {
        $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2D || $0 == 0x5F
      }
      rest.removeFirst(word.count)
      return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
    }
    guard let name = takeWord(), name.first?.isLetter == true else { return nil }
    directive = name
    steps = []
    while let byte = rest.first {
      rest.removeFirst()
      if byte == 0x2E, let member = takeWord() {
        steps.append(.member(member))
      } else if byte == 0x5B, let number = takeWord(), let index = NumberReading.int(number), rest.first == 0x5D {
        rest.removeFirst()
        steps.append(.index(index))
      } else {
        return nil
      }
    }
  }

  /// The path as it is written.
  public var description: String {
    steps.reduce(into: directive) { text, step in
      switch step {
      case .member(let name): text += "." + name
      case .index(let index): text += "[\(index)]"
      }
    }
  }
}

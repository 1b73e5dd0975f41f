import Diagnostics
import Directives

/// A template put together: the parts it includes, its loops and conditions, and its parameters in prose.
///
/// ```
/// <<include part.md>>
/// <<each model=a,b>> … {model} … <<end>>
/// <<if convergence.score > 0.9>> … <<else>> … <<end>>
/// ```
/// This happens to the text, before anything else reads it; the text knows where each of its bytes was written, so that
/// faults are said there. `<<if screen>>` and `<<if print>>` stay: a page holds both texts and shows one.
public struct TemplateExpansion: Sendable {
  /// The directives it takes care of.
  public static let names: Set<String> = ["include", "each", "if", "else", "end"]
  /// What a condition may ask besides a number: where the page is read.
  static let media = ["screen", "print"]

  /// A condition on a number that was met.
  public struct Condition: Sendable {
    /// The same in every expansion of the same files.
    public var id: String
    /// The directive, at its place.
    public var directive: Directive
    /// What was taken for its answer.
    public var holds: Bool
    /// The conditions it stands in, each with the answer under which it is met.
    public var within: [String: Bool]
  }

  /// The text; the template itself where there is nothing to put together.
  public internal(set) var file: SourceFile
  /// The conditions that were met, in the order of the text.
  public internal(set) var conditions: [Condition] = []
  /// Parameters that stand in prose.
  public internal(set) var usedParameters: Set<String> = []
  /// What is wrong.
  public internal(set) var diagnostics: [Diagnostic] = []

  /// How deep parts, loops and conditions may stand in each other.
  static let deepest = 16
  /// The most parts, values of a loop, conditions, and bytes of the text.
  static let (mostParts, mostValues, longest) = (500, 200, 8 << 20)
  public static let mostConditions = 100

  /// Puts a template together.
  ///
  /// - Parameters:
  ///   - bodyStart: the byte offset at which its front matter ends; what is before stays as it is.
  ///   - parameters: values of `{name}` in prose; other braces stay as they are, unless a parameter is nearly named.
  ///   - decisions: the answers of conditions by their ids; one that is not there is taken to hold.
  ///   - include: the text of a part by its path.
  public init(
    _ file: SourceFile, bodyStartsAt bodyStart: Int, parameters: [Parameter], decisions: [String: Bool] = [:],
    include: @escaping (_ path: String) -> Result<SourceFile, MarkdownRefusal>
  ) {
    self.file = file
    let names = parameters.map(\.name)
    guard Self.needsWork(file, from: bodyStart, names) else { return }
    var expander = Expander(
      parameters: Dictionary(parameters.map { ($0.name, $0.text) }, uniquingKeysWith: { $1 }), decisions: decisions,
      include: include)
    expander.expand(file, from: bodyStart)
    conditions = expander.conditions
    usedParameters = expander.used
    diagnostics = expander.diagnostics
    guard expander.hasChanged else { return }
    self.file = SourceFile(path: file.path, bytes: expander.out, pieces: expander.pieces)
  }

  /// Whether anything may be there to put together: most templates are what they are.
  private static func needsWork(_ file: SourceFile, from start: Int, _ parameters: [String]) -> Bool {
    let bytes = file.bytes
    // With parameters any brace may hold one, or its name with a slip in it.
    let marks = (names.map { "<<" + $0 } + (parameters.isEmpty ? [] : ["{"])).map { Array($0.utf8) }
    var index = start
    while index < bytes.count {
      if bytes[index] == 0x3C || bytes[index] == 0x7B, marks.contains(where: { bytes[index...].starts(with: $0) }) {
        return true
      }
      index += 1
    }
    return false
  }
}

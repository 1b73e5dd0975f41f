import Diagnostics
import Directives

/// A text that stands in the directive itself, in the place of a dataset.
enum TextKeys {
  /// The text, which may stand bare in quotes.
  static let text = Key.text("text", "a text to look at, in the place of the dataset's").bare

  /// The text of a directive that cannot do without one.
  static let required: Key<String?> = {
    var key = Key.text("text", "the text to look at").bare
    key.setting.isRequired = true
    return key
  }()

  /// Keys that choose texts of a dataset and mean nothing where the directive brings its own.
  private static let ofDataset = ["n", "dataset", SampleKeys.positionName, "max-tokens"]

  /// Keys that decide nothing where the directive brings a text, and others that do so where it brings none.
  static func idle(in bound: BoundDirective, keeping: [String] = [], without: [String] = []) -> [String] {
    bound[text] == nil ? without : ofDataset.filter { !keeping.contains($0) }
  }

  /// Says which written keys mean nothing beside a text.
  ///
  /// - Parameter keeping: keys that do mean something, such as `dataset` where maps are fitted to it.
  static func faults(of bound: BoundDirective, keeping: [String] = []) -> [Diagnostic] {
    guard bound[text] != nil else { return [] }
    return ofDataset.filter { bound.explicitKeys.contains($0) && !keeping.contains($0) }.map { key in
      bound.directive.diagnostic(
        at: bound.directive.span, "'\(key)' has no meaning here: the directive brings its own text",
        hints: ["leave \(key)= out, or leave the text out"])
    }
  }

  /// Says which written keys mean nothing without a text.
  static func faultsWithout(_ keys: [String], in bound: BoundDirective) -> [Diagnostic] {
    guard bound[text] == nil else { return [] }
    return keys.filter(bound.explicitKeys.contains).map { key in
      bound.directive.diagnostic(
        at: bound.directive.span, "'\(key)' has no meaning without a text in the directive",
        hints: ["for example <<\(bound.name) \"The capital of France is\" \(key)=…>>"])
    }
  }
}

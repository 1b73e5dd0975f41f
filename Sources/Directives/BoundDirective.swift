import Diagnostics

/// A directive with all its meaning: which view of which model and dataset, and the value of every setting.
public struct BoundDirective: Sendable {
  /// The schema's name.
  public var name: String
  /// The view keywords, one for each group of the schema that applies.
  public var view: [String]
  /// The model; nil where the schema takes none.
  public var model: String?
  /// The models beside the first: those of `vs=`, or the rest of `models=`.
  public var versus: [String]
  /// The dataset; nil where the schema takes none.
  public var dataset: String?
  /// Every setting that applies, defaults filled in.
  public var values: [String: SettingValue]
  /// The keys written in the directive itself.
  public var explicitKeys: Set<String>
  /// The caption, as Markdown, with its place.
  public var caption: Spanned<String>?
  /// The anchor, with its place.
  public var id: Spanned<String>?
  /// `width=` and `height=`.
  public var size = FigureSize()
  /// `as=`; nil where it was not written.
  public var form: OutputForm?
  /// `tol=` as it was written, such as `0.01` or `1%`; nil where it was not.
  public var tolerance: String?
  /// The one spelling of everything that decides the numbers; keys in byte order, defaults filled in.
  public var canonicalText: String
  /// The directive as it was written.
  public var directive: Directive

  /// The same directive about another model alone: what stands for one of `vs=`.
  public func asking(_ model: String, schema: DirectiveSchema) -> BoundDirective {
    var other = self
    other.model = model
    other.versus = []
    other.canonicalText = CanonicalText.make(other, schema: schema)
    return other
  }
}

/// `<<value …>>`, `<<expect …>>` or `<<spark …>>` with all its meaning.
public struct BoundQuantity: Sendable {
  /// The schema's name: `value`, `expect` or `spark`.
  public var name: String
  /// Whether the numbers of a list are meant, and not one number.
  public var isSeries = false
  /// The way to the number.
  public var path: QuantityPath
  /// Where the path stands.
  public var pathSpan: SourceSpan
  /// The directive whose result holds the number, as if it stood in the document itself.
  public var source: BoundDirective
  /// What must hold; nil where nothing is claimed.
  public var claim: Claim?
  /// Where the claim stands.
  public var claimSpan: SourceSpan?
  /// The settings of `value`, `expect` or `spark` themselves, such as the number of digits; defaults filled in.
  public var values: [String: SettingValue]
  /// The directive as it was written.
  public var directive: Directive

  /// The quantity and where it comes from, in one canonical text.
  public var canonicalText: String { "\(path) of \(source.canonicalText)" }

  /// The claim where a number does not meet it; an undefined number meets none.
  public func brokenClaim(by value: Double?) -> Claim? {
    guard let claim, !(value.map(claim.holds) ?? false) else { return nil }
    return claim
  }
}

/// The meaning of one directive.
public indirect enum Bound: Sendable {
  /// A figure, a table, or something inline that is no quantity.
  case directive(BoundDirective)
  /// A number of a directive's result.
  case quantity(BoundQuantity)

  /// The directive as it was written.
  public var directive: Directive {
    switch self {
    case .directive(let bound): bound.directive
    case .quantity(let quantity): quantity.directive
    }
  }

  /// The directive whose engine has to run.
  public var source: BoundDirective {
    switch self {
    case .directive(let directive): directive
    case .quantity(let quantity): quantity.source
    }
  }
}

import Charts

/// The language a page speaks in its captions, legends and labels.
public enum Language: String, Sendable, CaseIterable {
  /// English, for every `lang` that is not listed.
  case english = "en"
  /// Japanese.
  case japanese = "ja"

  /// The language of a `lang` tag such as `ja` or `ja-JP`.
  public init(tag: String?) {
    let primary = tag?.split(separator: "-").first.map { $0.lowercased() }
    self = primary == "ja" ? .japanese : .english
  }

  /// One of two wordings.
  public func callAsFunction(_ english: String, _ japanese: String) -> String { self == .japanese ? japanese : english }

  /// The words charts use.
  public var chartWords: ChartWords { self == .japanese ? .japanese : .english }

  /// What a numbered thing is called.
  public func noun(_ kind: Exhibit.Kind) -> String {
    switch kind {
    case .figure: self("Figure", "図")
    case .table: self("Table", "表")
    case .equation: self("Equation", "式")
    }
  }

  /// The number as it stands in captions and references: "Figure 3", "図3".
  public func label(_ kind: Exhibit.Kind, _ number: Int) -> String {
    if kind == .equation { return self("Equation (\(number))", "式(\(number))") }
    return self("\(noun(kind)) \(number)", "\(noun(kind))\(number)")
  }

  /// The label as it stands before a caption, with what keeps the two apart.
  ///
  /// `Figure 1. ` or `図1：`.
  public func captionLabel(_ kind: Exhibit.Kind, _ number: Int) -> String {
    label(kind, number) + self(". ", "：")
  }
}

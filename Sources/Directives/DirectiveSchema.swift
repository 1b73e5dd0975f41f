/// One word of a view, such as `mean` in `<<heatmap r2 mean>>`.
public struct ViewKeyword: Sendable, Hashable, ExpressibleByStringLiteral {
  public var word: String
  /// What it shows, in one line.
  public var summary: String

  public init(_ word: String, _ summary: String = "") {
    self.word = word
    self.summary = summary
  }

  public init(stringLiteral value: String) { self.init(value) }
}

/// One place of a view: exactly one of its keywords stands there.
public struct ViewGroup: Sendable, Hashable {
  /// The words to choose from.
  public var keywords: [ViewKeyword]
  /// The word that is meant where none is written; nil where one must be written.
  public var standard: String?
  /// Words of earlier groups for which this group exists; empty where it always does.
  public var only: [String]

  public init(_ keywords: [ViewKeyword], standard: String? = nil, only: [String] = []) {
    self.keywords = keywords
    self.standard = standard
    self.only = only
  }

  /// The words alone.
  public var words: [String] { keywords.map(\.word) }
}

/// One key a directive takes, written `name=value` or, where `isBare`, as the value alone.
public struct SettingKey: Sendable, Hashable {
  public var name: String
  /// The kind of value.
  public var type: SettingType
  /// The value where none is given; `.none` where there is no default.
  public var standard: SettingValue
  /// What it does, in one line.
  public var summary: String
  /// What the value counts or measures, such as `texts`; empty where it has no unit.
  public var unit: String
  /// Whether a bare argument of this type is taken for it, such as `95%` in `<<earlyexit gpt2 95%>>`.
  public var isBare: Bool
  /// Whether it must be given.
  public var isRequired: Bool
  /// Whether it changes only the looks, not the numbers; such keys are not part of the canonical text.
  public var isPresentation: Bool
  /// View keywords for which the key exists; empty where it always does.
  public var only: [String]

  public init(
    _ name: String, _ type: SettingType, standard: SettingValue = .none, _ summary: String, unit: String = "",
    isBare: Bool = false, isRequired: Bool = false, isPresentation: Bool = false, only: [String] = []
  ) {
    self.name = name
    self.type = type
    self.standard = standard
    self.summary = summary
    self.unit = unit
    self.isBare = isBare
    self.isRequired = isRequired
    self.isPresentation = isPresentation
    self.only = only
  }
}

/// What a directive can show itself as.
public enum OutputForm: String, Sendable, Hashable, CaseIterable {
  case figure
  case table
}

/// Everything the language knows of one directive: its views, arguments, keys, defaults and documentation.
public struct DirectiveSchema: Sendable {
  /// Where a directive may stand and how its arguments are read.
  public enum Role: Sendable, Hashable {
    /// A figure or table, alone in its paragraph.
    case block
    /// Something inside running text that is not a quantity, such as `<<ref fig-depth>>`.
    case inline
    /// `<<value QUANTITY …>>`: one number of another directive's result.
    case value
    /// `<<expect QUANTITY … OP NUMBER>>`: a number that must hold.
    case claim
    /// `<<spark QUANTITY …>>`: the numbers of a list, as a curve the size of a word.
    case series
  }

  public var name: String
  /// What it shows, in one line.
  public var summary: String
  /// Where it may stand.
  public var role: Role
  /// The view keywords, in the order they are written.
  public var views: [ViewGroup]
  /// Its own keys; the keys every block takes are added by `allKeys`.
  public var keys: [SettingKey]
  /// Whether it works on a model.
  public var takesModel: Bool
  /// Whether it works on a dataset.
  public var takesDataset: Bool
  /// The name of the dataset that is meant where neither directive nor document chooses one and the book has it; nil for
  /// the book's default.
  public var standardDataset: String?
  /// Whether several models may be asked, by `models=a,b,c` or by `vs=`, once or more.
  public var takesVersus: Bool
  /// Whether a `text` in the directive stands for the dataset, which it then need not name.
  public var bringsText: Bool
  /// Whether it takes `n=` and `seed=`.
  public var takesSample: Bool
  /// How it can show itself, the default first; empty where `as=` makes no sense.
  public var forms: [OutputForm]
  /// Complete directives that work in any book.
  public var examples: [String]

  public init(
    name: String, summary: String, role: Role = .block, views: [ViewGroup] = [], keys: [SettingKey] = [],
    takesModel: Bool = true, takesDataset: Bool = true, takesVersus: Bool = false, bringsText: Bool = false,
    takesSample: Bool = true,
    forms: [OutputForm] = [.figure, .table], examples: [String] = []
  ) {
    self.name = name
    self.summary = summary
    self.role = role
    self.views = views
    self.keys = keys
    self.takesModel = takesModel
    self.takesDataset = takesDataset
    self.takesVersus = takesVersus
    self.bringsText = bringsText
    self.takesSample = takesSample
    self.forms = forms
    self.examples = examples
  }

  /// Whether it stands inside running text.
  public var isInline: Bool { role != .block }

  /// Its own keys and the sampling keys, without those that name models, datasets or the caption.
  public var allKeys: [SettingKey] {
    var all = keys
    func add(_ key: SettingKey) {
      if !all.contains(where: { $0.name == key.name }) { all.append(key) }
    }
    if takesSample {
      add(SettingKey("n", .int(1...Int.max), "how many texts of the dataset are used; all where it is not given"))
      add(Key<Int>.seed.setting)
    }
    return all
  }

  /// The keys that name further models.
  static let modelKeys = ["models", "vs"]

  /// The keys that are not settings: `caption`, `id`, `tol`, `as`, the size, further models.
  var presentationKeys: [String] {
    guard role == .block else { return [] }
    return ["caption", "id", "tol"] + (forms.isEmpty ? [] : ["as", "width", "height"])
      + (takesVersus ? Self.modelKeys : [])
  }

  /// Every key that may be written, for messages and completion.
  public var keyNames: [String] {
    allKeys.map(\.name) + (takesDataset ? ["dataset"] : []) + presentationKeys
  }
}

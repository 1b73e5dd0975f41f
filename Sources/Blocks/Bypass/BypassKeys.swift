import Diagnostics
import Directives

/// What the two forms of `bypass` take.
enum BypassKeys {
  enum Search: String, CaseIterable { case off, auto }
  enum StandIn: String, CaseIterable { case map, sparse, skip }
  enum FitPositions: String, CaseIterable { case all, text }
  enum Measure: String, CaseIterable { case none, time }
  enum Display: String, CaseIterable { case perplexity, agreement }

  static let span = Key.pair("span", "the depths between which blocks are left out: 3->8 leaves out blocks 3 to 7").bare
  static let search = Key<Search>.choice(
    "search", standard: .off, "auto: every span is tried, and the longest within the budget chosen"
  ).bare
  static let by = Key<StandIn>.choice(
    "by", standard: .map,
    "what stands in for the blocks: a fitted linear map, a map with few sources for each dimension, or nothing")
  static let top = Key.int(
    "top", in: 1...1_000_000, standard: 8,
    "by=sparse: how many source dimensions each dimension keeps, those that the regressions say contribute most")
  static let fit = Key<FitPositions>.choice(
    "fit", standard: .all,
    "positions of the training texts that fit the map: all of them, or all but the beginning-of-text token's")
  static let keepFirst = Key.flag(
    "keep-first", standard: false, "whether position 0 runs through the blocks that are left out")
  static let budget = Key.share(
    "budget", in: 0...100_000, standard: 10, "auto: the rise in perplexity that a chosen span may cost")
  static let measure = Key<Measure>.choice(
    "measure", standard: .none, "time: tokens per second of both, on this machine and left out of comparisons")
  static let lastWord = Key<String?>(
    SettingKey(
      "last-word", .dataset,
      "a dataset whose last words are predicted, too; by default the book's 'last-word', else those of the judged texts"
    ),
    standard: nil
  ) { if case .word(let name) = $0 { name } else { nil } }
  static let words = Key.int("words", standard: 200, "how many texts of last-word=", unit: "texts")
  static let shown = Key<Display>.choice("show", standard: .perplexity, "auto: what the figure shows").presentation

  static let sample = SplitKeys(texts: SampleKeys.texts(500), position: SampleKeys.position(.all))

  /// In the order they are documented.
  static let all: [any KeyDeclaration] =
    [span, search, by, top] + MapKeys.all + [fit, keepFirst, budget, measure, lastWord, words, shown]
    + [sample.texts, SplitKeys.train, SplitKeys.test, SplitKeys.split, SampleKeys.maxTokens]

  /// Keys that have no part in an answer.
  static func unused(by bound: BoundDirective) -> [String] {
    var names: Set<String> = [search.name]
    names.formUnion(bound[search] == .auto ? [span.name, measure.name] : [budget.name])
    if bound[by] != .sparse { names.insert(top.name) }
    if bound[by] == .skip { names.formUnion([fit.name] + MapKeys.all.map(\.setting.name)) }
    if bound[lastWord] == nil { names.insert(words.name) }
    return names.sorted()
  }

  /// What is wrong with a directive beyond its single keys.
  static func faults(of bound: BoundDirective) -> [Diagnostic] {
    func fault(_ message: String, _ hint: String) -> Diagnostic {
      bound.directive.diagnostic(at: bound.directive.span, message, hints: [hint])
    }
    var faults: [Diagnostic] = []
    let isSearch = bound[search] == .auto
    switch (bound[span], isSearch) {
    case (nil, false): faults.append(fault("'bypass' needs a span", "for example <<bypass 3->8>>, or <<bypass auto>>"))
    case (_?, true): faults.append(fault("'bypass' takes a span or auto, not both", "leave one of them out"))
    case (let pair?, false) where pair.from >= pair.to:
      faults.append(fault("the span \(pair.from)->\(pair.to) leaves no block out", "write the lower depth first"))
    default: break
    }
    func require<Value: Equatable>(_ isMet: Bool, _ key: Key<Value>, _ other: String) {
      if !isMet, bound.changes(key) {
        faults.append(fault("'\(key.name)' means nothing here", "it goes with \(other)"))
      }
    }
    require(bound[by] == .sparse, top, "by=sparse")
    require(bound[by] != .skip, fit, "by=map and by=sparse")
    require(bound[by] != .skip, MapKeys.intercept, "by=map and by=sparse")
    require(bound[by] != .skip, MapKeys.ridge, "by=map and by=sparse")
    require(isSearch, budget, "auto")
    require(isSearch, shown, "auto")
    require(!isSearch, measure, "a span")
    return faults + sample.faults(of: bound)
  }
}

extension BoundDirective {
  /// Whether the author wrote a key, and with another value than its default: a canonical text has all of them.
  func changes<Value: Equatable>(_ key: Key<Value>) -> Bool { isGiven(key) && self[key] != key.standard }
}

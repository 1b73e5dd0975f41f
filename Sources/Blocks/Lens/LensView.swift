import Analyses
import Charts
import Diagnostics
import Directives
import JSONText

/// `<<lens entropy|kl|ce|rank|maxprob|logitdiff>>`: one quantity of the reading at every depth.
struct LensView: CorpusView {
  static let texts = SampleKeys.texts(100)
  static let unit = Key<LensUnit>.choice(
    "unit", standard: .nats, "nats, or the sum over the texts in bits per byte of theirs")
  static let target = Key.text("target", "for logitdiff: a token, such as \" Paris\"; the model's best where not given")
  static let contrast = Key.text("contrast", "for logitdiff: the token it is compared with")

  let keywords = [
    ViewKeyword("entropy", "how undecided each depth is"),
    ViewKeyword("kl", "how far each depth's distribution is from the model's own"),
    ViewKeyword("ce", "how surprised each depth is by the token that follows"),
    ViewKeyword("rank", "the rank of the token that follows"),
    ViewKeyword("maxprob", "how sure each depth is of its best token"),
    ViewKeyword("logitdiff", "how much each depth prefers one token to another"),
  ]
  let keys: [any KeyDeclaration] =
    [TextKeys.text, texts, SampleKeys.maxTokens, unit, target, contrast] + LensKeys.maps
  let engine = EngineIdentity("lens", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { .head }
  let constants: JSONObject = ["norm": "recompute"]

  func readsDataset(_ bound: BoundDirective) -> Bool { bound[TextKeys.text] == nil || bound[LensKeys.lens] == .mat }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    TextKeys.faults(of: bound, keeping: LensKeys.keptBesideText(bound)) + LensKeys.faults(of: bound)
      + Self.ownFaults(of: bound)
  }

  func idleKeys(of bound: BoundDirective) -> [String] {
    let isEntropy = [.entropy, .kl, .ce].contains(Self.quantity(bound))
    return TextKeys.idle(in: bound, keeping: LensKeys.keptBesideText(bound)) + LensKeys.idle(in: bound)
      + (bound[LensKeys.lens] == .mat ? [Self.texts.name] : []) + (isEntropy ? [] : [Self.unit.name])
  }

  /// Curves are laid over each other; maps over a text stand side by side, and tables are joined.
  func overlays(_ bound: BoundDirective) -> Bool { bound[TextKeys.text] == nil && bound.form != .table }

  func example(_ bound: BoundDirective) -> LensResult {
    let hasText = bound[TextKeys.text] != nil
    let mean: [Double?] = [6.9, 2.5, 0.5]
    return LensResult(
      mean: mean, quartiles: mean.map { [$0, $0, $0] }, positions: 3,
      bytes: hasText || bound[LensKeys.lens] == .mat ? nil : 12,
      values: hasText ? mean.map { [$0, nil] } : nil, tokens: hasText ? ["The", " sky"] : nil,
      pairs: hasText && bound.view.last == LensQuantity.logitdiff.rawValue ? [["a", "b"], ["a", "b"]] : nil,
      control: bound[LensKeys.lens] == .mat && !hasText ? mean : nil)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<LensResult> {
    try question.requireTexts()
    let quantity = Self.quantity(question.bound)
    if [.ce, .rank].contains(quantity) { try question.requireCausal() }
    let pair = try Self.pair(question)
    if let text = question[TextKeys.text] { return try answer(text, quantity, pair, question, on: bench) }
    let summary = try bench.lensSummary(of: question, pair: pair)
    return Answer(
      result: try LensResult(summary, quantity, unit: question[Self.unit]), facts: summary.facts)
  }

  /// Not where the directive brings its text, nor over the single positions that judge fitted maps.
  func passes(_ question: Question) -> Bool { question[TextKeys.text] == nil && question[LensKeys.lens] == .id }

  func corpusPass(of question: Question, on bench: Workbench) throws -> CorpusPass<LensReadings> {
    try bench.lensPass(of: question, bench.lensTexts(of: question), try Self.pair(question))
  }

  private func answer(
    _ text: String, _ quantity: LensQuantity, _ pair: TokenPair?, _ question: Question, on bench: Workbench
  ) throws -> Answer<LensResult> {
    let (model, tokenizer) = (try question.subject.model(), try question.subject.tokenizer())
    let ids = try bench.tokens(of: text, for: question)
    let run = try bench.run(ids, positions: Array(ids.indices), middles: false, of: question)
    let maps = question[LensKeys.lens] == .mat ? try bench.lensMaps(of: question) : nil
    let depths = run.states.indices.map { maps?.maps.mapped(run.states[$0], from: $0) ?? run.states[$0] }
    let next = model.configuration.isBidirectional ? ids.map { _ in -1 } : Array(ids.dropFirst()) + [-1]
    let final = run.states[run.states.count - 1]
    let compared = try model.lensReadings(depths, final: final, next: next, pair: pair)
    var readings = LensReadings(depths: depths.count)
    readings.append(compared)
    var result = LensResult(readings.of(quantity))
    result.tokens = ids.map { TokenMarks.text($0, tokenizer) }
    if quantity == .logitdiff, let last = compared.last {
      result.pairs = last.map { $0.logits.chosen.prefix(2).map { TokenMarks.text($0.token, tokenizer) } }
    }
    return Answer(result: result, facts: try question.facts(of: run))
  }

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<LensResult>, in say: Language) -> Exhibit {
    LensExhibit(shown, Self.quantity(shown.keyword), say).exhibit
  }

  static func quantity(_ bound: BoundDirective) -> LensQuantity { quantity(bound.view.last ?? "") }
  static func quantity(_ word: String) -> LensQuantity { LensQuantity(rawValue: word) ?? .entropy }
}

/// The unit of an entropy.
enum LensUnit: String, Sendable, CaseIterable {
  case nats
  case bitsPerByte = "bits-per-byte"
}

extension LensView {
  /// The pair that `logitdiff` was asked for.
  private static func pair(_ question: Question) throws -> TokenPair? {
    guard let target = question[target], let contrast = question[contrast] else { return nil }
    return (try question.tokenID(target), try question.tokenID(contrast))
  }

  private static func ownFaults(of bound: BoundDirective) -> [Diagnostic] {
    func fault(_ message: String, _ hint: String) -> [Diagnostic] {
      [bound.directive.diagnostic(at: bound.directive.span, message, hints: [hint])]
    }
    let quantity = quantity(bound)
    if bound[unit] == .bitsPerByte {
      if ![.entropy, .kl, .ce].contains(quantity) {
        return fault("unit=bits-per-byte goes with entropy, kl and ce, not with \(quantity)", "leave unit= out")
      }
      if bound[TextKeys.text] != nil || bound[LensKeys.lens] == .mat {
        return fault("unit=bits-per-byte is a sum over whole texts of a dataset read as they are", "leave unit= out")
      }
    }
    if bound[LensKeys.lens] == .mat, bound[TextKeys.text] == nil, bound.isGiven(texts) {
      return fault("'n' has no meaning with lens=mat: the texts that judge the maps are read", "write fit=…")
    }
    let isPair = bound.isGiven(target) && bound.isGiven(contrast)
    if quantity != .logitdiff, bound.isGiven(target) || bound.isGiven(contrast) {
      return fault("'target' and 'contrast' go with logitdiff, not with \(quantity)", "write <<lens logitdiff …>>")
    }
    return bound.isGiven(target) || bound.isGiven(contrast)
      ? isPair
        ? []
        : fault(
          "'target' and 'contrast' are given together", "write both, or neither for the model's two best tokens") : []
  }
}

import Analyses
import Directives
import Tokenizers
import Transformers

/// Everything a prompt needs to be continued with early exit: the model, the rule, the maps and the tokens.
public struct ExitGeneration {
  /// The model.
  public let model: Model
  /// The prompt's tokens.
  public let prompt: [Int]
  /// The most tokens that are decoded.
  public let count: Int
  let decoder: ExitDecoder
  let tokenizer: Tokenizer

  /// One continuation.
  struct Run {
    var tokens: [ExitToken]
    var full: [Int]
  }

  init(_ question: Question, on bench: Workbench) throws {
    try question.requireTexts()
    model = try question.subject.model()
    tokenizer = try question.subject.tokenizer()
    let c = model.configuration
    prompt = try tokenizer.encode(question[GenerateKeys.prompt] ?? "")
    guard !prompt.isEmpty else { throw EngineError("the prompt has no tokens", hint: "write a longer one") }
    guard prompt.count <= c.context else {
      throw EngineError("the prompt has \(prompt.count) tokens, and the context of the model holds \(c.context)")
    }
    let levels = question[GenerateKeys.levels]
    if let level = levels?.first(where: { $0 >= c.blocks }) {
      throw EngineError(
        "at=\(level): a test after block \(c.blocks) of \(c.blocks) or beyond saves nothing",
        hint: "name depths from 1 to \(c.blocks - 1)")
    }
    count = question[GenerateKeys.tokens]
    decoder = ExitDecoder(
      model, rule: ExitRule(tau: question[EarlyExitView.tau]), lambda: question[GenerateKeys.exit],
      levels: levels.map { Set($0) }, maps: try bench.exitMaps(of: question))
  }

  /// Decodes with early exit.
  @discardableResult
  public func decode() throws -> [ExitToken] { try decoder.decode(count, after: prompt) }

  /// Decodes with all blocks.
  @discardableResult
  public func decodeFully() throws -> [Int] { try model.generate(count, after: prompt).map(\.id) }

  /// Both, with what the full model thinks of each token.
  func result() throws -> GenerateResult {
    let (tokens, full) = (try decode(), try decodeFully())
    let ids = tokens.map(\.id)
    let layers = tokens.map(\.layer)
    return GenerateResult(
      prompt: try text(prompt, skippingSpecial: true), text: try continuation(ids), tokens: ids.map(shown),
      exitLayer: layers, agreement: try decoder.agreement(of: tokens, after: prompt),
      meanLayers: layers.isEmpty ? nil : Double(layers.reduce(0, +)) / Double(layers.count),
      fullText: try continuation(full), common: zip(ids, full).prefix { $0 == $1 }.count,
      cost: .init(
        full: MultiplyAdds.model(model.configuration), exit: decoder.multiplyAdds(of: tokens) ?? 0))
  }

  /// A token as people read it; where its bytes form no character, as `\xHH`.
  private func shown(_ id: Int) -> String {
    tokenizer.display(id).replacing(/<0x([0-9A-F]{2})>/) { "\\x" + $0.output.1 }
  }

  private func text(_ ids: [Int], skippingSpecial: Bool) throws -> String {
    try tokenizer.decode(ids, skipSpecialTokens: skippingSpecial)
  }

  /// What tokens add to the prompt: decoders may treat the beginning of a text in a way of their own.
  private func continuation(_ ids: [Int]) throws -> String {
    let before = try text(prompt, skippingSpecial: true)
    let whole = try text(prompt + ids, skippingSpecial: true)
    return whole.hasPrefix(before) ? String(whole.dropFirst(before.count)) : try text(ids, skippingSpecial: true)
  }
}

extension Workbench {
  /// The maps of lens=mat, those that `earlyexit` fits to the same texts; none for lens=id.
  func exitMaps(of question: Question) throws -> [StreamMap] {
    guard question[GenerateKeys.lens] == .mat else { return [] }
    let entry = try datasetEntry(question[GenerateKeys.dataset], for: question.bound.name)
    let fitted = Question(bound: question.bound, subject: question.subject, dataset: entry)
    let maps = try finalMaps(try splitStates(of: fitted, GenerateKeys.sample), question.bound)
    return maps.maps.map { StreamMap(weights: $0.weights, bias: $0.intercept) }
  }

  /// What continues a prompt, for a bound `generate`.
  public func generation(_ bound: BoundDirective) throws -> ExitGeneration {
    guard let model = bound.model else { throw EngineError("no model was named") }
    return try ExitGeneration(Question(bound: bound, subject: subject(model), dataset: nil), on: self)
  }
}

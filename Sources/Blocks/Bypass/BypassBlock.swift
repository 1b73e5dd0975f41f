import Analyses
import Transformers

extension Block {
  /// `<<bypass M 3->8>>`, `<<bypass M auto>>`: blocks of a running model with something simpler in their place.
  static let bypass = Block(
    "bypass", "what it costs to leave blocks of a running model out, with a fitted map in their place",
    views: [BypassView(), BypassSearchView()],
    examples: [
      "<<bypass 3->8>>", "<<bypass 6->9 by=sparse top=16>>", "<<bypass 3->4 by=skip>>", "<<bypass auto budget=10%>>",
    ])
}

extension BypassView {
  /// Everything that judges one bypass, in the order in which it is computed.
  static func result(
    _ bypass: Bypass, _ judge: BypassJudge, _ words: BypassJudge, by: BypassKeys.StandIn, _ model: Model
  ) throws -> BypassResult {
    let found = try judge.predictions(of: bypass)
    let lastWords = try words.predictions(of: bypass)
    let c = model.configuration
    let (full, shortened) = (MultiplyAdds.model(c), MultiplyAdds.model(c, with: bypass))
    return BypassResult(
      by: by.rawValue, span: [bypass.span.lowerBound, bypass.span.upperBound], layersSkipped: bypass.span.count,
      perplexity: .init(full: judge.full.perplexity, bypassed: found.perplexity),
      agreement: found.agreement(with: judge.full),
      lastWord: .init(full: words.full.wholeHits(of: words.texts), bypassed: lastWords.wholeHits(of: words.texts)),
      cost: .init(full: full, bypassed: shortened), speedup: full / shortened, tokens: judge.texts.next.count,
      lastWords: words.texts.texts.count, weights: bypass.map?.multiplyAdds ?? 0)
  }
}

import Analyses
import Diagnostics
import Directives

/// What `generate` takes.
enum GenerateKeys {
  static let prompt = Key<String?>.text("prompt", "the text that is continued").bare
  static let exit = Key.number(
    "exit", in: -2...2, standard: 0.9,
    "the exit rule's λ: a token leaves where the gap between the two largest probabilities exceeds 0.9 λ + 0.1 exp(-τ t / N); from 1.112 on none does"
  )
  static let tokens = Key.int("tokens", in: 1...10_000, standard: 40, "how many tokens are decoded, at most")
  static let lens = Key<Lens>.choice(
    "lens", standard: .id, "how a state is read: as it is, or through a map to the last state")
  static let levels = Key<[Int]?>(
    SettingKey("at", .ints(1...4096), "the depths after which the rule is tested; all where not given"), standard: nil
  ) {
    switch $0 {
    case .ints(let values): values
    case .int(let value): [value]
    default: nil
    }
  }
  static let dataset = Key<String?>(
    SettingKey("dataset", .dataset, "lens=mat: the texts that fit the maps"), standard: nil
  ) { if case .word(let name) = $0 { name } else { nil } }
  /// The maps are those that `earlyexit` fits.
  static let sample = EarlyExitView.sample

  /// In the order they are documented.
  static let all: [any KeyDeclaration] = [
    prompt, exit, tokens, lens, levels, EarlyExitView.tau, dataset, sample.texts, SampleKeys.maxTokens,
  ]

  /// What is wrong with a directive beyond its single keys.
  static func faults(of bound: BoundDirective) -> [Diagnostic] {
    func fault(_ message: String, _ hint: String) -> Diagnostic {
      bound.directive.diagnostic(at: bound.directive.span, message, hints: [hint])
    }
    var faults: [Diagnostic] = []
    if (bound[prompt] ?? "").isEmpty {
      faults.append(fault("'generate' needs a prompt", "for example <<generate \"Once upon a time\">>"))
    }
    if bound[lens] == .mat {
      if bound[dataset] == nil {
        faults.append(fault("lens=mat needs texts to fit its maps to", "write dataset=… of the book"))
      }
    } else {
      for (isGiven, name) in [
        (bound.changes(dataset), "dataset"), (bound.changes(sample.texts), "n"),
        (bound.changes(SampleKeys.maxTokens), "max-tokens"),
      ] where isGiven {
        faults.append(fault("'\(name)' means nothing here", "it goes with lens=mat"))
      }
    }
    return faults
  }
}

import Analyses
import Diagnostics
import Directives

/// What the views that take a prediction apart have in common.
enum PredictionKeys {
  static let target = Key.text(
    "target",
    "the token whose prediction is taken apart, such as \" Paris\"; the model's most likely one where not given")
  static let contrast = Key.text(
    "contrast", "a second token, such as \" Berlin\": every score is then the difference between the two")
  static let method = Key<ContributionMethod>.choice(
    "method", standard: .logprobIncrease, "what a part is scored by; all but the first are for comparison")
  static let top = Key.int("top", in: 1...1000, standard: 10, "how many are named, the largest scores first")
  static let words = Key.int("k", in: 1...100, standard: 10, "how many tokens each value promotes and suppresses")
  static let unit = Key.unit(
    "unit",
    "a neuron such as L11.N340, a head such as L4.H3, or a dimension of a head's values as a position brings it: L4.H3.D7@1"
  ).bare

  /// What every view of `contribution` takes.
  static let prediction: [any KeyDeclaration] = [TextKeys.required, target, contrast]

  /// Keys of a sample mean nothing to a directive that brings its own text.
  static func idle(in bound: BoundDirective) -> [String] { TextKeys.idle(in: bound) + [Key.seed.name] }

  /// What is wrong with a method, a pair or a sample.
  static func faults(of bound: BoundDirective, hasCoefficients: Bool = true) -> [Diagnostic] {
    var faults = TextKeys.faults(of: bound)
    let chosen = bound[method]
    if chosen.needsCoefficient, !hasCoefficients {
      faults.append(
        fault(
          bound, "method=\(chosen.rawValue) asks for a coefficient, which layers and heads do not have",
          "write method=norm or leave method= out"))
    }
    if bound[contrast] != nil, !chosen.takesContrast {
      faults.append(
        fault(
          bound, "'contrast' has no meaning with method=\(chosen.rawValue), which no second token enters",
          "leave one of the two out"))
    }
    if let token = bound[target], token == bound[contrast] {
      faults.append(fault(bound, "'target' and 'contrast' are the same token", "name another one"))
    }
    return faults
  }

  static func fault(_ bound: BoundDirective, _ message: String, _ hint: String) -> Diagnostic {
    bound.directive.diagnostic(at: bound.directive.span, message, hints: [hint])
  }
}

import Books
import Diagnostics
import Directives

/// What every view takes that reads states through fitted maps and as they are.
enum LensKeys {
  static let sample = SplitKeys(texts: SampleKeys.texts(2000), position: position)
  static let position = Key<PositionMode>.choice(
    SampleKeys.positionName, among: [.random, .last, .eos, .mask], standard: .random,
    "which token of each text is looked at; in a masked model the masked one where not given")
  static let maps = Key.files(
    "maps", "a file of `layerbook maps export`, read instead of fitting; refused for another unembedding")

  static let all: [any KeyDeclaration] = sample.all + MapKeys.all + [maps]

  /// A masked model is asked about a masked token: it could copy any other.
  static func adapted(_ bound: BoundDirective, to subject: Subject, _ schema: DirectiveSchema) -> BoundDirective {
    guard subject.statesFile == nil, !bound.isGiven(sample.position), bound[sample.position] == .random,
      subject.isMasked
    else { return bound }
    return bound.setting(SampleKeys.positionName, to: .word("mask"), schema: schema)
  }

  static func faults(of bound: BoundDirective) -> [Diagnostic] {
    var faults = sample.faults(of: bound)
    guard !bound[maps].isEmpty else { return faults }
    func fault(_ message: String) {
      faults.append(bound.directive.diagnostic(at: bound.directive.span, message))
    }
    if bound[maps].count > 1 { fault("'maps' takes one file, found \(bound[maps].count)") }
    for name in [MapKeys.intercept.name, MapKeys.ridge.name] where bound.explicitKeys.contains(name) {
      fault("'\(name)' has no meaning beside 'maps': nothing is fitted")
    }
    return faults
  }
}

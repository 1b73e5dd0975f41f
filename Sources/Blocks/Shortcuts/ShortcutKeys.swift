import Books
import Diagnostics
import Directives

/// What every view takes that reads states through fitted maps and as they are.
enum ShortcutKeys {
  static let sample = SplitKeys(texts: SampleKeys.texts(2000), position: position)
  static let position = Key<PositionMode>.choice(
    SampleKeys.positionName, among: [.random, .last, .eos, .mask], standard: .random,
    "which token of each text is looked at; in a masked model the masked one where not given")
  static let maps = Key.files(
    "maps", "a file of `layerbook maps export`, read instead of fitting; refused for another unembedding")

  static let all: [any KeyDeclaration] = sample.all + MapKeys.all + [maps]

  /// What is wrong with the sizes of the sample, and with a file of maps.
  static func faults(of bound: BoundDirective, _ sample: SplitKeys) -> [Diagnostic] {
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

/// A view that reads states through lenses, or runs the model on from them.
protocol ShortcutView: SplitView {}

extension ShortcutView {
  static var sample: SplitKeys { ShortcutKeys.sample }

  func faults(of bound: BoundDirective) -> [Diagnostic] { ShortcutKeys.faults(of: bound, Self.sample) }

  /// A masked model is asked about a masked token: it could copy any other.
  func askedOfMasked(_ bound: BoundDirective, _ schema: DirectiveSchema) -> BoundDirective {
    guard !bound.isGiven(Self.sample.position), bound[Self.sample.position] == .random else { return bound }
    return bound.setting(SampleKeys.positionName, to: .word(PositionMode.mask.rawValue), schema: schema)
  }
}

import Analyses
import Books
import Diagnostics
import Directives
import Tensors

/// The keys of views that read states through a lens.
enum LensKeys {
  static let lens = Key<Lens>.choice(
    "lens", among: [.id, .mat], standard: .id,
    "the state as it is (id) or through a map fitted to the last state (mat), final norm and head after it")
  static let fit = Key.int(
    "fit", in: 5...Int.max, standard: 2000,
    "for lens=mat: texts with one random position each, of which 80 % fit the maps")

  /// What the maps of `lens=mat` take.
  static let maps: [any KeyDeclaration] = [lens, fit] + MapKeys.all

  /// Keys of a sample that decide something beside a text: those that choose what the maps are fitted to.
  static func keptBesideText(_ bound: BoundDirective) -> [String] {
    bound[lens] == .mat ? ["dataset", SampleKeys.maxTokens.name] : []
  }

  /// Keys that decide nothing where nothing is fitted.
  static func idle(in bound: BoundDirective) -> [String] {
    bound[lens] == .mat ? [] : [fit.name, MapKeys.intercept.name, MapKeys.ridge.name]
  }

  /// Keys that only maps have a use for.
  static func faults(of bound: BoundDirective) -> [Diagnostic] {
    idle(in: bound).filter(bound.explicitKeys.contains).map { key in
      bound.directive.diagnostic(
        at: bound.directive.span, "'\(key)' has no meaning with lens=id, which fits nothing", hints: ["write lens=mat"])
    }
  }
}

/// The maps of the `mat` lens together with the samples they were not fitted to.
struct LensMaps {
  var split: SplitStates
  var maps: FinalMaps
}

extension FinalMaps {
  /// States of a depth as the lens hands them to the final norm; those of the last depth stay as they are.
  func mapped(_ states: Matrix, from depth: Int) -> Matrix {
    maps.indices.contains(depth) ? maps[depth].apply(states) : states
  }
}

extension Workbench {
  /// Fits the maps as early exit does: one random position a text, four fifths of the texts, split by the seed.
  func lensMaps(of question: Question) throws -> LensMaps {
    let bound = question.bound
    let selection = SampleSelection(
      texts: bound[LensKeys.fit], position: .random, maxTokens: bound[SampleKeys.maxTokens], seed: bound[.seed])
    let sample = try states(
      of: question, StatesRequest(selection: selection, takesFewer: !bound.isGiven(LensKeys.fit)))
    let sizes = SplitSizes(of: min(sample.positions.count, bound[LensKeys.fit]))
    guard sizes.train >= 2, sizes.test >= 2 else {
      throw EngineError(
        "\(sample.positions.count) texts are too few to fit the maps of lens=mat", hint: "name a larger dataset")
    }
    let rows = SampleSplit.random.rows(count: sizes.total, train: sizes.train, test: sizes.test, seed: bound[.seed])
    let split = SplitStates(sample: sample, trainRows: rows.train, testRows: rows.test)
    return LensMaps(split: split, maps: try finalMaps(split, bound))
  }
}

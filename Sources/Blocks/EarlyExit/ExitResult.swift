import Analyses
import JSONText

/// The result of early exit through both lenses.
struct ExitResult: Codable, Sendable {
  /// One lens.
  struct Lens: Codable, Sendable {
    @Field("the fewest blocks, on average, with which the rule reaches the wanted agreement") var layers = 0.0
    @Field("share of blocks saved, 1 - layers / L") var saved = 0.0
    @Field("share of multiply-adds saved when every exit test is charged; may be negative") var savedNet = 0.0
    @Field("where the curve reaches the wanted agreement") var reached = Point()
    @OptionalField("the point before it on the exact curve; absent where the first point reaches it")
    var before: Point? = nil
    @RowsField("the exact curve, rising in layers: at most 500 of the points at which any sample changes its exit")
    var curve: [Point] = []
    @Field("how many such points there are") var points = 0
    @RowsField("the published λ") var publishedGrid: [Point] = []
    @Field("every sample leaving after the same block, one entry for each state") var fixed: [Fixed] = []
  }

  /// One setting of the exit rule.
  struct Point: Codable, Sendable {
    @Field("the rule's λ") var lambda = 0.0
    @Field("mean blocks run") var layers = 0.0
    @Field("share of agreement with the full model") var precision = 0.0
  }

  /// Every sample leaving at one state.
  struct Fixed: Codable, Sendable {
    @Field("the state's index") var layer = 0
    @Field("share of agreement with the full model") var precision = 0.0
  }

  /// What one target costs.
  struct Target: Codable, Sendable {
    @Field("the wanted share of agreement") var target = 0.0
    @Field("through maps fitted to the last state") var mat = Saving()
    @Field("reading the state as it is") var id = Saving()
    @Field("saved by mat less saved by id, in percentage points") var difference = 0.0
  }

  /// What one lens saves at one target.
  struct Saving: Codable, Sendable {
    @Field("the fewest blocks, on average, that reach the target") var layers = 0.0
    @Field("share of blocks saved") var saved = 0.0
    @Field("share of multiply-adds saved when every exit test is charged") var savedNet = 0.0
    @Field("where the curve reaches the target") var reached = Point()
  }

  @Field("through maps fitted to the last state") var mat = Lens()
  @Field("reading the state as it is") var id = Lens()
  @Field("saved by mat less saved by id, in percentage points") var difference = 0.0
  @Field("the wanted share of agreement") var target = 0.0
  @Field("both lenses at every target asked for, rising") var targets: [Target] = []
  @Field("whether there were fewer training samples than dimensions") var minimumNorm = false
}

extension ExitResult {
  /// The result at a target, and at others beside it.
  init(mat: ExitCurve, id: ExitCurve, target: Double, targets: [Double], costs: ExitCosts, minimumNorm: Bool) {
    func exit(_ lens: Analyses.Lens, _ target: Double) -> EarlyExit {
      EarlyExit(lens: lens, curve: lens == .mat ? mat : id, target: target, costs: costs)
    }
    let (matExit, idExit) = (exit(.mat, target), exit(.id, target))
    self.init(
      mat: Lens(matExit), id: Lens(idExit), difference: 100 * (matExit.saved - idExit.saved), target: target,
      targets: targets.map { wanted in
        let (mat, id) = (exit(.mat, wanted), exit(.id, wanted))
        return Target(
          target: wanted, mat: Saving(mat), id: Saving(id), difference: 100 * (mat.saved - id.saved))
      }, minimumNorm: minimumNorm)
  }

  /// A result of the usual shape.
  static var example: ExitResult {
    let reached = Point(lambda: 0.5, layers: 1.5, precision: 0.95)
    let first = Point(lambda: -1.112, layers: 1, precision: 0.8)
    let lens = Lens(
      layers: 1.5, saved: 0.25, savedNet: 0.2, reached: reached, before: first, curve: [first, reached], points: 2,
      publishedGrid: [first],
      fixed: [Fixed(layer: 0, precision: 0.1), Fixed(layer: 1, precision: 0.8), Fixed(layer: 2, precision: 1)])
    let saving = Saving(layers: 1.5, saved: 0.25, savedNet: 0.2, reached: reached)
    return ExitResult(
      mat: lens, id: lens, difference: 0, target: 0.95,
      targets: [Target(target: 0.95, mat: saving, id: saving, difference: 0)])
  }
}

extension ExitResult.Lens {
  init(_ exit: EarlyExit) {
    self.init(
      layers: exit.layers, saved: exit.saved, savedNet: exit.savedNet, reached: .init(exit.reached),
      before: exit.before.map { .init($0) },
      curve: exit.curve.thinned(to: 500, keeping: [exit.reached] + (exit.before.map { [$0] } ?? [])).map { .init($0) },
      points: exit.curve.points.count, publishedGrid: exit.curve.published.map { .init($0) },
      fixed: exit.curve.fixed.enumerated().map { .init(layer: $0.offset, precision: $0.element) })
  }
}

extension ExitResult.Saving {
  init(_ exit: EarlyExit) {
    self.init(layers: exit.layers, saved: exit.saved, savedNet: exit.savedNet, reached: .init(exit.reached))
  }
}

extension ExitResult.Point: NumberRow {
  init?(row member: (String) -> Double?) {
    guard let lambda = member("lambda"), let layers = member("layers"), let precision = member("precision") else {
      return nil
    }
    self.init(lambda: lambda, layers: layers, precision: precision)
  }

  init(_ point: ExitPoint) { self.init(lambda: point.lambda, layers: point.layers, precision: point.precision) }
}

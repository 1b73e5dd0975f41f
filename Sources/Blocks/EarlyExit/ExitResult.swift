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
    @Field("the exact curve, rising in layers: at most 500 of the points at which any sample changes its exit")
    var curve: [Point] = []
    @Field("how many such points there are") var points = 0
    @Field("the published λ") var publishedGrid: [Point] = []
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

  @Field("through maps fitted to the last state") var mat = Lens()
  @Field("reading the state as it is") var id = Lens()
  @Field("saved by mat less saved by id, in percentage points") var difference = 0.0
  @Field("the wanted share of agreement") var target = 0.0
  @Field("whether there were fewer training samples than dimensions") var minimumNorm = false
}

extension ExitResult {
  init(mat: EarlyExit, id: EarlyExit, target: Double, minimumNorm: Bool) {
    self.init(
      mat: Lens(mat), id: Lens(id), difference: 100 * (mat.saved - id.saved), target: target, minimumNorm: minimumNorm)
  }

  /// A result of the usual shape.
  static var example: ExitResult {
    let reached = Point(lambda: 0.5, layers: 1.5, precision: 0.95)
    let first = Point(lambda: -1.112, layers: 1, precision: 0.8)
    let lens = Lens(
      layers: 1.5, saved: 0.25, savedNet: 0.2, reached: reached, before: first, curve: [first, reached], points: 2,
      publishedGrid: [first],
      fixed: [Fixed(layer: 0, precision: 0.1), Fixed(layer: 1, precision: 0.8), Fixed(layer: 2, precision: 1)])
    return ExitResult(mat: lens, id: lens, difference: 0, target: 0.95)
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

extension ExitResult.Point {
  init(_ point: ExitPoint) { self.init(lambda: point.lambda, layers: point.layers, precision: point.precision) }
}

/// The shape of a point, so that series differ by more than colour.
public enum Marker: Int, Sendable, Hashable, CaseIterable {
  case circle
  case square
  /// A triangle, point up.
  case triangle
  /// A square on its corner.
  case diamond
  /// A triangle, point down.
  case wedge
  /// A plus sign as a solid shape.
  case plus

  /// The outline around a point, as path data relative to it.
  func path(_ x: Double, _ y: Double, radius: Double) -> String {
    let r = radius
    func at(_ dx: Double, _ dy: Double) -> String {
      let second = coordinate(y + dy)
      return "M" + coordinate(x + dx) + (second.hasPrefix("-") ? "" : " ") + second
    }
    func by(_ steps: [(Double, Double)]) -> String {
      steps.map { "l" + coordinate($0.0) + ($0.1 < 0 ? "" : " ") + coordinate($0.1) }.joined() + "z"
    }
    switch self {
    case .circle:
      let arc = "a\(coordinate(r)) \(coordinate(r)) 0 1 1 "
      return at(-r, 0) + arc + coordinate(2 * r) + " 0" + arc + coordinate(-2 * r) + " 0z"
    case .square:
      let side = coordinate(1.8 * r)
      return at(-0.9 * r, -0.9 * r) + "h\(side)v\(side)h-\(side)z"
    case .triangle: return at(0, -1.2 * r) + by([(1.15 * r, 2 * r), (-2.3 * r, 0)])
    case .wedge: return at(0, 1.2 * r) + by([(1.15 * r, -2 * r), (-2.3 * r, 0)])
    case .diamond: return at(0, -1.3 * r) + by([(1.3 * r, 1.3 * r), (-1.3 * r, 1.3 * r), (-1.3 * r, -1.3 * r)])
    case .plus:
      let a = 0.45 * r
      let b = 0.8 * r
      return at(-a, -a - b)
        + by([
          (2 * a, 0), (0, b), (b, 0), (0, 2 * a), (-b, 0), (0, b), (-2 * a, 0), (0, -b), (-b, 0), (0, -2 * a), (b, 0),
        ])
    }
  }
}

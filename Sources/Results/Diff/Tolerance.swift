/// The change of a number that a comparison takes for none.
public struct Tolerance: Sendable, Equatable, CustomStringConvertible {
  /// In the number's own unit.
  public var absolute: Double
  /// As a share of the old number's magnitude.
  public var relative: Double

  /// A tolerance; a change passes that stays within either.
  public init(absolute: Double = 0, relative: Double = 0) {
    self.absolute = absolute
    self.relative = relative
  }

  /// Equal numbers only.
  public static let exact = Tolerance()

  /// Reads `0.01` (absolute) or `1%` (relative); nil for anything else.
  public init?(_ text: String) {
    let isRelative = text.hasSuffix("%")
    guard let value = Double(isRelative ? String(text.dropLast()) : text), value.isFinite, value >= 0 else {
      return nil
    }
    self.init(absolute: isRelative ? 0 : value, relative: isRelative ? value / 100 : 0)
  }

  /// Whether going from `old` to `new` counts as no change.
  public func accepts(old: Double, new: Double) -> Bool {
    (new - old).magnitude <= max(absolute, relative * old.magnitude)
  }

  /// Absolute and relative part, as in `±0.01` or `±1 %`.
  public var description: String {
    let parts =
      (absolute > 0 ? ["±\(significant(absolute))"] : []) + (relative > 0 ? ["±\(significant(relative * 100)) %"] : [])
    return parts.isEmpty ? "exact" : parts.joined(separator: " or ")
  }
}

/// A number with up to six significant digits, for reading only.
func significant(_ value: Double) -> String {
  guard value != 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
  var scale = 1.0
  var magnitude = value.magnitude
  // Scaling by powers of ten up to 1e22 is exact; beyond, the last digit may be off, which six digits do not show.
  while magnitude < 100_000 {
    magnitude *= 10
    scale *= 10
    if scale > 1e22 { return value.description }
  }
  if scale == 1 { return whole(value.rounded()) }
  let text = ((value * scale).rounded() / scale).description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

private func whole(_ value: Double) -> String {
  value.magnitude < 9e15 ? String(Int(value)) : value.description
}

import JSONText

/// How one result differs from another, number by number.
public struct ValueComparison: Sendable, Equatable {
  /// One place where the two differ.
  public struct Change: Sendable, Equatable {
    public var path: ValuePath
    /// The old value; nil where there was none.
    public var old: JSONValue?
    /// The new value; nil where there is none any more.
    public var new: JSONValue?
    /// New minus old; nil unless both are numbers.
    public var absolute: Double?
    /// The change as a share of the old value's magnitude; nil where that is 0, or not both are numbers.
    public var relative: Double?
    /// Whether the change is more than the tolerance; true for anything but two numbers.
    public var isBeyond: Bool
  }

  /// Single values compared, in both results together.
  public private(set) var cells = 0
  /// The differences, in the order of the new result.
  public private(set) var changes: [Change] = []

  /// The differences beyond the tolerance.
  public var beyond: Int { changes.count { $0.isBeyond } }

  /// The largest change of a number, by magnitude; the first of several that are equal.
  public var largest: Change? {
    var best: Change?
    for change in changes {
      guard let size = change.absolute?.magnitude else { continue }
      if size > best?.absolute?.magnitude ?? -1 { best = change }
    }
    return best
  }

  /// Compares two results.
  ///
  /// Objects are compared by member, arrays by place; where one array is longer, its further elements have no
  /// counterpart. Numbers are the same when their values are, whatever their spelling; null is never equal to a number.
  public init(old: JSONValue, new: JSONValue, tolerance: Tolerance = .exact) {
    compare(old, new, ValuePath(steps: []), tolerance)
  }

  private mutating func compare(_ old: JSONValue?, _ new: JSONValue?, _ path: ValuePath, _ tolerance: Tolerance) {
    switch (old, new) {
    case (.object(let before)?, .object(let now)?):
      for (name, value) in now where !isFacts(path, name) {
        compare(before[name], value, path.appending(.member(name)), tolerance)
      }
      for (name, value) in before where now[name] == nil && !isFacts(path, name) {
        compare(value, nil, path.appending(.member(name)), tolerance)
      }
    case (.array(let before)?, .array(let now)?):
      for place in 0..<max(before.count, now.count) {
        compare(old?[place], new?[place], path.appending(.index(place)), tolerance)
      }
    default:
      compareSingle(old, new, path, tolerance)
    }
  }

  /// Sizes of the sample and the model stand beside a result: they follow from its inputs, where a change of them is
  /// reported, and are not its numbers.
  private func isFacts(_ path: ValuePath, _ name: String) -> Bool {
    (path.steps.isEmpty && name == "facts") || Measurements.holds(path, name)
  }

  /// Whether a place holds the number of a dimension, a layer or a head: it names something, and has no size.
  private func isName(_ path: ValuePath) -> Bool {
    guard case .member(let name)? = path.steps.last else { return false }
    return ["dim", "layer", "target", "head", "neuron"].contains(name) && path.steps.count > 2
  }

  private mutating func compareSingle(_ old: JSONValue?, _ new: JSONValue?, _ path: ValuePath, _ tolerance: Tolerance) {
    cells += 1
    if let before = old?.doubleValue, let now = new?.doubleValue, !isName(path) {
      guard before != now else { return compareSpelling(old, new, path) }
      let change = now - before
      let relative = before == 0 ? nil : change / before.magnitude
      let isBeyond = !tolerance.accepts(old: before, new: now)
      changes.append(
        Change(path: path, old: old, new: new, absolute: change, relative: relative, isBeyond: isBeyond))
    } else if old != new {
      changes.append(Change(path: path, old: old, new: new, absolute: nil, relative: nil, isBeyond: true))
    }
  }

  /// Whole numbers too large for a `Double` may differ although their nearest ones do not.
  private mutating func compareSpelling(_ old: JSONValue?, _ new: JSONValue?, _ path: ValuePath) {
    guard let old, let new, JSON.canonical(old) != JSON.canonical(new) else { return }
    changes.append(Change(path: path, old: old, new: new, absolute: nil, relative: nil, isBeyond: true))
  }
}

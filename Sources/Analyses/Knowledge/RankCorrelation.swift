/// Spearman's rank correlation, mean ranks where values are equal; nil where one of the two does not vary.
public func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double? {
  rankCorrelation(a, b, within: a.map { _ in 0 })
}

/// Spearman's rank correlation within groups: of the ranks that values have in their own group, less the group's mean.
///
/// What differs between groups has no part in it; over all groups together it could turn the sign. nil where one of the two
/// varies in no group.
public func rankCorrelation<Group: Hashable>(_ a: [Double], _ b: [Double], within groups: [Group]) -> Double? {
  precondition(a.count == b.count && a.count == groups.count, "\(a.count), \(b.count) and \(groups.count) numbers")
  var (xy, xx, yy) = (0.0, 0.0, 0.0)
  for places in Dictionary(grouping: a.indices, by: { groups[$0] }).values.sorted(by: { $0[0] < $1[0] }) {
    let mean = Double(places.count + 1) / 2
    for (p, q) in zip(ranks(places.map { a[$0] }), ranks(places.map { b[$0] })) {
      xy += (p - mean) * (q - mean)
      xx += (p - mean) * (p - mean)
      yy += (q - mean) * (q - mean)
    }
  }
  return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
}

/// Ranks from 1 on.
private func ranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    let end = order[start...].firstIndex { values[$0] != values[order[start]] } ?? order.count
    for place in order[start..<end] { ranks[place] = Double(start + end + 1) / 2 }
    start = end
  }
  return ranks
}

/// Spearman's rank correlation, equal values sharing the mean of their ranks; nil where one of the two does not vary.
public func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double? {
  precondition(a.count == b.count, "\(a.count) and \(b.count) numbers")
  let (x, y) = (ranks(a), ranks(b))
  let mean = Double(a.count + 1) / 2
  var (xy, xx, yy) = (0.0, 0.0, 0.0)
  for (p, q) in zip(x, y) {
    xy += (p - mean) * (q - mean)
    xx += (p - mean) * (p - mean)
    yy += (q - mean) * (q - mean)
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

/// Readings of the parts of a sample add up to those of the whole: everything is kept by position, or counted.
extension MemoryReadings: Tally {
  private static var counts: [(name: String, path: WritableKeyPath<MemoryReading, Int>)] {
    [
      ("residual", \.residual), ("ffn", \.ffn), ("output", \.output), ("state", \.state),
      ("residual_rank", \.residualRank),
    ]
  }
  private static var shares: [(name: String, path: WritableKeyPath<MemoryReading, Double>)] {
    [("confidence", \.confidence), ("effective", \.effective), ("active", \.active), ("positive", \.positive)]
  }

  /// A reading to be filled in.
  private static let blank = MemoryReading(
    residual: 0, ffn: 0, output: 0, state: 0, confidence: 0, effective: 0, active: 0, positive: 0, residualRank: 1,
    hasAgreeing: false)

  public var series: [String: [Double]] {
    var series = [
      "text": places.map { Double($0.text) }, "position": places.map { Double($0.position) },
      // No token has this number.
      "next": places.map { Double($0.next ?? -1) }, "final": places.map { Double($0.final) },
    ]
    for (block, readings) in blocks.enumerated() {
      for (name, path) in Self.counts { series["\(name).\(block)"] = readings.map { Double($0[keyPath: path]) } }
      for (name, path) in Self.shares { series["\(name).\(block)"] = readings.map { $0[keyPath: path] } }
      series["agreeing.\(block)"] = readings.map { $0.hasAgreeing ? 1 : 0 }
      let tokens = promoted[block].keys.sorted()
      series["promoted.\(block)"] = tokens.map(Double.init)
      series["promotions.\(block)"] = tokens.map { Double(promoted[block][$0] ?? 0) }
    }
    return series
  }

  public mutating func add(series: [String: [Double]]) -> Bool {
    guard let more = MemoryReadings(series, blocks: blocks.count) else { return false }
    places += more.places
    for block in blocks.indices {
      blocks[block] += more.blocks[block]
      promoted[block].merge(more.promoted[block], uniquingKeysWith: +)
    }
    return true
  }

  private init?(_ series: [String: [Double]], blocks count: Int) {
    func integers(_ name: String, _ count: Int) -> [Int]? {
      guard let values = series[name]?.map({ Int(exactly: $0) }), values.count == count, !values.contains(nil) else {
        return nil
      }
      return values.compactMap { $0 }
    }
    self.init(blocks: count)
    let rows = series["text"]?.count ?? -1
    guard let texts = integers("text", rows), let positions = integers("position", rows),
      let next = integers("next", rows), let final = integers("final", rows)
    else { return nil }
    places = (0..<rows).map {
      Place(text: texts[$0], position: positions[$0], next: next[$0] < 0 ? nil : next[$0], final: final[$0])
    }
    for block in 0..<count {
      blocks[block] = Array(repeating: Self.blank, count: rows)
      for (name, path) in Self.counts {
        guard let values = integers("\(name).\(block)", rows) else { return nil }
        for row in 0..<rows { blocks[block][row][keyPath: path] = values[row] }
      }
      for (name, path) in Self.shares {
        guard let values = series["\(name).\(block)"], values.count == rows else { return nil }
        for row in 0..<rows { blocks[block][row][keyPath: path] = values[row] }
      }
      guard let agreeing = integers("agreeing.\(block)", rows), let tokens = series["promoted.\(block)"]?.count,
        let promoted = integers("promoted.\(block)", tokens), let times = integers("promotions.\(block)", tokens),
        Set(promoted).count == tokens
      else { return nil }
      for row in 0..<rows { blocks[block][row].hasAgreeing = agreeing[row] != 0 }
      self.promoted[block] = Dictionary(uniqueKeysWithValues: zip(promoted, times))
    }
  }
}

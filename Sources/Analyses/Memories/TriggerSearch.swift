import Tensors

/// Finds each neuron's triggers while a corpus goes by, a list for every neuron and nothing else in memory.
///
/// Of every text only the best prefix counts, as in the search of Geva et al. (2021), so that one text does not fill a list.
final class TriggerSearch {
  /// The lists of one order.
  private struct Order {
    let sign: TriggerSign
    /// A list for each neuron of each block.
    var lists: [[TriggerList]]
    /// The score above which a prefix enters each list.
    var thresholds: [[Float]]
  }

  private let corpus: PrefixCorpus
  private let capacity: Int
  private var orders: [Order]
  /// The extremes of a text whose rows are not all here yet, by block.
  private var open: [Int: (text: Int, extremes: Extremes)] = [:]

  init(_ corpus: PrefixCorpus, blocks: Int, neurons: Int, capacity: Int) {
    precondition(capacity > 0, "a list holds at least one trigger")
    (self.corpus, self.capacity) = (corpus, capacity)
    orders = TriggerSign.allCases.map { sign in
      Order(
        sign: sign, lists: Array(repeating: Array(repeating: TriggerList(), count: neurons), count: blocks),
        thresholds: Array(repeating: Array(repeating: -.infinity, count: neurons), count: blocks))
    }
  }

  /// What has been found, by order.
  var tables: [TriggerSign: TriggerTable] {
    Dictionary(uniqueKeysWithValues: orders.map { ($0.sign, TriggerTable($0.sign, $0.lists, corpus)) })
  }

  /// Takes activations of one block.
  ///
  /// - Parameters:
  ///   - block: the block.
  ///   - texts: the text of each row, those of one text one after the other.
  ///   - positions: the position of each row in its text, rising.
  ///   - activations: [rows, d_ff], after the nonlinearity and, where there is one, the gate.
  func add(block: Int, texts: [Int], positions: [Int], _ activations: Matrix) {
    let parts = runs(texts, positions)
    let found = Compute.parallelMap(count: parts.count) { index in
      let part = parts[index]
      return Extremes(activations.columnExtremes(rows: part.rows), from: positions[part.rows.lowerBound])
    }
    for (part, extremes) in zip(parts, found) { take(extremes, of: part.text, block) }
  }

  /// Takes what is left of the last text of each block.
  func finish() {
    for block in open.keys.sorted() { close(block) }
  }

  /// The rows of each text that count.
  private func runs(_ texts: [Int], _ positions: [Int]) -> [(text: Int, rows: Range<Int>)] {
    var runs: [(text: Int, rows: Range<Int>)] = []
    for row in texts.indices where corpus.positions(texts[row]).contains(positions[row]) {
      if let last = runs.last, last.text == texts[row], last.rows.upperBound == row {
        runs[runs.count - 1].rows = last.rows.lowerBound..<row + 1
      } else {
        runs.append((texts[row], row..<row + 1))
      }
    }
    return runs
  }

  private func take(_ extremes: Extremes, of text: Int, _ block: Int) {
    if let known = open[block], known.text == text {
      open[block] = (text, known.extremes.joined(extremes))
    } else {
      close(block)
      open[block] = (text, extremes)
    }
  }

  private func close(_ block: Int) {
    guard let (text, extremes) = open.removeValue(forKey: block) else { return }
    for order in orders.indices {
      for neuron in extremes.largest.indices {
        let (coefficient, position) = extremes.best(neuron, by: orders[order].sign)
        // A prefix that is in a list already and of which the last bits fall short has a higher text number: it stays out.
        guard orders[order].sign.score(coefficient) > orders[order].thresholds[block][neuron] else { continue }
        let trigger = Trigger(
          text: Int32(clamping: text), position: position, next: Int32(clamping: corpus.next(text, Int(position))),
          coefficient: coefficient)
        orders[order].lists[block][neuron].offer(
          trigger, by: orders[order].sign, prefix: corpus.number(text, Int(position)), capacity: capacity)
        orders[order].thresholds[block][neuron] = orders[order].lists[block][neuron].threshold(capacity)
      }
    }
  }
}

/// The largest and smallest activation of each neuron in one text, with their positions.
private struct Extremes {
  var largest: [Float]
  var largestPosition: [Int32]
  var smallest: [Float]
  var smallestPosition: [Int32]

  init(_ found: ColumnExtremes, from position: Int) {
    let start = Int32(clamping: position)
    (largest, smallest) = (found.largest, found.smallest)
    largestPosition = found.largestRow.map { $0 + start }
    smallestPosition = found.smallestRow.map { $0 + start }
  }

  /// Together with those of later positions of the same text.
  func joined(_ later: Extremes) -> Extremes {
    var all = self
    for neuron in largest.indices {
      if later.largest[neuron] > largest[neuron] {
        (all.largest[neuron], all.largestPosition[neuron]) = (later.largest[neuron], later.largestPosition[neuron])
      }
      if later.smallest[neuron] < smallest[neuron] {
        (all.smallest[neuron], all.smallestPosition[neuron]) = (later.smallest[neuron], later.smallestPosition[neuron])
      }
    }
    return all
  }

  /// The text's best prefix for a neuron: of equal ones the lower position.
  func best(_ neuron: Int, by sign: TriggerSign) -> (coefficient: Float, position: Int32) {
    let (high, low) = (largest[neuron], smallest[neuron])
    let isLow =
      sign == .absolute
      && (-low > abs(high) || (-low == abs(high) && smallestPosition[neuron] < largestPosition[neuron]))
    return isLow ? (low, smallestPosition[neuron]) : (high, largestPosition[neuron])
  }
}

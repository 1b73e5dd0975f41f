import Tensors

/// What is made of each text's strongest activations while a corpus goes by.
protocol TriggerKeeper {
  /// The texts.
  var corpus: PrefixCorpus { get }

  /// Takes the extremes of one text in one block; of each block texts come in their order, each once.
  mutating func take(_ extremes: TextExtremes, of text: Int, _ block: Int)
}

/// Finds the prefix of each text that lights each neuron most, while a corpus goes by.
///
/// Of every text only the best prefix counts, as in the search of Geva et al. (2021), so that one text does not fill a list.
final class TriggerSearch<Keeper: TriggerKeeper> {
  /// What has been kept.
  private(set) var keeper: Keeper
  /// The extremes of a text whose rows are not all here yet, by block.
  private var open: [Int: (text: Int, extremes: TextExtremes)] = [:]

  init(_ keeper: Keeper) { self.keeper = keeper }

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
      return TextExtremes(activations.columnExtremes(rows: part.rows), from: positions[part.rows.lowerBound])
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
    for row in texts.indices where keeper.corpus.positions(texts[row]).contains(positions[row]) {
      if let last = runs.last, last.text == texts[row], last.rows.upperBound == row {
        runs[runs.count - 1].rows = last.rows.lowerBound..<row + 1
      } else {
        runs.append((texts[row], row..<row + 1))
      }
    }
    return runs
  }

  private func take(_ extremes: TextExtremes, of text: Int, _ block: Int) {
    if let known = open[block], known.text == text {
      open[block] = (text, known.extremes.joined(extremes))
    } else {
      close(block)
      open[block] = (text, extremes)
    }
  }

  private func close(_ block: Int) {
    guard let (text, extremes) = open.removeValue(forKey: block) else { return }
    keeper.take(extremes, of: text, block)
  }
}

/// The triggers of every neuron so far, a list for each and nothing else in memory.
struct TriggerLists: TriggerKeeper {
  /// The lists of one order.
  private struct Order {
    let sign: TriggerSign
    /// A list for each neuron of each block.
    var lists: [[TriggerList]]
    /// The score above which a prefix enters each list.
    var thresholds: [[Float]]
  }

  let corpus: PrefixCorpus
  private let capacity: Int
  private var orders: [Order]

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

  mutating func take(_ extremes: TextExtremes, of text: Int, _ block: Int) {
    for order in orders.indices {
      for neuron in extremes.largest.indices {
        let (coefficient, position) = extremes.best(neuron, by: orders[order].sign)
        offer(coefficient, text, Int(position), order, block, neuron)
      }
    }
  }

  /// Offers the best prefix of a text to a neuron's list.
  ///
  /// - Parameter order: the place of the list's order among all.
  mutating func offer(_ coefficient: Float, _ text: Int, _ position: Int, _ order: Int, _ block: Int, _ neuron: Int) {
    let sign = orders[order].sign
    // A prefix that is in a list already and of which the last bits fall short has a higher text number: it stays out.
    guard sign.score(coefficient) > orders[order].thresholds[block][neuron] else { return }
    let trigger = Trigger(
      text: Int32(clamping: text), position: Int32(clamping: position),
      next: Int32(clamping: corpus.next(text, position)), coefficient: coefficient)
    orders[order].lists[block][neuron].offer(
      trigger, by: sign, prefix: corpus.number(text, position), capacity: capacity)
    orders[order].thresholds[block][neuron] = orders[order].lists[block][neuron].threshold(capacity)
  }
}

/// The largest and smallest activation of each neuron in one text, with their positions.
struct TextExtremes {
  private(set) var largest: [Float]
  private var largestPosition: [Int32]
  private var smallest: [Float]
  private var smallestPosition: [Int32]

  init(_ found: ColumnExtremes, from position: Int) {
    let start = Int32(clamping: position)
    (largest, smallest) = (found.largest, found.smallest)
    largestPosition = found.largestRow.map { $0 + start }
    smallestPosition = found.smallestRow.map { $0 + start }
  }

  /// Together with those of later positions of the same text.
  func joined(_ later: TextExtremes) -> TextExtremes {
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

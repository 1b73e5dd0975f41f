import Tensors
import Transformers

extension Model {
  /// Reads what every block does at some positions.
  ///
  /// - Parameters:
  ///   - requests: texts with the positions that are read; a text is run up to its last one.
  ///   - part: which of the texts are read, all where it is nil. Where it begins and ends with a chunk of the run, its
  ///     readings have the bits that they have among those of all.
  ///   - values: what the neurons' values promote under `norm`.
  ///   - norm: what stands between r, y, o and the vocabulary.
  ///   - whole: what stands between r as a whole state and the vocabulary; `frozen` takes the scale of h_L.
  ///   - memory: about how many bytes one batch of activations may take.
  ///   - progress: told after every batch.
  /// - Throws: `ModelError`: code `unsupported` where norms follow the additions, `noHead` without a head.
  public func memoryReadings(
    at requests: [CaptureRequest], part: Range<Int>? = nil, values: ValueReadings, norm: ProjectionNorm,
    whole: ProjectionNorm, memory: Int = 128 << 20, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> MemoryReadings {
    try requirePreNorm()
    var readings = MemoryReadings(blocks: configuration.blocks)
    let used = requests.indices.filter { !requests[$0].positions.isEmpty }
    let lengths = used.map { requests[$0].causalLength }
    let bytesPerPosition = (4 * configuration.width * configuration.blocks + configuration.ffnWidth) * 4
    let batches = ModelRun.batches(lengths: lengths, limit: memory) { texts in
      texts.reduce(0) { $0 + requests[used[$1]].positions.count } * bytesPerPosition
    }
    for (done, batch) in batches.enumerated() {
      let all = batch.map { used[$0] }
      let texts = part.map { part in all.filter(part.contains) } ?? all
      guard let first = texts.first else { continue }
      func rows(_ texts: some Sequence<Int>) -> Int { texts.reduce(0) { $0 + requests[$1].positions.count } }
      let place = RowPart(first: rows(all.prefix { $0 < first }), whole: rows(all))
      try MemoryBatch(self, texts.map { requests[$0] }, texts, place, values, norm, whole).read(into: &readings)
      progress(done + 1, batches.count)
    }
    return readings
  }
}

/// Some texts run together, all of whose wanted rows are in memory.
private struct MemoryBatch {
  private let model: Model
  private let requests: [CaptureRequest]
  private let texts: [Int]
  /// Where their rows stand among those that are read together in the whole.
  private let place: RowPart
  private let values: ValueReadings
  private let norm: ProjectionNorm
  private let whole: ProjectionNorm

  init(
    _ model: Model, _ requests: [CaptureRequest], _ texts: [Int], _ place: RowPart, _ values: ValueReadings,
    _ norm: ProjectionNorm, _ whole: ProjectionNorm
  ) {
    (self.model, self.requests, self.texts, self.place) = (model, requests, texts, place)
    (self.values, self.norm, self.whole) = (values, norm, whole)
  }

  func read(into readings: inout MemoryReadings) throws {
    let run = try ModelRun(model, requests.map { Array($0.ids.prefix($0.causalLength)) })
    let rows = requests.indices.flatMap { text in requests[text].positions.map { run.row(text: text, position: $0) } }
    var middles: [Matrix] = []
    for block in 0..<model.configuration.blocks {
      let sites = BlockSites(model.configuration, block, requests.map { Set($0.positions) }, rows: rows.count)
      try run.advance(taps: sites.taps)
      let found = sites.found
      middles.append(found.middle)
      let part = try blockReadings(block, found, leaving: try run.states(at: rows))
      readings.blocks[block] += part.readings
      for token in part.promoted { readings.promoted[block][token, default: 0] += 1 }
    }
    let final = try run.states(at: rows)
    let tokens = try model.tops(of: final, .recompute, part: place)
    let scales = model.configuration.head.norm == nil ? nil : try model.finalNormScales(of: final)
    for (block, middle) in middles.enumerated() {
      let first = readings.blocks[block].count - rows.count
      for (row, read) in try wholeReadings(middle, tokens, scales).enumerated() {
        readings.blocks[block][first + row].state = read.top
        readings.blocks[block][first + row].confidence = read.probability
      }
    }
    var row = 0
    for (text, request) in zip(texts, requests) {
      for position in request.positions {
        readings.places.append(
          .init(
            text: text, position: position,
            next: request.ids.indices.contains(position + 1) ? request.ids[position + 1] : nil, final: tokens[row]))
        row += 1
      }
    }
  }

  /// Everything but what the whole state says.
  private func blockReadings(
    _ block: Int, _ found: BlockSites.Found, leaving: Matrix
  ) throws -> (readings: [MemoryReading], promoted: [Int]) {
    let residual = try model.tops(of: found.middle, norm, part: place)
    let ffn = try model.tops(of: found.added, norm, part: place)
    let output = try model.tops(of: leaving, norm, part: place)
    let lengths = found.middle.lengths
    let spreads = Compute.parallelMap(count: found.activation.rows) { row in
      CoefficientSpread(found.activation.row(row), values, block)
    }
    let readings = spreads.indices.map { row in
      let spread = spreads[row]
      return MemoryReading(
        residual: residual[row], ffn: ffn[row], output: output[row], state: 0, confidence: 0,
        effective: spread.effective, active: spread.active, positive: spread.positive,
        residualRank: 1 + spread.sizes.count { $0 > lengths[row] }, hasAgreeing: spread.tokens.contains(ffn[row]))
    }
    return (readings, spreads.flatMap { $0.tokens.sorted() })
  }

  /// The token that states give most, and the probability they give the final one.
  private func wholeReadings(
    _ states: Matrix, _ tokens: [Int], _ scales: [Float]?
  ) throws -> [(top: Int, probability: Double)] {
    let input =
      switch whole {
      case .none: states
      case .recompute: try model.headInput(states, part: place)
      case .frozen:
        if let scales { try model.finalNorm(states, frozenTo: scales, addsBias: true) } else { states }
      }
    var read: [(top: Int, probability: Double)] = []
    func take(_ rows: Range<Int>, _ logits: Matrix) {
      let tops = logits.extremePlaces()
      let sums = logits.logSumExps(
        of: (0..<logits.rows).map { ($0, 1) }, over: [Float](repeating: 0, count: logits.columns))
      for row in 0..<logits.rows {
        let logit = Double(logits[row, tokens[rows.lowerBound + row]])
        read.append((tops[row].largest, exponential(logit - sums[row])))
      }
    }
    if whole == .none {
      try model.forEachProjection(of: input, .none, part: place, take)
    } else {
      try model.forEachLogitTile(ofHeadInput: input, tileBytes: 32 << 20, part: place, take)
    }
    return read
  }
}

/// How the coefficients of a block at one position are spread over its neurons.
private struct CoefficientSpread {
  /// |m||v| of each neuron.
  let sizes: [Double]
  let effective: Double
  let active: Double
  let positive: Double
  /// The tokens that active neurons promote.
  let tokens: Set<Int>

  /// Neurons count as active above this share of the largest |m||v|.
  static let activeShare = 0.01

  init(_ coefficients: [Float], _ values: ValueReadings, _ block: Int) {
    let sizes = zip(coefficients, values.length[block]).map { abs(Double($0)) * $1 }
    let sum = sizes.reduce(0, +)
    let squares = sizes.reduce(0) { $0 + $1 * $1 }
    let limit = Self.activeShare * (sizes.max() ?? 0)
    let active = sizes.indices.filter { sizes[$0] > limit }
    effective = squares > 0 ? sum * sum / squares : 0
    self.active = Double(active.count) / Double(sizes.count)
    positive = Double(coefficients.count { $0 > 0 }) / Double(coefficients.count)
    tokens = Set(active.map { values[coefficients[$0] < 0 ? -1 : 1].top[block][$0] })
    self.sizes = sizes
  }
}

/// The rows of one block that the readings are made of.
private final class BlockSites {
  /// What was found, [n, d] and [n, d_ff].
  struct Found {
    /// r.
    var middle: Matrix
    /// y.
    var added: Matrix
    /// m.
    var activation: Matrix
  }

  private var rows: [Site: SiteRows] = [:]
  private var filled: [Site: Int] = [:]
  private(set) var taps: [Tap] = []
  private let isParallel: Bool

  init(_ c: ModelConfiguration, _ block: Int, _ positions: [Set<Int>], rows count: Int) {
    isParallel = !Site.residualMid.exists(in: c.plans[block])
    // A parallel block has no state between its branches: r is then what enters and what attention adds.
    let sites: [Site] = [.ffnOut, .ffnActivation] + (isParallel ? [.residualIn, .attentionOut] : [.residualMid])
    for site in sites {
      rows[site] = SiteRows(rows: count, columns: site == .ffnActivation ? c.ffnWidth : c.width)
      taps.append(.read(site, positions: .each(positions)) { [unowned self] in take($1, at: site) })
    }
  }

  /// Rows come in the order of texts and positions.
  private func take(_ values: Matrix, at site: Site) {
    let first = filled[site, default: 0]
    rows[site]?.take(values, at: Array(first..<first + values.rows))
    filled[site] = first + values.rows
  }

  private func matrix(_ site: Site) -> Matrix {
    guard let found = rows[site] else { preconditionFailure("nothing was read at \(site)") }
    return found.matrix
  }

  var found: Found {
    var middle: Matrix
    if isParallel {
      let (entering, attention) = (matrix(.residualIn), matrix(.attentionOut))
      middle = Matrix(
        rows: entering.rows, columns: entering.columns, values: zip(entering.values, attention.values).map { $0 + $1 })
    } else {
      middle = matrix(.residualMid)
    }
    return Found(middle: middle, added: matrix(.ffnOut), activation: matrix(.ffnActivation))
  }
}

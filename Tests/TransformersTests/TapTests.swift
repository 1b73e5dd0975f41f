import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct TapTests {
  private func bits(_ levels: [Matrix]) -> [[UInt32]] { levels.map { $0.values.map(\.bitPattern) } }

  /// One site at a time and all together, read, written and replaced by what was there.
  @Test(arguments: FixtureModels.all) func tapsThatChangeNothingKeepEveryBit(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let texts = FixtureModels.texts(model)
    let untapped = bits(try model.states(texts))
    var all: [Tap] = []
    for site in Site.all {
      let blocks = Set(model.configuration.plans.indices.filter { site.exists(in: model.configuration.plans[$0]) })
      guard !blocks.isEmpty else { continue }
      var visits = 0
      let tap = Tap.write(site, blocks: blocks) { visit, values in
        visits += values.rows
        values = Matrix(rows: values.rows, columns: values.columns, values: values.values)
      }
      #expect(bits(try model.states(texts, taps: [tap])) == untapped, "\(fixture) \(site)")
      let rows = blocks.count * texts.reduce(0) { $0 + $1.count }
      #expect(visits == rows * (site == .pattern ? model.configuration.heads : 1))
      all += [.read(site, blocks: blocks, positions: .last) { _, _ in }, .scale(site, by: 1, blocks: blocks)]
    }
    all += [.skip(blocks: []), .replace(.attention, positions: .at([])) { $1 }]
    #expect(bits(try model.states(texts, taps: all)) == untapped)
  }

  @Test(arguments: FixtureModels.all) func savedStatesGoOnBitForBit(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let texts = FixtureModels.texts(model)
    let full = try model.states(texts)
    for level in 1..<model.configuration.blocks {
      let run = try ModelRun(model, states: full[level], lengths: texts.map(\.count), level: level)
      try run.advance(to: model.configuration.blocks)
      #expect(bits([try run.allStates()]) == bits([full[model.configuration.blocks]]))
    }
  }

  @Test(arguments: FixtureModels.all) func skippedBlocksAndReplacedParts(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let texts = FixtureModels.texts(model)
    let full = try model.states(texts)
    #expect(try model.states(texts, taps: [.skip(blocks: [1])])[2] == full[1])
    // At one position the others go on as they were in this block.
    let partial = try model.states(texts, taps: [.skip(blocks: [1], positions: .at([2]))])[2]
    for (row, place) in texts.flatMap(\.indices).enumerated() {
      #expect(partial.row(row) == (place == 2 ? full[1] : full[2]).row(row))
    }
    let mapped = try model.states(texts, taps: [.replace(.block, blocks: [0]) { _, input in full[1] }])
    #expect(mapped.last == full.last)
    for part in [Tap.Part.attention, .ffn] {
      try checkReplaced(part, model, texts, full)
    }
  }

  /// A part replaced by its own output gives the model back; by nothing, a block without it.
  private func checkReplaced(_ part: Tap.Part, _ model: Model, _ texts: [[Int]], _ full: [Matrix]) throws {
    let site: Site = part == .attention ? .attentionOut : .ffnOut
    var outputs: Matrix?
    _ = try model.states(texts, taps: [.read(site, blocks: [1]) { outputs = $1 }])
    let own = try #require(outputs)
    for positions in [Tap.Positions.all, .at([0, 2])] {
      let replaced = try model.states(
        texts,
        taps: [
          .replace(part, blocks: [1], positions: positions) { visit, _ in
            var rows: [Int] = []
            for (text, position) in zip(visit.texts, visit.positions) {
              rows.append(texts[..<text].reduce(0) { $0 + $1.count } + position)
            }
            return own.rows(at: rows)
          }
        ])
      #expect(relativeDifference(replaced[2].values, full[2].values) < 2e-6)
    }
    var wasRead = false
    let silent = try model.states(
      texts,
      taps: [
        .replace(part, blocks: [1]) { Matrix(rows: $1.rows, columns: $1.columns) },
        .read(part == .attention ? .heads : .ffnActivation, blocks: [1]) { _, _ in wasRead = true },
      ])
    let zeroed = try model.states(texts, taps: [.scale(site, by: 0, blocks: [1])])
    #expect(!wasRead && silent[2] == zeroed[2] && silent[2] != full[2])
  }

  @Test(arguments: FixtureModels.all) func zeroedHeadsAndNeuronsTakeTheirShareAway(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let c = model.configuration
    let texts = FixtureModels.texts(model)
    for (site, columns) in [
      (Site.heads, c.headWidth..<2 * c.headWidth), (.ffnActivation, 3..<4), (.ffnActivation, 0..<c.ffnWidth),
    ] {
      let zero = Tap.scale(site, by: 0, blocks: [1], positions: .last, columns: columns)
      var before: Matrix?
      var after: Matrix?
      let changed = try model.states(
        texts, taps: [.read(site, blocks: [1]) { before = $1 }, zero, .read(site, blocks: [1]) { after = $1 }])
      let full = try model.states(texts)
      let (shown, zeroed) = (try #require(before), try #require(after))
      for (row, place) in texts.flatMap({ ids in ids.indices.map { (ids.count, $0) } }).enumerated() {
        let isLast = place.1 == place.0 - 1
        // A neuron may be silent anyway.
        let hadAny = shown.row(row)[columns].contains { $0 != 0 }
        #expect((changed[2].row(row) == full[2].row(row)) != (isLast && hadAny))
        if isLast { #expect(zeroed.row(row)[columns].allSatisfy { $0 == 0 }) }
      }
    }
    let added = try model.states(
      texts, taps: [.add([Float](repeating: 0.5, count: c.width), to: .residualOut, blocks: [0])])
    let plain = try model.states(texts)
    #expect(added[1].values == plain[1].values.map { $0 + 0.5 } && added[2] != plain[2])
  }

  @Test func tapsThrowOn() throws {
    struct Stop: Error {}
    let model = try FixtureModels.open("gpt2")
    for site in [Site.residualIn, .pattern, .normScale(.ffn), .ffnOut] {
      #expect(throws: Stop.self) {
        try model.states([[1, 2, 3]], taps: [.read(site, blocks: [2]) { _, _ in throw Stop() }])
      }
    }
    #expect(throws: Stop.self) {
      try model.states([[1, 2, 3]], taps: [.replace(.ffn) { _, _ in throw Stop() }])
    }
  }

  @Test(arguments: ["gpt2", "llama", "bert"]) func threadsDoNotChangeABit(fixture: String) throws {
    let before = Compute.threads
    defer { Compute.threads = before }
    let model = try FixtureModels.open(fixture)
    let texts = FixtureModels.texts(model)
    let taps = [Tap.scale(.pattern, by: 0.5, blocks: [0]), .scale(.ffnOut, by: 2, positions: .at([1, 3]))]
    Compute.threads = 1
    let one = bits(try model.states(texts, taps: taps))
    for threads in [2, 5] {
      Compute.threads = threads
      #expect(bits(try model.states(texts, taps: taps)) == one)
    }
  }

  /// Taps see texts by their number and by the position asked for, whatever the groups of a capture.
  @Test func capturesCanBeTapped() throws {
    let model = try FixtureModels.open("llama")
    let texts = (0..<9).map { text in (0..<5 + text).map { ($0 * 7 + text) % 300 } }
    let requests = texts.map { CaptureRequest(ids: $0, positions: [$0.count - 1, 1]) }
    var seen: [[Int]: [Float]] = [:]
    let taps: [Tap] = [
      .read(.ffnActivation, blocks: [1], positions: .each(texts.map { [$0.count - 1] })) { visit, values in
        for row in 0..<values.rows { seen[[visit.texts[row], visit.positions[row]]] = values.row(row) }
      }
    ]
    var captured = try model.capture(requests).map { Matrix(rows: $0.rows, columns: $0.columns) }
    try model.capture(requests, options: CaptureOptions(memory: 1), taps: taps) { level, firstRow, rows in
      for row in 0..<rows.rows { captured[level].setRow(firstRow + row, rows.row(row)) }
    }
    #expect(try captured == model.capture(requests))
    for (text, ids) in texts.enumerated() {
      let notebook = Notebook()
      notebook.add(.ffnActivation, blocks: [1])
      _ = try model.states([ids], taps: notebook.taps)
      let alone = notebook.row(.ffnActivation, block: 1, text: 0, position: ids.count - 1)
      #expect(relativeDifference(try #require(seen[[text, ids.count - 1]]), alone) < 1e-5)
    }
    #expect(seen.count == texts.count)
  }

  /// A frozen norm: the scale of another run in its place.
  @Test(arguments: ["gpt2", "llama", "bert"]) func scalesCanBeFrozen(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let place: NormPlace = model.configuration.isPostNorm ? .ffnOut : .ffn
    let texts = [[5, 6, 7, 8]]
    var halves: Matrix?
    var whole: Matrix?
    let read = Tap.read(.normOutput(place), blocks: [0]) { whole = $1 }
    _ = try model.states(texts, taps: [read])
    let expected = try #require(whole)
    _ = try model.states(texts, taps: [.scale(.normScale(place), by: 2, blocks: [0]), read])
    halves = whole
    let bias = try model.parameters(block: 0).norms[place]?.bias ?? [Float](repeating: 0, count: 48)
    let found = try #require(halves)
    for row in 0..<4 {
      let half = zip(expected.row(row), bias).map { ($0 - $1) / 2 + $1 }
      #expect(relativeDifference(found.row(row), half) < 1e-5)
    }
  }
}

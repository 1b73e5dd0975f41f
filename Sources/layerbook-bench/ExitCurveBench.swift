import Analyses
import ArgumentParser
import Files
import Regression
import Tensors
import Tokenizers
import Transformers

/// Times the exact exit curve beside what the study's scripts do: run the model again for every λ.
struct ExitCurveBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exit-curve", abstract: "Sweeps the early-exit rule, once for all λ and by running the model for each."
  )

  @Option(help: "The checkpoint folder.") var model = "assets/models/atlas-llama"
  @Option(help: "A file with one text a line.") var text = "assets/texts/atlas.txt"
  @Option(help: "Texts that fit the maps.") var train = 800
  @Option(help: "Texts that judge.") var test = 200
  @Option(help: "Threads of both sides; by default all cores.") var threads = Compute.threads

  func run() throws {
    Compute.threads = threads
    let model = try Model.open(model)
    let requests = try sample(model)
    print("\(self.model): early exit over \(test) texts, both lenses, \(threads) threads")
    let trained = try model.capture(Array(requests[..<train]))
    let maps = try LinearMaps.toFinal(train: trained).dropLast().map { AffineMap(weights: $0.weights.single) }
    for lens in [Lens.mat, .id] { try compare(lens, model, Array(requests[train...]), maps) }
  }

  private func compare(_ lens: Lens, _ model: Model, _ requests: [CaptureRequest], _ maps: [AffineMap]) throws {
    let decays = ExitRule().decays(positions: requests.flatMap(\.positions))
    let lambdas = ExitRule.lambdas(for: lens)
    var start = ContinuousClock.now
    let states = try model.capture(requests)
    let readings = try LensReading.all(states, lens: lens, maps: maps, head: model)
    let curve = ExitCurve(readings: readings, decays: decays, lambdas: lambdas)
    let ours = seconds(since: start)
    start = .now
    let full = try LensReading.read(states[states.count - 1], through: model).top
    var worst = 0.0
    for (lambda, expected) in zip(lambdas, curve.published) {
      let exits = try ExitRun(model: model, lens: lens, maps: maps).run(requests, decays.map { 0.9 * lambda + $0 })
      let agreed = zip(exits, full).count { $0.token == $1 }
      let layers = exits.reduce(0) { $0 + $1.layer }
      worst = max(
        worst, abs(Double(layers) / Double(test) - expected.layers),
        abs(Double(agreed) / Double(test) - expected.precision))
    }
    let theirs = seconds(since: start)
    print(
      "  \(lens.rawValue): all \(curve.points.count) thresholds in \(rounded(ours, 3)) s; running the model for each of the "
        + "\(lambdas.count) published ones \(rounded(theirs, 3)) s, \(rounded(theirs / ours, 1)) times as long; "
        + "largest difference of layers or agreement \(worst)")
  }

  /// Beginnings of the first texts, cut after a seeded position.
  private func sample(_ model: Model) throws -> [CaptureRequest] {
    let tokenizer = try Tokenizer.load(directory: self.model)
    var random = RandomStream(seed: 42, stream: "exit bench")
    let lines = String(decoding: try readFile(text), as: UTF8.self).split(separator: "\n")
    guard lines.count >= train + test else { throw BenchFailure("\(text) has only \(lines.count) texts") }
    return try lines[..<(train + test)].map { line in
      let ids = try tokenizer.encode(String(line))
      let position = random.integer(below: ids.count)
      return CaptureRequest(ids: Array(ids[...position]), positions: [position])
    }
  }
}

/// One run of the model in which texts leave as soon as they are sure enough.
private struct ExitRun {
  let model: Model
  let lens: Lens
  let maps: [AffineMap]

  /// The layer each text left at, and its token there.
  func run(_ requests: [CaptureRequest], _ thresholds: [Double]) throws -> [(layer: Int, token: Int)] {
    let blocks = model.configuration.blocks
    var exits = requests.map { _ in (layer: blocks, token: -1) }
    var left = Array(requests.indices)
    var run = try ModelRun(model, requests.map(\.ids))
    while !left.isEmpty {
      try run.advance()
      let last = try run.lastStates()
      let isTop = run.level == blocks
      let seen = isTop || lens == .id ? last : maps[run.level].apply(last)
      let reading = try LensReading.read(seen, through: model)
      let leaving = left.indices.filter { isTop || reading.gap[$0] > thresholds[left[$0]] }
      for place in leaving { exits[left[place]] = (run.level, reading.top[place]) }
      if isTop { break }
      let staying = left.indices.filter { !leaving.contains($0) }
      run = try rest(of: run, staying)
      left = staying.map { left[$0] }
    }
    return exits
  }

  /// The same run with some of its texts.
  private func rest(of run: ModelRun, _ texts: [Int]) throws -> ModelRun {
    guard !texts.isEmpty else { return run }
    let states = try run.states(at: texts.flatMap { Array(run.texts[$0]) })
    return try ModelRun(model, states: states, lengths: texts.map { run.texts[$0].count }, level: run.level)
  }
}

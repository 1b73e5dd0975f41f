import JSONText
import Results

/// Work under a result that is kept by itself: states, fits, what a meter saw of a part of the corpus.
///
/// It is named by a key of its own that is known before anything is computed, which the key of what the store will hold
/// need not be: that of a fit has the digest of states that are not there yet.
public struct WorkPart {
  /// The key by which it is named.
  var key: ResultKey
  /// What it is, in a few words.
  var name: String
  /// Whether the store has it.
  var isKept: Bool
  /// The keys of parts that it rests on, whether kept or not.
  var waits: [ResultKey] = []
  /// Multiply-adds, roughly.
  var effort: Double
  /// Computes it into the store.
  var compute: () throws -> Void
}

// MARK: - States, and what is fitted to them

extension Workbench {
  /// The states of a sample as a part; nil where they come from a file, or nothing is kept.
  func statesPart(of question: Question, _ request: StatesRequest) throws -> WorkPart? {
    guard question.subject.statesFile == nil, let entry = question.dataset, let store else { return nil }
    let key = try captureKey(question.subject, entry, request)
    let (texts, position) = (request.selection.texts, request.selection.position.rawValue)
    return WorkPart(
      key: key, name: "states of \(texts) texts, position \(position)",
      isKept: store.lookup(key, kind: .states, check: .valueOnly) != nil,
      effort: WorkEstimate.running(texts: texts, of: question, on: self)
    ) { [self] in _ = try states(of: question, request) }
  }
}

extension SplitView {
  func parts(of question: Question, on bench: Workbench) throws -> [WorkPart] {
    let states = try bench.statesPart(of: question, Self.sample.request(question.bound))
    return try [states].compactMap { $0 } + fitParts(of: question, states?.key, on: bench)
  }

  /// Regressions by the depth that predicts.
  private func fitParts(of question: Question, _ states: ResultKey?, on bench: Workbench) throws -> [WorkPart] {
    let (width, blocks) = try bench.size(of: question.subject)
    let shape = try bench.splitShape(of: question, Self.sample)
    return try fits(of: question, width: width).flatMap { request in
      try (0..<blocks).map { source in
        let targets = request.pairs.targets(of: source, blocks: blocks)
        let keys = shape.map { shape in
          targets.map { request.key(shape, question.bound, source: source, target: $0) }
        }
        let isKept = keys?.allSatisfy { bench.store?.lookup($0, kind: .fit, check: .valueOnly) != nil }
        let name = "\(source) → \(targets.count == 1 ? "\(source + 1)" : "\(source + 1)…\(blocks)")"
        return WorkPart(
          key: try Self.partKey(
            "fits", of: question, states,
            request.inputs(source: source, width: width).merging(RegressionKeys.inputs(of: question.bound))),
          name: "regressions \(name)\(request.variant == .plain ? "" : ", \(request.variant.name)")",
          isKept: isKept ?? false, waits: [states].compactMap { $0 },
          effort: WorkEstimate.regressions(
            targets: targets.count * (request.dimensions?.count ?? width), samples: Self.sample.sizes(question.bound))
        ) {
          let split = try bench.splitStates(of: question, Self.sample)
          _ = try bench.svrFits(split, of: question, request, sources: source..<source + 1)
        }
      }
    }
  }

  /// The key of something that is fitted to a split sample, states unseen.
  static func partKey(
    _ part: String, of question: Question, _ states: ResultKey?, _ settings: JSONObject
  ) throws -> ResultKey {
    let (bound, sizes) = (question.bound, sample.sizes(question.bound))
    let inputs: JSONObject = [
      "part": .string(part),
      "states": .string(try states?.hex ?? question.subject.identity().digest),
      "train": .int(sizes.train), "test": .int(sizes.test), "exactly": .bool(sample.areGiven(by: bound)),
      "split": .string(bound[SplitKeys.split].rawValue), "seed": .int(bound[.seed]),
    ]
    return ResultKey(inputs: inputs.merging(settings))
  }
}

extension ShortcutView {
  func parts(of question: Question, on bench: Workbench) throws -> [WorkPart] {
    let states = try bench.statesPart(of: question, Self.sample.request(question.bound))
    guard question.bound[ShortcutKeys.maps].isEmpty, let states else { return [states].compactMap { $0 } }
    let options = MapKeys.options(of: question.bound)
    let (width, blocks) = try bench.size(of: question.subject)
    let isKept = try bench.splitShape(of: question, Self.sample).map { shape in
      bench.store?.lookup(FinalMaps.key(shape, question.bound), kind: .maps, check: .valueOnly) != nil
    }
    let maps = WorkPart(
      key: try Self.partKey(
        "maps", of: question, states.key,
        ["intercept": .bool(options.intercept), "ridge": .double(options.ridge)]),
      name: "linear maps to the last state", isKept: isKept ?? false, waits: [states.key],
      effort: Double(blocks * width * width) * Double(Self.sample.sizes(question.bound).train)
    ) { _ = try bench.finalMaps(bench.splitStates(of: question, Self.sample), question.bound) }
    return [states, maps]
  }
}

extension FitRequest {
  /// What tells its parts apart, states unseen.
  fileprivate func inputs(source: Int, width: Int) -> JSONObject {
    [
      "source": .int(source), "pairs": pairs == .all ? "all" : "adjacent", "variant": .string(variant.name),
      "dimensions": .ints(dimensions ?? [width]),
    ]
  }
}

extension Workbench {
  /// Width and blocks of a model, or of a file of its states.
  fileprivate func size(of subject: Subject) throws -> (width: Int, blocks: Int) {
    if let file = subject.statesFile { return try (statesFile(file).width, statesFile(file).count - 1) }
    let configuration = try subject.model().configuration
    return (configuration.width, configuration.blocks)
  }
}

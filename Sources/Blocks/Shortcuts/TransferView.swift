import Analyses
import Charts
import Diagnostics
import Directives
import JSONText

extension Block {
  /// `<<transfer dataset=a,b>>`: maps fitted on one corpus, judged on another.
  static let transfer = Block(
    "transfer", "fitted maps taken from one corpus to another", views: [TransferView()], takesDataset: false,
    examples: ["<<transfer dataset=atlas,last-word>>", "<<transfer dataset=atlas,last-word n=1000 as=table>>"])
}

/// Agreement on every corpus with maps from every corpus.
struct TransferResult: Codable, Sendable {
  /// Sizes of one corpus' sample.
  struct Sample: Codable, Sendable {
    @Field("samples that fitted its maps") var train = 0
    @Field("samples that judge") var test = 0
  }

  @Field("the corpora, in the order named") var datasets: [String] = []
  @Field("agreement through maps, [fit][test][L+1]: fitted on one corpus, judged on another")
  var precision: [[[Double?]]] = []
  @Field("agreement of the states as they are on each corpus, [test][L+1]") var id: [[Double?]] = []
  @Field("the sample of each corpus") var samples: [Sample] = []
  @Field("whether there were fewer training samples than dimensions") var minimumNorm = false
}

struct TransferView: ShortcutView {
  static let datasets = Key<[String]>(
    SettingKey(
      "dataset", .datasets, "two corpora or more, separated by commas: each fits maps and judges those of all",
      isRequired: true), standard: []
  ) {
    switch $0 {
    case .words(let names): names
    case .word(let name): [name]
    default: nil
    }
  }

  let keys: [any KeyDeclaration] = [TransferView.datasets] + ShortcutKeys.sample.all + MapKeys.all
  let engine = EngineIdentity("transfer", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { .head }
  let constants: JSONObject = ["norm": "recompute"]

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    let fault = bound.directive.diagnostic(
      at: bound.directive.span, "'transfer' needs two corpora or more, found \(bound[Self.datasets].count)",
      hints: ["for example dataset=a,b"])
    return ShortcutKeys.sample.faults(of: bound) + (bound[Self.datasets].count < 2 ? [fault] : [])
  }

  /// What is kept knows the corpora by their digests alone.
  func named(_ result: TransferResult, by bound: BoundDirective) -> TransferResult {
    var result = result
    if !bound[Self.datasets].isEmpty { result.datasets = bound[Self.datasets] }
    return result
  }

  func example(_: BoundDirective) -> TransferResult {
    let curves: [[Double?]] = [[0.2, 0.8, 1], [0.1, 0.6, 1]]
    return TransferResult(
      datasets: ["news", "stories"], precision: [curves, curves.reversed()], id: curves,
      samples: [.init(train: 8, test: 2), .init(train: 8, test: 2)])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<TransferResult> {
    guard question.subject.statesFile == nil else {
      throw EngineError(
        "'\(question.subject.entry.name)' is captured states, which are of one corpus",
        hint: "name the checkpoint instead")
    }
    let model = try question.subject.model()
    let splits = try bench.datasetEntries(question[Self.datasets], for: "transfer").map { entry in
      try bench.splitStates(
        of: Question(bound: question.bound, subject: question.subject, dataset: entry), ShortcutKeys.sample)
    }
    let maps = try splits.map { try bench.finalMaps($0, question.bound) }
    var result = TransferResult(
      precision: maps.map { _ in [] },
      samples: splits.map { .init(train: $0.trainRows.count, test: $0.testRows.count) },
      minimumNorm: maps.contains(where: \.isMinimumNorm))
    result.datasets = question[Self.datasets].map { _ in "" }
    for split in splits {
      let states = split.test
      let full = try LensReading.read(states[states.count - 1], through: model)
      let tokens = try maps.flatMap {
        try LensReading.all(states, lens: .mat, maps: $0.maps, head: model, full: full).map(\.top)
      }
      let plain = try LensReading.all(states, lens: .id, maps: [], head: model, full: full).map(\.top)
      let agreement = (tokens + plain).map { top in
        Double(zip(top, full.top).count { $0 == $1 }) / Double(max(1, top.count))
      }
      for fit in maps.indices {
        result.precision[fit].append(Array(agreement[fit * states.count..<(fit + 1) * states.count]))
      }
      result.id.append(Array(agreement.suffix(states.count)))
    }
    return Answer(result: result, facts: question.facts(splits[0]))
  }

  func exhibit(_ shown: Shown<TransferResult>, in say: Language) -> Exhibit {
    let names = shown.datasets
    let lines = names.indices.flatMap { test in
      names.indices.map { fit in
        (
          name: say("\(names[fit]) → \(names[test])", "\(names[fit]) → \(names[test])"),
          values: shown.precision[fit][test],
          style: LineStyle(color: test, dash: fit == test ? 0 : 1 + fit, weight: fit == test ? .thick : .normal)
        )
      } + [
        (name: "id, \(names[test])", values: shown.id[test], style: LineStyle(color: test, dash: 5, weight: .thin))
      ]
    }
    let sizes = zip(names, shown.samples).map { "\($0): \($1.train) / \($1.test)" }.joined(separator: say(", ", "、"))
    return Exhibit(
      chart: LineChart(
        title: say("Maps taken from corpus to corpus", "コーパス間での写像の転用"),
        x: .layers(Terms.depth(say), 0...shown.facts.blocks), y: Axis(say("agreement", "一致率"), range: 0...1),
        series: lines.map { LineSeries($0.name, values: $0.values, style: $0.style) }),
      table: Table(
        0..<(shown.facts.blocks + 1),
        [.count(Terms.depth(say), \.self)] + lines.map { line in .number(line.name) { line.values[$0] } }),
      caption: Exhibit.Caption(
        say(
          "Agreement with the full model through maps fitted on one corpus and judged on another (fitted → judged), and of the states as they are (id).",
          "あるコーパスで推定し別のコーパスで評価した写像による全層モデルとの一致率（推定 → 評価）と、状態そのもの (id) の一致率。")),
      notes: Exhibit.Notes(
        [
          say("Training and test samples of each corpus: \(sizes).", "各コーパスの訓練・評価標本数：\(sizes)。"),
          Terms.agreementWithModel(say),
        ] + (shown.minimumNorm ? [Terms.minimumNorm(say)] : [])))
  }
}

import Analyses
import Charts
import Diagnostics
import Directives
import JSONText
import Tensors

/// `<<memory patterns>>`: what the triggers of neurons have in common, counted or said by people.
struct MemoryPatternsView: MemorySearchView {
  /// One neuron.
  struct Labelled: Codable, Sendable {
    @Field("the neuron") var unit = ""
    @Field("what most of its prefixes share: shallow, semantic, both or none") var kind = ""
    @Field("what they have in common, in words or tokens; empty where nothing is") var pattern = ""
    @Field("how many of its different prefixes show it") var count = 0
    @Field("its different prefixes") var prefixes = 0
    @Field("who says so: automatic or annotation") var by = ""
  }

  /// The result.
  struct Patterns: Codable, Sendable {
    @Field("share of the prefixes of each block that share their last token alone, [L]") var shallow: [Double?] = []
    @Field("share that share a rare word alone, [L]") var semantic: [Double?] = []
    @Field("share that share both, [L]") var both: [Double?] = []
    @Field("share that share nothing, [L]") var none: [Double?] = []
    @Field("share of the prefixes of all neurons that share nothing") var overall: Double? = nil
    @Field("the same of as many prefixes of texts drawn by chance for each neuron, labelled automatically")
    var random: Double? = nil
    @Field("the neurons, block by block") var neurons: [Labelled] = []
    @Field("how many of them were labelled by people") var annotated = 0
  }

  static let automatic = "automatic"
  static let annotation = "annotation"
  /// Rows of the table; all of them stand in its data.
  static let rows = 40

  let keywords = [ViewKeyword("patterns", "what the triggers of neurons have in common: a last token, a rare word")]
  let keys: [any KeyDeclaration] =
    [PredictionKeys.unit, MemoryKeys.keys, MemoryKeys.triggers, MemoryKeys.sign, MemoryKeys.annotations]
    + MemoryKeys.search
  let engine = EngineIdentity("memory-patterns", version: 1)

  func idleKeys(of bound: BoundDirective) -> [String] {
    bound[PredictionKeys.unit] == nil ? [] : [MemoryKeys.keys.name, Key.seed.name]
  }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    MemoryKeys.faultsOfOptionalUnit(in: bound) + OwnTable.faults(of: MemoryKeys.annotations, in: bound)
  }

  func requireFiles(of bound: BoundDirective, on bench: Workbench) throws {
    do {
      let annotations = try bench.memoryAnnotations(bound)
      if let name = bound.model { try annotations.requireNeurons(of: try bench.subject(name).model().configuration) }
    } catch let error as EngineError {
      throw Misfit(error.message, hint: error.hint, at: .setting(MemoryKeys.annotations.name))
    }
  }

  func example(_: BoundDirective) -> Patterns {
    Patterns(
      shallow: [0.75, 0.25], semantic: [0.125, 0.25], both: [0.125, 0], none: [0, 0.5], overall: 0.25, random: 0.9,
      neurons: [
        Labelled(unit: "L0.N109", kind: "shallow", pattern: "… Every", count: 17, prefixes: 20, by: Self.automatic),
        Labelled(unit: "L1.N3", kind: "semantic", pattern: "money", count: 11, prefixes: 22, by: Self.annotation),
      ], annotated: 1)
  }

  func wanted(by question: Question) -> Int { question[MemoryKeys.triggers] }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Patterns> {
    let annotations = try bench.memoryAnnotations(question.bound)
    let c = try question.subject.model().configuration
    try annotations.requireNeurons(of: c)
    let found = try bench.memoryTriggers(of: question, wanted: wanted(by: question))
    let corpus = try bench.memoryCorpus(of: question)
    let tokenizer = try question.subject.tokenizer()
    let statistics = TokenStatistics(corpus)
    var result = Patterns()
    var control = RandomPrefixes(corpus, statistics, seed: question[.seed])
    var (unlike, total) = (0, 0)
    for (block, neurons) in try bench.drawnNeurons(of: question).enumerated() {
      var counts: [TriggerPatterns.Kind: Int] = [:]
      for neuron in neurons {
        let unit = "\(StreamUnit.neuron(block: block, neuron))"
        let triggers = found[question[MemoryKeys.sign]][block, neuron].prefix(question[MemoryKeys.triggers])
        let patterns = TriggerPatterns(triggers, in: corpus, statistics)
        let prefixes = patterns.kinds.count
        control.draw(triggers.count)
        if let label = annotations[unit] {
          let count = min(prefixes, label.count ?? prefixes)
          counts[label.kind, default: 0] += count
          counts[.none, default: 0] += prefixes - count
          result.neurons.append(
            Labelled(
              unit: unit, kind: label.kind.rawValue, pattern: label.pattern, count: count, prefixes: prefixes,
              by: Self.annotation))
          result.annotated += 1
        } else {
          for kind in patterns.kinds { counts[kind, default: 0] += 1 }
          let words = patterns.shared.prefix(3).map { shared in
            let token = TokenMarks.text(shared.token, tokenizer)
            return shared.isLast ? "…" + token : token
          }
          result.neurons.append(
            Labelled(
              unit: unit, kind: patterns.kind.rawValue, pattern: words.joined(separator: " · "),
              count: prefixes - patterns.count(.none), prefixes: prefixes, by: Self.automatic))
        }
      }
      let all = counts.values.reduce(0, +)
      unlike += counts[.none, default: 0]
      total += all
      func share(_ kind: TriggerPatterns.Kind) -> Double? {
        all == 0 ? nil : Double(counts[kind, default: 0]) / Double(all)
      }
      result.shallow.append(share(.shallow))
      result.semantic.append(share(.semantic))
      result.both.append(share(.both))
      result.none.append(share(.none))
    }
    result.overall = total == 0 ? nil : Double(unlike) / Double(total)
    result.random = control.unlike
    return Answer(result: result, facts: try question.facts(of: found))
  }

  func exhibit(_ shown: Shown<Patterns>, in say: Language) -> Exhibit {
    let parts: [(name: String, values: [Double?])] = [
      (say("last token", "末尾のトークン"), shown.shallow), (say("both", "両方"), shown.both),
      (say("rare word", "稀な語"), shown.semantic), (say("nothing", "なし"), shown.none),
    ]
    let columns: [TableColumn<Labelled>] = [
      .text(say("neuron", "ニューロン"), \.unit), .text(say("kind", "種類")) { Self.name(of: $0.kind, say) },
      .text(say("in common", "共通点")) { TokenMarks.shown($0.pattern).replacing("␣", with: " ") },
      .text(say("prefixes", "接頭辞")) { "\($0.count)/\($0.prefixes)" },
      .text(say("label", "ラベル")) { $0.by == Self.annotation ? say("by hand", "人手") : say("automatic", "自動") },
    ]
    let count = shown.neurons.count
    var exhibit = Exhibit(
      chart: StackedBars(
        title: say("What triggers have in common", "トリガーの共通点"), categories: shown.shallow.indices.map(String.init),
        categoryTitle: Terms.block(say),
        value: Axis(say("share of prefixes", "接頭辞の割合"), range: 0...1, format: .percent(0)),
        parts: parts.map { BarSeries($0.name, values: $0.values) }),
      table: Table(shown.neurons.prefix(Self.rows), columns),
      caption: Exhibit.Caption(
        chart: say(
          "What the different prefixes that light \(count) neurons most share with at least two others of the same neuron.",
          "\(count) 個のニューロンを最も強く点灯させる相異なる接頭辞が、同じニューロンの他の二つ以上と共有するもの。"),
        table: say(
          "What the prefixes that light each neuron most have in common.", "各ニューロンを最も強く点灯させる接頭辞の共通点。")),
      notes: Exhibit.Notes([
        say(
          "\(count - shown.annotated) of \(count) labels are automatic: they find the same last token, or the same word anywhere that is three times as common as in the texts and not among the commonest tokens. They find what is the same, not what is alike. \(shown.annotated) were given by hand.",
          "ラベル \(count) 件のうち \(count - shown.annotated) 件は自動：同じ末尾のトークン、または（最頻のものを除き）テキスト全体の三倍以上の頻度で現れる同じ語を見つける。同一のものを見つけるのであって、類似のものではない。人手によるものは \(shown.annotated) 件。"
        ),
        say(
          "Of the neurons' prefixes \(MemoryWords.percent(shown.overall, say)) share nothing; of as many prefixes drawn by chance for each neuron it is \(MemoryWords.percent(shown.random, say)).",
          "何も共有しない接頭辞は \(MemoryWords.percent(shown.overall, say))。各ニューロンについて同数の接頭辞を無作為に選ぶと \(MemoryWords.percent(shown.random, say))。"
        ),
      ]), explanations: [MemoryWords.definitions(say), MemoryWords.triggers(shown[MemoryKeys.sign], say)])
    if count > Self.rows { exhibit.rest = Table(shown.neurons, columns) }
    return exhibit
  }

  private static func name(of kind: String, _ say: Language) -> String {
    switch TriggerPatterns.Kind(rawValue: kind) {
    case .shallow: say("last token", "末尾のトークン")
    case .semantic: say("rare word", "稀な語")
    case .both: say("both", "両方")
    case nil, TriggerPatterns.Kind.none?: say("nothing", "なし")
    }
  }
}

/// Prefixes drawn by chance, one of a text, and how many of them share something all the same.
private struct RandomPrefixes {
  private let corpus: PrefixCorpus
  private let statistics: TokenStatistics
  private let texts: [Int]
  private var stream: RandomStream
  private var counts = (none: 0, all: 0)

  init(_ corpus: PrefixCorpus, _ statistics: TokenStatistics, seed: Int) {
    (self.corpus, self.statistics) = (corpus, statistics)
    texts = corpus.texts.indices.filter { !corpus.positions($0).isEmpty }
    stream = RandomStream(seed: seed, stream: "memory.patterns")
  }

  /// Draws as many as a neuron has triggers.
  mutating func draw(_ count: Int) {
    let drawn = stream.sample(min(count, texts.count), below: texts.count).map { place -> Trigger in
      let (text, positions) = (texts[place], corpus.positions(texts[place]))
      let position = positions.lowerBound + stream.integer(below: positions.count)
      return Trigger(text: Int32(clamping: text), position: Int32(clamping: position), next: 0, coefficient: 1)
    }
    let patterns = TriggerPatterns(drawn, in: corpus, statistics)
    counts = (counts.none + patterns.count(.none), counts.all + patterns.kinds.count)
  }

  /// Share of them that share nothing; nil where none was drawn.
  var unlike: Double? { counts.all == 0 ? nil : Double(counts.none) / Double(counts.all) }
}

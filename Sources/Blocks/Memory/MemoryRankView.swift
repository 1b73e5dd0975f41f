import Analyses
import Charts
import Directives
import JSONText
import Markup

/// `<<memory rank>>`: where the token after a neuron's first trigger stands among those its value promotes.
struct MemoryRankView: MemorySearchView {
  /// The result.
  struct Ranks: Codable, Sendable {
    @Field("lower quartile, median and upper quartile of the rank over the neurons of each block, [L][3]")
    var quartiles: [[Double?]] = []
    @Field("mean rank, [L]") var mean: [Double?] = []
    @Field("lowest and highest rank, [L][2]") var range: [[Double?]] = []
    @Field("neurons of each block without a trigger or with a value of zeros, which have no rank, [L]")
    var undefined: [Int] = []
    @Field("tokens of the vocabulary") var vocabulary = 0
    @Field("what stands between values and the vocabulary") var norm = ""
  }

  let keywords = [ViewKeyword("rank", "the rank of what follows the first trigger among what the value promotes")]
  let keys: [any KeyDeclaration] = [MemoryKeys.sign, MemoryKeys.norm] + MemoryKeys.search
  let engine = EngineIdentity("memory-rank", version: 1)
  func idleKeys(of _: BoundDirective) -> [String] { [Key.seed.name] }

  func example(_: BoundDirective) -> Ranks {
    Ranks(
      quartiles: [[5, 72, 1157], [nil, nil, nil]], mean: [469.5, nil], range: [[1, 2040], [nil, nil]],
      undefined: [1, 344], vocabulary: 2048, norm: "frozen")
  }

  func wanted(by _: Question) -> Int { 1 }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Ranks> {
    let norm = question[MemoryKeys.norm] ?? .frozen
    let found = try bench.memoryTriggers(of: question, wanted: wanted(by: question))
    let table = found[question[MemoryKeys.sign]]
    let values = try bench.memoryValues(of: question, norm, ranking: found)
    var result = Ranks(vocabulary: try question.subject.model().configuration.vocabulary, norm: norm.rawValue)
    for (block, neurons) in table.triggers.enumerated() {
      let ranks = neurons.enumerated().compactMap { neuron, triggers -> Double? in
        guard let first = triggers.first, values.length[block][neuron] > 0 else { return nil }
        return Double(values[table.end(of: first)].rank[block][neuron])
      }
      result.quartiles.append(Quartiles.of(ranks))
      result.mean.append(ranks.isEmpty ? nil : ranks.reduce(0, +) / Double(ranks.count))
      result.range.append([ranks.min(), ranks.max()])
      result.undefined.append(neurons.count - ranks.count)
    }
    return Answer(result: result, facts: try question.facts(of: found))
  }

  func exhibit(_ shown: Shown<Ranks>, in say: Language) -> Exhibit {
    let name = say("median rank", "順位の中央値")
    let chance = Double(shown.vocabulary + 1) / 2
    return Exhibit(
      chart: MemoryWords.lines(
        say("Rank of the token after the trigger", "トリガーに続くトークンの順位"), Axis(say("rank", "順位"), isLogarithmic: true),
        [MemoryWords.medians(name, shown.quartiles, LineStyle(color: shown.color))], say,
        references: [ReferenceLine(.horizontal, at: chance, label: say("chance", "偶然"))]),
      table: Table(
        shown.quartiles.indices,
        [.text(Terms.block(say)) { "\($0)" }] + MemoryWords.quartiles(shown.quartiles, decimals: 1, say)
          + [.number(say("mean", "平均"), { shown.mean[$0] }, decimals: 1)]),
      caption: Exhibit.Caption(
        say(
          "Rank of the token that follows each neuron's strongest trigger among the \(shown.vocabulary) tokens by what the value gives them (1 = first); chance is \(NumberText.shortest(chance)).",
          "各ニューロンの最強のトリガーに続くトークンの、値が与える \(shown.vocabulary) トークン中の順位（1 が最上位）。偶然なら \(NumberText.shortest(chance))。"),
        chart: MemoryWords.middleHalf(say)),
      notes: Exhibit.Notes([
        MemoryWords.norm(ProjectionNorm(rawValue: shown.norm) ?? .frozen, say)
      ]), explanations: [MemoryWords.definitions(say), MemoryWords.triggers(shown[MemoryKeys.sign], say)])
  }
}

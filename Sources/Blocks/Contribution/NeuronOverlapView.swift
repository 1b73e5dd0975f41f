import Analyses
import Charts
import Directives
import JSONText
import Markup

/// `<<neurons overlap>>`: query neurons that are value neurons of the same prompt, and those that are not.
struct NeuronOverlapView: View {
  /// The result.
  struct Overlap: Codable, Sendable {
    @Field("query neurons that are no value neurons of their prompt, by block, mean over prompts, [L]")
    var queryOnly: [Double] = []
    @Field("query neurons that are value neurons of their prompt too, [L]") var both: [Double] = []
    @Field("what `both` would be if the two were drawn by chance, summed over blocks") var chance = 0.0
    @Field("how many neurons of each kind are taken of each prompt") var top = 0
    @Field("prompts that were looked at") var seen = 0
  }

  let keywords = [ViewKeyword("overlap", "query neurons, those that are value neurons too set apart")]
  let keys: [any KeyDeclaration] = [AnsweredKeys.prompts, NeuronLayersView.top]
  let engine = EngineIdentity("neurons", version: 1)
  let constants: JSONObject = ["norm": "frozen"]

  func idleKeys(of bound: BoundDirective) -> [String] { [Key.seed.name] }

  func needs(_: BoundDirective) -> ModelNeeds { [.head, .sum] }
  var readsPrompts: Bool { true }

  func example(_: BoundDirective) -> Overlap {
    Overlap(queryOnly: [200, 50], both: [10, 40], chance: 21.5, top: 300, seen: 50)
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Overlap> {
    let prompts = try AnsweredPrompts(question)
    let top = question[NeuronLayersView.top]
    let c = try question.subject.model().configuration
    var (alone, both) = ([Int](repeating: 0, count: c.blocks), [Int](repeating: 0, count: c.blocks))
    let (used, counts) = try prompts.forEach(question[AnsweredKeys.prompts], progress: bench.scoring(question)) {
      _, parts in
      let values = Set(try parts.neurons(top: top, scoresAll: false).best.map(\.unit))
      for unit in try parts.queryNeurons(top: top).best {
        if values.contains(unit.unit) { both[unit.unit.block] += 1 } else { alone[unit.unit.block] += 1 }
      }
    }
    func means(_ counts: [Int]) -> [Double] { counts.map { Double($0) / Double(used) } }
    let taken = min(top, c.blocks * c.ffnWidth)
    return Answer(
      result: Overlap(
        queryOnly: means(alone), both: means(both),
        chance: Double(taken) * Double(taken) / Double(c.blocks * c.ffnWidth), top: top, seen: counts.seen),
      facts: prompts.facts(used))
  }

  func exhibit(_ shown: Shown<Overlap>, in say: Language) -> Exhibit {
    let (alone, both) = (say("query only", "クエリのみ"), say("query and value", "クエリかつ値"))
    let total = NumberFormat.fixed(1).text(shown.both.reduce(0, +))
    return Exhibit(
      chart: BarChart(
        title: say("Query neurons by layer", "層ごとのクエリニューロン"), categories: shown.both.indices.map(String.init),
        categoryTitle: Terms.block(say), value: Axis(say("neurons of a prompt", "一文あたりのニューロン数")),
        series: [BarSeries(alone, values: shown.queryOnly), BarSeries(both, values: shown.both)]),
      table: Table(
        shown.both.indices,
        [
          .text(Terms.block(say)) { "\($0)" }, .number(alone, { shown.queryOnly[$0] }, decimals: 1),
          .number(both, { shown.both[$0] }, decimals: 1),
        ]),
      caption: Exhibit.Caption(
        say(
          "Where the \(shown.top) best query neurons of a prompt lie, those that are among its \(shown.top) best value neurons too set apart.",
          "各文の上位 \(shown.top) クエリニューロンの位置。同じ文の上位 \(shown.top) 値ニューロンでもあるものを区別する。")),
      notes: Exhibit.Notes([
        say(
          "\(total) of a prompt are both; two sets of this size drawn by chance would share \(NumberFormat.fixed(1).text(shown.chance)).",
          "両方に属するものは一文あたり \(total) 個。同じ大きさの無作為な二集合なら \(NumberFormat.fixed(1).text(shown.chance)) 個。"),
        AnsweredPrompts.sample(shown.facts.texts ?? 0, of: shown.seen, say),
      ]))
  }
}

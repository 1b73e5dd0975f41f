import Analyses
import Diagnostics
import Directives
import JSONText

/// `<<memory triggers L6.N254>>`: the prefixes that light a neuron most.
struct MemoryTriggersView: MemorySearchView {
  /// One prefix.
  struct Lit: Codable, Sendable {
    @Field("the number of the text among those searched, from 0") var text = 0
    @Field("the position at which the prefix ends, the beginning-of-text token counted") var end = 0
    @Field("the neuron's coefficient m there") var coefficient = 0.0
    @Field("the token that follows, which is no part of the prefix") var next = ""
    @Field("the prefix as text") var prefix = ""
  }

  /// The result.
  struct Triggers: Codable, Sendable {
    @Field("the strongest first, one for each text at most") var triggers: [Lit] = []
    @Field("share of them that are negative") var negative = 0.0
    @Field("different prefixes among them") var different = 0
    @Field("whether the first place is shared by texts that go on differently") var tied = false
    @Field("prefixes that were searched") var searched = 0
    @Field("whether the model sees what follows a prefix, as masked models do") var seesWhole = false
  }

  static let standard = 25

  let keywords = [ViewKeyword("triggers", "the prefixes at which a neuron is lit most, and what follows them")]
  let keys: [any KeyDeclaration] = [PredictionKeys.unit, MemoryKeys.top, MemoryKeys.sign] + MemoryKeys.search
  let engine = EngineIdentity("memory-triggers", version: 1)
  var isTable: Bool { true }

  /// A masked model has triggers too: the whole text is then what lights a neuron.
  func needs(_: BoundDirective) -> ModelNeeds { .head }
  func idleKeys(of _: BoundDirective) -> [String] { [Key.seed.name] }
  func faults(of bound: BoundDirective) -> [Diagnostic] { MemoryKeys.faults(ofUnitIn: bound) }

  func example(_: BoundDirective) -> Triggers {
    Triggers(
      triggers: [
        Lit(text: 5, end: 3, coefficient: 8.25, next: " day", prefix: "Every single"),
        Lit(text: 11, end: 9, coefficient: -6.5, next: ".", prefix: "In Chile people pay with the peso"),
      ], negative: 0.5, different: 2, tied: true, searched: 120, seesWhole: false)
  }

  func wanted(by question: Question) -> Int { question[MemoryKeys.top] ?? Self.standard }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Triggers> {
    let (block, neuron) = try question.neuron()
    let top = wanted(by: question)
    let found = try bench.memoryTriggers(of: question, wanted: top, takesMasked: true)
    let corpus = try bench.memoryCorpus(of: question)
    let tokenizer = try question.subject.tokenizer()
    let sign = question[MemoryKeys.sign]
    let used = Array(found[sign][block, neuron].prefix(top))
    var prefixes: Set<[Int]> = []
    let lit = try used.map { trigger in
      let tokens = Array(corpus.tokens(Int(trigger.text), Int(trigger.position)))
      prefixes.insert(tokens)
      return Lit(
        text: Int(trigger.text), end: Int(trigger.position), coefficient: Double(trigger.coefficient),
        next: TokenMarks.text(Int(trigger.next), tokenizer),
        prefix: try tokenizer.decode(tokens, skipSpecialTokens: true))
    }
    return Answer(
      result: Triggers(
        triggers: lit, negative: used.isEmpty ? 0 : Double(used.count { $0.sign < 0 }) / Double(used.count),
        different: prefixes.count, tied: found[sign].tiedFirst[block][neuron], searched: found.prefixes,
        seesWhole: try question.subject.model().configuration.isBidirectional),
      facts: try question.facts(of: found))
  }

  func exhibit(_ shown: Shown<Triggers>, in say: Language) -> Exhibit {
    let unit = shown[PredictionKeys.unit].map { "\($0)" } ?? ""
    var notes: [String] = []
    if shown.tied {
      notes.append(
        say(
          "The first place is shared by texts that begin alike and go on differently.",
          "第 1 位は、始まりが同じで続きの異なる複数のテキストが分け合っている。"))
    }
    if shown.seesWhole {
      notes.append(
        say(
          "A masked model sees the whole text: the prefix says where the neuron is lit, and what follows has its part in it.",
          "マスク型モデルはテキスト全体を見る。接頭辞は点灯の位置を示すもので、その後に続くものも点灯に関与している。"))
    }
    return Exhibit(
      chart: nil,
      table: Table(
        shown.triggers,
        [
          .text(say("text", "テキスト")) { "\($0.text)" }, .number(say("coefficient", "係数"), \.coefficient),
          .text(say("prefix", "接頭辞")) { MemoryWords.tail($0.prefix) },
          .text(say("next token", "次のトークン")) { TokenMarks.shown($0.next) },
        ]),
      caption: Exhibit.Caption(
        say(
          "The \(shown.triggers.count) texts of \(shown.facts.texts ?? 0) whose prefixes light \(unit) most: \(shown.different) different prefix\(shown.different == 1 ? "" : "es").",
          "\(shown.facts.texts ?? 0) 件のテキストのうち \(unit) を最も強く点灯させる \(shown.triggers.count) 件（異なる接頭辞 \(shown.different) 種）。"
        )),
      notes: Exhibit.Notes(notes),
      explanations: [MemoryWords.definitions(say), MemoryWords.triggers(shown[MemoryKeys.sign], say)])
  }
}

import Analyses
import Directives
import JSONText

/// `<<memory lastlayer>>`: positions at which the last block says what neither stream nor network said, to be judged by eye.
struct MemoryLastLayerView: MemorySampleView {
  /// One position.
  struct Composed: Codable, Sendable {
    @Field("the number of the text, from 0") var text = 0
    @Field("the position, the beginning-of-text token counted") var position = 0
    @Field("the text up to there") var prefix = ""
    @Field("the token that the stream before the network gives most") var residual = ""
    @Field("the token that the network's output gives most") var ffn = ""
    @Field("the token that leaves") var output = ""
    @Field("the token that follows in the text; empty where none does") var next = ""
  }

  /// The result.
  struct Compositions: Codable, Sendable {
    @Field("the first of them, in the order of the texts") var compositions: [Composed] = []
    @Field("how many there are") var found = 0
    @Field("share of the positions") var share: Double? = nil
    @Field("share of those listed whose token that leaves is the one that follows in the text") var right: Double? = nil
    @Field("what stands between vectors and the vocabulary") var norm = ""
  }

  static let standard = 20

  let keywords = [ViewKeyword("lastlayer", "positions at which the last block says what neither of its parts said")]
  let keys: [any KeyDeclaration] = [MemoryKeys.top] + MemoryKeys.sample
  let engine = EngineIdentity("memory-lastlayer", version: 1)
  var isTable: Bool { true }

  func example(_: BoundDirective) -> Compositions {
    Compositions(
      compositions: [
        Composed(
          text: 3, position: 7, prefix: "In Chile people pay", residual: " in", ffn: ".", output: " with", next: " with"
        )
      ], found: 12, share: 0.05, right: 1, norm: "frozen")
  }

  func result(
    _ summary: MemorySummary, _ norm: ProjectionNorm, _: ProjectionNorm, _ bound: BoundDirective
  ) -> Compositions {
    let listed = summary.lastlayer.prefix(bound[MemoryKeys.top] ?? Self.standard)
    return Compositions(
      compositions: listed.map {
        Composed(
          text: $0.text, position: $0.position, prefix: $0.prefix, residual: $0.residual, ffn: $0.ffn,
          output: $0.output, next: $0.next ?? "")
      }, found: summary.lastCompositions, share: summary.cases[MemoryCase.composition.rawValue]?.last ?? nil,
      right: listed.isEmpty ? nil : Double(listed.count { $0.next == $0.output }) / Double(listed.count),
      norm: norm.rawValue)
  }

  func exhibit(_ shown: Shown<Compositions>, in say: Language) -> Exhibit {
    Exhibit(
      chart: nil,
      table: Table(
        shown.compositions,
        [
          .text(say("text", "テキスト")) { "\($0.text)" },
          .text(say("prefix", "接頭辞")) { MemoryWords.tail($0.prefix) },
          .text(say("stream", "ストリーム")) { TokenMarks.shown($0.residual) },
          .text(say("network", "ネットワーク")) { TokenMarks.shown($0.ffn) },
          .text(say("leaves", "出力")) { TokenMarks.shown($0.output) },
          .text(say("follows", "実際の次")) { $0.next.isEmpty ? "" : TokenMarks.shown($0.next) },
        ]),
      caption: Exhibit.Caption(
        say(
          "The first \(shown.compositions.count) of \(shown.found) positions at which the last block lets a token leave that neither the stream nor its network gave most.",
          "最終ブロックが、ストリームもネットワークも最上位としなかったトークンを出す位置 \(shown.found) 件のうち最初の \(shown.compositions.count) 件。")),
      notes: Exhibit.Notes([MemoryWords.norm(ProjectionNorm(rawValue: shown.norm) ?? .frozen, say)]),
      explanations: [MemoryWords.definitions(say)])
  }
}

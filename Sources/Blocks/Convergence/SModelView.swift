import Analyses
import Charts
import Directives
import JSONText
import Markup
import Results

extension Block {
  /// `<<smodel>>`: the convergence score of every model of the book that is present.
  static let smodel = Block(
    "smodel", "convergence score and last movement of every model of the book that is present, with a small curve each",
    views: [SModelView()], takesVersus: false, examples: ["<<smodel>>", "<<smodel n=100 position=last>>"])
}

struct SModelView: View {
  /// The result.
  struct Scores: Codable, Sendable {
    /// One model.
    struct Row: Codable, Sendable {
      @Field("the model's name in the book") var model = ""
      @Field("convergence score S of its mean curve") var score: Double? = nil
      @Field("mean over positions of S") var scorePerToken: Double? = nil
      @Field("movement of its last block") var lastDistance: Double? = nil
      @Field("movement of its last block over that of the block before it") var lastRatio: Double? = nil
      @Field("movement of each block, [L]") var distance: [Double?] = []
      @Field("positions the curve is a mean of") var positions = 0
    }

    @Field("one row for each model that is present: the directive's own, then the others of the book") var rows: [Row] =
      []
    @Field("how many models of the book are absent") var absent = 0
  }

  let keys: [any KeyDeclaration] = [ConvergenceView.texts, ConvergenceView.position, SampleKeys.maxTokens]
  let engine = EngineIdentity("smodel", version: 1)
  var isTable: Bool { true }

  func example(_: BoundDirective) -> Scores {
    Scores(
      rows: [
        .init(
          model: "model", score: 0.9, scorePerToken: 0.8, lastDistance: 0.1, lastRatio: 1.5, distance: [0.3, 0.1],
          positions: 10)
      ], absent: 1)
  }

  /// Every model of the book that is present, by name and files: rows are named.
  func inputs(of question: Question, on bench: Workbench) throws -> JSONObject {
    var inputs = JSONObject()
    for subject in try present(question, on: bench).subjects {
      inputs[subject.entry.name] = .object(try subject.components())
    }
    return inputs
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Scores> {
    let (subjects, absent) = try present(question, on: bench)
    var result = Scores(absent: absent)
    var facts: Facts?
    for subject in subjects {
      let asked = Question(bound: question.bound, subject: subject, dataset: question.dataset)
      let view = ConvergenceView()
      let answer = try view.passAnswer(asked, on: bench)
      facts = facts ?? answer.facts
      let found = answer.result
      result.rows.append(
        .init(
          model: subject.entry.name, score: found.score, scorePerToken: found.scorePerToken,
          lastDistance: found.lastDistance, lastRatio: found.lastRatio, distance: found.distance,
          positions: answer.facts.positions))
    }
    guard let facts else { throw EngineError("no model of the book is present") }
    return Answer(result: result, facts: facts)
  }

  /// The models there are, the directive's own first.
  private func present(_ question: Question, on bench: Workbench) throws -> (subjects: [Subject], absent: Int) {
    var subjects = [question.subject]
    var absent = 0
    for entry in bench.book.models where entry.name != question.subject.entry.name {
      guard let subject = try? bench.subject(entry.name), (try? subject.requireStates()) != nil,
        (try? subject.components()) != nil
      else {
        absent += 1
        continue
      }
      // Captured states bring positions of their own.
      if subject.statesFile == nil || !question.bound.isGiven(ConvergenceView.position) { subjects.append(subject) }
    }
    return (subjects, absent)
  }

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<Scores>, in say: Language) -> Exhibit {
    let highest = shown.rows.flatMap(\.distance).compactMap { $0 }.max() ?? 1
    return Exhibit(
      chart: nil,
      table: Table(
        shown.rows,
        [
          .text(Terms.model(say), \.model),
          .cell(.text(say("D by block", "ブロックごとの D"))) {
            .markup(
              Sparkline(values: $0.distance, range: 0...highest).svg(name: "D: \($0.model)"),
              plain: $0.distance.map { NumberText.data($0) }.joined(separator: " "))
          },
          .count(say("blocks", "ブロック数")) { $0.distance.count }, .number("S", \.score),
          .number(say("mean S per position", "位置ごとの S の平均"), \.scorePerToken),
          .number(say("last D", "最終 D"), \.lastDistance, decimals: 4),
          .number(say("last D / previous", "最終 D / 直前"), \.lastRatio, decimals: 2),
          .count(say("positions", "位置数"), \.positions),
        ]),
      caption: Exhibit.Caption(
        say(
          "Convergence score S, movement of the last block and the curve of movements of every model that is present; all curves on one scale from 0.",
          "手元にある各モデルの収束スコア S、最終ブロックの移動量、移動量の曲線（縦軸は共通、0 から）。")),
      notes: Exhibit.Notes(
        shown.absent == 0
          ? []
          : [say("\(shown.absent) models of the book are not on this machine.", "ブックのうち \(shown.absent) モデルはこの計算機にない。")]
      ))
  }
}

import Analyses
import Books
import Charts
import Diagnostics
import Directives
import JSONText
import Markup
import Tensors

extension Block {
  /// `<<pca M>>`: the way of a state through the blocks, in three components.
  static let pca = Block(
    "pca", "the states of all depths at some positions, on three principal components",
    views: [PCAView()], bringsText: true,
    examples: [
      "<<pca \"The capital of France is\" last=1>>", "<<pca>>",
      "<<pca atlas-llama \"The capital of France is\" last=1 shared=atlas-gpt2 norm=unit>>",
    ])
}

struct PCAView: View {
  /// The result.
  struct Paths: Codable, Sendable {
    /// One position's way through the depths: consecutive rows of `coordinates`.
    struct Path: Codable, Sendable {
      @Field("the token at that position, with the model's name where there are two") var name = ""
      @Field("its first row of coordinates: the input") var start = 0
      @Field("its rows, one a state") var count = 0
    }

    @Field("coordinates of every state, position by position and, within one, from the input up, [states][3]")
    var coordinates: [[Double]] = []
    @Field("share of the variance each component holds, [3]; null where the states do not differ")
    var explained: [Double?] = []
    @Field("what each row is: the token, then Input or the block it left, [states]") var labels: [String] = []
    @Field("the positions") var paths: [Path] = []
  }

  static let last = Key.int("last", standard: 3, "with a text: how many positions, counted from its end")
  static let texts = SampleKeys.texts(3)
  static let position = SampleKeys.position(.last, among: [.last, .eos, .random])
  static let scaling = Key<PrincipalComponents.Scaling>.choice(
    "norm", standard: .none, "whether each state is brought to length 1 first: late states are longer by far")
  static let shared = Key<String?>(
    SettingKey("shared", .model, "a second model of the same width, on the same components"), standard: nil
  ) { if case .word(let name) = $0 { name } else { nil } }

  let keys: [any KeyDeclaration] = [TextKeys.text, last, texts, position, SampleKeys.maxTokens, scaling, shared]
  let engine = EngineIdentity("pca", version: 1)

  func readsDataset(_ bound: BoundDirective) -> Bool { bound[TextKeys.text] == nil }

  func faults(of bound: BoundDirective) -> [Diagnostic] {
    TextKeys.faults(of: bound) + TextKeys.faultsWithout([Self.last.name], in: bound)
  }

  func idleKeys(of bound: BoundDirective) -> [String] { TextKeys.idle(in: bound, without: [Self.last.name]) }

  func example(_: BoundDirective) -> Paths {
    Paths(
      coordinates: [[-1, 0.5, 0], [0.25, -1, 0.5], [1, 0.5, -0.5]], explained: [0.6, 0.3, 0.1],
      labels: ["is · Input", "is · 0", "is · 1"], paths: [.init(name: "is", start: 0, count: 3)])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<Paths> {
    try question.requireTexts()
    var subjects = [question.subject]
    if let second = question[Self.shared] { subjects.append(try bench.subject(second)) }
    var result = Paths()
    var rows: [Matrix] = []
    var facts: Facts?
    for subject in subjects {
      let asked = Question(bound: question.bound, subject: subject, dataset: question.dataset)
      try asked.requireTexts()
      let found = try StatePaths(asked, on: bench)
      if let width = rows.first?.columns, width != found.width {
        throw EngineError(
          "'\(subject.entry.name)' is \(found.width) wide and '\(question.subject.entry.name)' \(width): their states have no components in common",
          hint: "leave shared= out")
      }
      for (name, states) in found.paths {
        let title = subjects.count > 1 ? "\(subject.entry.name) \(name)" : name
        result.paths.append(.init(name: title, start: result.labels.count, count: states.rows))
        result.labels += (0..<states.rows).map { "\(title) · " + ($0 == 0 ? "Input" : "\($0 - 1)") }
        rows.append(states)
      }
      facts = facts ?? found.facts
    }
    guard let facts else { throw EngineError("there are no states to show") }
    let components = try PrincipalComponents(of: Matrix.vertical(rows), scaling: question[Self.scaling])
    (result.coordinates, result.explained) = (components.coordinates, components.explained)
    return Answer(result: result, facts: facts)
  }

  func remarks(in say: Language) -> [ProvenanceItem] { [.statesBeforeFinalNorm(say)] }

  func exhibit(_ shown: Shown<Paths>, in say: Language) -> Exhibit {
    let shares = shown.explained.map { NumberText.percent($0, decimals: 1) }
    let total = NumberText.percent(shown.explained.compactMap { $0 }.reduce(0, +), decimals: 1)
    let paths = shown.paths.map { path in
      SpacePaths.Path(
        Self.title(of: path, in: shown), points: Array(shown.coordinates[path.start..<path.start + path.count]),
        labels: Self.stateNames(path.count, in: say))
    }
    let states = shown.paths.flatMap { path in
      Self.stateNames(path.count, in: say).map { "\(Self.title(of: path, in: shown)) · \($0)" }
    }
    return Exhibit(
      chart: SpacePaths(
        title: say("States in three principal components", "三つの主成分で見た状態"),
        axes: shares.enumerated().map { index, share in
          Axis("PC \(index + 1) (\(share))", column: "PC \(index + 1)")
        },
        paths: paths),
      table: Table(
        shown.coordinates.indices,
        [.text(say("state", "状態")) { states[$0] }]
          + (0..<3).map { axis in
            .number(say("component \(axis + 1)", "第\(axis + 1)主成分"), { shown.coordinates[$0][axis] })
          }),
      caption: Exhibit.Caption(
        say(
          "The state after every block, from the input (hollow) up, on the three directions in which the states differ most.",
          "入力（白抜き）から各ブロック通過後までの状態を、差が最も大きい三方向で示す。"),
        chart: say(
          " Thin lines drop to the floor; below, the same from three sides.", "細線は床への垂線。下段は同じものを三方向から見た図。")),
      notes: Exhibit.Notes([
        say(
          "The components hold \(shares.joined(separator: ", ")) of the variance, together \(total).",
          "各主成分の寄与率は \(shares.joined(separator: "、"))、合計 \(total)。")
      ]))
  }

  private static func stateNames(_ count: Int, in say: Language) -> [String] {
    (0..<count).map { $0 == 0 ? say("Input", "入力") : "\($0 - 1)" }
  }

  /// A position's token as figures show it, behind the model's name, which has no space, where there are two.
  private static func title(of path: Paths.Path, in shown: Shown<Paths>) -> String {
    guard shown[Self.shared] != nil, let space = path.name.firstIndex(of: " ") else {
      return TokenMarks.shown(path.name)
    }
    return path.name[...space] + TokenMarks.shown(String(path.name[path.name.index(after: space)...]))
  }
}

/// The states of some positions at all depths.
private struct StatePaths {
  var paths: [(name: String, states: Matrix)] = []
  var width: Int
  var facts: Facts

  init(_ question: Question, on bench: Workbench) throws {
    let tokenizer = try question.subject.tokenizer()
    width = try question.subject.model().configuration.width
    if let text = question[TextKeys.text] {
      let ids = try bench.tokens(of: text, for: question)
      guard question[PCAView.last] <= ids.count else {
        throw EngineError("last=\(question[PCAView.last]), and the text has \(ids.count) tokens", hint: "lower last=")
      }
      let positions = Array(ids.indices.suffix(question[PCAView.last]))
      let run = try bench.run(ids, positions: positions, middles: false, of: question)
      facts = try question.facts(of: run)
      add(run.states, names: positions.map { TokenMarks.text(ids[$0], tokenizer) })
      return
    }
    let request = StatesRequest(
      selection: question.bound.selection(texts: question[PCAView.texts], position: PCAView.position),
      takesFewer: !question.bound.isGiven(PCAView.texts))
    let samples = try bench.samples(of: question, request)
    let states = try bench.capture(samples, of: question.subject)
    facts = try question.facts(
      texts: samples.count, scored: states[0].rows, request.selection.position.rawValue)
    add(states, names: samples.indices.map { "\($0 + 1)" })
  }

  private mutating func add(_ states: [Matrix], names: [String]) {
    for (row, name) in names.enumerated() {
      paths.append((name, Matrix.vertical(states.map { $0.rows(row..<row + 1) })))
    }
  }
}

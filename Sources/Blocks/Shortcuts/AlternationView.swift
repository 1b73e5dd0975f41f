import Analyses
import Charts
import Directives
import JSONText
import Regression
import Tensors

extension Block {
  /// `<<alternation a=1,2 b=1,2>>`: run some blocks, jump over some, and so on.
  static let alternation = Block(
    "alternation", "running some blocks and jumping over the next by a fitted map, again and again",
    views: [AlternationView()], examples: ["<<alternation>>", "<<alternation a=2 b=1,2,3 n=600 as=table>>"])
}

/// Agreement of each schedule with the full model.
struct AlternationResult: Codable, Sendable {
  /// One schedule.
  struct Schedule: Codable, Sendable {
    @Field("blocks run before each jump, a") var run = 0
    @Field("blocks jumped over at a time, b") var jump = 0
    @Field("blocks run in all") var executed = 0
    @Field("share of samples whose top token is the full model's") var precision: Double? = nil
    @Field("mean of -ln p under the full model of the top token, in nats") var surprisal: Double? = nil
    @Field("the control: agreement of one jump to the end after as many blocks") var single: Double? = nil
  }

  @Field("every pair of a and b") var schedules: [Schedule] = []
  @Field("agreement of one jump to the end after each number of blocks, [L+1]") var single: [Double?] = []
  @Field("whether there were fewer training samples than dimensions") var minimumNorm = false
}

struct AlternationView: ShortcutView {
  static let sample = SubmodulesView.sample
  static let run = Key.ints("a", in: 0...10_000, standard: [1, 2, 3], "blocks run before each jump")
  static let jump = Key.ints("b", in: 1...10_000, standard: [1, 2], "blocks jumped over at a time")

  let keys: [any KeyDeclaration] =
    [AlternationView.run, AlternationView.jump] + SubmodulesView.sample.all + MapKeys.all
  let engine = EngineIdentity("alternation", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { .head }
  let constants: JSONObject = ["norm": "recompute"]

  func example(_: BoundDirective) -> AlternationResult {
    AlternationResult(
      schedules: [.init(run: 1, jump: 1, executed: 1, precision: 0.8, surprisal: 1.5, single: 0.7)],
      single: [0.2, 0.7, 1])
  }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<AlternationResult> {
    let model = try question.subject.model()
    let sample = try bench.splitTexts(of: question, SubmodulesView.sample)
    let (train, test, blocks) = (sample.states.train, sample.states.test, sample.states.sample.blocks)
    let schedules = question[Self.run].flatMap { run in
      question[Self.jump].map { AlternationSchedule(run: run, jump: $0) }
    }
    let maps = try Self.maps(
      Set(schedules.flatMap { $0.jumps(blocks: blocks) }), train, MapKeys.options(of: question.bound))
    let run = ReplacedRun(
      model, texts: sample.test.map(\.ids), positions: sample.test.flatMap(\.positions), memory: bench.memory / 2)
    var tokens: [[Int?]] = []
    for (done, schedule) in schedules.enumerated() {
      tokens.append(try run.top(schedule.taps(blocks: blocks, maps: maps)))
      bench.monitor.progress("running schedules", done + 1, schedules.count)
    }
    let finalMaps = try bench.finalMaps(sample.states, question.bound)
    let single = try LensReading.all(test, lens: .mat, maps: finalMaps.maps, head: model).map(\.top)
    let outcomes = try ShortcutJudge.outcomes(of: tokens + single, final: test[blocks], head: model)
    let control = outcomes[schedules.count...].map { $0.precision(at: 1) }
    var result = AlternationResult(single: control, minimumNorm: finalMaps.isMinimumNorm)
    for (schedule, outcome) in zip(schedules, outcomes) {
      let executed = schedule.executed(blocks: blocks)
      result.schedules.append(
        .init(
          run: schedule.run, jump: schedule.jump, executed: executed, precision: outcome.precision(at: 1),
          surprisal: outcome.surprisal, single: control[executed]))
    }
    return Answer(result: result, facts: question.facts(sample.states))
  }

  /// A map for each jump; one factorisation serves all that start at the same state.
  private static func maps(
    _ jumps: Set<Range<Int>>, _ train: [Matrix], _ options: LinearMapOptions
  ) throws -> [Range<Int>: AffineMap] {
    var maps: [Range<Int>: AffineMap] = [:]
    for (start, jumps) in Dictionary(grouping: jumps, by: \.lowerBound) {
      let solver = try LinearMapSolver(source: train[start], options: options)
      for jump in jumps { maps[jump] = AffineMap(try solver.map(to: train[jump.upperBound]), options) }
    }
    return maps
  }

  func exhibit(_ shown: Shown<AlternationResult>, in say: Language) -> Exhibit {
    let jumps = Set(shown.schedules.map(\.jump)).sorted()
    let series = jumps.enumerated().map { place, jump in
      let points = shown.schedules.filter { $0.jump == jump }.sorted { $0.executed < $1.executed }
      return LineSeries(
        say("jumps of \(jump)", "\(jump) ブロックずつ省略"),
        points: points.map {
          LineSeries.Point(x: Double($0.executed), y: $0.precision, note: "a = \($0.run), b = \($0.jump)")
        }, style: LineStyle(color: place + 1, showsMarkers: true, joins: false))
    }
    return Exhibit(
      chart: LineChart(
        title: say("Agreement by blocks run", "実行したブロック数と一致率"),
        x: .layers(say("blocks run", "実行したブロック数"), 0...shown.facts.blocks),
        y: Axis(say("agreement", "一致率"), range: 0...1),
        series: [
          LineSeries(
            say("one jump to the end", "末尾まで一度に省略"), values: shown.single, style: LineStyle(color: 0, weight: .thin))
        ] + series),
      table: Table(
        shown.schedules,
        [
          .count("a", \.run), .count("b", \.jump), .count(say("blocks run", "実行ブロック数"), \.executed),
          .percent(say("agreement", "一致率"), \.precision), .percent(say("one jump", "一度に省略"), \.single),
          .number(say("surprisal", "サプライザル"), \.surprisal),
        ]),
      caption: Exhibit.Caption(
        say(
          "Running a blocks and jumping over b by a least-squares map, again and again, at every position: share of test samples whose top token is the full model's, beside one jump to the end after as many blocks.",
          "a ブロック実行し b ブロックを最小二乗写像で省略することを全位置で繰り返したときの、全層モデルとの最上位トークンの一致率。同数のブロックの後で末尾まで一度に省略した場合と比べる。"
        )),
      notes: Exhibit.Notes(
        [Terms.agreementWithModel(say)] + (shown.minimumNorm ? [Terms.minimumNorm(say)] : [])))
  }
}

import Blocks
import Diagnostics
import JSONText
import Reports
import Results

/// Everything that is missing in the store of some templates, each piece of work once.
struct WorkPlan {
  /// Where the templates are read and the results are kept.
  struct Request: Hashable {
    /// A template's path.
    var template: String
    /// `--set key=value` pairs as they were written.
    var settings: [String]
    /// Into how many parts a corpus is cut.
    var shards: Int
  }

  /// A piece of work and where it is asked for first.
  struct Entry {
    var item: WorkItem
    var evaluator: Evaluator
    var request: Request
    /// Conditions of templates that cannot be decided before it is done.
    var decides: [String] = []
    /// How many others come before it at the least.
    var level = 0
  }

  /// In the order in which they are best begun: what others rest on before them, then the longest first.
  private(set) var entries: [Entry] = []
  /// What is wrong with the templates, or with what they ask.
  private(set) var faults: [Diagnostic] = []

  /// Reads templates and looks what is missing; runs nothing.
  ///
  /// - Parameter all: Whether what the store has is listed, too.
  /// - Throws: `CommandFailure` where a template is wrong, or there is no store.
  init(_ requests: [Request], options: BookOptions, all: Bool = false) throws {
    // Work that is asked for under another number of shards is other work.
    var evaluators: [Int: BookEvaluators] = [:]
    var problems: [Diagnostic] = []
    var places: [String: Int] = [:]
    for request in requests {
      let book = try options.load(near: request.template)
      var known = evaluators[request.shards] ?? BookEvaluators(options: options)
      let evaluator = known.evaluator(of: book)
      evaluators[request.shards] = known
      evaluator.bench.shards = request.shards
      guard evaluator.bench.store != nil else {
        throw CommandFailure(
          code: .usage,
          message: "error: without a store there is nowhere to keep results\n  hint: leave --store none out")
      }
      let (template, found) = ReportTemplate.read(
        path: request.template, book: book, settings: try Settings.pairs(request.settings),
        registry: evaluator.registry)
      problems += found
      guard let template else { continue }
      let work = template.work(evaluator, all: all)
      faults += work.faults
      for item in work.items where places[item.key.hex] == nil {
        places[item.key.hex] = entries.count
        entries.append(Entry(item: item, evaluator: evaluator, request: request))
      }
      for condition in work.open {
        for place in condition.keys.compactMap({ places[$0] }) { entries[place].decides.append(condition.place) }
      }
    }
    try Faults.stop(problems)
    order()
  }

  /// Sorts by what rests on what, then by length, then by key: the same for the same store.
  private mutating func order() {
    var levels: [String: Int] = [:]
    // A result waits for parts and parts for states: there are no circles, and few steps.
    for entry in entries where entry.item.waitsFor.isEmpty { levels[entry.item.key.hex] = 0 }
    var isSettled = false
    while !isSettled {
      isSettled = true
      for entry in entries where levels[entry.item.key.hex] == nil {
        let below = entry.item.waitsFor.map { levels[$0] }
        guard !below.contains(nil) else { continue }
        levels[entry.item.key.hex] = 1 + (below.compactMap { $0 }.max() ?? 0)
        isSettled = false
      }
    }
    for index in entries.indices { entries[index].level = levels[entries[index].item.key.hex] ?? 0 }
    entries.sort {
      ($0.level, -$0.item.seconds, $0.item.key.hex) < ($1.level, -$1.item.seconds, $1.item.key.hex)
    }
  }
}

extension WorkPlan.Entry {
  /// The line of a plan.
  var json: JSONValue {
    var object: JSONObject = ["key": .string(item.key.hex)]
    if case .part(let name) = item.task { object["part"] = .string(name) }
    object["directive"] = .string("<<\(item.bound.canonicalText)>>")
    object["template"] = .string(request.template)
    object["line"] = .int(item.bound.directive.line)
    object["inputs"] = .object(item.inputs)
    object["seconds"] = .double(item.seconds)
    object["waits_for"] = .array(item.waitsFor.map { .string($0) })
    if !request.settings.isEmpty { object["set"] = .array(request.settings.map { .string($0) }) }
    if request.shards > 1 { object["shards"] = .int(request.shards) }
    if item.isWhole { object["whole"] = "its engine goes over its texts in one piece" }
    if !decides.isEmpty { object["decides"] = .array(decides.map { .string($0) }) }
    return .object(object)
  }
}

extension WorkPlan {
  /// Where conditions stand that cannot be decided yet.
  var openConditions: [String] { Array(Set(entries.flatMap(\.decides))).sorted() }

  /// What the stores put up with meanwhile.
  func takeWarnings() -> [StoreWarning] { entries.flatMap { $0.evaluator.bench.store?.takeWarnings() ?? [] } }
}

import Blocks
import Diagnostics

/// What has to be computed before a template becomes a page without an engine.
public struct TemplateWork {
  /// The missing results of its directives and what they rest on, as often as directives ask for them.
  public var items: [WorkItem] = []
  /// The conditions whose answer is not known: what stands in their branches is no part of `items`.
  public var open: [OpenCondition] = []
  /// What is wrong: an input that is not there, or a directive that can never be answered.
  public var faults: [Diagnostic] = []

  /// A condition on a number that is not there yet.
  public struct OpenCondition: Equatable {
    /// Where it stands.
    public var place: String
    /// The keys of the result that decides it.
    public var keys: [String]
  }
}

extension ReportTemplate {
  /// What is missing in the store of all that the template asks; runs no engine.
  ///
  /// Conditions whose number is at hand are decided. Of the others only what the page holds either way is listed: which
  /// branch stands on it is known once their result is there.
  ///
  /// - Parameter all: Whether what the store has is listed, too.
  public func work(_ evaluator: Evaluator, all: Bool = false) -> TemplateWork {
    let (decided, problems) = decided(book: evaluator.bench.book, registry: evaluator.registry) { meaning in
      try evaluator.known(meaning.source)
    }
    var work = TemplateWork()
    work.faults = problems
    guard let template = decided else { return work }
    work.faults += template.misfits(evaluator)
    if !work.faults.isEmpty { return work }
    let open = template.openConditions(evaluator)
    let certain = template.certainKeys(evaluator, open)
    for (_, meaning) in template.questions(evaluator.registry) {
      do {
        let items = try evaluator.work(for: meaning.source, all: all)
        work.items += certain.map { certain in items.isCertain(certain) ? items : [] } ?? items
      } catch { work.faults.append(meaning.diagnostic(of: error)) }
    }
    let listed = Set(work.items.map(\.key.hex))
    // One that stands in the branch of another open one may never be met.
    work.open = open.filter { listed.isSuperset(of: $0.condition.keys) }.map(\.condition)
    work.faults = work.faults.gathered()
    return work
  }

  /// The conditions whose number is not at hand, with their indices.
  private func openConditions(_ evaluator: Evaluator) -> [(index: Int, condition: TemplateWork.OpenCondition)] {
    conditions.indices.compactMap { index in
      guard case .quantity(let quantity)? = meanings[Self.conditionMark(index)],
        (try? evaluator.known(quantity.source) == nil) == true,
        let keys = try? evaluator.keys(of: quantity.source)
      else { return nil }
      let directive = conditions[index].directive
      return (index, .init(place: "\(directive.file.path):\(directive.line)", keys: keys.map(\.key.hex).sorted()))
    }
  }

  /// The keys of results that the page holds whatever the answers of open conditions are; nil where none is open.
  ///
  /// What it holds is found by reading it under every way in which they may be answered; where these are too many, what
  /// decides them is certain, and the rest is known later.
  private func certainKeys(
    _ evaluator: Evaluator, _ open: [(index: Int, condition: TemplateWork.OpenCondition)]
  ) -> Set<String>? {
    guard !open.isEmpty else { return nil }
    guard open.count <= Self.mostOpen else { return Set(open.flatMap(\.condition.keys)) }
    var certain: Set<String>?
    let taken = Dictionary(conditions.map { ($0.id, $0.holds) }) { first, _ in first }
    for answers in 1..<1 << open.count {
      var decisions = taken
      for (place, one) in open.enumerated() where answers >> place & 1 == 1 {
        decisions[conditions[one.index].id] = !conditions[one.index].holds
      }
      let keys = keys(evaluator, under: decisions)
      certain = certain.map { $0.intersection(keys) } ?? keys
    }
    return certain
  }

  /// Up to how many open conditions all answers are tried.
  private static var mostOpen: Int { 6 }

  /// The keys of what the page holds where its conditions are decided in some way.
  private func keys(_ evaluator: Evaluator, under decisions: [String: Bool]) -> Set<String> {
    let (other, _) = Self.readDespiteFaults(
      file, beside: files, book: evaluator.bench.book, settings: settings, registry: evaluator.registry,
      decisions: decisions)
    return Set(
      other.questions(evaluator.registry).flatMap { (try? evaluator.keys(of: $0.meaning.source)) ?? [] }
        .map(\.key.hex))
  }
}

extension [WorkItem] {
  /// Whether the results among some work are needed for certain.
  fileprivate func isCertain(_ keys: Set<String>) -> Bool {
    allSatisfy { $0.task != .result || keys.contains($0.key.hex) }
  }
}

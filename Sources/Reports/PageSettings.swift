import Blocks
import Charts
import Markup

/// What most exhibits of a page have in common, said once; each exhibit then says only where it differs.
struct PageSettings {
  /// A fact and the codes that follow it, such as a model and its digest.
  private typealias Fact = [ProvenanceItem]

  private var shared: [Fact] = []

  /// Nothing is said once: every exhibit says all.
  init() {}

  /// The facts that most exhibits have, and two at least.
  init(_ exhibits: [[ProvenanceItem]]) {
    var counts: [(fact: Fact, count: Int)] = []
    for fact in exhibits.flatMap(Self.single) {
      if let place = counts.firstIndex(where: { $0.fact == fact }) {
        counts[place].count += 1
      } else {
        counts.append((fact, 1))
      }
    }
    shared = counts.filter { $0.count > 1 && 2 * $0.count > exhibits.count }.map(\.fact)
  }

  /// What an exhibit says itself.
  func own(_ items: [ProvenanceItem]) -> [ProvenanceItem] {
    let single = Self.single(items)
    return Self.facts(items).filter { !(single.contains($0) && shared.contains($0)) }.flatMap { $0 }
  }

  /// The line that says the rest.
  func html(_ say: Language) -> TrustedMarkup {
    ProvenanceItem.html(
      shared.flatMap { $0 }, lead: say("Unless a figure or table says otherwise: ", "特記のない限り："))
  }

  /// Items with what follows them without a name.
  private static func facts(_ items: [ProvenanceItem]) -> [Fact] {
    var facts: [Fact] = []
    for item in items {
      if item.name.isEmpty, !facts.isEmpty { facts[facts.count - 1].append(item) } else { facts.append([item]) }
    }
    return facts
  }

  /// Facts whose name occurs once: two models side by side are said by the exhibit that has them.
  private static func single(_ items: [ProvenanceItem]) -> [Fact] {
    let facts = facts(items)
    return facts.filter { fact in !fact[0].name.isEmpty && facts.count { $0[0].name == fact[0].name } == 1 }
  }
}

/// Finds the questions of a page that want the same states of the same texts, before any of them is answered.
enum PassPlanner {
  /// Questions that share one pass.
  struct Group {
    /// Their places in the list that was planned.
    var members: [Int]
    var runs: [any PassRun]
  }

  /// The groups of two questions or more; the others gain nothing by being planned.
  static func groups(_ questions: [(question: Question, view: any View)], on bench: Workbench) -> [Group] {
    var groups: [Group] = []
    var places: [String: Int] = [:]
    for (member, (question, view)) in questions.enumerated() {
      guard let view = view as? any PassView, view.passes(question), let run = try? view.run(question, on: bench),
        let key = try? bench.sampleKey(of: question, run.request)
      else { continue }
      if let place = places[key] {
        groups[place].members.append(member)
        groups[place].runs.append(run)
      } else {
        places[key] = groups.count
        groups.append(Group(members: [member], runs: [run]))
      }
    }
    return groups.filter { $0.members.count > 1 }
  }
}

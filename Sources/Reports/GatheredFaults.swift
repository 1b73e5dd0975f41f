import Diagnostics

extension [Diagnostic] {
  /// Faults with the same words as one, at the first of their places: a model that is absent is absent everywhere.
  func gathered() -> [Diagnostic] {
    var order: [String] = []
    var groups: [String: [Diagnostic]] = [:]
    for fault in self {
      let words = "\(fault.severity.rawValue) \(fault.message)"
      if groups[words] == nil { order.append(words) }
      groups[words, default: []].append(fault)
    }
    return order.compactMap { words -> Diagnostic? in
      guard let group = groups[words], var first = group.first else { return nil }
      let places = group.dropFirst().compactMap { fault in fault.file.map { ($0.path, fault.position) } }
        .map { path, position in position.map { "\(path):\($0)" } ?? path }
      if !places.isEmpty {
        let more = places.count > 8 ? " and \(places.count - 8) more" : ""
        first.hints.append("the same at " + places.prefix(8).joined(separator: ", ") + more)
      }
      return first
    }
  }
}

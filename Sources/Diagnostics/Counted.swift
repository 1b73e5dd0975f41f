/// A number with its noun: `1 field`, `3 fields`, or with a plural that is not the noun with an s.
public func counted(_ count: some BinaryInteger, _ noun: String, _ plural: String? = nil) -> String {
  count == 1 ? "1 \(noun)" : "\(count) \(plural ?? noun + "s")"
}

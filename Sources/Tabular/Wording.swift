import Diagnostics

/// A name from a file as it may stand in a message.
func shown(_ text: String) -> String { quotable(text, limit: 60) }

/// `1 field`, `3 fields`.
func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

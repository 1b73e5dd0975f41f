import Diagnostics

/// A name from a file as it may stand in a message.
func shown(_ text: String) -> String { quotable(text, limit: 60) }

import Diagnostics

/// What a bare argument looks like, before anything is known of the directive it stands in.
enum BareForm: Equatable {
  case quoted
  case percent
  case number
  case numbers
  case range
  case pair
  case unit
  case word

  /// Looks at an argument.
  init(_ argument: DirectiveArgument) {
    let text = argument.value
    if argument.isQuoted {
      self = .quoted
    } else if text.hasSuffix("%"), NumberReading.double(String(text.dropLast())) != nil {
      self = .percent
    } else if NumberReading.double(text) != nil {
      self = .number
    } else if BareForm.reads(text, .range) {
      self = .range
    } else if BareForm.reads(text, .pair) {
      self = .pair
    } else if ModelUnit(text) != nil {
      self = .unit
    } else if text.utf8.contains(0x2C), BareForm.reads(text, .doubles) {
      self = .numbers
    } else {
      self = .word
    }
  }

  /// The form in words for a message.
  var wording: String {
    switch self {
    case .quoted: "text in quotes"
    case .percent: "percentage"
    case .number: "number"
    case .numbers: "list of numbers"
    case .range: "range"
    case .pair: "pair"
    case .unit: "unit"
    case .word: "name"
    }
  }

  /// Whether a key of a type takes a bare argument of this form.
  func suits(_ type: SettingType, _ text: String) -> Bool {
    switch (self, type) {
    case (.quoted, .file), (.word, .file): true
    case (.quoted, .text), (.percent, .percent), (.range, .range), (.pair, .pair), (.unit, .unit): true
    case (.number, .int), (.number, .double), (.number, .ints), (.number, .doubles): true
    case (.numbers, .ints), (.numbers, .doubles): true
    case (.word, .name), (.word, .models), (.word, .datasets), (.word, .dataset), (.word, .bool): true
    case (.quoted, .choice), (.quoted, .choices): false
    case (_, .choice(let words)): words.contains(text)
    case (_, .choices(let words)):
      text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { words.contains(String($0)) }
    default: false
    }
  }

  private static func reads(_ text: String, _ type: SettingType) -> Bool {
    (try? type.read(text, scope: BindingScope())) != nil
  }
}

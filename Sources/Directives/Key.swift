/// A key of a directive whose value has a type: declared once with its default, its unit and what it does, and read
/// with `bound[key]`, which cannot be nil where a default exists.
///
/// ```swift
/// static let texts = Key.int("n", standard: 200, "how many texts", unit: "texts")
/// let count = bound[Self.texts]
/// ```
public struct Key<Value: Sendable>: KeyDeclaration {
  /// The key as the language knows it.
  public var setting: SettingKey
  /// The value where none is given.
  public let standard: Value
  private let read: @Sendable (SettingValue) -> Value?

  /// A key that reads its value out of a setting; nil where the setting is of another kind.
  public init(_ setting: SettingKey, standard: Value, read: @escaping @Sendable (SettingValue) -> Value?) {
    self.setting = setting
    self.standard = standard
    self.read = read
  }

  public var name: String { setting.name }

  func value(in values: [String: SettingValue]) -> Value { values[name].flatMap(read) ?? standard }

  /// The same key, which a bare argument may stand for, such as `95%`.
  public var bare: Key { with { $0.isBare = true } }

  /// The same key, which must be given.
  public var required: Key { with { $0.isRequired = true } }

  /// The same key, which changes only the looks and is no part of a result.
  public var presentation: Key { with { $0.isPresentation = true } }

  private func with(_ change: (inout SettingKey) -> Void) -> Key {
    var key = self
    change(&key.setting)
    return key
  }
}

/// A key as the language knows it, whatever the type of its value.
public protocol KeyDeclaration: Sendable {
  var setting: SettingKey { get }
}

extension Key where Value == Int {
  /// The seed; a document's own takes the place of the default.
  public static let seed = Key.int(
    "seed", in: 0...Int.max, standard: 42, "the seed of everything that is drawn by chance")
}

// MARK: - Kinds of values

extension Key where Value == Bool {
  public static func flag(_ name: String, standard: Bool, _ summary: String) -> Key {
    Key(SettingKey(name, .bool, standard: .bool(standard), summary), standard: standard) {
      if case .bool(let value) = $0 { value } else { nil }
    }
  }
}

extension Key where Value == Int {
  public static func int(
    _ name: String, in limits: ClosedRange<Int> = 1...Int.max, standard: Int, _ summary: String, unit: String = ""
  ) -> Key {
    Key(SettingKey(name, .int(limits), standard: .int(standard), summary, unit: unit), standard: standard) {
      if case .int(let value) = $0 { value } else { nil }
    }
  }
}

extension Key where Value == Int? {
  /// A whole number that may be left out.
  public static func int(
    _ name: String, in limits: ClosedRange<Int> = 1...Int.max, _ summary: String, unit: String = ""
  ) -> Key {
    Key(SettingKey(name, .int(limits), summary, unit: unit), standard: nil) {
      if case .int(let value) = $0 { value } else { nil }
    }
  }
}

extension Key where Value == Double {
  public static func number(
    _ name: String, in limits: ClosedRange<Double>, standard: Double, _ summary: String, unit: String = ""
  ) -> Key {
    Key(SettingKey(name, .double(limits), standard: .double(standard), summary, unit: unit), standard: standard) {
      if case .double(let value) = $0 { value } else { nil }
    }
  }

  /// A percentage, read as a share: 0.95 for `95%`.
  public static func share(
    _ name: String, in limits: ClosedRange<Double>, standard percent: Double, _ summary: String
  ) -> Key {
    Key(SettingKey(name, .percent(limits), standard: .percent(percent), summary), standard: percent / 100) {
      if case .percent(let value) = $0 { value / 100 } else { nil }
    }
  }
}

extension Key where Value: RawRepresentable & CaseIterable & Equatable, Value.RawValue == String {
  /// One of the words of an enumeration, or of some of them.
  public static func choice(_ name: String, among cases: [Value]? = nil, standard: Value, _ summary: String) -> Key {
    let words = (cases ?? Array(Value.allCases)).map(\.rawValue)
    return Key(
      SettingKey(name, .choice(words), standard: .word(standard.rawValue), summary), standard: standard
    ) { if case .word(let word) = $0 { Value(rawValue: word) } else { nil } }
  }
}

extension Key where Value == String {
  /// An anchor or another name without spaces that must be given.
  public static func name(_ name: String, _ summary: String) -> Key {
    Key(SettingKey(name, .name, summary, isRequired: true), standard: "") {
      if case .word(let word) = $0 { word } else { nil }
    }
  }
}

extension Key where Value == String? {
  /// Free text, in quotes where it stands bare.
  public static func text(_ name: String, _ summary: String) -> Key {
    Key(SettingKey(name, .text, summary), standard: nil) {
      switch $0 {
      case .word(let text), .text(let text): text
      default: nil
      }
    }
  }
}

extension Key where Value == [Int] {
  /// Whole numbers, separated by commas; a single one is a list of one.
  public static func ints(
    _ name: String, in limits: ClosedRange<Int> = 1...Int.max, standard: [Int], _ summary: String, unit: String = ""
  ) -> Key {
    Key(SettingKey(name, .ints(limits), standard: .ints(standard), summary, unit: unit), standard: standard) {
      switch $0 {
      case .ints(let values): values
      case .int(let value): [value]
      default: nil
      }
    }
  }
}

extension Key where Value == ClosedRange<Int>? {
  /// A range of layers, `0..11`.
  public static func range(_ name: String, _ summary: String) -> Key {
    Key(SettingKey(name, .range, summary), standard: nil) { if case .range(let value) = $0 { value } else { nil } }
  }
}

extension Key where Value == LayerPair? {
  /// A pair of layers, `3->8`.
  public static func pair(_ name: String, _ summary: String) -> Key {
    Key(SettingKey(name, .pair, summary), standard: nil) {
      if case .pair(let from, let to) = $0 { LayerPair(from: from, to: to) } else { nil }
    }
  }
}

/// Two layers, as in `3->8`.
public struct LayerPair: Sendable, Hashable {
  public var from: Int
  public var to: Int
}

extension Key where Value == ModelUnit? {
  /// A unit of a model, `L28.N29`.
  public static func unit(_ name: String, _ summary: String) -> Key {
    Key(SettingKey(name, .unit, summary), standard: nil) { if case .unit(let value) = $0 { value } else { nil } }
  }
}

extension Key where Value == [String] {
  /// Models of the book, separated by commas.
  ///
  /// A result depends on their digests, never on their names.
  public static func models(_ name: String, _ summary: String) -> Key { names(name, .models, summary) }

  /// Datasets of the book, separated by commas.
  ///
  /// A result depends on their digests, never on their names.
  public static func datasets(_ name: String, _ summary: String) -> Key { names(name, .datasets, summary) }

  /// Files, separated by commas, relative to the book.
  ///
  /// A result depends on their digests, never on their names.
  public static func files(_ name: String, _ summary: String) -> Key { names(name, .files, summary) }

  /// One file that must be named, beside the template or relative to the book; a bare argument stands for it.
  ///
  /// A result depends on its digest, never on its name.
  public static func file(_ name: String, _ summary: String) -> Key {
    names(name, .file, summary).bare.required
  }

  private static func names(_ name: String, _ type: SettingType, _ summary: String) -> Key {
    Key(SettingKey(name, type, summary), standard: []) {
      switch $0 {
      case .words(let names): names
      case .word(let name): [name]
      default: nil
      }
    }
  }
}

// MARK: - Reading

extension BoundDirective {
  /// The value of a key; its default where it was not given.
  public subscript<Value>(key: Key<Value>) -> Value { key.value(in: values) }

  /// Whether the author wrote the key.
  public func isGiven<Value>(_ key: Key<Value>) -> Bool { explicitKeys.contains(key.name) }
}

extension BoundQuantity {
  /// The value of a key of `value` or `expect` themselves; its default where it was not given.
  public subscript<Value>(key: Key<Value>) -> Value { key.value(in: values) }
}

/// Any JSON value.
public indirect enum JSONValue: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number, with its text.
  case number(JSONNumber)
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object, members in order.
  case object(JSONObject)

  /// Equality by content: strings by their bytes, numbers by their text, objects whatever the order of members.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  /// The type's name as used in messages: `null`, `boolean`, `number`, `string`, `array` or `object`.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}

// MARK: - Making values

extension JSONValue {
  /// A number, or null when there is none or it is not finite: NaN is never printed.
  public static func double(_ value: Double?) -> JSONValue {
    value.flatMap { JSONNumber($0) }.map { .number($0) } ?? .null
  }

  /// An array of numbers, with null for what is not finite.
  public static func doubles(_ values: [Double]) -> JSONValue { .array(values.map { .double($0) }) }

  public static func int(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

  /// An array of whole numbers.
  public static func ints(_ values: [Int]) -> JSONValue { .array(values.map { .int($0) }) }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
}

extension JSONValue: ExpressibleByFloatLiteral, ExpressibleByStringLiteral {
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object; every name may occur once.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}

// MARK: - Reading values

extension JSONValue {
  /// The boolean, if it is one.
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The whole number, if it is a number written as one that fits an `Int`.
  public var intValue: Int? { if case .number(let number) = self { number.asInt } else { nil } }

  /// The number, if it is one and a `Double` reaches so far.
  public var doubleValue: Double? { if case .number(let number) = self { number.asDouble } else { nil } }

  /// The string, if it is one.
  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }

  /// The elements, if it is an array.
  public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

  /// The object, if it is one.
  public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// Whether it is `null`.
  public var isNull: Bool { self == .null }

  /// The member of that name; nil when there is none or the value is no object.
  public subscript(key: String) -> JSONValue? {
    if case .object(let object) = self { object[key] } else { nil }
  }

  /// The element at that place; nil beyond the end or when the value is no array.
  public subscript(index: Int) -> JSONValue? {
    guard case .array(let array) = self, array.indices.contains(index) else { return nil }
    return array[index]
  }
}

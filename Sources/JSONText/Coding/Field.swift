/// A member of a result that says what it holds, beside its name, type and default.
///
/// ```swift
/// struct Convergence: Codable {
///   @Field("movement D of each block, mean over positions, [L]") var distance: [Double?] = []
/// }
/// ```
///
/// In JSON there is nothing of it: the value stands there alone.
@propertyWrapper
public struct Field<Value: Codable & Sendable>: Codable, Sendable {
  /// The member itself.
  public var wrappedValue: Value
  /// What it holds; empty for one that was decoded, since only the declaration knows.
  public let documentation: String

  public init(wrappedValue: Value, _ documentation: String) {
    self.wrappedValue = wrappedValue
    self.documentation = documentation
  }

  /// A member as it was read: what it holds, only the declaration knows.
  init(_ value: Value) { (wrappedValue, documentation) = (value, "") }

  public init(from decoder: any Decoder) throws {
    self.init(try (decoder as? TreeDecoder)?.read(Value.self) ?? Value(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    guard let tree = encoder as? TreeEncoder else { return try wrappedValue.encode(to: encoder) }
    tree.node.documentation = documentation
    try tree.put(wrappedValue)
  }
}

extension Field: Equatable where Value: Equatable {
  /// Equality of the values: two declarations of the same number do not make it two.
  public static func == (left: Field, right: Field) -> Bool { left.wrappedValue == right.wrappedValue }
}

/// A member that some settings give and others do not: where it is nil there is no member, not a `null`.
@propertyWrapper
public struct OptionalField<Value: Codable & Sendable>: Codable, Sendable {
  public var wrappedValue: Value?
  public let documentation: String

  public init(wrappedValue: Value?, _ documentation: String) {
    self.wrappedValue = wrappedValue
    self.documentation = documentation
  }

  public init(from decoder: any Decoder) throws {
    self.init(wrappedValue: try Field<Value>(from: decoder).wrappedValue, "")
  }

  public func encode(to encoder: any Encoder) throws {
    guard let wrappedValue else { return }
    try Field(wrappedValue: wrappedValue, documentation).encode(to: encoder)
  }
}

extension OptionalField: Equatable where Value: Equatable {
  public static func == (left: OptionalField, right: OptionalField) -> Bool { left.wrappedValue == right.wrappedValue }
}

/// What a container leaves out where it is nil.
protocol Omittable {
  var isOmitted: Bool { get }
  static var omitted: Self { get }
}

extension OptionalField: Omittable {
  var isOmitted: Bool { wrappedValue == nil }
  static var omitted: OptionalField { OptionalField(wrappedValue: nil, "") }
}

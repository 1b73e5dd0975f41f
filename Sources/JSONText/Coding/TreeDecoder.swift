/// Reads a typed value out of JSON.
///
/// It asks no type what it conforms to while it reads: each type's first such question goes through every conformance of
/// the program, which is what a page with nothing to compute would spend its time on.
struct TreeDecoder: Decoder {
  let value: JSONValue
  let place: Place?
  var codingPath: [any CodingKey] { place?.path ?? [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let object = value.objectValue else { throw mismatch([String: JSONValue].self) }
    return KeyedDecodingContainer(MemberDecoder(decoder: self, object: object))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let entries = value.arrayValue else { throw mismatch([JSONValue].self) }
    return EntryDecoder(decoder: self, entries: entries)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  /// The value of a type, numbers, words and lists of numbers without a detour through containers.
  func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let plain = TreeDecoder.plain(value, type) { return plain }
    let found: Any? =
      if type == JSONNumber.self {
        try number()
      } else if type == [Double?].self {
        try numbers(value)
      } else if type == [[Double?]].self {
        try entries(value).map { try numbers($0) }
      } else if type == [Int].self {
        try entries(value).map { try wanted($0.intValue, Int.self) }
      } else {
        nil
      }
    if let found, let value = found as? Value { return value }
    return try Value(from: self)
  }

  /// A number, a word or a truth, bare or as a documented member: most of what a long list of small structures holds.
  ///
  /// Nil where the type is another or the value is no such thing; the long way then says which, with its place.
  fileprivate static func plain<Value>(_ value: JSONValue, _ type: Value.Type) -> Value? {
    // What is cast is no optional: the cast of a type to itself is quick, that of one inside an optional is not.
    switch value {
    case .number:
      if type == Field<Double>.self { return value.doubleValue.flatMap { Field($0) as? Value } }
      if type == Field<Double?>.self { return value.doubleValue.flatMap { Field<Double?>($0) as? Value } }
      if type == Field<Int>.self { return value.intValue.flatMap { Field($0) as? Value } }
      if type == Double.self { return value.doubleValue.flatMap { $0 as? Value } }
      if type == Int.self { return value.intValue.flatMap { $0 as? Value } }
      return nil
    case .string(let text):
      if type == Field<String>.self { return Field(text) as? Value }
      return type == String.self ? text as? Value : nil
    case .bool(let truth): return type == Field<Bool>.self ? Field(truth) as? Value : nil
    case .null: return type == Field<Double?>.self ? Field<Double?>(nil) as? Value : nil
    case .array, .object: return nil
    }
  }

  private func number() throws -> JSONNumber {
    guard case .number(let number) = value else { throw mismatch(JSONNumber.self) }
    return number
  }

  private func entries(_ value: JSONValue) throws -> [JSONValue] { try wanted(value.arrayValue, [JSONValue].self) }

  private func numbers(_ value: JSONValue) throws -> [Double?] {
    try entries(value).map { $0.isNull ? nil : try wanted($0.doubleValue, Double.self) }
  }

  private func wanted<Found>(_ found: Found?, _ type: Any.Type) throws -> Found {
    guard let found else { throw mismatch(type) }
    return found
  }

  func mismatch(_ type: Any.Type) -> DecodingError {
    let context = DecodingError.Context(
      codingPath: codingPath, debugDescription: "expected \(type), found \(value.typeName)")
    return value.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }

  func child(_ value: JSONValue, _ key: some CodingKey) -> TreeDecoder {
    TreeDecoder(value: value, place: Place(key, in: place))
  }
}

extension TreeDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value.isNull }
  func decode(_ type: Bool.Type) throws -> Bool { try wanted(value.boolValue, type) }
  func decode(_ type: String.Type) throws -> String { try wanted(value.stringValue, type) }
  func decode(_ type: Double.Type) throws -> Double { try wanted(value.doubleValue, type) }
  func decode(_ type: Float.Type) throws -> Float { Float(try wanted(value.doubleValue, type)) }
  func decode(_ type: Int.Type) throws -> Int { try wanted(value.intValue, type) }
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    guard let whole = type as? any FixedWidthInteger.Type else { return try read(type) }
    return try wanted(value.intValue.flatMap { whole.init(exactly: $0) } as? Value, type)
  }
}

/// Where a value stands: a chain, made into a path only for an error.
final class Place: Sendable {
  private let key: any CodingKey
  private let parent: Place?

  init(_ key: any CodingKey, in parent: Place?) { (self.key, self.parent) = (key, parent) }

  var path: [any CodingKey] { (parent?.path ?? []) + [key] }
}

/// Members of an object.
private struct MemberDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: TreeDecoder
  let object: JSONObject
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { object.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { found(key) != nil }

  /// A dictionary's names stand as they are, a type's members in snake case.
  private func found(_ key: Key) -> JSONValue? { object[key.stringValue] ?? object[key.memberName] }

  private func member(_ key: Key) throws -> TreeDecoder {
    guard let value = found(key) else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "there is no '\(key.memberName)'"))
    }
    return decoder.child(value, key)
  }

  func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    guard let value = found(key) else {
      if let omitted = (type as? any Omittable.Type)?.omitted as? Value { return omitted }
      return try member(key).read(type)
    }
    return try TreeDecoder.plain(value, type) ?? decoder.child(value, key).read(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try member(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try member(key).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
}

/// Entries of an array.
private struct EntryDecoder: UnkeyedDecodingContainer {
  let decoder: TreeDecoder
  let entries: [JSONValue]
  var currentIndex = 0
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { entries.count }
  var isAtEnd: Bool { currentIndex >= entries.count }

  init(decoder: TreeDecoder, entries: [JSONValue]) {
    self.decoder = decoder
    self.entries = entries
  }

  private mutating func entry() throws -> TreeDecoder {
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        JSONValue.self, .init(codingPath: codingPath, debugDescription: "the list ends after \(entries.count)"))
    }
    defer { currentIndex += 1 }
    return decoder.child(entries[currentIndex], IndexKey(index: currentIndex))
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, entries[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try entry().read(type) }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try entry().container(keyedBy: type) }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try entry().unkeyedContainer() }
  mutating func superDecoder() throws -> any Decoder { try entry() }
}

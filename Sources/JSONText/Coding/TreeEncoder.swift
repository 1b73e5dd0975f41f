/// Turns a typed value into nodes of JSON.
struct TreeEncoder: Encoder {
  let node: EncodedNode
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(MemberEncoder(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { EntryEncoder(encoder: self) }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  /// Writes a value here, the common lists of numbers without a detour through containers.
  func put<Value: Encodable>(_ value: Value) throws {
    if let number = value as? JSONNumber {
      node.content = .value(.number(number))
    } else if Value.self == [Int].self, let values = value as? [Int] {
      node.content = .value(.ints(values))
    } else if Value.self == [Double?].self, let values = value as? [Double?] {
      node.content = .value(try numbers(values))
    } else if Value.self == [[Double?]].self, let values = value as? [[Double?]] {
      node.content = .value(.array(try values.map { try numbers($0) }))
    } else if let members = value as? any NamedMembers {
      try members.encodeMembers(to: self)
    } else {
      try value.encode(to: self)
    }
  }

  private func numbers(_ values: [Double?]) throws -> JSONValue { .array(try values.map { try number($0) }) }

  /// A number that JSON can hold.
  func number(_ value: Double?) throws -> JSONValue {
    guard let value else { return .null }
    guard let number = JSONNumber(value) else {
      throw EncodingError.invalidValue(
        value, .init(codingPath: codingPath, debugDescription: "\(value) is no number; what is undefined must be nil"))
    }
    return .number(number)
  }

  func child(_ node: EncodedNode, _ key: some CodingKey) -> TreeEncoder {
    TreeEncoder(node: node, codingPath: codingPath + [key])
  }
}

/// A dictionary by names.
private protocol NamedMembers {
  func encodeMembers(to encoder: TreeEncoder) throws
}

extension Dictionary: NamedMembers where Key == String, Value: Encodable {
  fileprivate func encodeMembers(to encoder: TreeEncoder) throws {
    encoder.node.content = .object([])
    for key in keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let value = self[key] else { continue }
      try encoder.child(encoder.node.member(key), NameKey(stringValue: key)).put(value)
    }
  }
}

extension TreeEncoder: SingleValueEncodingContainer {
  func encodeNil() throws { node.content = .value(.null) }
  func encode(_ value: Bool) throws { node.content = .value(.bool(value)) }
  func encode(_ value: String) throws { node.content = .value(.string(value)) }
  func encode(_ value: Double) throws { node.content = .value(try number(value)) }
  func encode(_ value: Float) throws { node.content = .value(try number(Double(value))) }
  func encode<Value: Encodable>(_ value: Value) throws {
    guard let whole = value as? any BinaryInteger else { return try put(value) }
    guard let number = Int(exactly: whole) else {
      throw EncodingError.invalidValue(value, .init(codingPath: codingPath, debugDescription: "\(value) is too large"))
    }
    node.content = .value(.int(number))
  }
}

/// Members of an object; nil is written as `null`.
private struct MemberEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: TreeEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  init(encoder: TreeEncoder) {
    self.encoder = encoder
    if case .object = encoder.node.content { return }
    encoder.node.content = .object([])
  }

  private func member(_ key: Key) -> TreeEncoder { encoder.child(encoder.node.member(key.memberName), key) }

  func encodeNil(forKey key: Key) throws { try member(key).encodeNil() }
  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    if let member = value as? any Omittable, member.isOmitted { return }
    try member(key).put(value)
  }
  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws { try member(key).put(value) }
  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try member(key).put(value) }
  func encodeIfPresent(_ value: String?, forKey key: Key) throws { try member(key).put(value) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try member(key).put(value) }
  func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try member(key).put(value) }
  func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try member(key).put(value) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested>
  {
    member(key).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { member(key).unkeyedContainer() }
  func superEncoder() -> any Encoder { encoder }
  func superEncoder(forKey key: Key) -> any Encoder { member(key) }
}

/// Entries of an array.
private struct EntryEncoder: UnkeyedEncodingContainer {
  let encoder: TreeEncoder
  var count = 0
  var codingPath: [any CodingKey] { encoder.codingPath }

  init(encoder: TreeEncoder) {
    self.encoder = encoder
    encoder.node.content = .array([])
  }

  private mutating func entry() -> TreeEncoder {
    defer { count += 1 }
    return encoder.child(encoder.node.append(), IndexKey(index: count))
  }

  mutating func encodeNil() throws { try entry().encodeNil() }
  mutating func encode<Value: Encodable>(_ value: Value) throws { try entry().put(value) }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    entry().container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { entry().unkeyedContainer() }
  mutating func superEncoder() -> any Encoder { entry() }
}

extension JSON {
  /// A typed value as JSON: members in the order they are declared and in snake_case, nil as `null`, dictionaries by
  /// their keys in byte order.
  ///
  /// - Throws: `EncodingError` with its coding path, for a number that is not finite: NaN is no value, and what is
  ///   undefined must be nil.
  public static func encode(_ value: some Encodable) throws -> JSONValue { try node(of: value).value }

  /// A typed value out of JSON that `encode` made.
  ///
  /// - Throws: `DecodingError` with its coding path, for members that are missing or of another type.
  public static func decode<Value: Decodable>(_ type: Value.Type, from value: JSONValue) throws -> Value {
    try Value(from: TreeDecoder(value: value, place: nil))
  }

  /// What the fields of a value say of themselves, by their paths, in the order they are declared.
  ///
  /// An entry of a list is written `[]`: `mat.curve[].layers`.
  public static func documentation(of value: some Encodable) throws -> [(path: String, text: String)] {
    var lines: [(path: String, text: String)] = []
    try node(of: value).collectDocumentation(path: "", into: &lines)
    return lines
  }

  private static func node(of value: some Encodable) throws -> EncodedNode {
    let node = EncodedNode()
    try TreeEncoder(node: node, codingPath: []).put(value)
    return node
  }
}

/// One part of a value on its way to JSON.
final class EncodedNode {
  enum Content {
    case value(JSONValue)
    case array([EncodedNode])
    case object([(key: String, node: EncodedNode)])
  }

  var content = Content.value(.null)
  /// What the field that holds this part says of itself.
  var documentation: String?

  var value: JSONValue {
    switch content {
    case .value(let value): return value
    case .array(let nodes): return .array(nodes.map(\.value))
    case .object(let members):
      var object = JSONObject()
      for member in members { object[member.key] = member.node.value }
      return .object(object)
    }
  }

  /// A new entry at the end of an array.
  func append() -> EncodedNode {
    let node = EncodedNode()
    if case .array(var nodes) = content {
      content = .value(.null)
      nodes.append(node)
      content = .array(nodes)
    } else {
      content = .array([node])
    }
    return node
  }

  /// A new member of an object.
  func member(_ key: String) -> EncodedNode {
    let node = EncodedNode()
    if case .object(var members) = content {
      content = .value(.null)
      members.append((key, node))
      content = .object(members)
    } else {
      content = .object([(key, node)])
    }
    return node
  }

  func collectDocumentation(path: String, into lines: inout [(path: String, text: String)]) {
    if let documentation, !documentation.isEmpty { lines.append((path, documentation)) }
    switch content {
    case .value: break
    case .array(let nodes): nodes.first?.collectDocumentation(path: path + "[]", into: &lines)
    case .object(let members):
      for member in members {
        member.node.collectDocumentation(path: path.isEmpty ? member.key : path + "." + member.key, into: &lines)
      }
    }
  }
}
